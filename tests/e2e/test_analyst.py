"""The analyst's library on the store of the invented district."""

import json
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import networkx as nx
import pytest

from api.analyst import Office, open_store
from api.analyst.charts import bars, spans
from api.analyst.neighbourhood import Reach
from graph.errors import QueryError, StoreError, UsageError
from tests.e2e.conftest import Shell

DAY = date(2026, 11, 1)
CODE = "91520201XX0001011N"  # a firm of the cast: its owner is a defaulter
NAME = "贵州乌蒙源物流有限公司"


@pytest.fixture(scope="module")
def desk(office: Shell) -> Iterator[Office]:
    """The office's store as an analyst opens it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CREDITGRAPH_STORE", str(office.store))
        patch.setenv("CREDITGRAPH_KEY_FILE", str(office.folder / "key"))
        with open_store() as opened:
            yield opened


@pytest.fixture(scope="module")
def exported(office: Shell) -> list[dict[str, Any]]:
    """The graph as its export tells it, suspected ties and all."""
    out = office("export", "graph", "--format", "jsonl", "--with-suspected").out
    return [json.loads(line) for line in out.splitlines()]


def test_frames_hold_what_the_commands_tell(
    desk: Office, office: Shell, exported: list[dict[str, Any]]
) -> None:
    subjects = {row["id"] for row in exported if row["what"] == "subject"}
    assert set(desk.subjects()["id"]) == subjects
    told = office("export", "findings", "--json").json
    findings = desk.findings()
    assert sorted(findings["id"]) == sorted(each["id"] for each in told)
    assert findings["measure_text"].str.len().min() > 3
    answer = office("check", CODE, "--as-of", DAY, "--json").json
    risks = desk.risks(CODE, DAY)
    assert list(risks["text"]) == [each["text"] for each in answer["own"] + answer["linked"]]
    feeds = office("quality", "--json").json["sources"]
    assert list(desk.quality()["refused"]) == [each["refused"] for each in feeds]


def test_a_subject_is_found_by_code_name_and_id_and_a_person_by_name_is_not(desk: Office) -> None:
    firm = desk.subject(CODE)
    assert desk.subject(NAME) == desk.subject(firm.id) == firm
    assert firm.id in set(desk.search("乌蒙源")["id"])
    for nobody in ("赵德华", "查无此企业"):
        with pytest.raises(QueryError) as refused:
            desk.subject(nobody)
        assert refused.value.code == "E608"
        assert any("search" in note for note in refused.value.__notes__)


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_a_neighbourhood_is_what_breadth_first_search_finds(
    desk: Office, exported: list[dict[str, Any]], depth: int
) -> None:
    whole: nx.Graph[str] = nx.Graph()
    today = desk.today.isoformat()
    for row in exported:
        if row["what"] == "relation" and (row["since"] is None or row["since"] <= today):
            whole.add_edge(row["from"], row["to"])
    centres = sorted(whole.nodes, key=lambda uid: (-whole.degree(uid), uid))[:3]
    for centre in (*centres, desk.subject(CODE).id):
        around = desk.neighbourhood(centre, depth)
        expected = nx.single_source_shortest_path_length(whole, centre, cutoff=depth)
        assert around.hops == expected
        assert around.more == 0
        network = around.network()
        assert nx.Graph(network.edges()).edges == whole.subgraph(expected).edges
        assert len(around.table()) == network.number_of_edges()
        assert all(told["records"] for _, _, told in network.edges(data=True))


def test_a_hub_is_cut_and_says_how_many_are_not_shown(desk: Office) -> None:
    whole = desk.neighbourhood(CODE, 2)
    cut = desk.neighbourhood(CODE, 2, reach=Reach(most=3))
    assert len(cut.subjects) == 3
    ties = nx.Graph(whole.network().edges())
    met = {uid for shown, hops in cut.hops.items() if hops < 2 for uid in ties[shown]}
    assert cut.more == len(met - cut.hops.keys()) > 0
    assert f"还有 {cut.more} 个主体未显示" in cut.picture().svg
    assert f"{cut.more} more subjects are not shown" in cut.widget("en").more
    assert whole.widget().more == ""


def test_only_the_ties_asked_for(desk: Office) -> None:
    whole = desk.neighbourhood(CODE, 1)
    assert any(whole.ended(tie) for tie in whole.ties)
    now = desk.neighbourhood(CODE, 1, reach=Reach(ended=False))
    assert now.ties
    assert not any(now.ended(tie) for tie in now.ties)
    owners = desk.neighbourhood(CODE, 1, reach=Reach(types=("shareholder",)))
    assert {tie.type for tie in owners.ties} == {"shareholder"}
    assert len(owners.subjects) < len(whole.subjects)
    before = desk.neighbourhood(CODE, 1, as_of=date(2024, 7, 27))
    began = [tie for tie in whole.ties if tie.since == date(2024, 7, 28)]
    assert began
    assert not {tie.id for tie in began} & {tie.id for tie in before.ties}


def test_the_picture_says_in_colour_line_and_words_what_the_network_holds(desk: Office) -> None:
    around = desk.neighbourhood(CODE, 2)
    svg = around.picture().svg
    assert svg == desk.neighbourhood(CODE, 2).picture().svg
    drawn = ElementTree.fromstring(svg)  # noqa: S314 - our own
    space = "{http://www.w3.org/2000/svg}"
    fills = [each.get("fill") for each in drawn.iter(f"{space}circle")]
    people = sum(each.kind == "person" for each in around.subjects)
    legend = 1
    assert fills.count("#FD485E") == people + legend
    assert fills.count("#ff9e00") == 1 + legend
    assert fills.count("#4ea2f0") == len(around.subjects) - people - 1 + legend
    dashed = {tie.source for tie in around.ties if not tie.sure}
    assert dashed
    lines = [each.get("stroke-dasharray") for each in drawn.iter(f"{space}line")]
    assert sum(line is not None for line in lines) >= 1 + legend
    assert NAME in (drawn.findtext(f"{space}title") or "")
    assert "法定代表人" in svg
    assert "Legal" not in svg


def test_listings_in_force_are_counted_on_whom_they_are_against(
    desk: Office, office: Shell
) -> None:
    around = desk.neighbourhood(CODE, 2)
    assert around.risks
    for uid, count in around.risks.items():
        listings = office("check", uid, "--json").json["listings"]
        harmless = ("licence", "honour", "commitment", "tax_grade_a")
        assert count == sum(each["kind"] not in harmless for each in listings)


def test_a_list_is_screened_and_nobody_is_guessed(desk: Office, office: Shell) -> None:
    asked = [CODE, "六盘水凉辰建材有限责任公司", "赵德华", "查无此企业", "520201199001011234"]
    rows = desk.screen(asked, DAY).to_dict("records")
    assert [row["outcome"] for row in rows[2:]] == ["unresolved"] * 3
    assert [row["outcome"] for row in rows[:2]] == ["attention", "restriction"]
    for row in rows[:2]:
        answer = office("check", row["subject"], "--as-of", DAY, "--json").json
        found = [each for each in answer["own"] + answer["linked"] if not each["suspected"]]
        for kind in ("restriction", "conditional", "attention"):
            assert row[kind] == sum(each["kind"] == kind for each in found)
        assert row["rules"].split() == sorted({each["rule"] for each in found})
    assert "1990" not in rows[4]["query"]


def test_between_bidders_what_bars_is_told_from_what_hints(desk: Office) -> None:
    pairs = desk.pairs(["贵州腾岳市政工程有限公司", "六盘水腾辉园林绿化有限公司"], DAY)
    bars_ = dict(zip(pairs["code"], pairs["bars"], strict=True))
    assert bars_["same_person_in_charge"]
    assert not bars_["shared_phone"]


def test_charts_are_drawn_without_a_script_or_a_server(desk: Office) -> None:
    frame = desk.findings().head(6)
    for chart in (
        bars(desk.quality(), "read", "source", "读入"),
        spans(frame.assign(label=frame["rule"]), DAY.isoformat(), "期间"),
    ):
        shown = chart._repr_mimebundle_()
        bundle: Any = shown[0] if isinstance(shown, tuple) else shown
        assert set(bundle) == {"image/svg+xml"}
        svg = bundle["image/svg+xml"]
        assert "<script" not in svg
        assert svg.count("http") == svg.count("http://www.w3.org/")


@pytest.mark.parametrize("module", ["pandas", "networkx", "anywidget", "altair"])
def test_a_missing_component_names_the_extra(
    desk: Office, module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    around = desk.neighbourhood(CODE, 1)
    monkeypatch.setitem(sys.modules, module, None)
    uses: dict[str, Any] = {
        "pandas": around.table,
        "networkx": around.network,
        "anywidget": around.widget,
        "altair": lambda: bars(None, "a", "b", ""),
    }
    with pytest.raises(UsageError) as refused:
        uses[module]()
    assert refused.value.code == "E126"
    assert any("creditgraph[notebooks]" in note for note in refused.value.__notes__)


def test_a_store_that_is_not_there_is_not_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CREDITGRAPH_KEY_FILE", str(tmp_path / "key"))
    with pytest.raises(StoreError) as refused:
        open_store(str(tmp_path / "no.db"))
    assert refused.value.code == "E517"
    assert len(refused.value.__notes__) == 3
    assert not (tmp_path / "no.db").exists()
