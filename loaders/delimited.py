"""CSV and its kin, streamed: any common encoding, tab or comma, one bad row at a time.

A file is read in blocks. A block whose lines are all one whole row of the right width is split
at once; in any other, each line is looked at. A quoted record is assembled from as many lines as
it spans. Where a quote never closes, or the record it spans turns out ragged, only the line that
opened it is refused, and reading goes on with the next line.
"""

import csv
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Final

from loaders.encoding import encoding_of
from loaders.lines import BROKEN, MOST_CHARACTERS, Cut, Lines
from loaders.table import PREVIEW_ROWS, Chunk, Defect, Table

__all__ = ["open_delimited"]

_SAMPLE: Final = 1 << 16
_MOST_LINES: Final = 500  # of one quoted record
_DELIMITERS: Final = (",", "\t", ";", "|")

csv.field_size_limit(MOST_CHARACTERS * 2)


@dataclass(frozen=True, slots=True)
class _Layout:
    """How lines become rows.

    Attributes:
        after: Number of the last row above the data; rows up to it may be of any width.
        width: Cells of a data row.
    """

    delimiter: str
    after: int
    width: int


@dataclass(frozen=True, slots=True)
class _Run:
    """Consecutive rows numbered from `number`; a row with a defect stands alone."""

    number: int
    rows: list[list[str]]
    defect: Defect | None = None


@contextmanager
def open_delimited(path: Path, encoding: str | None = None) -> Iterator[Table]:
    """Give the one table of a delimited text file.

    Args:
        encoding: Where it is known already; None looks for it in the whole file.

    Raises:
        DataError: E202, the bytes are no text in any encoding known.
    """
    encoding = encoding or encoding_of(path)
    delimiter = _delimiter(path, encoding)

    def preview() -> list[tuple[int, list[str]]]:
        # All may be above the data, so none is measured.
        layout = _Layout(delimiter, after=sys.maxsize, width=0)
        with _opened(path, encoding) as stream:
            runs = islice(_runs(Lines(stream), layout), PREVIEW_ROWS)
            return [(run.number, run.rows[0]) for run in runs]

    def chunks(after: int, width: int, size: int) -> Iterator[Chunk]:
        with _opened(path, encoding) as stream:
            runs = _runs(Lines(stream), _Layout(delimiter, after, width))
            yield from _chunks((run for run in runs if run.number > after), size)

    yield Table(sheet="", preview=preview(), chunks=chunks, encoding=encoding)


def _opened(path: Path, encoding: str) -> IO[str]:
    # newline=None folds CR LF and CR, so a line is a line whatever system wrote it.
    return path.open("r", encoding=encoding, errors="replace", newline=None)


def _chunks(runs: Iterable[_Run], size: int) -> Iterator[Chunk]:
    chunk = Chunk()
    for run in runs:
        if run.defect is not None:
            chunk.defects[len(chunk.rows)] = run.defect
        number, rows = run.number, run.rows
        while rows:
            room = size - len(chunk.rows)
            part, rows = rows[:room], rows[room:]
            chunk.numbers += range(number, number + len(part))
            chunk.rows += part
            number += len(part)
            if len(chunk.rows) >= size:
                yield chunk
                chunk = Chunk()
    if chunk.rows:
        yield chunk


def _runs(lines: Lines, layout: _Layout) -> Iterator[_Run]:
    """Yield every row that is not blank, from the first line on."""
    number = 0
    while lines.fill():
        rows = _uniform(lines, layout) if number >= layout.after else None
        if rows is not None:
            lines.skip(len(rows))
            yield _Run(number + 1, rows)
            number += len(rows)
            continue
        while (line := lines.take()) is not None:
            number += 1
            if not line or line.isspace():
                continue
            width = layout.width if number > layout.after else None
            cells, defect = _row(line, lines, layout.delimiter, width)
            if any(map(str.strip, cells)):
                yield _Run(number, [cells], defect)


def _uniform(lines: Lines, layout: _Layout) -> list[list[str]] | None:
    """Return the rows of a block; None unless every line is one whole row without a defect."""
    if lines.doubtful:
        return None
    if lines.quoted:
        try:
            rows = list(csv.reader(lines.block(), delimiter=layout.delimiter, strict=True))
        except csv.Error:
            return None
        if len(rows) != len(lines.block()):
            return None
    else:
        rows = [line.split(layout.delimiter) for line in lines.block()]
    if set(map(len, rows)) != {layout.width}:
        return None
    for row in rows:
        if not row[0].strip() and not any(map(str.strip, row)):
            return None
    return rows


def _row(
    line: str, lines: Lines, delimiter: str, width: int | None
) -> tuple[list[str], Defect | None]:
    """Return the cells of the row that starts on a line, taking its further lines."""
    if type(line) is Cut:
        return [str(line)], Defect("E305", {"limit": MOST_CHARACTERS})
    if '"' not in line:
        cells: list[str] | None = line.split(delimiter)
    else:
        cells = _quoted(line, lines, delimiter, width)
    if cells is None:
        return line.split(delimiter), Defect("E303", {})
    text = "".join(cells)
    if "\0" in text:
        return cells, Defect("E302", {})
    if BROKEN in text:
        return cells, Defect("E304", {})
    if width is not None:
        while len(cells) > width and not cells[-1].strip():
            cells.pop()
        if len(cells) != width:
            return cells, Defect("E301", {"found": len(cells), "expected": width})
    return cells, None


def _fits(cells: list[str], width: int) -> bool:
    return len(cells) >= width and not any(map(str.strip, cells[width:]))


def _quoted(line: str, lines: Lines, delimiter: str, width: int | None) -> list[str] | None:
    """Return the cells of a record that starts on a line with quotes, taking its further lines.

    None when a quote never closes, or when what it spans is no well-formed record of the
    right width: then the quote is a mistake of this one line.
    """
    alone = csv.reader([line, ""], delimiter=delimiter)
    cells = next(alone)
    if alone.line_num == 1:
        return cells
    block = [line + "\n"]
    characters, reopened = len(line), 0
    for ahead, following in enumerate(lines.peek(_MOST_LINES), start=1):
        characters += len(following)
        if characters > MOST_CHARACTERS or type(following) is Cut:
            break
        block.append(following + "\n")
        # Inside quotes a doubled quote is a character; only a single one can end them.
        if '"' not in following.replace('""', ""):
            continue
        try:
            cells = next(csv.reader(block, delimiter=delimiter, strict=True))
        except csv.Error as error:
            # One cell ended here and another began; a row has only so many.
            reopened += 1
            if "unexpected end of data" in str(error) and reopened <= (width or reopened):
                continue
            break
        # A single cell is a title, unless it swallowed the delimiters of what it spans.
        whole = len(cells) > 1 or width == 1 or delimiter not in cells[0]
        if not whole or (width is not None and not _fits(cells, width)):
            break
        lines.skip(ahead)
        return cells
    return None


def _delimiter(path: Path, encoding: str) -> str:
    """Return the delimiter that cuts the first lines into the most, and most equal, cells."""
    with _opened(path, encoding) as stream:
        text = stream.read(_SAMPLE)
    whole = text.rpartition("\n")[0] or text
    lines = [line for line in whole.split("\n") if line.strip()][:PREVIEW_ROWS]
    best, score = ",", (0, 0)
    for delimiter in _DELIMITERS:
        widths = [len(cells) for cells in csv.reader(lines, delimiter=delimiter) if cells]
        common = max(set(widths), key=lambda width: (widths.count(width), width), default=0)
        if common > 1 and (widths.count(common), common) > score:
            best, score = delimiter, (widths.count(common), common)
    return best
