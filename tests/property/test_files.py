"""Any bytes are read or refused with a code; what csv writes is read back exactly."""

import csv
import io
import random
import tempfile
import zipfile
from pathlib import Path
from unittest.mock import patch

import openpyxl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.errors import DataError
from loaders.files import tables
from tests.unit.old_workbook import OLD_WORKBOOK

# A carriage return ends a line on every system, and inside quotes it is folded into one.
_CELL = st.text(
    st.one_of(
        st.sampled_from("\",;\t|\n' 甲乙𠮷\u2028\x85\ufdd0"),
        st.characters(exclude_characters="\r\0\ufffd\ufeff", codec="utf-8"),
    ),
    max_size=8,
)


def consumed(content: bytes, name: str) -> None:
    """Read a file to its end; whatever is wrong with it must be told by a code."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        try:
            with tables(path) as found:
                for table in found:
                    width = max(len(cells) for _, cells in table.preview) if table.preview else 1
                    for chunk in table.chunks(0, width, 7):
                        assert len(chunk.numbers) == len(chunk.rows)
                        for offset, cells in enumerate(chunk.rows):
                            assert len(cells) == width or offset in chunk.defects
        except DataError as error:
            if error.code not in {"E202", "E203", "E204", "E205", "E206"}:
                raise


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    consumed(content, "f.csv")


@given(
    st.lists(st.sampled_from(['"', ",", "\n", "\r", "\t", "a", "甲", "\0", '""', "\ufeff", " "])),
    st.sampled_from(["utf-8", "gb18030", "utf-16", "utf-16-le"]),
)
def test_any_text_of_awkward_characters_is_read(parts: list[str], encoding: str) -> None:
    consumed("".join(parts).encode(encoding), "f.csv")


def _workbook() -> bytes:
    book = openpyxl.Workbook()
    book.active.merge_cells("A1:B1")
    for row in range(2, 6):
        book.active.append([f"甲{row}", row, 520102189001011234, True, "=1+1", 1.5])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


_WORKBOOK = _workbook()


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(_WORKBOOK) - 1), st.integers(0, 255)), max_size=12))
def test_a_workbook_with_damaged_bytes_is_read_or_refused(changes: list[tuple[int, int]]) -> None:
    content = bytearray(_WORKBOOK)
    for place, byte in changes:
        content[place] = byte
    consumed(bytes(content), "f.xlsx")


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, len(OLD_WORKBOOK) - 2),
            st.one_of(
                st.binary(min_size=1, max_size=2),
                st.sampled_from([b"\0\0", b"\xff\xff", b"\xff\x7f", b"\x00\x02", b"\xfc\x00"]),
            ),
        ),
        max_size=12,
    )
)
def test_an_old_workbook_with_damaged_bytes_is_read_or_refused(
    changes: list[tuple[int, bytes]],
) -> None:
    content = bytearray(OLD_WORKBOOK)
    for place, piece in changes:
        content[place : place + len(piece)] = piece
    consumed(bytes(content), "f.xls")


_LINES = st.lists(
    st.sampled_from(
        ["a,b,c", '"a","b","c"', '"甲\n乙",b,c', 'a,"b,c', "", ",,", "a,b", 'a""b",c,d', "a,b,c, "]
    ),
    max_size=30,
)


@settings(deadline=None)
@given(_LINES, st.integers(1, 40), st.integers(1, 6))
def test_every_line_is_told_of_the_same_however_it_is_cut_into_blocks(
    lines: list[str], piece: int, after: int
) -> None:
    def told(path: Path) -> list[tuple[int, list[str], bool]]:
        with tables(path) as (table,):
            return [
                (number, cells, offset in chunk.defects)
                for chunk in table.chunks(after, 3, 7)
                for offset, (number, cells) in enumerate(
                    zip(chunk.numbers, chunk.rows, strict=True)
                )
            ]

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "f.csv"
        path.write_text("\n".join(["x,y,z", *lines]))
        whole = told(path)
        with patch("loaders.lines._PIECE", piece):
            assert told(path) == whole
    numbers = [number for number, _, _ in whole]
    assert numbers == sorted(set(numbers))
    assert all(number > after for number in numbers)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 20))
def test_a_workbook_with_damaged_parts_is_read_or_refused(seed: int, count: int) -> None:
    # Inside the archive, where no checksum stops the damage.
    chance = random.Random(seed)  # noqa: S311 - any damage will do
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(_WORKBOOK)) as old, zipfile.ZipFile(stream, "w") as new:
        names = old.namelist()
        chosen = chance.choice(names)
        for name in names:
            text = bytearray(old.read(name))
            for _ in range(count if name == chosen else 0):
                start = chance.randrange(len(text) + 1)
                piece = chance.choice([b"<", b'"', b"9", b"", b"A1:XFD9", b"\xff", b"r=", b"-1"])
                text[start : start + chance.randrange(4)] = piece
            new.writestr(name, bytes(text))
    consumed(stream.getvalue(), "f.xlsx")


@settings(deadline=None)
@given(
    st.integers(2, 5).flatmap(
        lambda width: st.lists(st.lists(_CELL, min_size=width, max_size=width), max_size=12)
    ),
    st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]),
    st.sampled_from([",", "\t"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.lists(st.integers(0, 12), max_size=3),
    st.sampled_from([5, 50, 1 << 18]),
)
def test_what_csv_writes_is_read_back_under_its_row_numbers(
    rows: list[list[str]],
    encoding: str,
    delimiter: str,
    quoting: int,
    blank: list[int],
    piece: int,
) -> None:
    width = len(rows[0]) if rows else 2
    header = [f"列{i}" for i in range(width)]
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator="\r\n")  # type: ignore[arg-type]
    # Enough equal rows at the top for the delimiter to be beyond doubt.
    expected: list[tuple[int, list[str]]] = []
    number = 0
    for index, cells in enumerate([header] + [["x"] * width] * 30 + rows):
        number += 1
        writer.writerow(cells)
        if index and any(cell.strip() for cell in cells):
            expected.append((number, cells))
        for _ in range(blank.count(index)):
            number += 1
            text.write("\r\n")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "f.csv"
        path.write_bytes(text.getvalue().encode(encoding))
        # Small blocks, too: whether a row is whole in one must not matter.
        with patch("loaders.lines._PIECE", piece), tables(path) as (table,):
            assert table.preview[0] == (1, header)
            chunks = list(table.chunks(1, width, 5))
    found = [pair for c in chunks for pair in zip(c.numbers, c.rows, strict=True)]
    assert not any(chunk.defects for chunk in chunks)
    assert found == expected
