"""Files as departments deliver them, written row by row, and the truth beside them."""

import codecs
import csv
from datetime import UTC, datetime, time
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Protocol, Self

import xlsxwriter

from loaders.synthetic.feeds import Feed, Layout, Mention
from loaders.synthetic.firms import DISTRICT_DATE

__all__ = ["SHEET_ROWS", "Delimited", "FeedFile", "Truth", "Workbook", "open_rows"]

# A worksheet of more rows is split into files: readers hold a whole sheet in memory.
SHEET_ROWS: Final = 50_000
_TRUTH_HEADER: Final = ("source", "file", "row", "role", "ordinal", "entity")


class Rows(Protocol):
    """A file being written; rows are numbered as the loader numbers them."""

    def write(self, cells: list[Any]) -> int:
        """Append a row and return its number; an empty row is a blank line."""
        ...

    def close(self) -> None:
        """Finish the file."""
        ...


class Delimited:
    """A CSV or tab-separated file; the header is record 1, blank lines count."""

    def __init__(self, path: Path, layout: Layout) -> None:
        # `utf-16` alone would take the machine's byte order.
        encoding = {"utf-16": "utf-16-le"}.get(layout.encoding, layout.encoding)
        errors = "replace" if layout.lost else "strict"
        self._file = path.open("w", encoding=encoding, errors=errors, newline="")
        if layout.encoding == "utf-16":
            self._file.write(codecs.BOM_UTF16_LE.decode("utf-16-le"))
        self._writer = csv.writer(self._file, delimiter=layout.delimiter, lineterminator="\r\n")
        self._number = 0

    def write(self, cells: list[Any]) -> int:
        """Append a record and return its number."""
        if cells:
            self._writer.writerow(cells)
        else:
            self._file.write("\r\n")
        self._number += 1
        return self._number

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class Workbook:
    """An XLSX workbook of one sheet with titles and merged groups above its header."""

    def __init__(self, path: Path, layout: Layout, width: int) -> None:
        self._book = xlsxwriter.Workbook(
            str(path),
            {"constant_memory": True, "strings_to_numbers": False, "strings_to_urls": False},
        )
        # A fixed date keeps two runs byte-identical.
        created = datetime.combine(DISTRICT_DATE, time(9), tzinfo=UTC).replace(tzinfo=None)
        self._book.set_properties({"author": "信用钟山（虚构数据）", "created": created})
        self._sheet = self._book.add_worksheet("Sheet1")
        self._number = 0
        for place, title in enumerate(layout.titles):
            if place:
                self._sheet.write_string(self._number, 0, title)
            else:
                self._sheet.merge_range(self._number, 0, self._number, width - 1, title)
            self._number += 1
        if layout.groups:
            self._write_groups(layout.groups)

    def _write_groups(self, groups: tuple[tuple[str, int], ...]) -> None:
        first = 0
        for text, width in groups:
            if width > 1:
                self._sheet.merge_range(self._number, first, self._number, first + width - 1, text)
            else:
                self._sheet.write_string(self._number, first, text)
            first += width
        self._number += 1

    def write(self, cells: list[Any]) -> int:
        """Append a sheet row and return its number; an int becomes a number cell."""
        for place, cell in enumerate(cells):
            if isinstance(cell, int):
                self._sheet.write_number(self._number, place, cell)
            elif cell:
                self._sheet.write_string(self._number, place, cell)
        self._number += 1
        return self._number

    def close(self) -> None:
        """Write the workbook out."""
        self._book.close()


def open_rows(path: Path, layout: Layout, width: int) -> Rows:
    """Return a writer for a file of this layout and number of columns."""
    return Workbook(path, layout, width) if layout.worksheet else Delimited(path, layout)


class Truth:
    """`truth.csv`: one line for every mention the loader makes, in the order of the files."""

    def __init__(self, path: Path) -> None:
        self.lines = 0
        self._file = path.open("w", encoding="utf-8", newline="")
        self._writer = csv.writer(self._file, lineterminator="\n")
        self._writer.writerow(_TRUTH_HEADER)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def write(self, source: str, file: str, row: int, mentions: list[Mention]) -> None:
        """Append the mentions of one row."""
        self._writer.writerows((source, file, row, *mention) for mention in mentions)
        self.lines += len(mentions)


class FeedFile:
    """The rows of one feed: opens its file, and further ones where a worksheet is full."""

    def __init__(
        self, folder: Path, feed: Feed, truth: Truth, sheet_rows: int = SHEET_ROWS
    ) -> None:
        self._sheet_rows = sheet_rows
        self._folder = folder
        self._feed = feed
        self._truth = truth
        self._rows: Rows | None = None
        self._name = ""
        self._in_file = 0
        self.paths: list[Path] = []
        self.written = 0

    def __enter__(self) -> Self:
        self._open()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._rows is not None:
            self._rows.close()

    def write(self, cells: list[Any], mentions: list[Mention]) -> None:
        """Append a row; a broken one has no mentions."""
        if self._feed.layout.worksheet and self._in_file >= self._sheet_rows:
            self._open()
        if self._rows is None:
            return
        number = self._rows.write(cells)
        self._truth.write(self._feed.source, self._name, number, mentions)
        self._in_file += 1
        self.written += 1

    def _open(self) -> None:
        if self._rows is not None:
            self._rows.close()
        layout = self._feed.layout
        path = self._folder / layout.name
        if self.paths:
            path = path.with_stem(f"{path.stem}_{len(self.paths) + 1}")
        self._rows = open_rows(path, layout, len(self._feed.columns))
        self._rows.write(self._feed.header)
        self._name, self._in_file = path.name, 0
        self.paths.append(path)
