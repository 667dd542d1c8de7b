"""How large the sheets of an XLS are, told before its reader allocates them.

An XLS is a file system in a file (a compound document), one stream of which is the workbook: a
sequence of records of type, length and content. The reader believes what they say of places and
sizes: a cell in the far corner, or one damaged number, ends the process for want of memory. The
same container holds encrypted workbooks and documents that are no workbook.
Source: [MS-CFB] and [MS-XLS].
"""

import struct
from array import array
from collections.abc import Iterator
from itertools import islice
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Final

from graph.errors import DataError
from loaders.table import Limits

__all__ = ["check_compound"]

_END: Final = 0xFFFFFFFA  # from here on a sector number is a mark
_DOCUMENTS: Final = {"WordDocument": "DOC", "PowerPoint Document": "PPT"}
_PART_END: Final = 0x000A
_SHEET: Final = 0x0085
_PASSWORD: Final = 0x002F
_DIMENSIONS: Final = 0x0200
_MULTIPLE: Final = 0x00BD
# Formula, number, label, truth or error, RK number, RK numbers, shared label.
_CELLS: Final = frozenset({0x0006, 0x0203, 0x0204, 0x0205, 0x027E, _MULTIPLE, 0x00FD})


def check_compound(path: Path, limits: Limits) -> None:
    """Refuse an XLS that cannot be read, or whose sheets are too large to hold.

    Raises:
        DataError: E202 another kind of document, E203 damaged, E205 over the limits, E206
            under a password.

    Cost: a microsecond a cell; the workbook's stream is in memory once.
    """
    try:
        with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as data:
            streams = _Streams(data)
            if "EncryptedPackage" in streams.names:
                raise DataError("E206", where=str(path))
            name = next((name for name in ("Workbook", "Book") if name in streams.names), None)
            if name is None:
                kinds = [kind for own, kind in _DOCUMENTS.items() if own in streams.names]
                raise DataError("E202", where=str(path), kind=(kinds or ["OLE"])[0])
            _check(path, streams.read(name), limits)
    except (struct.error, IndexError, ValueError, OSError) as error:
        raise DataError("E203", where=str(path), reason=str(error)) from error


def _check(path: Path, book: bytes, limits: Limits) -> None:
    sheets: list[int] = []
    for kind, start, length in _records(book, 0):
        if kind == _PASSWORD:
            raise DataError("E206", where=str(path))
        if kind == _SHEET and length >= 4:
            sheets += struct.unpack_from("<I", book, start)
    cells = 0
    for place in sheets:
        cells += _cells(book, place)
        if cells > limits.cells:
            raise DataError("E205", where=str(path), found=cells, limit=limits.cells, unit="cells")


def _cells(book: bytes, place: int) -> int:
    """Return how many cells the rectangle of the cells of the sheet at a place has."""
    top = left = 0xFFFF
    bottom = right = -1
    for kind, start, length in _records(book, place):
        if kind == _DIMENSIONS:
            _check_claim(book[start : start + length])
        elif kind in _CELLS and length >= 6:
            row, column = struct.unpack_from("<HH", book, start)
            top, bottom = min(top, row), max(bottom, row)
            left, right = min(left, column), max(right, column)
            if kind == _MULTIPLE:
                right = max(right, *struct.unpack_from("<H", book, start + length - 2))
    return max(0, bottom - top + 1) * max(0, right - left + 1)


def _check_claim(claim: bytes) -> None:
    """Refuse a sheet that claims more than an XLS can hold: memory is reserved for it all."""
    top, bottom, left, right = struct.unpack_from("<IIHH" if len(claim) >= 14 else "<4H", claim)
    if not (top <= bottom <= 65_536 and left <= right <= 256):
        raise ValueError(f"rows {top}-{bottom}, columns {left}-{right}")


def _records(book: bytes, place: int) -> Iterator[tuple[int, int, int]]:
    """Yield type, start and length of every record from a place to the end of its part."""
    header = struct.Struct("<HH").unpack_from
    end = len(book) - 4
    while place <= end:
        kind, length = header(book, place)
        if kind == _PART_END:
            return
        yield kind, place + 4, min(length, end - place)
        place += 4 + length


class _Streams:
    """The streams of a compound document, by name.

    Raises:
        struct.error, IndexError, ValueError: The document is damaged.
    """

    def __init__(self, data: mmap) -> None:
        self._data = data
        shift, small_shift = struct.unpack_from("<HH", data, 30)
        if shift not in (9, 12) or small_shift != 6:
            raise ValueError(f"sector size 2^{shift}")
        self._size, self._small_size = 1 << shift, 1 << small_shift
        (directory,) = struct.unpack_from("<I", data, 48)
        self._least, small, _, chained, _ = struct.unpack_from("<5I", data, 56)
        self._table = self._joined(self._table_sectors(chained))
        self._small_table = self._joined(self._chain(small, self._table))
        self.names: dict[str, tuple[int, int]] = {}
        entries = b"".join(map(self._sector, self._chain(directory, self._table)))
        for place in range(0, len(entries) - 127, 128):
            name = entries[place : place + 64].decode("utf-16-le", "replace").partition("\0")[0]
            start, length = struct.unpack_from("<II", entries, place + 116)
            self.names.setdefault(name, (start, length))
        self._root = struct.unpack_from("<I", entries, 116)[0]

    def read(self, name: str) -> bytes:
        """Return the content of a stream."""
        start, length = self.names[name]
        if length >= self._least:
            return b"".join(map(self._sector, self._chain(start, self._table)))[:length]
        whole = b"".join(map(self._sector, self._chain(self._root, self._table)))
        size = self._small_size
        chain = self._chain(start, self._small_table)
        return b"".join(whole[at * size : (at + 1) * size] for at in chain)[:length]

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        if start >= len(self._data):
            raise IndexError(f"sector {number}")
        return self._data[start : start + self._size]

    def _table_sectors(self, further: int) -> Iterator[int]:
        """Yield the sectors of the allocation table: 109 in the header, then a chain of lists."""
        yield from (n for n in struct.unpack_from("<109I", self._data, 76) if n < _END)
        for _ in range(len(self._data) // self._size):
            if further >= _END:
                return
            *listed, further = array("I", self._sector(further))
            yield from (n for n in listed if n < _END)

    def _joined(self, sectors: Iterator[int]) -> "array[int]":
        bounded = islice(sectors, len(self._data) // self._size)
        return array("I", b"".join(map(self._sector, bounded)))

    @staticmethod
    def _chain(start: int, table: "array[int]") -> Iterator[int]:
        for _ in range(len(table)):
            if start >= _END:
                return
            yield start
            start = table[start]
