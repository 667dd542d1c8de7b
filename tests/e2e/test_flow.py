"""The main job from department files to findings, through the command line."""

import csv
import io
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.e2e.conftest import Shell

HEAD = ["source", "file", "row", "role", "ordinal", "mention_id", "subject_id", "decision"]


def clusters(shell: Shell) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(shell("export", "clusters").out)))


def places(rows: list[dict[str, str]]) -> list[tuple[str, ...]]:
    return [tuple(row[name] for name in HEAD[:5]) for row in rows]


def truth(district: Path) -> dict[tuple[str, ...], str]:
    with (district / "truth.csv").open(encoding="utf-8") as stream:
        return {
            tuple(row[name] for name in HEAD[:5]): row["entity"] for row in csv.DictReader(stream)
        }


def findings(shell: Shell) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(shell("export", "findings").out)))


def test_every_row_read_is_accepted_refused_or_repeated(shell: Shell, district: Path) -> None:
    answer = shell("load", district / "files", "--json")
    files = answer.json["files"]
    assert len(files) == len(list((district / "files").iterdir()))
    for file in files:
        assert file["error"] is None
        assert file["read"] == file["accepted"] + file["refused"] + file["repeated"]
    assert answer.code == 1  # the district has broken rows on purpose
    again = shell("load", district / "files", "--json").json["files"]
    assert all(file["accepted"] == 0 for file in again)
    assert [file["read"] for file in again] == [file["read"] for file in files]


def test_the_loader_finds_the_mentions_the_truth_lists(office: Shell, district: Path) -> None:
    rows = clusters(office)
    assert list(rows[0]) == HEAD
    assert Counter(places(rows)) == Counter(list(truth(district)))


def test_no_two_entities_are_merged_and_many_mentions_are(office: Shell, district: Path) -> None:
    entity = truth(district)
    known: dict[str, set[str]] = {}
    rows = clusters(office)
    for place, row in zip(places(rows), rows, strict=True):
        known.setdefault(row["subject_id"], set()).add(entity[place])
    assert all(len(entities) == 1 for entities in known.values())
    assert len(known) < len(rows) / 2
    assert {row["decision"] for row in rows} == {"merge", "review", "separate"}


def test_the_order_of_loading_does_not_matter(
    office: Shell, district: Path, tmp_path: Path
) -> None:
    other = Shell(tmp_path)
    (tmp_path / "key").write_bytes((office.folder / "key").read_bytes())
    (tmp_path / "key").chmod(0o600)
    files = sorted((district / "files").iterdir(), reverse=True)
    for start in range(0, len(files), 9):
        other("load", *files[start : start + 9])
        other("resolve")
    other("propagate")
    assert other("export", "clusters").out == office("export", "clusters").out
    assert other("export", "findings").out == office("export", "findings").out


def test_mentions_are_exported_before_any_resolve(shell: Shell, district: Path) -> None:
    shell("load", district / "files" / "区法院_失信被执行人.csv")
    rows = clusters(shell)
    assert rows
    assert {row["decision"] for row in rows} == {"separate"}
    assert all(row["subject_id"] == row["mention_id"] for row in rows)


def test_every_rule_of_the_first_form_shows_in_the_district(office: Shell) -> None:
    assert {row["rule"] for row in findings(office)} >= {
        "R01", "R02", "R10", "R13", "R18", "R19", "R35", "R37", "R41",
    }  # fmt: skip


def answer(office: Shell, query: str) -> dict[str, Any]:
    told: dict[str, Any] = office("check", query, "--as-of", "2026-11-01", "--json").json
    return told


def test_check_shows_a_named_person_his_own_restriction(office: Shell) -> None:
    told = answer(office, "520201186511089850")
    assert told["subject"]["kind"] == "person"
    found = [(each["rule"], each["kind"]) for each in told["own"]]
    assert found == [("R18", "restriction"), ("R42", "restriction")]
    assert told["own"][0]["proof"][0]["records"]


def test_check_shows_a_firm_what_reaches_it_through_its_director(office: Shell) -> None:
    told = answer(office, "91520201XX0001011N")
    found = [(each["rule"], each["kind"]) for each in told["linked"]]
    assert found == [("R01", "attention")]
    assert told["linked"][0]["proof"][-1]["type"] == "director"
    assert told["own"] == []


def test_the_head_of_a_defaulting_firm_is_spared(office: Shell) -> None:
    told = answer(office, "520201187106219839")
    assert all(each["rule"] not in ("R01", "R10") for each in told["own"] + told["linked"])
    assert "R07" in {each["by"] for each in told["blocked"]}


def test_a_repaired_listing_is_history_only(office: Shell) -> None:
    told = answer(office, "91520201XX0001257Q")
    assert told["own"] == []
    assert told["linked"] == []
    assert {each["status"] for each in told["historical"]} == {"repaired"}
    assert told["repaired"] == told["historical"]
    assert ["R41"] in [each["stopped"] for each in told["repaired"]]
    text = office("check", "91520201XX0001257Q", "--as-of", "2026-11-01").out
    assert "已修复 2 条" in text
    assert "已撤销或已到期" not in text
    assert "市场监督管理局 " in text.splitlines()[-1]


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("91520201XX0001011N", id="uscc"),
        pytest.param("XX000101-1", id="organisation code"),
        pytest.param(" 91520201xx0001011n ", id="lower case and spaces"),
        pytest.param("贵州乌蒙源物流有限公司", id="name"),
    ],
)
def test_a_firm_is_found_by_any_code_and_by_its_name(office: Shell, query: str) -> None:
    assert answer(office, query)["subject"]["name"] == "贵州乌蒙源物流有限公司"


def test_a_person_is_never_picked_by_name(office: Shell) -> None:
    told = answer(office, "罗国强")
    assert told["subject"] is None
    assert {hit["kind"] for hit in told["candidates"]} == {"person"}
    assert "520201186511089850" not in str(told)


def test_a_part_of_a_name_finds_candidates_and_picks_none(office: Shell) -> None:
    (whole,) = {answer(office, "91520201XX0001011N")["subject"]["name"]}
    told = answer(office, whole[2:-2])
    assert told["query_by"] == "part"
    assert told["subject"] is None
    assert whole in [hit["name"] for hit in told["candidates"]]
    assert "statement" not in told


def test_nothing_found_names_its_coverage_and_promises_nothing(office: Shell) -> None:
    told = answer(office, "没有这家公司有限公司")
    assert told["subject"] is None
    assert told["statement"].startswith("未发现（截至 2026-11-01，已覆盖 ")
    assert "没有名称或代码相符的主体" in told["statement"]
    assert told["coverage"]["departments"] > 15


def test_explain_tells_a_subject_a_finding_a_record_and_a_refusal(office: Shell) -> None:
    subject = answer(office, "91520201XX0001011N")["subject"]["id"]
    told = office("explain", subject, "--json").json
    assert told["what"] == "subject"
    assert {shared["type"] for shared in told["joined_by"]} >= {"uscc", "pripid"}
    finding = findings(office)[0]["id"]
    told = office("explain", finding, "--json").json
    assert (told["what"], told["stands"]) == ("finding", True)
    assert told["basis"]
    record = told["evidence"][0]["record"]
    assert office("explain", record, "--json").json["cells"]
    mention = clusters(office)[0]["mention_id"]
    assert office("explain", mention, "--json").json["what"] == "record"
    batch = next(
        each for each in office("batch", "list", "--json").json["batches"] if each["refused"]
    )
    refused = office("batch", "show", batch["batch"], "--json").json["refused_rows"][0]
    assert office("explain", refused["id"], "--json").json["fix"] == refused["fix"]
    unknown = office("explain", "s-nobody")
    assert unknown.code == 2
    assert "E603" in unknown.talk


def test_explain_tells_a_listing_what_was_found_because_of_it_and_a_batch(office: Shell) -> None:
    wages = next(row for row in findings(office) if row["rule"] == "R18")
    told = office("explain", wages["listing"], "--json").json
    assert (told["what"], told["kind"], told["status"]) == ("listing", "wage_arrears", "effective")
    assert wages["id"] in {each["id"] for each in told["findings"]}
    assert all(each["rule"] and each["subject"] for each in told["findings"])
    assert [each["record"] for each in told["evidence"]] == told["records"]
    assert office("explain", wages["listing"]).code == 0
    batch = office("batch", "list", "--json").json["batches"][0]
    told = office("explain", batch["batch"], "--json").json
    assert told["what"] == "batch"
    assert {key: told[key] for key in batch} == batch
    for unknown in ("l-" + "0" * 24, "0" * 16):
        assert "E603" in office("explain", unknown).talk


def test_explain_tells_why_a_finding_no_longer_stands(copied: Callable[[], Shell]) -> None:
    shell = copied()
    wages = next(row["id"] for row in findings(shell) if row["rule"] == "R18")
    assert shell("explain", wages, "--json").json["because"] is None
    batches = shell("batch", "list", "--json").json["batches"]
    batch = next(each["batch"] for each in batches if each["source"] == "wage_arrears")
    shell("batch", "withdraw", batch)
    shell("resolve")
    told = shell("explain", wages, "--json").json
    assert (told["stands"], told["because"][:6]) == (False, "依据已不存在")


def test_every_question_may_be_asked_as_of_what_was_known(copied: Callable[[], Shell]) -> None:
    shell = copied()
    wages = next(row["id"] for row in findings(shell) if row["rule"] == "R18")
    before = datetime.now(UTC).isoformat()
    batches = shell("batch", "list", "--json").json["batches"]
    shell("batch", "withdraw", next(b["batch"] for b in batches if b["source"] == "wage_arrears"))
    shell("resolve")
    assert shell("explain", wages, "--json").json["stands"] is False
    assert shell("explain", wages, "--known-at", before, "--json").json["stands"] is True
    firm, other = "91520201XX0001011N", "贵州腾岳市政工程有限公司"
    for words in (("path", firm, other), ("bidders", firm, other, "--opened", "2026-11-01")):
        assert not shell(*words, "--known-at", before, "--json").json["unresolved"]
        unknown = shell(*words, "--known-at", "2000-01-01", "--json").json["unresolved"]
        assert len(unknown) == 2


def test_a_refused_row_is_mended_and_linked(copied: Callable[[], Shell], tmp_path: Path) -> None:
    shell = copied()
    before = shell("status", "--json").json["refused"]
    book = tmp_path / "refused.xlsx"
    assert shell("export", "refused", "--out", book).code == 0
    workbook = load_workbook(book)
    mended = 0
    for sheet in workbook.worksheets:
        heads = [cell.value for cell in sheet[1]]
        reason = heads.index("creditgraph_reason")
        for row in sheet.iter_rows(min_row=2):
            if "为空" in str(row[reason].value):
                name = next(
                    i for i, head in enumerate(heads) if "名称" in str(head) or head == "CF_XDR_MC"
                )
                row[name].value = "贵州补名有限公司"
                mended += 1
    assert mended
    workbook.save(book)
    loaded = shell("load", book, "--json").json["files"][0]
    assert loaded["error"] is None
    assert loaded["mended"] == mended
    # What nobody touched is known already.
    assert loaded["repeated"] == loaded["read"] - mended
    after = shell("status", "--json").json
    assert after["mended"] == loaded["mended"]
    assert after["refused"] < before


def test_withdrawing_a_batch_takes_its_findings_back(copied: Callable[[], Shell]) -> None:
    shell = copied()
    before = {row["id"] for row in findings(shell)}
    batches = shell("batch", "list", "--json").json["batches"]
    wages = next(each["batch"] for each in batches if each["source"] == "wage_arrears")
    assert shell("batch", "withdraw", wages).code == 0
    # The findings of the same day follow at once.
    assert shell("status", "--json").json["stale"] == []
    after = {row["id"] for row in findings(shell)}
    assert after < before
    assert "R18" not in {row["rule"] for row in findings(shell)}
    assert shell("propagate").code == 0
    assert {row["id"] for row in findings(shell)} == after


def test_status_names_store_and_key_and_what_waits(office: Shell) -> None:
    told = office("status", "--json").json
    assert told["store"] == str(office.store)
    assert told["key_file"] == str(office.folder / "key")
    assert told["stale"] == []
    assert told["subjects"]["person"] > 100
    assert {event["status"] for event in told["waiting_events"]} == {"objected", "repaired"}


def test_quality_reports_every_department(office: Shell) -> None:
    rows = office("quality", "--json").json["sources"]
    assert len(rows) == 32
    market = next(row for row in rows if row["source"] == "market_main")
    assert market["identifiers"]["uscc"]["valid"] > 50
    assert "市场监督管理局" in office("quality").out


def test_personal_numbers_never_leave_in_plain(office: Shell) -> None:
    number = b"520201186511089850"
    for file in office.folder.iterdir():
        assert number not in file.read_bytes()
    person = answer(office, number.decode())["subject"]["id"]
    for told in (
        office("check", number.decode(), "--json"),
        office("explain", person, "--json"),
        office("export", "clusters"),
        office("export", "findings", "--format", "jsonl"),
    ):
        assert number.decode() not in told.out + told.talk


def test_doctor_and_config_answer(office: Shell) -> None:
    checks = office("doctor", "--json")
    assert checks.code == 0
    assert {each["status"] for each in checks.json["checks"]} <= {"ok", "warning"}
    assert office("config", "show", "--json").json["store"]["origin"] == "environment"


def test_english_is_spoken_on_request(office: Shell) -> None:
    assert office("--lang", "en", "check", "nobody at all").out.startswith("Nothing found")
    assert office("check", "nobody at all", "--lang", "en").out.startswith("Nothing found")


def test_demo_names_the_rules_and_ends_well(shell: Shell, tmp_path: Path) -> None:
    told = shell("demo", "--out", tmp_path / "demo")
    assert told.code == 0
    for rule in ("R01", "R10", "R13", "R18", "R19"):
        assert rule in told.out
    assert shell("demo", "--out", tmp_path / "demo").code == 0  # again, on what is there


def test_the_feed_of_changes_leads_to_the_current_findings(office: Shell) -> None:
    current = {body["id"] for body in office("export", "findings", "--json").json}
    seen, cursor = set(), 0
    while (told := office("changes", "--after", str(cursor), "--limit", "20", "--json").json)[
        "changes"
    ]:
        cursor = told["next"]
        seen |= {change["finding"] for change in told["changes"]}
    assert seen == current
    assert office("changes", "--limit", "3").out.count("appeared") == 3


def test_an_old_answer_can_be_had_again(copied: Callable[[], Shell]) -> None:
    shell = copied()
    before = [shell("export", what).out for what in ("clusters", "findings")]
    moment = datetime.now(UTC).isoformat()
    batches = shell("batch", "list", "--json").json["batches"]
    wages = next(each["batch"] for each in batches if each["source"] == "wage_arrears")
    shell("batch", "withdraw", wages)
    for what, told in zip(("clusters", "findings"), before, strict=True):
        assert shell("export", what).out != told
        assert shell("export", what, "--known-at", moment).out == told
    long_ago = shell("check", "91520201XX0001011N", "--known-at", "2020-01-01", "--json").json
    assert long_ago["subject"] is None
    assert shell("export", "clusters", "--known-at", "yesterday").code == 2
