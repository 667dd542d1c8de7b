"""Workbooks by their raw cells: numbers, dates, merged headings, sheets, limits."""

import struct
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from graph.errors import DataError
from loaders.files import tables
from loaders.table import Chunk, Limits, Table

Fill = Callable[[Any, Any], None]


def book(folder: Path, fill: Fill, name: str = "f.xlsx") -> Path:
    path = folder / name
    with xlsxwriter.Workbook(path, {"in_memory": True}) as workbook:
        fill(workbook, workbook.add_worksheet("表一"))
    return path


def of_rows(*rows: list[Any]) -> Fill:
    def fill(_: Any, sheet: Any) -> None:
        for number, cells in enumerate(rows):
            sheet.write_row(number, 0, cells)

    return fill


def read(path: Path, width: int, after: int = 1) -> Chunk:
    with tables(path) as (table,):
        (chunk,) = table.chunks(after, width, 1000)
    return chunk


def test_a_code_kept_as_text_stays_as_it_is(tmp_path: Path) -> None:
    codes = ["000123", "520102189001011234", "91520102XX00000001", " 5.20201E+17", "=1+1"]

    def fill(_: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["a"] * 5)
        for column, code in enumerate(codes):
            sheet.write_string(1, column, code)

    found = read(book(tmp_path, fill), 5)
    assert found.rows == [codes]
    assert not found.long_numbers


@pytest.mark.parametrize(
    ("number", "text", "lost"),
    [
        pytest.param(520102189001011234, "520102189001011000", True, id="18 digits"),
        pytest.param(1234567890123456, "1234567890123460", True, id="16 digits"),
        pytest.param(-1234567890123456, "-1234567890123460", True, id="16 digits, negative"),
        pytest.param(999999999999999, "999999999999999", False, id="15 digits"),
        pytest.param(520102000000123, "520102000000123", False, id="a registration number"),
        pytest.param(43655, "43655", False, id="a date serial"),
        pytest.param(1.5, "1.5", False, id="a fraction"),
        pytest.param(0, "0", False, id="nought"),
    ],
)
def test_a_number_that_lost_digits_is_marked(
    tmp_path: Path, number: float, text: str, lost: bool
) -> None:
    found = read(book(tmp_path, of_rows(["a", "b"], ["x", number])), 2)
    assert found.rows[0][1].startswith(text)
    assert found.long_numbers == ({0: (1,)} if lost else {})


def test_a_long_number_under_a_date_format_is_still_marked(tmp_path: Path) -> None:
    def fill(workbook: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["a", "b"])
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(1, 0, ["x", 520102189001011234], day)

    assert read(book(tmp_path, fill), 2).long_numbers == {0: (1,)}


def test_dates_and_truths_are_told_in_one_form(tmp_path: Path) -> None:
    def fill(workbook: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["a"] * 4)
        day = workbook.add_format({"num_format": "d/m/yy"})
        moment = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        sheet.write_datetime(1, 0, date(2019, 7, 9), day)
        sheet.write_datetime(1, 1, datetime(2019, 7, 9, 10, 11, 12), moment)  # noqa: DTZ001
        sheet.write_boolean(1, 2, True)
        sheet.write_formula(1, 3, '="甲"&"乙"', None, "甲乙")

    found = read(book(tmp_path, fill), 4)
    assert found.rows == [["2019-07-09", "2019-07-09 10:11:12", "TRUE", "甲乙"]]


def test_rows_keep_the_sheets_own_numbers(tmp_path: Path) -> None:
    def fill(_: Any, sheet: Any) -> None:
        sheet.write_row(4, 2, ["a", "b"])
        sheet.write_row(5, 2, ["1", "2"])
        sheet.write_row(8, 2, ["3", "4"])

    with tables(book(tmp_path, fill)) as (table,):
        assert table.preview == [(5, ["a", "b"]), (6, ["1", "2"]), (9, ["3", "4"])]
        (chunk,) = table.chunks(5, 2, 100)
    assert chunk.numbers == [6, 9]


def test_a_header_far_below_the_first_row_is_seen(tmp_path: Path) -> None:
    def fill(_: Any, sheet: Any) -> None:
        sheet.write(0, 0, "标题")
        sheet.write_row(60, 0, ["a", "b"])

    with tables(book(tmp_path, fill)) as (table,):
        assert table.preview == [(1, ["标题", ""]), (61, ["a", "b"])]


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([["a", "b"]], id="a header alone"),
        pytest.param([["a"], ["1"], ["2"]], id="one column"),
        pytest.param([["a"]], id="one cell"),
    ],
)
def test_a_sheet_of_one_row_or_column_is_a_table(tmp_path: Path, rows: list[list[str]]) -> None:
    with tables(book(tmp_path, of_rows(*rows))) as (table,):
        assert [cells for _, cells in table.preview] == rows


@pytest.mark.parametrize("left", [0, 2], ids=["at the edge", "with empty columns before"])
def test_merged_headings_head_every_column_they_cover(tmp_path: Path, left: int) -> None:
    def fill(_: Any, sheet: Any) -> None:
        sheet.merge_range(0, left, 0, left + 3, "处罚情况一览表")
        sheet.merge_range(1, left, 2, left, "企业名称")
        sheet.merge_range(1, left + 1, 1, left + 2, "法定代表人")
        sheet.write_row(2, left + 1, ["姓名", "证件号码", "备注"])
        sheet.write_row(3, left, ["甲", "乙", "丙", "丁"])

    with tables(book(tmp_path, fill)) as (table,):
        assert table.preview == [
            (1, ["处罚情况一览表", "", "", ""]),
            (2, ["企业名称", "法定代表人", "法定代表人", ""]),
            (3, ["企业名称", "姓名", "证件号码", "备注"]),
            (4, ["甲", "乙", "丙", "丁"]),
        ]


def test_a_cell_beyond_the_header_is_the_rows_matter(tmp_path: Path) -> None:
    path = book(tmp_path, of_rows(["a", "b"], ["1", "2", "", "note"], ["3", "4"], ["5"]))
    found = read(path, 2)
    assert {offset: defect.code for offset, defect in found.defects.items()} == {0: "E301"}
    assert found.defects[0].facts == {"found": 4, "expected": 2}
    assert found.rows[1:] == [["3", "4"], ["5", ""]]


def test_empty_sheets_and_charts_are_no_tables(tmp_path: Path) -> None:
    def fill(workbook: Any, sheet: Any) -> None:
        workbook.add_worksheet("空")
        chart = workbook.add_chart({"type": "line"})
        chart.add_series({"values": "=表一!$A$1:$A$2"})
        workbook.add_chartsheet("图").set_chart(chart)
        second = workbook.add_worksheet("表二")
        sheet.write_row(0, 0, ["a", "b"])
        second.write_row(0, 0, ["c", "d"])

    with tables(book(tmp_path, fill)) as found:
        assert [(table.sheet, table.preview[0][1]) for table in found] == [
            ("表一", ["a", "b"]),
            ("表二", ["c", "d"]),
        ]


@pytest.mark.parametrize("name", ["f.csv", "f.xls", "f.XLSX", "f", "f.ods", "f.xlsb"])
def test_a_workbook_is_read_under_any_name(tmp_path: Path, name: str) -> None:
    assert read(book(tmp_path, of_rows(["a", "b"], ["1", "2"]), name), 2).rows == [["1", "2"]]


def test_a_workbook_of_another_writer_is_read_alike(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.append(["a", "b"])
    sheet.append(["甲", 520102189001011234])
    workbook.save(tmp_path / "f.xlsx")
    found = read(tmp_path / "f.xlsx", 2)
    assert found.rows[0][0] == "甲"
    assert found.long_numbers == {0: (1,)}


def xls(rows: list[list[str | float]]) -> bytes:
    """Return the smallest XLS there is: BIFF8 records in one stream of a compound file."""

    def record(kind: int, *parts: bytes) -> bytes:
        body = b"".join(parts)
        return struct.pack("<HH", kind, len(body)) + body

    def cell(row: int, column: int, value: str | float) -> bytes:
        at = struct.pack("<HHH", row, column, 0)
        if isinstance(value, str):
            text = struct.pack("<HB", len(value), 1) + value.encode("utf-16-le")
            return record(0x0204, at, text)
        return record(0x0203, at, struct.pack("<d", value))

    def start(kind: int) -> bytes:
        return record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0, 1997, 0, 6))

    name = struct.pack("<BB", 2, 1) + "表一".encode("utf-16-le")
    place = len(start(5)) + 4 + 6 + len(name) + 4
    stream = start(5) + record(0x0085, struct.pack("<IH", place, 0), name) + record(0x000A)
    extent = struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows)), 0)
    stream += start(16) + record(0x0200, extent)
    for row, cells in enumerate(rows):
        stream += b"".join(cell(row, column, value) for column, value in enumerate(cells))
    stream = (stream + record(0x000A)).ljust(4096, b"\0")

    def entry(title: str, kind: int, child: int, first: int, size: int) -> bytes:
        text = title.encode("utf-16-le")
        length = len(text) + 2 if title else 0
        head = text.ljust(64, b"\0") + struct.pack(
            "<HBBIII", length, kind, 1, *[2**32 - 1] * 2, child
        )
        return head + bytes(36) + struct.pack("<IQ", first, size)

    end, free = 2**32 - 2, 2**32 - 1
    fat = [2**32 - 3, end, *range(3, 10), end] + [free] * 118
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<IIIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0, 0)
    head = head.ljust(512, b"\xff")
    folder = entry("Root Entry", 5, 1, end, 0) + entry("Workbook", 2, free, 2, 4096)
    folder += entry("", 0, free, 0, 0) * 2
    return head + struct.pack("<128I", *fat) + folder + stream


@pytest.mark.parametrize("name", ["f.xls", "f.xlsx", "f.csv"])
def test_an_xls_is_read_as_an_xlsx_is(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(xls([["企业名称", "b"], ["甲", 520102189001011234.0], ["乙", 7.0]]))
    with tables(path) as (table,):
        assert (table.sheet, table.preview[0]) == ("表一", (1, ["企业名称", "b"]))
        (chunk,) = table.chunks(1, 2, 100)
    assert [row[0] for row in chunk.rows] == ["甲", "乙"]
    assert chunk.rows[1][1] == "7"
    assert chunk.long_numbers == {0: (1,)}


def refused(path: Path, limits: Limits | None = None) -> DataError:
    with pytest.raises(DataError) as caught, tables(path, limits):
        pass
    return caught.value


def far_cell(folder: Path, row: int, column: int) -> Path:
    def fill(_: Any, sheet: Any) -> None:
        sheet.write(0, 0, "a")
        sheet.write(row, column, "b")

    return book(folder, fill)


def rewritten(path: Path, change: Callable[[bytes], bytes]) -> Path:
    """Rewrite the first sheet of a workbook."""
    out = path.with_name("rewritten.xlsx")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            text = old.read(part)
            new.writestr(part, change(text) if "worksheets/" in part.filename else text)
    return out


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda text: text, id="as usual"),
        pytest.param(lambda text: text.replace(b'"', b"'"), id="single quotes"),
        pytest.param(
            lambda text: (
                text.replace(b"<c ", b"<x:c ")
                .replace(b"</c>", b"</x:c>")
                .replace(b"xmlns=", b"xmlns:x='http://schemas.openxmlformats.org/x' xmlns=")
            ),
            id="prefixed",
        ),
        pytest.param(lambda text: text.replace(b'<row r="1048576"', b'<row r="2"'), id="row lies"),
    ],
)
def test_a_word_in_the_far_corner_is_refused_before_memory_is_taken(
    tmp_path: Path, change: Callable[[bytes], bytes]
) -> None:
    # The reader would ask for half a terabyte here and end the process.
    error = refused(rewritten(far_cell(tmp_path, 1_048_575, 16_383), change))
    assert (error.code, error.facts["unit"]) == ("E205", "cells")


def test_formatting_without_content_makes_no_sheet_large(tmp_path: Path) -> None:
    def fill(workbook: Any, sheet: Any) -> None:
        bold = workbook.add_format({"bold": True})
        sheet.write_row(0, 0, ["a", "b"])
        sheet.write_row(1, 0, ["1", "2"])
        for column in range(0, 16_384, 100):
            sheet.write_blank(1_048_575, column, None, bold)

    assert read(book(tmp_path, fill), 2).rows == [["1", "2"]]


@pytest.mark.parametrize("change", [bytes, lambda text: text.replace(b' r="', b' q="')])
def test_a_sheet_is_measured_exactly_at_the_limit(
    tmp_path: Path, change: Callable[[bytes], bytes]
) -> None:
    path = rewritten(book(tmp_path, of_rows(*[["a", "b"]] * 50)), change)
    assert refused(path, Limits(cells=99)).facts["found"] == 100
    with tables(path, Limits(cells=100)) as found:
        assert len(found) == 1


def test_the_limit_counts_all_sheets(tmp_path: Path) -> None:
    def fill(workbook: Any, sheet: Any) -> None:
        for each in (sheet, workbook.add_worksheet("二")):
            for row in range(50):
                each.write_row(row, 0, ["a", "b"])

    assert refused(book(tmp_path, fill), Limits(cells=199)).code == "E205"


def test_a_file_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    path = book(tmp_path, of_rows(["a", "b" * 30_000]))
    assert path.stat().st_size < 20_000
    assert refused(path, Limits(bytes=20_000)).facts["unit"] == "bytes"


@pytest.mark.parametrize(
    ("part", "kind"),
    [
        ("content.xml", "ODS"),
        ("xl/workbook.bin", "XLSB"),
        ("word/document.xml", "DOCX"),
        ("a", "ZIP"),
    ],
)
def test_another_kind_of_archive_is_named(tmp_path: Path, part: str, kind: str) -> None:
    with zipfile.ZipFile(tmp_path / "f.xlsx", "w") as archive:
        archive.writestr(part, "x")
    error = refused(tmp_path / "f.xlsx")
    assert (error.code, error.facts["kind"]) == ("E202", kind)


def test_a_workbook_cut_short_is_damaged(tmp_path: Path) -> None:
    path = book(tmp_path, of_rows(["a", "b"]))
    path.write_bytes(path.read_bytes()[:-200])
    assert refused(path).code == "E203"


def test_rows_are_still_there_when_asked_for_twice(tmp_path: Path) -> None:
    def rows(table: Table) -> list[list[str]]:
        return [row for chunk in table.chunks(1, 2, 2) for row in chunk.rows]

    with tables(book(tmp_path, of_rows(["a", "b"], *[["1", "2"]] * 5))) as (table,):
        assert rows(table) == rows(table) == [["1", "2"]] * 5
