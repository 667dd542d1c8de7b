"""Bidders side by side, through the command line, on a store made by hand."""

import csv
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from openpyxl import load_workbook

from tests.e2e.conftest import Shell
from tests.e2e.tender import FIRMS, PEOPLE, write_tender

OPENED = ("--opened", "2026-06-01")


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """A store holding the bidders; for reading."""
    shell = Shell(tmp_path_factory.mktemp("hall"))
    assert shell("load", write_tender(shell.folder / "files"), "--json").code == 0
    shell("resolve")
    shell("propagate")
    return shell


def codes(letters: str) -> list[str]:
    return [FIRMS[letter][1] for letter in letters]


def asked(hall: Shell, letters: str, *more: object) -> dict[str, Any]:
    told: dict[str, Any] = hall("bidders", *codes(letters), *OPENED, "--json", *more).json
    return told


def between(hall: Shell, letters: str) -> tuple[list[str], list[str]]:
    """Return the codes of ties and of indicators of two bidders."""
    (pair,) = asked(hall, letters)["pairs"]
    ties, indicators = ([link["code"] for link in pair[part]] for part in ("ties", "indicators"))
    return ties, indicators


def test_bidders_led_by_one_person_are_tied_with_proof(hall: Shell) -> None:
    told = asked(hall, "AB")
    (pair,) = told["pairs"]
    (tie,) = pair["ties"]
    assert (tie["rule"], tie["kind"], tie["code"]) == (
        "R13",
        "restriction",
        "same_person_in_charge",
    )
    assert "安一" in tie["why"]
    assert "招标投标法实施条例" in tie["why"]
    assert [step["type"] for step in tie["path"]] == ["legal_representative"] * 2
    assert {step["from_name"] for step in tie["path"]} == {"安一"}
    for step in tie["proof"]:
        assert hall("explain", step["record"], "--json").json["what"] == "record"
    assert pair["indicators"] == []
    assert (pair["a_name"], pair["b_name"]) == (FIRMS["A"][0], FIRMS["B"][0])


@pytest.mark.parametrize(
    ("letters", "ties", "indicators"),
    [
        pytest.param("CD", ["direct_holding"], [], id="more than half held directly"),
        pytest.param("DC", ["direct_holding"], [], id="whichever is named first"),
        pytest.param("CE", [], ["minority_holding"], id="less than half"),
        pytest.param("CL", [], ["unknown_holding"], id="an unknown share is never more than half"),
        pytest.param("CK", [], ["contradictory_holding"], id="filings above the whole"),
        pytest.param("GH", [], ["common_control"], id="one owner of both, through another firm"),
        pytest.param("DE", [], ["common_owner"], id="one owner, of more than half and of less"),
        pytest.param("AE", [], ["shared_phone"], id="one phone written in two ways"),
        pytest.param("GL", [], ["shared_address"], id="one address"),
        pytest.param("DM", [], ["shared_officer"], id="one officer"),
        pytest.param("DH", [], ["same_price"], id="one price for one lot on the day"),
        pytest.param("BM", [], [], id="the price of another day"),
        pytest.param("CG", [], [], id="the address of a branch is not its parent's"),
        pytest.param("RS", [], ["common_control"], id="one owner of both, five firms up"),
        pytest.param("AC", [], [], id="nothing"),
    ],
)
def test_what_is_between_two_bidders(
    hall: Shell, letters: str, ties: list[str], indicators: list[str]
) -> None:
    assert between(hall, letters) == (ties, indicators)


def test_an_indicator_never_restricts_and_names_both_rows(hall: Shell) -> None:
    (pair,) = asked(hall, "AE")["pairs"]
    (hint,) = pair["indicators"]
    assert (hint["kind"], hint["path"]) == ("attention", [])
    assert len(hint["records"]) == 2
    assert "18685800001" not in str(hint)
    assert "186****0001" in hint["why"]


def test_control_through_another_firm_is_proved_link_by_link(hall: Shell) -> None:
    (pair,) = asked(hall, "GH")["pairs"]
    (hint,) = pair["indicators"]
    assert [(step["from_name"], step["share"]) for step in hint["path"]] == [
        ("俄五", 1.0),
        (FIRMS["F"][0], 0.6),
        ("俄五", 0.7),
    ]


def test_indirect_holding_is_told_beside_the_direct_tie(hall: Shell) -> None:
    told = asked(hall, "FGH")
    found = {(pair["a_name"][2], pair["b_name"][2]): pair for pair in told["pairs"]}
    assert [link["code"] for link in found["己", "庚"]["ties"]] == ["direct_holding"]
    assert [link["code"] for link in found["己", "辛"]["indicators"]] == ["common_control"]


@pytest.mark.parametrize(
    ("day", "ties"),
    [
        pytest.param("2026-05-14", ["direct_holding"], id="the day before the share is sold"),
        pytest.param("2026-05-15", [], id="the day it is sold"),
    ],
)
def test_ties_are_those_of_the_opening_day(hall: Shell, day: str, ties: list[str]) -> None:
    (pair,) = hall("bidders", *codes("CM"), "--opened", day, "--json").json["pairs"]
    assert [link["code"] for link in pair["ties"]] == ties


def test_doubtful_filings_and_nominees_are_noted(hall: Shell) -> None:
    notes = {
        row["name"][2]: [note["code"] for note in row["notes"]]
        for row in asked(hall, "KSC")["bidders"]
    }
    assert notes == {"壬": ["contradictory_filings"], "巳": ["nominee_owner"], "丙": []}


def test_eligibility_is_of_the_opening_day(hall: Shell) -> None:
    (listed,) = asked(hall, "E")["bidders"]
    assert listed["eligible"] == "barred"
    told = {each["rule"]: each for each in listed["findings"]}
    assert {rule: each["eligibility"] for rule, each in told.items()} == {"R09": False, "R10": True}
    assert told["R10"]["proof"][0]["records"]
    before = hall("bidders", FIRMS["E"][1], "--opened", "2026-02-28", "--json")
    (free,) = before.json["bidders"]
    assert free["eligible"] == "nothing_found"
    assert before.code == 0


def test_nothing_found_names_its_coverage_and_promises_nothing(hall: Shell) -> None:
    told = hall("bidders", *codes("AC"), *OPENED)
    assert told.code == 0
    assert told.out.count("未发现（截至 2026-06-01，已覆盖 3 个部门）") == 3
    assert "无风险" not in told.out
    body = asked(hall, "AC")
    assert body["statement"].startswith("未发现（截至 2026-06-01")
    assert "statement" not in asked(hall, "AB")
    assert body["coverage"]["departments"] == 3
    assert {each["source"] for each in body["coverage"]["sources"]} >= {"market_main", "bids"}
    missing = set(body["coverage"]["rules_missing"])
    assert missing | set(body["coverage"]["rules"]) == {"R10", "R11", "R12", "R17", "R18"}
    assert "R10" in body["coverage"]["rules"]


def test_exit_code_says_whether_there_is_something_to_look_at(hall: Shell) -> None:
    for letters, code in (("AB", 1), ("AE", 1), ("E", 1), ("AC", 0)):
        assert hall("bidders", *codes(letters), *OPENED).code == code
    assert hall("bidders", FIRMS["A"][1], "没有的公司", *OPENED).code == 1


def test_nobody_is_guessed(hall: Shell) -> None:
    stranger = "91520201XX0009995Y"
    told = hall(
        "bidders",
        "没有的公司",
        "安一",
        "郭七",
        stranger,
        PEOPLE["安一"],
        FIRMS["C"][0],
        *OPENED,
        "--json",
    )
    assert told.code == 1
    assert [(each["query"], each["reason"]) for each in told.json["unresolved"]] == [
        ("没有的公司", "unknown"),
        ("安一", "person_by_name"),
        ("郭七", "person_by_name"),
        (stranger, "unknown"),
    ]
    assert [each["name"] for each in told.json["unresolved"][2]["candidates"]] == ["郭七"]
    assert [(each["name"], each["found_by"]) for each in told.json["bidders"]] == [
        ("安一", "code"),
        (FIRMS["C"][0], "name"),
    ]
    assert PEOPLE["安一"] not in told.out


def test_where_nobody_is_compared_nothing_is_said_to_be_found_or_not(hall: Shell) -> None:
    told = hall("bidders", "没有的公司", "也没有的公司", *OPENED)
    assert "未发现" not in told.out
    assert "statement" not in hall("bidders", "没有的公司", *OPENED, "--json").json


def test_a_row_that_cannot_be_read_is_listed(hall: Shell, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes(b'\xe6\x8a\x95\xe6\xa0\x87\xe4\xba\xba\na\0b\n"open\n')
    told = hall("bidders", file, *OPENED, "--json").json
    assert [(each["place"], each["reason"]) for each in told["unresolved"]] == [
        ("list.csv:2", "unreadable"),
        ("list.csv:3", "unreadable"),
    ]


def test_an_unknown_code_is_not_replaced_by_its_name(hall: Shell, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text(f"供应商名称,统一社会信用代码\n{FIRMS['A'][0]},91520201XX0009995Y\n", "utf-8")
    told = hall("bidders", file, *OPENED, "--json").json
    assert told["bidders"] == []
    (left,) = told["unresolved"]
    assert (left["reason"], left["place"]) == ("unknown_code", "list.csv:2")
    assert [each["name"] for each in left["candidates"]] == [FIRMS["A"][0]]


def test_a_code_decides_and_another_name_is_noted(hall: Shell, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text(f"供应商名称,统一社会信用代码\n{FIRMS['A'][0]},{FIRMS['C'][1]}\n", "utf-8")
    told = hall("bidders", file, *OPENED, "--json")
    (bidder,) = told.json["bidders"]
    assert bidder["name"] == FIRMS["C"][0]
    assert [note["code"] for note in bidder["notes"]] == ["name_differs"]
    assert told.code == 1


@pytest.mark.parametrize("form", ["csv", "gbk", "headless", "numbered", "lines", "xlsx"])
def test_a_list_is_read_in_any_form(hall: Shell, tmp_path: Path, form: str) -> None:
    rows = [FIRMS[letter] for letter in "ABC"]
    file = tmp_path / ("list.xlsx" if form == "xlsx" else "list.txt")
    if form == "xlsx":
        _workbook(
            file, [("投标情况一览",), ("序号", "投标人名称", "社会信用代码"), *_numbered(rows)]
        )
    elif form == "lines":
        file.write_text("\n".join(name for name, _ in rows) + "\n", "utf-8")
    else:
        heads = [] if form in ("headless", "numbered") else [("投标单位", "统一社会信用代码")]
        body = _numbered(rows) if form == "numbered" else rows
        encoding = "gbk" if form == "gbk" else "utf-8-sig"
        with file.open("w", encoding=encoding, newline="") as stream:
            csv.writer(stream).writerows([*heads, *body])
    told = hall("bidders", file, *OPENED, "--json").json
    assert told["unresolved"] == []
    assert [each["name"] for each in told["bidders"]] == [name for name, _ in rows]


def _numbered(rows: list[tuple[str, str]]) -> list[tuple[object, ...]]:
    return [(at, *row) for at, row in enumerate(rows, start=1)]


def _workbook(path: Path, rows: list[tuple[object, ...]]) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)


def test_files_and_names_go_together_and_one_subject_is_compared_once(
    hall: Shell, tmp_path: Path
) -> None:
    file = tmp_path / "list.txt"
    file.write_text(FIRMS["A"][0], "utf-8")
    told = hall("bidders", file, *codes("AB"), *OPENED, "--json").json
    assert len(told["bidders"]) == 3
    assert len(told["pairs"]) == 1
    assert [[note["code"] for note in each["notes"]] for each in told["bidders"]] == [
        ["repeated"],
        ["repeated"],
        [],
    ]


def test_mistakes_are_told_with_their_code(hall: Shell, tmp_path: Path) -> None:
    assert hall("bidders", "甲", "--opened", "junk").code == 2
    assert hall("bidders", "甲").code == 2
    lost = hall("bidders", tmp_path / "nowhere.xlsx", *OPENED, "--json")
    assert (lost.code, lost.json["error"]["code"]) == (3, "E201")
    empty = tmp_path / "empty.csv"
    empty.write_text("投标人\n", "utf-8")
    none = hall("bidders", empty, *OPENED, "--json")
    assert (none.code, none.json["error"]["code"]) == (2, "E606")
    blank = tmp_path / "blank.csv"
    blank.touch()
    assert hall("bidders", blank, *OPENED, "--json").json["error"]["code"] == "E606"
    wrong = hall("bidders", *codes("AB"), *OPENED, "--xlsx", tmp_path / "out.csv", "--json")
    assert (wrong.code, wrong.json["error"]["code"]) == (2, "E124")
    folder = hall("bidders", *codes("AB"), *OPENED, "--xlsx", tmp_path / "no" / "o.xlsx", "--json")
    assert (folder.code, folder.json["error"]["code"]) == (2, "E123")
    assert hall("bidders", "甲" * 300, *OPENED).code == 1


def test_the_workbook_holds_every_part_as_text(hall: Shell, tmp_path: Path) -> None:
    file, out = tmp_path / "list.csv", tmp_path / "核查.xlsx"
    evil = '=HYPERLINK("http://x","点")'
    with file.open("w", encoding="utf-8", newline="") as stream:
        rows = [("投标人",), *((FIRMS[letter][0],) for letter in "ABCE"), (evil,), ("+1",), ("@a",)]
        csv.writer(stream).writerows(rows)
    assert hall("bidders", file, *OPENED, "--xlsx", out, "--json").code == 1
    book = load_workbook(out)
    assert book.sheetnames == [
        "汇总", "两两关系", "禁止性关系及依据", "线索", "资格", "未能识别", "数据覆盖"
    ]  # fmt: skip
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}
    assert evil in {cell.value for cell in cells}
    matrix = [[cell.value for cell in row] for row in book["两两关系"].iter_rows()]
    assert matrix[0][1:] == [FIRMS[letter][0] for letter in "ABCE"]
    assert matrix[1][1:] == ["—", "禁止 1", "未发现", "线索 1"]
    assert [row[0] for row in matrix[1:]] == matrix[0][1:]
    ties = [[cell.value for cell in row] for row in book["禁止性关系及依据"].iter_rows()]
    assert ties[0][:4] == ["规则", "类型", "投标人甲", "投标人乙"]
    assert ties[1][:4] == ["R13", "restriction", FIRMS["A"][0], FIRMS["B"][0]]


def test_english_is_spoken_on_request(hall: Shell) -> None:
    told = hall("bidders", *codes("AB"), *OPENED, "--lang", "en")
    assert "have one person in charge" in told.out
    assert "Nothing found" in told.out


def test_a_withdrawn_batch_takes_its_ties_back(hall: Shell, tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    shell("load", write_tender(tmp_path / "files"), "--json")
    shell("resolve")
    assert between(shell, "CD")[0] == ["direct_holding"]
    batches = shell("batch", "list", "--json").json["batches"]
    shares = next(each["batch"] for each in batches if each["source"] == "market_shareholders")
    shell("batch", "withdraw", shares)
    shell("resolve")
    assert between(shell, "CD") == ([], [])


def test_the_invented_district_has_its_scripted_tender(office: Shell) -> None:
    told = office(
        "bidders", "贵州腾岳市政工程有限公司", "六盘水腾辉园林绿化有限公司",
        "--opened", "2026-09-15", "--json",
    )  # fmt: skip
    (pair,) = told.json["pairs"]
    assert {link["code"] for link in pair["ties"]} == {"same_person_in_charge"}
