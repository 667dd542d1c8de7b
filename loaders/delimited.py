"""CSV and its kin, streamed: any common encoding, tab or comma, one bad row at a time.

A file is read line by line. Lines without quotes are split; a quoted record is assembled from
as many lines as it spans. Where a quote never closes, or the record it spans turns out ragged,
only the line that opened it is refused, and reading goes on with the next line.
"""

import codecs
import csv
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Final

from charset_normalizer import from_bytes

from graph.errors import DataError
from loaders.files import PREVIEW_ROWS, Chunk, Defect, Table

__all__ = ["open_delimited"]

_BLOCK: Final = 1 << 20
_SAMPLE: Final = 1 << 16
_MOST_LINES: Final = 200  # of one quoted record
_MOST_CHARACTERS: Final = 1 << 20  # of one record
_KEPT: Final = 1_000  # characters of a line that is longer than that
_DELIMITERS: Final = (",", "\t", ";", "|")
_BROKEN: Final = "\ufffd"
_TRIED: Final = 10_000  # lines beyond ASCII that decide between two encodings
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

csv.field_size_limit(_MOST_CHARACTERS * 2)


class _Cut(str):
    """The beginning of a line that was cut for its length."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class _Record:
    number: int
    cells: list[str]
    defect: Defect | None = None


@contextmanager
def open_delimited(path: Path) -> Iterator[Table]:
    """Give the one table of a delimited text file.

    Raises:
        DataError: E202, the bytes are no text in any encoding known.
    """
    encoding = _encoding(path)
    delimiter = _delimiter(path, encoding)

    def preview() -> list[tuple[int, list[str]]]:
        with _opened(path, encoding) as stream:
            records = islice(_records(stream, delimiter, None), PREVIEW_ROWS)
            return [(record.number, record.cells) for record in records]

    def chunks(after: int, width: int, size: int) -> Iterator[Chunk]:
        with _opened(path, encoding) as stream:
            yield from _chunks(_records(stream, delimiter, width), after, size)

    yield Table(sheet="", preview=preview(), chunks=chunks)


def _opened(path: Path, encoding: str) -> IO[str]:
    # newline=None folds CR LF and CR, so a line is a line whatever system wrote it.
    return path.open("r", encoding=encoding, errors="replace", newline=None)


def _chunks(records: Iterable[_Record], after: int, size: int) -> Iterator[Chunk]:
    chunk = Chunk()
    for record in records:
        if record.number <= after:
            continue
        if not any(map(str.strip, record.cells)):
            continue
        if record.defect is not None:
            chunk.defects[len(chunk.rows)] = record.defect
        chunk.numbers.append(record.number)
        chunk.rows.append(record.cells)
        if len(chunk.rows) >= size:
            yield chunk
            chunk = Chunk()
    if chunk.rows:
        yield chunk


def _records(stream: IO[str], delimiter: str, width: int | None) -> Iterator[_Record]:
    """Yield every non-blank record; with a width, rows of another length have a defect."""
    lines = _Lines(stream)
    number = 0
    for line in lines:
        number += 1
        if not line or line.isspace():
            continue
        if type(line) is _Cut:
            yield _Record(number, [str(line)], Defect("E305", {"limit": _MOST_CHARACTERS}))
            continue
        if '"' not in line:
            yield _checked(number, line.split(delimiter), line, width)
            continue
        cells, spanned = _quoted(line, lines, delimiter, width)
        if cells is None:
            yield _Record(number, line.split(delimiter), Defect("E303", {}))
            continue
        lines.skip(spanned)
        yield _checked(number, cells, "".join(cells), width)


def _checked(number: int, cells: list[str], text: str, width: int | None) -> _Record:
    if "\0" in text:
        return _Record(number, cells, Defect("E302", {}))
    if _BROKEN in text:
        return _Record(number, cells, Defect("E304", {}))
    if width is None or len(cells) == width:
        return _Record(number, cells)
    found = len(cells)
    while len(cells) > width and not cells[-1].strip():
        cells.pop()
    if len(cells) == width:
        return _Record(number, cells)
    return _Record(number, cells, Defect("E301", {"found": found, "expected": width}))


def _quoted(
    line: str, lines: "_Lines", delimiter: str, width: int | None
) -> tuple[list[str] | None, int]:
    """Return the cells of a record that starts on a line with quotes, and its further lines.

    None when a quote never closes, or when what it spans is no well-formed record of the
    right width: then the quote is a mistake of this one line.
    """
    if not _open_quote([line], delimiter):
        return next(csv.reader([line], delimiter=delimiter)), 0
    block = [line + "\n"]
    characters = len(line)
    for ahead, following in enumerate(lines.peek(_MOST_LINES), start=1):
        characters += len(following)
        if characters > _MOST_CHARACTERS:
            break
        block.append(following + "\n")
        if '"' not in following or _open_quote(block, delimiter):
            continue
        try:
            cells = next(csv.reader(block, delimiter=delimiter, strict=True))
        except csv.Error:
            break
        right = width is None or len(cells) == width or not any(cells[width:])
        return (cells, ahead) if right and (len(cells) > 1 or width == 1) else (None, 0)
    return None, 0


def _open_quote(block: list[str], delimiter: str) -> bool:
    """Return whether a quote is still open at the end of the lines."""
    try:
        for _ in csv.reader(block, delimiter=delimiter, strict=True):
            pass
    except csv.Error as error:
        return "unexpected end of data" in str(error)
    return False


class _Lines:
    """Lines without their ends, with a bounded look ahead."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._ahead: list[str] = []

    def __iter__(self) -> Iterator[str]:
        while True:
            if self._ahead:
                yield self._ahead.pop(0)
                continue
            line = self._read()
            if line is None:
                return
            yield line

    def peek(self, most: int) -> Iterator[str]:
        """Yield the lines to come without taking them."""
        for index in range(most):
            if index == len(self._ahead):
                line = self._read()
                if line is None:
                    return
                self._ahead.append(line)
            yield self._ahead[index]

    def skip(self, count: int) -> None:
        """Take lines that were peeked at."""
        del self._ahead[:count]

    def _read(self) -> str | None:
        line = self._stream.readline(_MOST_CHARACTERS)
        if len(line) < _MOST_CHARACTERS or line.endswith("\n"):
            return line.removesuffix("\n") if line else None
        while (rest := self._stream.readline(_MOST_CHARACTERS)) and not rest.endswith("\n"):
            pass
        return _Cut(line[:_KEPT])


def _encoding(path: Path) -> str:
    """Return the encoding of a text file: by its mark, else UTF-8, else GB18030, else a guess.

    The whole file is scanned once: the first Chinese character may come late. A few broken
    lines do not make a UTF-8 file anything else.
    """
    with path.open("rb") as stream:
        head = stream.read(4)
        for mark, encoding in _MARKS:
            if head.startswith(mark):
                return encoding
        stream.seek(0)
        sample = stream.read(_SAMPLE)
    bare = _bare_utf16(sample)
    if bare is not None:
        return bare
    if _decodes(path, "utf-8"):
        return "utf-8"
    # Before GB18030, in which a short damaged UTF-8 file is often valid, as other characters.
    if _broken_lines(path, "utf-8") <= 0.5:
        return "utf-8"
    if _decodes(path, "gb18030") or _broken_lines(path, "gb18030") <= 0.5:
        return "gb18030"
    guess = from_bytes(sample).best()
    if guess is None:
        raise DataError("E202", where=str(path), kind="?")
    return guess.encoding


def _bare_utf16(sample: bytes) -> str | None:
    """Return UTF-16 without a mark: every other byte of its ASCII characters is NUL."""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) / 2
    if half and max(even, odd) > 0.2 * half and min(even, odd) < 0.02 * half:
        return "utf-16-le" if odd > even else "utf-16-be"
    return None


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as stream:
        try:
            while block := stream.read(_BLOCK):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _broken_lines(path: Path, encoding: str) -> float:
    """Return the share of lines with characters beyond ASCII that do not decode."""
    spoken = broken = 0
    with path.open("rb") as stream:
        while spoken < _TRIED and (line := stream.readline(_BLOCK)):
            if line.isascii():
                continue
            spoken += 1
            try:
                line.decode(encoding)
            except UnicodeDecodeError:
                broken += 1
    return broken / spoken if spoken else 1.0


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
