"""How large the sheets of an XLSX are, told before its reader allocates them.

The reader holds a sheet as one rectangle from its first to its last cell: a stray word in the
far corner would ask for half a terabyte and end the process. So the far corner is found first,
streaming: quickly where the cells are written as every spreadsheet program does, by a full
parse where they are not, or where the quick bound is over the limit.
"""

import re
from pathlib import Path
from typing import IO, Any, Final
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile, ZipInfo
from zlib import error as ZlibError

from graph.errors import DataError
from loaders.table import Limits

__all__ = ["check_extent"]

_BLOCK: Final = 1 << 20
_WIDEST: Final = 16_384
_FOREIGN: Final = {
    "xl/workbook.bin": "XLSB",
    "content.xml": "ODS",
    "word/document.xml": "DOCX",
    "ppt/presentation.xml": "PPTX",
}
_ROW: Final = re.compile(rb'<row r="(\d+)"')
_PREFIXED: Final = re.compile(rb":(?:c|row)[\s/>]")
_FAR_COLUMN: Final = re.compile(rb'<c r="([A-Z]{2,3})\d')
_CELL: Final = re.compile(r"([A-Z]+)(\d+)")


def check_extent(path: Path, limits: Limits) -> None:
    """Refuse an XLSX whose sheets are too large to hold.

    Raises:
        DataError: E202 another kind of archive, E203 damaged, E205 over the limits.
    """
    try:
        with ZipFile(path) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            for name, kind in _FOREIGN.items():
                if name in names:
                    raise DataError("E202", where=str(path), kind=kind)
            if not any(name.startswith("xl/") for name in names):
                raise DataError("E202", where=str(path), kind="ZIP")
            unpacked = sum(part.file_size for part in parts)
            if unpacked > limits.bytes:
                raise _too_large(path, unpacked, limits.bytes, "bytes")
            cells = 0
            for part in parts:
                if part.filename.startswith("xl/worksheets/") and not part.is_dir():
                    cells += _cells(archive, part, limits.cells - cells)
                    if cells > limits.cells:
                        raise _too_large(path, cells, limits.cells, "cells")
    # Archives may be damaged in as many ways as the standard library has exceptions for.
    except (BadZipFile, ZlibError, OSError, EOFError, ValueError, NotImplementedError) as error:
        raise DataError("E203", where=str(path), reason=str(error)) from error
    except (RuntimeError, expat.ExpatError, KeyError, IndexError) as error:
        raise DataError("E203", where=str(path), reason=str(error)) from error


def _too_large(path: Path, found: int, limit: int, unit: str) -> DataError:
    return DataError("E205", where=str(path), found=found, limit=limit, unit=unit)


def _cells(archive: ZipFile, part: ZipInfo, limit: int) -> int:
    """Return how many cells a sheet has at most, exactly where that may be over the limit."""
    with archive.open(part) as stream:
        bound = _bound(stream)
    if bound is not None and bound <= limit:
        return bound
    with archive.open(part) as stream:
        return _Extent().of(stream)


def _bound(stream: IO[bytes]) -> int | None:
    """Return a bound on the sheet's cells; None where they are not written as usual."""
    rows, columns, tail, inside = 0, 1, b"", False
    while block := stream.read(_BLOCK):
        text = tail + block
        end = text.rfind(b"<")
        text, tail = text[:end], text[end:]
        if not inside:
            _, found, text = text.partition(b"<sheetData")
            inside = bool(found)
        text, closed, _ = text.partition(b"</sheetData")
        numbers = _ROW.findall(text)
        usual = text.count(b"<row") == len(numbers) and text.count(b"<c") == text.count(b'<c r="')
        if not usual or _PREFIXED.search(text):
            return None
        rows = max(rows, max(map(int, numbers), default=0))
        # A cell may claim another row than the one it stands in.
        if re.search(rb'<c r="[A-Z]+\d{%d}' % (len(str(rows)) + 1), text):
            return None
        columns = _widest(text, columns)
        if closed:
            return rows * columns
        if len(tail) > _BLOCK:
            return None
    # Without sheet data there are no cells, or it is spelled in a way not looked for here.
    return None


def _widest(text: bytes, columns: int) -> int:
    """Return the last column of the cells, or `columns` if none is beyond it."""
    place = 0
    while columns < 26:
        # Only what is beyond is looked for: most blocks are then searched once, in vain.
        beyond = re.compile(rb'<c r="([%c-Z]|[A-Z]{2,3})\d' % (65 + columns))
        found = beyond.search(text, place)
        if found is None:
            return columns
        columns, place = _column(found[1]), found.end()
    return max(columns, max(map(_column, set(_FAR_COLUMN.findall(text))), default=0))


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


class _Extent:
    """The rectangle of the cells that hold something, by parsing the sheet."""

    def __init__(self) -> None:
        self._row = self._column = 0
        self._at: tuple[int, int] | None = None
        self._rows: tuple[int, int] | None = None
        self._columns = (_WIDEST, 0)

    def of(self, stream: IO[bytes]) -> int:
        """Return the number of cells of the rectangle."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._start
        parser.ParseFile(stream)
        if self._rows is None:
            return 0
        (top, bottom), (left, right) = self._rows, self._columns
        return (bottom - top + 1) * (right - left + 1)

    def _start(self, name: str, attributes: dict[str, Any]) -> None:
        kind = name.rpartition(" ")[2]
        if kind == "row":
            self._row = int(attributes.get("r", self._row + 1))
            self._column = 0
        elif kind == "c":
            place = _CELL.fullmatch(attributes.get("r", ""))
            row, self._column = self._row, self._column + 1
            if place is not None:
                row, self._column = int(place[2]), _column(place[1].encode())
            self._at = (row, self._column)
        elif kind in ("v", "is", "f") and self._at is not None:
            self._hold(*self._at)
            self._at = None

    def _hold(self, row: int, column: int) -> None:
        top, bottom = self._rows or (row, row)
        self._rows = (min(top, row), max(bottom, row))
        left, right = self._columns
        self._columns = (min(left, column), max(right, column))
