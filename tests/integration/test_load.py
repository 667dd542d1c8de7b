"""Files into a store: every row is accounted for, whatever the file is like."""

import csv
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from api.refused_sheet import write_refused
from api.workers import prepared_elsewhere
from graph.identifiers import org_code_check, uscc_check
from graph.secrecy import Seal
from graph.store.sqlite import SqliteStore
from loaders.load import FileReport, Loader
from loaders.manifest_reader import read_manifests

SEAL = Seal(bytes(range(32)))
NOW = datetime(2024, 5, 6, tzinfo=UTC)
HEADER = [
    "行政相对人名称",
    "统一社会信用代码",
    "行政处罚决定书文号",
    "处罚内容",
    "处罚机关",
    "处罚决定日期",
]
REGISTER = ["社会组织名称", "统一社会信用代码", "法定代表人", "成立日期"]


def uscc(number: int) -> str:
    code = f"XX{number:06d}"
    body = "91520102" + code + org_code_check(code)
    return body + uscc_check(body)


def penalty(number: int) -> list[str]:
    name, code = f"黔州虚构{number}号商贸有限公司", uscc(number)
    return [name, code, f"黔罚〔2019〕{number}号", "罚款，\n责令改正", "黔州市监局", "2019-07-09"]


ROWS = [penalty(number) for number in range(1, 8)]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with SqliteStore(tmp_path / "store.db", SEAL) as opened:
        yield opened


def as_csv(
    path: Path, rows: Sequence[Sequence[str]], encoding: str = "utf-8", delimiter: str = ","
) -> Path:
    with path.open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream, delimiter=delimiter).writerows(rows)
    return path


def as_book(path: Path, **sheets: Sequence[Sequence[str | int]]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return path


def load(
    store: SqliteStore, path: Path, source: str | None = None, *, elsewhere: bool = False
) -> FileReport:
    loader = Loader(
        store=store.evidence,
        manifests=read_manifests(),
        seal=SEAL,
        now=NOW,
        elsewhere=prepared_elsewhere if elsewhere else None,
        large=0,
    )
    seen: list[int] = []
    report = loader.load(path, source=source, progress=seen.append)
    counts = report.counts
    assert counts.accepted + counts.refused + counts.repeated == counts.read
    if not report.known and report.error is None:
        assert sum(seen) == counts.read
    return report


def counted(report: FileReport) -> tuple[int, int, int, int]:
    counts = report.counts
    return counts.read, counts.accepted, counts.refused, counts.repeated


def content(store: SqliteStore) -> list[tuple[str, int, str, int, str]]:
    """Return what is in the store, apart from file names."""
    rows = store.overview.clusters()
    return [(s, row, role, ordinal, mention) for s, _, row, role, ordinal, mention, _, _ in rows]


def test_a_file_is_recognised_and_all_its_rows_are_kept(store: SqliteStore, tmp_path: Path) -> None:
    report = load(store, as_csv(tmp_path / "处罚20240501.csv", [HEADER, *ROWS]))
    assert (report.source, report.error, report.known) == ("penalty_v2", None, False)
    assert counted(report) == (7, 7, 0, 0)
    (batch,) = store.evidence.batches()
    assert [batch.uid] == report.batches
    assert batch.data_date == date(2024, 5, 1)
    assert batch.counts == report.counts


@pytest.mark.parametrize(
    ("name", "days", "expected"),
    [
        pytest.param("a.csv", ["2024-01-05", "2062-01-05"], date(2024, 1, 5), id="mistyped year"),
        pytest.param("a.csv", ["2024-01-05", "2023-01-05"], date(2024, 1, 5), id="newest"),
        pytest.param("a.csv", ["2024-05-06"], date(2024, 5, 6), id="today"),
        pytest.param("a.csv", ["2062-01-05", ""], None, id="none to go by"),
        pytest.param("a20230301.csv", ["2024-01-05"], date(2023, 3, 1), id="in the name"),
        pytest.param("a20620301.csv", ["2024-01-05"], date(2024, 1, 5), id="mistyped name"),
    ],
)
def test_a_day_to_come_does_not_tell_how_new_a_file_is(
    store: SqliteStore, tmp_path: Path, name: str, days: list[str], expected: date | None
) -> None:
    rows = [[*penalty(number)[:5], day] for number, day in enumerate(days)]
    load(store, as_csv(tmp_path / name, [HEADER, *rows]))
    (batch,) = store.evidence.batches()
    assert batch.data_date == expected


@pytest.mark.parametrize(
    ("sheet", "code"),
    [
        pytest.param([["甲", "乙"], [1, 2]], "E427", id="of nothing known"),
        pytest.param([HEADER[:2], ROWS[0][:2]], "E421", id="of too few columns"),
    ],
)
def test_a_workbook_refused_for_a_sheet_names_the_sheet(
    store: SqliteStore, tmp_path: Path, sheet: list[list[str | int]], code: str
) -> None:
    report = load(store, as_book(tmp_path / "a.xlsx", 一=[HEADER, *ROWS], 二=sheet))
    assert report.error is not None
    assert (report.error.code, report.error.where) == (code, "a.xlsx [二]")


def test_the_same_file_twice_changes_nothing_and_says_so(
    store: SqliteStore, tmp_path: Path
) -> None:
    bad = ["", *penalty(9)[1:]]
    path = as_csv(tmp_path / "a.csv", [HEADER, *ROWS, bad])
    assert counted(load(store, path)) == (8, 7, 1, 0)
    before = content(store), store.evidence.batches()
    again = load(store, path)
    assert again.known
    assert counted(again) == (8, 0, 1, 7)
    assert (content(store), store.evidence.batches()) == before


def test_rows_known_from_another_file_are_sighted_again(store: SqliteStore, tmp_path: Path) -> None:
    load(store, as_csv(tmp_path / "a.csv", [HEADER, *ROWS]))
    mixed = [HEADER, ROWS[3], penalty(8), ROWS[3], penalty(8)]
    assert counted(load(store, as_csv(tmp_path / "b.csv", mixed))) == (4, 1, 0, 3)


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [
        pytest.param("utf-8-sig", ",", id="utf-8 with mark"),
        pytest.param("gb18030", ",", id="gb18030"),
        pytest.param("utf-16", ",", id="utf-16"),
        pytest.param("utf-8", "\t", id="tab"),
        pytest.param("gb18030", "\t", id="gb18030, tab"),
    ],
)
def test_the_same_rows_in_another_encoding_are_the_same_records(
    store: SqliteStore, tmp_path: Path, encoding: str, delimiter: str
) -> None:
    load(store, as_csv(tmp_path / "a.csv", [HEADER, *ROWS]))
    path = as_csv(tmp_path / "b.csv", [HEADER, *ROWS], encoding, delimiter)
    assert counted(load(store, path)) == (7, 0, 0, 7)


def test_the_same_rows_in_a_workbook_are_the_same_records(
    store: SqliteStore, tmp_path: Path
) -> None:
    load(store, as_csv(tmp_path / "a.csv", [HEADER, *ROWS]))
    columns = [5, 0, 3, 2, 1, 4]
    table = [[row[i] for i in columns] + ["另注"] for row in [HEADER, *ROWS]]
    titled = [["行政处罚情况表"], [], *table]
    report = load(store, as_book(tmp_path / "b.xlsx", sheet=titled))
    assert counted(report) == (7, 0, 0, 7)
    assert report.unknown == ("另注",)


def test_an_id_kept_as_a_number_refuses_its_row_alone(store: SqliteStore, tmp_path: Path) -> None:
    lost: list[str | int] = [
        "黔州虚构商贸有限公司",
        520102189001011328,
        "1号",
        "罚款",
        "局",
        "2019-07-09",
    ]
    report = load(store, as_book(tmp_path / "a.xlsx", sheet=[HEADER, lost, *ROWS]))
    assert counted(report) == (8, 7, 1, 0)
    (row,) = store.evidence.refused(None)
    assert (row.code, row.row, row.sheet) == ("E312", 2, "sheet")
    assert row.facts == {"column": "统一社会信用代码"}


@pytest.mark.parametrize("code", ["5.20201E+17", "520102189001011000"])
def test_an_id_mangled_in_a_text_file_refuses_nothing(
    store: SqliteStore, tmp_path: Path, code: str
) -> None:
    path = as_csv(tmp_path / "a.csv", [HEADER, [ROWS[0][0], code, *ROWS[0][2:]]])
    assert counted(load(store, path)) == (1, 1, 0, 0)


def test_rows_spoiled_in_every_way_are_refused_alone(store: SqliteStore, tmp_path: Path) -> None:
    good = ",".join(["黔州甲商贸有限公司", uscc(1), "1号", "罚款", "局", "2019-07-09"])
    bad = [good.replace("1号", '"1号'), good + ",x", good.replace("罚款", "罚\0款"), "只有一格"]
    path = tmp_path / "a.csv"
    path.write_text("\n".join([",".join(HEADER), good, *bad, good.replace("1号", "2号")]))
    assert counted(load(store, path)) == (6, 2, 4, 0)
    assert [(row.row, row.code) for row in store.evidence.refused(None)] == [
        (3, "E303"),
        (4, "E301"),
        (5, "E302"),
        (6, "E301"),
    ]


def test_a_file_with_only_a_header_is_no_error(store: SqliteStore, tmp_path: Path) -> None:
    for path in (as_csv(tmp_path / "a.csv", [HEADER]), as_book(tmp_path / "b.xlsx", s=[HEADER])):
        report = load(store, path)
        assert (report.error, counted(report)) == (None, (0, 0, 0, 0))


def test_sheets_of_two_sources_are_two_batches_of_one_file(
    store: SqliteStore, tmp_path: Path
) -> None:
    body = [["贵山虚构协会", "", "赵甲", "1899-01-02"], ["贵山虚构商会", "", "钱乙", "1899-01-02"]]
    path = as_book(tmp_path / "a.xlsx", 处罚=[HEADER, *ROWS], 说明=[["注"]], 社团=[REGISTER, *body])
    report = load(store, path)
    assert report.source == "penalty_v2+social_organisation"
    assert len(report.batches) == 2
    assert counted(report) == (9, 9, 0, 0)
    again = load(store, path)
    assert again.known
    assert counted(again) == (9, 0, 0, 9)


def test_two_sheets_of_one_source_are_one_batch(store: SqliteStore, tmp_path: Path) -> None:
    path = as_book(tmp_path / "a.xlsx", 一=[HEADER, *ROWS[:4]], 二=[HEADER, *ROWS[2:]])
    report = load(store, path)
    assert len(report.batches) == 1
    assert counted(report) == (9, 7, 0, 2)


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        pytest.param("a.csv", b"a,b\n1,2\n", "E427", id="unknown columns"),
        pytest.param("a.csv", b"", "E425", id="empty"),
        pytest.param("a.pdf", b"%PDF-1.4", "E202", id="no table"),
        pytest.param("a.xlsx", b"PK\x03\x04", "E203", id="damaged"),
    ],
)
def test_a_file_refused_whole_counts_nothing_and_leaves_nothing(
    store: SqliteStore, tmp_path: Path, name: str, text: bytes, code: str
) -> None:
    path = tmp_path / name
    path.write_bytes(text)
    report = load(store, path)
    assert report.error is not None
    assert report.error.code == code
    assert counted(report) == (0, 0, 0, 0)
    assert (report.batches, store.evidence.batches()) == ([], [])


def test_one_unknown_sheet_refuses_the_file_before_anything_is_written(
    store: SqliteStore, tmp_path: Path
) -> None:
    path = as_book(tmp_path / "a.xlsx", 一=[HEADER, *ROWS], 二=[["a", "b"], ["1", "2"]])
    report = load(store, path)
    assert report.error is not None
    assert counted(report) == (0, 0, 0, 0)
    assert store.evidence.batches() == []


def test_a_refused_row_is_exported_mended_and_counted_as_mended(
    store: SqliteStore, tmp_path: Path
) -> None:
    nameless = ["", *penalty(8)[1:]]
    load(
        store,
        as_csv(tmp_path / "a.csv", [[*HEADER, "另注"], *[[*r, "x"] for r in [*ROWS, nameless]]]),
    )
    out = tmp_path / "refused.xlsx"
    assert write_refused(store.evidence.refused(None), out, "zh") == 1
    book = openpyxl.load_workbook(out)
    cells = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
    assert cells[0][:7] == [*HEADER, "另注"]
    assert cells[1][1] == uscc(8)
    assert "行政相对人名称" in cells[1][8]
    book.worksheets[0].cell(2, 1).value = penalty(8)[0]
    book.save(out)
    report = load(store, out)
    assert (report.error, report.unknown) == (None, ("另注",))
    assert counted(report) == (1, 1, 0, 0)
    assert report.counts.mended == 1
    assert list(store.evidence.refused(None)) == []
    # The mended row is the very record it would have been.
    assert counted(load(store, as_csv(tmp_path / "b.csv", [HEADER, penalty(8)]))) == (1, 0, 0, 1)


def test_a_second_process_prepares_the_same_content(tmp_path: Path) -> None:
    rows = [penalty(number % 11_000) for number in range(12_000)]
    path = as_csv(tmp_path / "a.csv", [HEADER, *rows, ["", *ROWS[0][1:]], ["ragged"]])
    found = []
    for elsewhere in (False, True):
        with SqliteStore(tmp_path / f"{elsewhere}.db", SEAL) as store:
            counts = counted(load(store, path, elsewhere=elsewhere))
            refused = [(row.id, row.code, row.cells) for row in store.evidence.refused(None)]
            found.append((counts, content(store), refused))
    assert found[0][0] == (12_002, 11_000, 2, 1_000)
    assert found[0] == found[1]


def test_a_feed_can_be_forced_and_its_missing_columns_are_told(
    store: SqliteStore, tmp_path: Path
) -> None:
    path = as_csv(tmp_path / "a.csv", [REGISTER, ["贵山虚构协会", "", "", ""]])
    report = load(store, path, "penalty_v2")
    assert report.error is not None
    assert report.error.code == "E422"
    assert "行政处罚决定书文号" in json.dumps(dict(report.error.facts), ensure_ascii=False)
