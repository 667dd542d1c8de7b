"""A rule that says too much is refused by file and key."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from graph.errors import DataError
from graph.sanctions.fields import read_mapping
from graph.sanctions.rulebook import Rulebook, lint, load_rulebook
from graph.texts import Lang, explain
from tests.unit.rule_files import Content, a_folder, shipped, write

LANGS: tuple[Lang, ...] = ("zh", "en")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return a_folder(tmp_path)


def _refused(folder: Path, rule: str, change: Callable[[Content], object]) -> DataError:
    content = shipped(rule)
    change(content)
    write(folder, rule, content)
    with pytest.raises(DataError) as refused:
        load_rulebook(folder)
    for lang in LANGS:
        told = explain(refused.value, lang)
        assert told.what
        assert told.why
        assert told.fix
    return refused.value


def test_a_rule_may_be_read_from_any_folder(folder: Path) -> None:
    write(folder, "R10", shipped("R10"))
    book = load_rulebook(folder)
    assert isinstance(book, Rulebook)
    assert book.rules[0] == load_rulebook().rule("R10")


def test_a_disabled_rule_needs_a_reason_and_yields_nothing(folder: Path) -> None:
    refused = _refused(folder, "R10", lambda rule: rule.update(enabled=False))
    assert (refused.code, refused.where) == ("E713", "R10.yaml: reason")
    content = shipped("R10") | {"enabled": False, "reason": {"zh": "未核对", "en": "not read yet"}}
    write(folder, "R10", content)
    assert load_rulebook(folder).active == ()


@pytest.mark.parametrize(
    ("rule", "change", "code", "where"),
    [
        pytest.param("R10", lambda r: r.pop("bases"), "E706", "R10.yaml: bases", id="no-basis"),
        pytest.param("R10", lambda r: r.update(bases=[]), "E706", "R10.yaml: bases", id="empty"),
        pytest.param(
            "R10",
            lambda r: r["bases"].append(r["bases"][0] | {"version": "later"}),
            "E707",
            "R10.yaml: bases",
            id="overlapping-versions",
        ),
        pytest.param(
            "R10",
            lambda r: r["effect"].update(measure="exile"),
            "E708",
            "R10.yaml: effect.measure",
            id="unknown-measure",
        ),
        pytest.param(
            "R02",
            lambda r: r["mismatch"].update(measure="exile"),
            "E708",
            "R02.yaml: mismatch.measure",
            id="unknown-measure-of-notice",
        ),
        pytest.param(
            "R10",
            lambda r: r["trigger"].update(listings=["bad_mood"]),
            "E704",
            "R10.yaml: trigger.listings",
            id="unknown-listing",
        ),
        pytest.param(
            "R02",
            lambda r: r["reach"][0]["steps"][0].update(relations=["friend"]),
            "E704",
            "R02.yaml: reach[0].steps[0].relations",
            id="unknown-relation",
        ),
        pytest.param(
            "R02",
            lambda r: r["reach"][0]["steps"][0].update(relations=["any"]),
            "E709",
            "R02.yaml: reach[0].steps[0].relations",
            id="any-relation",
        ),
        pytest.param(
            "R02",
            lambda r: r["reach"][0]["steps"][0].pop("when"),
            "E709",
            "R02.yaml: reach[0].steps[0].when",
            id="no-day",
        ),
        pytest.param(
            "R13",
            lambda r: r["reach"][1].update(start="listed"),
            "E709",
            "R13.yaml: reach",
            id="bids-from-a-listing",
        ),
        pytest.param(
            "R37",
            lambda r: r["reach"][1]["steps"].append(dict(r["reach"][1]["steps"][0])),
            "E710",
            "R37.yaml: reach",
            id="three-hops",
        ),
        pytest.param(
            "R02",
            lambda r: r["reach"][0]["steps"].append(dict(r["reach"][0]["steps"][0])),
            "E710",
            "R02.yaml: reach",
            id="notice-is-a-hop",
        ),
        pytest.param(
            "R02",
            lambda r: r["reach"][0]["steps"][0].update(relations=["relative"]),
            "E711",
            "R02.yaml: reach",
            id="relatives",
        ),
        pytest.param(
            "R16",
            lambda r: r["reach"][1]["steps"][0].update(relations=["relative"]),
            "E711",
            "R16.yaml: reach",
            id="relatives-of-bidders",
        ),
        pytest.param(
            "R36",
            lambda r: r["reach"][1]["steps"][0].update(relations=["shares_phone"]),
            "E711",
            "R36.yaml: reach",
            id="shared-phone-outside-bids",
        ),
        pytest.param(
            "R10",
            lambda r: r["reach"][0].update(listings=["honour"]),
            "E704",
            "R10.yaml: reach",
            id="way-outside-its-trigger",
        ),
        pytest.param(
            "R12",
            lambda r: r["duration"].update(years=4),
            "E704",
            "R12.yaml: duration",
            id="least-above-most",
        ),
        pytest.param(
            "R12",
            lambda r: r["duration"].pop("at_most"),
            "E703",
            "R12.yaml: duration.at_most",
            id="no-most",
        ),
        pytest.param(
            "R03",
            lambda r: r["duration"].update({"from": ["birthday"]}),
            "E704",
            "R03.yaml: duration.from",
            id="unknown-anchor",
        ),
        pytest.param(
            "R28",
            lambda r: r["trigger"].update(unless={"mood": True}),
            "E702",
            "R28.yaml: trigger.unless.mood",
            id="unknown-fact",
        ),
        pytest.param(
            "R11",
            lambda r: r["reach"][1].update(only={"penalty_type": "吊销"}),
            "E704",
            "R11.yaml: reach[1].only.penalty_type",
            id="words-no-list",
        ),
        pytest.param(
            "R11",
            lambda r: r["reach"][2].update(only={"amount_fen": -1}),
            "E704",
            "R11.yaml: reach[2].only.amount_fen",
            id="negative-amount",
        ),
        pytest.param(
            "R12",
            lambda r: r.update(spares=shipped("R48")["spares"]),
            "E702",
            "R12.yaml: spares",
            id="a-bar-that-spares",
        ),
        pytest.param(
            "R02",
            lambda r: r["mismatch"].update(relations=["shares_phone"]),
            "E711",
            "R02.yaml: mismatch",
            id="shared-phone",
        ),
        pytest.param("R10", lambda r: r.update(mark="V/C"), "E712", "R10.yaml: enabled", id="C"),
        pytest.param("R10", lambda r: r.update(id="R11"), "E714", "R10.yaml", id="other-id"),
        pytest.param(
            "R37",
            lambda r: r["reach"][1]["steps"][1].update(when="as_of"),
            "E715",
            "R37.yaml: reach",
            id="hop-two-sanctions",
        ),
        pytest.param(
            "R47", lambda r: r.update(enabled=False), "E716", "R47.yaml: enabled", id="negative-off"
        ),
        pytest.param(
            "R10", lambda r: r.update(colour=1), "E702", "R10.yaml: colour", id="unknown-key"
        ),
        pytest.param(
            "R07", lambda r: r.update(reach=[]), "E702", "R07.yaml: reach", id="negative-reach"
        ),
        pytest.param("R10", lambda r: r.pop("trigger"), "E703", "R10.yaml: trigger", id="trigger"),
        pytest.param("R10", lambda r: r.update(reach=[]), "E703", "R10.yaml: reach", id="reach"),
        pytest.param("R18", lambda r: r.pop("names"), "E703", "R18.yaml: names", id="names"),
        pytest.param(
            "R10", lambda r: r.update(enabled="yes"), "E704", "R10.yaml: enabled", id="yes"
        ),
        pytest.param(
            "R10", lambda r: r.update(version=True), "E704", "R10.yaml: version", id="bool"
        ),
        pytest.param("R10", lambda r: r.update(title="x"), "E704", "R10.yaml: title", id="title"),
        pytest.param(
            "R10",
            lambda r: r["title"].update(en=" "),
            "E704",
            "R10.yaml: title.en",
            id="blank-title",
        ),
        pytest.param("R10", lambda r: r.update(reach={}), "E704", "R10.yaml: reach", id="no-list"),
        pytest.param(
            "R13",
            lambda r: r["reach"][1]["steps"][0].update(share_over=51),
            "E704",
            "R13.yaml: reach[1].steps[0].share_over",
            id="percentage",
        ),
        pytest.param(
            "R10",
            lambda r: r["bases"][0]["in_force"].update({"from": "2016-13-01"}),
            "E705",
            "R10.yaml: bases[0].in_force.from",
            id="month-13",
        ),
        pytest.param(
            "R10",
            lambda r: r["bases"][0]["in_force"].update({"to": "2016-08-01"}),
            "E705",
            "R10.yaml: bases[0].in_force.to",
            id="ends-as-it-begins",
        ),
    ],
)
def test_a_rule_that_says_too_much_is_refused_by_file_and_key(
    folder: Path, rule: str, change: Callable[[Content], object], code: str, where: str
) -> None:
    refused = _refused(folder, rule, change)
    assert (refused.code, refused.where) == (code, where)


@pytest.mark.parametrize(
    ("change", "code", "where"),
    [
        pytest.param({"listed": None}, "E717", "listed", id="on-no-list"),
        pytest.param({"listed": "mine"}, "E704", "listed", id="on-a-list-of-ones-own"),
        pytest.param({"sharing": "everybody"}, "E704", "sharing", id="unknown-sharing-class"),
        pytest.param({"class": "shame"}, "E704", "class", id="unknown-class"),
        pytest.param({"text": {"zh": "限制"}}, "E703", "text.en", id="one-language"),
    ],
)
def test_a_measure_no_list_carries_is_refused(
    folder: Path, change: Content, code: str, where: str
) -> None:
    measures = read_mapping(folder / "measures.yaml")
    measures["no_public_procurement"] |= change
    (folder / "measures.yaml").write_text(json.dumps(measures), encoding="utf-8")
    write(folder, "R10", shipped("R10"))
    with pytest.raises(DataError) as refused:
        load_rulebook(folder)
    place = f"measures.yaml: no_public_procurement.{where}"
    assert (refused.value.code, refused.value.where) == (code, place)
    assert [each.code for each in lint(folder)] == [code]
    assert explain(refused.value, "zh").fix
    assert explain(refused.value, "en").fix


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("id: R10\nid: R10\n", id="key-twice"),
        pytest.param("title: {zh: a, zh: b}\n", id="inner-key-twice"),
        pytest.param("1: a\n", id="key-no-text"),
        pytest.param("- a\n", id="no-mapping"),
        pytest.param("a: [b\n", id="no-yaml"),
        pytest.param("a: !!python/object/apply:os.getcwd []\n", id="python-object"),
        pytest.param("", id="empty"),
    ],
)
def test_a_file_that_is_not_plain_yaml_is_refused(folder: Path, text: str) -> None:
    (folder / "rules" / "R10.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=r"E701 R10\.yaml"):
        load_rulebook(folder)


def test_a_folder_without_rules_is_refused(folder: Path) -> None:
    with pytest.raises(DataError, match="E720"):
        load_rulebook(folder)
    with pytest.raises(DataError, match="E701"):
        load_rulebook(folder / "nowhere")
