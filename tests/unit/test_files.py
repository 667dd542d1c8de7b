"""Text files as tables: encodings, delimiters, and rows that spoil only themselves."""

import os
import tracemalloc
from collections.abc import Iterable
from pathlib import Path
from unittest.mock import patch

import pytest

from graph.errors import DataError
from loaders.files import data_files, file_digest, tables
from loaders.table import Chunk, Limits

HEADER = "企业名称,统一社会信用代码,备注"


def read(path: Path, width: int = 3, size: int = 1000) -> Chunk:
    whole = Chunk()
    with tables(path) as (table,):
        for chunk in table.chunks(table.preview[0][0], width, size):
            base = len(whole.rows)
            whole.numbers += chunk.numbers
            whole.rows += chunk.rows
            whole.defects |= {base + offset: defect for offset, defect in chunk.defects.items()}
    return whole


def written(folder: Path, text: str | bytes, name: str = "f.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def codes(chunk: Chunk) -> dict[int, str]:
    return {chunk.numbers[offset]: defect.code for offset, defect in chunk.defects.items()}


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        pytest.param("utf-8", b"", id="utf-8"),
        pytest.param("utf-8-sig", b"", id="utf-8 with mark"),
        pytest.param("gb18030", b"", id="gb18030"),
        pytest.param("gbk", b"", id="gbk"),
        pytest.param("utf-16", b"", id="utf-16"),
        pytest.param("utf-16-le", b"", id="utf-16-le without mark"),
        pytest.param("utf-16-be", b"\xfe\xff", id="utf-16-be with mark"),
    ],
)
def test_every_encoding_and_delimiter_gives_the_same_rows(
    tmp_path: Path, encoding: str, mark: bytes, delimiter: str
) -> None:
    # Enough of ASCII for a UTF-16 file without a mark to show itself.
    lines = [HEADER, "黔州虚构商贸有限公司,91520102XX00000001,2019-07-09"] * 3
    text = "\r\n".join(lines).replace(",", delimiter) + "\r\n"
    found = read(written(tmp_path, mark + text.encode(encoding)))
    assert found.rows[0] == ["黔州虚构商贸有限公司", "91520102XX00000001", "2019-07-09"]
    assert found.numbers == [2, 3, 4, 5, 6]
    assert not found.defects


def test_the_first_chinese_character_may_come_late(tmp_path: Path) -> None:
    plain = "name,code,note\n" + "a,b,c\n" * 50_000
    found = read(written(tmp_path, plain.encode() + "黔州,x,y\n".encode("gb18030")))
    assert found.rows[-1][0] == "黔州"


def test_a_damaged_line_does_not_make_a_short_utf8_file_gb18030(tmp_path: Path) -> None:
    # Runs of an even number of bytes: the whole file is valid GB18030 too, as other characters.
    good = "企业名称,信用代码,备注说明\n黔州商贸,甲,乙丙\n贵山商贸,丙丁,戊己\n"
    found = read(written(tmp_path, good.encode() + b"\xe9\xbb,\xe9\xbb\x94\xe5,x\n"))
    assert found.rows[:2] == [["黔州商贸", "甲", "乙丙"], ["贵山商贸", "丙丁", "戊己"]]
    assert codes(found) == {4: "E304"}


@pytest.mark.parametrize(
    ("line", "code"),
    [
        pytest.param("甲,乙", "E301", id="a cell too few"),
        pytest.param("甲,乙,丙,丁", "E301", id="a cell too many"),
        pytest.param("甲\0,乙,丙", "E302", id="a NUL"),
        pytest.param('"甲,乙,丙', "E303", id="a quote that never closes"),
        pytest.param('甲,"乙,丙', "E303", id="a quote that never closes in a later cell"),
        pytest.param('"甲"x,乙,"丙', "E303", id="a quote that never closes after a stray one"),
    ],
)
def test_a_bad_row_is_refused_alone(tmp_path: Path, line: str, code: str) -> None:
    found = read(written(tmp_path, f"{HEADER}\na,b,c\n{line}\nd,e,f\n"))
    assert codes(found) == {3: code}
    assert found.rows[0] == ["a", "b", "c"]
    assert found.rows[2] == ["d", "e", "f"]


def test_an_undecodable_row_is_refused_alone(tmp_path: Path) -> None:
    text = f"{HEADER}\n黔州,b,c\n".encode() + b"\xff\xfe,b,c\n" + "贵山,e,f\n".encode()
    found = read(written(tmp_path, text))
    assert codes(found) == {3: "E304"}
    assert [row[0] for row in found.rows][::2] == ["黔州", "贵山"]


def test_a_line_without_end_is_refused_and_does_not_fill_the_memory(tmp_path: Path) -> None:
    found = read(written(tmp_path, f"{HEADER}\na,b,c\n{'长' * 1_200_000}\nd,e,f\n"))
    assert codes(found) == {3: "E305"}
    assert len(found.rows[1][0]) == 1_000
    assert found.rows[2] == ["d", "e", "f"]


def test_a_cut_line_is_never_part_of_a_quoted_cell(tmp_path: Path) -> None:
    found = read(written(tmp_path, f'{HEADER}\n"a\n{"x" * 1_200_000}\nb",c,d\ne,f,g\n'))
    assert codes(found) == {2: "E303", 3: "E305"}
    assert found.rows[-1] == ["e", "f", "g"]


def test_quotes_left_open_on_every_line_refuse_each_of_them(tmp_path: Path) -> None:
    found = read(written(tmp_path, f"{HEADER}\n" + 'a,"b,c\n' * 500))
    assert set(codes(found)) == set(range(2, 502))


def test_a_quote_inside_a_cell_is_a_character(tmp_path: Path) -> None:
    found = read(written(tmp_path, f'{HEADER}\n5"管,b,c\n"他说""好""",e,f\n'))
    assert [row[0] for row in found.rows] == ['5"管', '他说"好"']
    assert not found.defects


def test_numbers_count_the_header_and_blank_lines_but_no_quoted_break(tmp_path: Path) -> None:
    text = f'登记名录\n{HEADER}\n\n"甲\n\n乙",b,c\n , , \n,,\n丙,e,f\n'
    with tables(written(tmp_path, text)) as (table,):
        assert [number for number, _ in table.preview[:3]] == [1, 2, 4]
        (chunk,) = table.chunks(2, 3, 100)
    assert chunk.numbers == [4, 7]
    assert [row[0] for row in chunk.rows] == ["甲\n\n乙", "丙"]
    assert not chunk.defects


@pytest.mark.parametrize("title", ['"名录\n2026年"', '"名录\n2026年",制表', '"名录\n",,,,'])
def test_a_title_over_several_lines_is_one_row_above_the_data(tmp_path: Path, title: str) -> None:
    with tables(written(tmp_path, f"{title}\n{HEADER}\na,b,c\n")) as (table,):
        assert [number for number, _ in table.preview] == [1, 2, 3]
        (chunk,) = table.chunks(2, 3, 100)
    assert list(zip(chunk.numbers, chunk.rows, strict=True)) == [(3, ["a", "b", "c"])]


@pytest.mark.parametrize("line", [",", ",,", ",,,,,,", "   ", " , "])
def test_a_row_with_nothing_in_it_is_no_row(tmp_path: Path, line: str) -> None:
    found = read(written(tmp_path, f"{HEADER}\na,b,c\n{line}\nd,e,f\n"))
    assert found.numbers == [2, 4]
    assert not found.defects


def test_trailing_empty_cells_beyond_the_header_do_no_harm(tmp_path: Path) -> None:
    found = read(written(tmp_path, f"{HEADER}\na,b,c,, ,\n"))
    assert found.rows == [["a", "b", "c"]]


@pytest.mark.parametrize(
    ("row", "cells"),
    [
        pytest.param('"甲\n乙",b,c, ', ["甲\n乙", "b", "c"], id="blank cells beyond the header"),
        pytest.param('"' + "甲\n" * 400 + '",b,c', ["甲\n" * 400, "b", "c"], id="many lines"),
        pytest.param('"甲\n","\n乙","\n"', ["甲\n", "\n乙", "\n"], id="in every cell"),
        pytest.param('"甲\n""乙""\n",b,c', ['甲\n"乙"\n', "b", "c"], id="with doubled quotes"),
    ],
)
def test_a_cell_over_several_lines_is_one_cell(tmp_path: Path, row: str, cells: list[str]) -> None:
    found = read(written(tmp_path, f"{HEADER}\n{row}\nd,e,f\n"))
    assert found.rows == [cells, ["d", "e", "f"]]
    assert found.numbers == [2, 3]
    assert not found.defects


def test_a_record_over_too_many_lines_refuses_its_first_line(tmp_path: Path) -> None:
    found = read(written(tmp_path, f'{HEADER}\n"' + "x\n" * 600 + '",b,c\nd,e,f\n'))
    assert codes(found)[2] == "E303"
    assert (found.numbers[-1], found.rows[-1]) == (603, ["d", "e", "f"])


def test_a_quoted_break_is_read_in_a_table_of_one_column(tmp_path: Path) -> None:
    found = read(written(tmp_path, '企业名称\n"甲\n乙"\n丙\n'), width=1)
    assert list(zip(found.numbers, found.rows, strict=True)) == [(2, ["甲\n乙"]), (3, ["丙"])]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
@pytest.mark.parametrize("last", [True, False], ids=["ended", "not ended"])
def test_line_ends_of_every_system_end_a_row(tmp_path: Path, end: str, last: bool) -> None:
    text = end.join([HEADER, "a\x85b,\u2028,c", "d,e,f"]) + (end if last else "")
    assert read(written(tmp_path, text)).rows == [["a\x85b", "\u2028", "c"], ["d", "e", "f"]]


def test_chunks_are_of_the_size_asked_for_and_start_where_asked(tmp_path: Path) -> None:
    path = written(tmp_path, HEADER + "".join(f"\n{i},b,c" for i in range(2, 12)))
    with tables(path) as (table,):
        sizes = [len(chunk.rows) for chunk in table.chunks(1, 3, 4)]
        rest = [row[0] for chunk in table.chunks(9, 3, 4) for row in chunk.rows]
    assert sizes == [4, 4, 2]
    assert rest == ["10", "11"]


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("甲,b,c\n", id="plain"),
        pytest.param('"甲","b","c"\n', id="quoted"),
        # Of odd length, so that a record lies over the end of every block there is.
        pytest.param('"甲\n乙乙",b,c\n', id="over two lines"),
        pytest.param('"甲,b,c\n', id="never closed"),
    ],
)
def test_a_file_is_never_in_memory_as_a_whole(tmp_path: Path, line: str) -> None:
    count = 150_000 // len(line)
    path = written(tmp_path, f"{HEADER}\n" + line * count)
    with patch("loaders.lines._PIECE", 1 << 12), tables(path) as (table,):
        tracemalloc.start()
        try:
            rows = sum(len(chunk.rows) for chunk in table.chunks(1, 3, 100))
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert rows == count
    assert peak < 700_000


def test_a_damaged_line_among_lines_ended_by_cr_is_refused_alone(tmp_path: Path) -> None:
    lines = [HEADER, *["黔州,b,c"] * 4]
    text = "\r".join(lines).encode() + b"\r\xe9\xbb,b,c\r"
    assert codes(read(written(tmp_path, text))) == {6: "E304"}


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\n\n", b" , ,\n"])
def test_a_file_with_nothing_in_it_is_a_table_without_rows(tmp_path: Path, content: bytes) -> None:
    with tables(written(tmp_path, content)) as (table,):
        assert table.preview == []
        assert list(table.chunks(0, 1, 10)) == []


def test_a_file_with_nothing_but_a_header_has_no_rows(tmp_path: Path) -> None:
    assert read(written(tmp_path, HEADER)).rows == []


@pytest.mark.parametrize(
    ("head", "code", "name"),
    [
        pytest.param(b"%PDF-1.7 ...", "E202", "a.csv", id="pdf"),
        pytest.param(b"\x89PNG\r\n\x1a\n", "E202", "a.csv", id="png"),
        pytest.param(b"\x1f\x8b\x08", "E202", "a.csv", id="gzip"),
        pytest.param(b"SQLite format 3\0", "E202", "a.csv", id="sqlite"),
        pytest.param(b"  <HTML><table>", "E204", "a.xls", id="html"),
        pytest.param("\ufeff<!DOCTYPE html>".encode(), "E204", "a.xls", id="html with mark"),
        pytest.param("<html><table>".encode("utf-16"), "E204", "a.xls", id="html in utf-16"),
        pytest.param(b"<?xml version='1.0'?><Workbook/>", "E204", "a.xls", id="xml workbook"),
        pytest.param(b"<meta charset=gbk><table>", "E204", "a.xls", id="html from its head on"),
        pytest.param(b"MIME-Version: 1.0\r\n", "E204", "a.xls", id="web archive"),
        pytest.param(b"\x03\x7a\x01\x02" + bytes(60), "E202", "a.csv", id="dbf"),
        pytest.param(b"PK\x05\x06" + bytes(18), "E202", "a.csv", id="empty archive"),
        pytest.param(b"PK\x03\x04 no archive", "E203", "a.xlsx", id="damaged archive"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 cut", "E203", "a.xls", id="damaged xls"),
    ],
)
def test_what_is_no_table_is_refused_by_its_bytes(
    tmp_path: Path, head: bytes, code: str, name: str
) -> None:
    with pytest.raises(DataError) as caught, tables(written(tmp_path, head, name)):
        pass
    assert caught.value.code == code
    assert caught.value.where.endswith(name)


def test_a_file_that_is_not_there_is_an_error_of_ours(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(DataError) as caught, tables(path, Limits()):
            pass
        assert caught.value.code == "E201"


def test_folders_give_every_visible_file_once(tmp_path: Path) -> None:
    def named(paths: Iterable[Path]) -> list[str]:
        return [path.relative_to(tmp_path).as_posix() for path in paths]

    for name in ("b.csv", "a/c.csv", "a/.hidden.csv", ".git/d.csv", "~$b.xlsx", "a/e"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    found = data_files([tmp_path, tmp_path / "a", tmp_path / "b.csv"])
    assert named(found) == ["a/c.csv", "a/e", "b.csv"]
    assert named(data_files([tmp_path / "a/.hidden.csv"])) == ["a/.hidden.csv"]
    with pytest.raises(DataError, match="E201"):
        data_files([tmp_path / "none"])


def test_what_is_neither_file_nor_folder_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(DataError, match="E201"):
        data_files([tmp_path / "pipe.csv"])
    assert data_files([tmp_path]) == []


def test_a_digest_tells_files_apart(tmp_path: Path) -> None:
    one, other = written(tmp_path, "a"), written(tmp_path, "b", "g.csv")
    assert file_digest(one) != file_digest(other)
    assert file_digest(one) == file_digest(written(tmp_path, "a", "h.csv"))
