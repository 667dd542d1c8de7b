"""XLS workbooks: cells as kept, and what would end the process is refused before it is read."""

import struct
from pathlib import Path

import pytest

from graph.errors import DataError
from loaders.files import tables
from loaders.table import Limits
from tests.unit.old_workbook import OLD_WORKBOOK

_NUMBER = 0x0203
_DIMENSIONS = 0x0200
_CODE_PAGE = 0x0042


def written(folder: Path, content: bytes, name: str = "f.xls") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def refused(folder: Path, content: bytes, limits: Limits | None = None) -> DataError:
    with pytest.raises(DataError) as caught, tables(written(folder, content), limits):
        pass
    return caught.value


def record(kind: int, length: int) -> int:
    """Return where the content of the first record of a type starts."""
    return OLD_WORKBOOK.index(struct.pack("<HH", kind, length)) + 4


def changed(at: int, content: bytes) -> bytes:
    return OLD_WORKBOOK[:at] + content + OLD_WORKBOOK[at + len(content) :]


def renamed(stream: str) -> bytes:
    """Return the document with another name for its stream."""
    return changed(OLD_WORKBOOK.index("Workbook".encode("utf-16-le")), stream.encode("utf-16-le"))


@pytest.mark.parametrize("name", ["f.xls", "f.et", "f.csv", "f.xlsx", "f"])
def test_an_xls_is_read_by_its_raw_cells_under_any_name(tmp_path: Path, name: str) -> None:
    with tables(written(tmp_path, OLD_WORKBOOK, name)) as (first, hidden):
        assert first.preview[:2] == [
            (1, ["标题", "", "", ""]),
            (2, ["企业", "证件", "日期", "数"]),
        ]
        (chunk,) = first.chunks(2, 4, 100)
        assert (hidden.sheet, hidden.preview) == ("隐", [(1, ["a", "b"]), (2, ["1", "2"])])
    assert chunk.numbers == [3, 5]
    assert chunk.rows[0][1].startswith("520102189001011")
    assert chunk.rows[0][2:] == ["2019-07-09", "1.5"]
    assert chunk.rows[1] == ["乙", "520102189001011234", "TRUE", "7"]
    assert chunk.long_numbers == {0: (1,)}


@pytest.mark.parametrize("cell", [(65_535, 255), (65_535, 65_535)])
def test_a_cell_in_the_far_corner_is_refused_before_memory_is_taken(
    tmp_path: Path, cell: tuple[int, int]
) -> None:
    content = changed(record(_NUMBER, 14), struct.pack("<HH", *cell))
    error = refused(tmp_path, content)
    assert (error.code, error.facts["unit"]) == ("E205", "cells")


@pytest.mark.parametrize(
    "claim",
    [
        pytest.param((0, 0xFFFFFFFF, 0, 4), id="rows"),
        pytest.param((0, 5, 0, 0xFFFF), id="columns"),
        pytest.param((9, 5, 0, 4), id="ends before it starts"),
    ],
)
def test_a_claim_no_xls_can_hold_is_damage(
    tmp_path: Path, claim: tuple[int, int, int, int]
) -> None:
    # The reader would reserve memory for it, and end the process.
    content = changed(record(_DIMENSIONS, 14), struct.pack("<IIHH", *claim))
    assert refused(tmp_path, content).code == "E203"


def test_the_claim_of_a_whole_sheet_is_no_size(tmp_path: Path) -> None:
    claim = struct.pack("<IIHH", 0, 65_536, 0, 256)
    with tables(written(tmp_path, changed(record(_DIMENSIONS, 14), claim))) as found:
        assert len(found) == 2


def test_the_limit_counts_the_cells_of_all_sheets(tmp_path: Path) -> None:
    # 5 rows of 4 columns and 2 of 2.
    assert refused(tmp_path, OLD_WORKBOOK, Limits(cells=23)).facts["found"] == 24
    with tables(written(tmp_path, OLD_WORKBOOK), Limits(cells=24)) as found:
        assert len(found) == 2


@pytest.mark.parametrize("scheme", [0, 1], ids=["obfuscated", "encrypted"])
def test_an_xls_under_a_password_is_refused(tmp_path: Path, scheme: int) -> None:
    at = record(_CODE_PAGE, 2)
    content = changed(at - 4, struct.pack("<HHH", 0x002F, 2, scheme))
    assert refused(tmp_path, content).code == "E206"


@pytest.mark.parametrize(
    ("stream", "code", "kind"),
    [
        pytest.param("EncryptedPackage", "E206", None, id="an xlsx under a password"),
        pytest.param("WordDocument", "E202", "DOC", id="a text document"),
        pytest.param("Whatever", "E202", "OLE", id="something else"),
    ],
)
def test_what_else_the_container_holds_is_named(
    tmp_path: Path, stream: str, code: str, kind: str | None
) -> None:
    error = refused(tmp_path, renamed(stream))
    assert (error.code, error.facts.get("kind")) == (code, kind)


@pytest.mark.parametrize("length", [8, 100, 600, 3000])
def test_an_xls_cut_short_is_damaged(tmp_path: Path, length: int) -> None:
    assert refused(tmp_path, OLD_WORKBOOK[:length]).code == "E203"


def test_half_a_million_rows_of_twenty_columns_are_within_the_limit() -> None:
    assert Limits().cells >= 500_001 * 20
