"""Files as tables of text cells: what kind a file is, and the shape every reader yields.

The kind is read from the bytes, never from the name: departments send workbooks called
.csv and HTML called .xls.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from graph.errors import DataError

__all__ = [
    "PREVIEW_ROWS",
    "Chunk",
    "Defect",
    "Limits",
    "Table",
    "data_files",
    "file_digest",
    "tables",
]

PREVIEW_ROWS: Final = 30
"""Rows looked at to find the header."""

_BLOCK: Final = 1 << 20
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FOREIGN: Final = {
    b"%PDF": "PDF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7z",
    b"\x1f\x8b": "gzip",
    b"GIF8": "GIF",
    b"SQLite format 3": "SQLite",
    b"PAR1": "Parquet",
    b"{\\rtf": "RTF",
    b"\x03": "DBF",
}
_PAGES: Final = (
    b"<!doctype html",
    b"<!--",
    b"<?xml",
    *(
        b"<" + tag
        for tag in (b"html", b"head", b"meta", b"style", b"body", b"div", b"table", b"tr")
    ),
    b"mime-version:",
)


@dataclass(frozen=True, slots=True)
class Defect:
    """Why one row cannot be read: a code of the message catalogue and its facts."""

    code: str
    facts: Mapping[str, object]


@dataclass(slots=True)
class Chunk:
    """Consecutive data rows of a table; blank rows are left out.

    Attributes:
        numbers: Row numbers: the sheet's own, or for CSV the number of the logical record,
            the header and blank lines counted, a quoted line break starting no row.
        rows: Cells as read, untrimmed, `width` of them unless the row has a defect.
        long_numbers: Row offset -> columns whose workbook cell is a number of 16 digits or
            more, whose last digits are therefore lost.
        defects: Row offset -> why the row cannot be used.
    """

    numbers: list[int] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    long_numbers: dict[int, tuple[int, ...]] = field(default_factory=dict)
    defects: dict[int, Defect] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on workbooks, which cannot be streamed: they take 80 to 110 bytes a cell.

    Attributes:
        cells: Most cells of all sheets together, from the first used to the last used: 500,000
            rows of 20 columns and some.
        bytes: Most bytes of the file, unpacked.
    """

    cells: int = 10_500_000
    bytes: int = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet, or the one table of a CSV.

    Attributes:
        sheet: Name of the sheet, '' for CSV.
        preview: The first rows with their numbers, merged header cells filled.
        encoding: Of a text file; telling it spares another reader the search.
        chunks: Called with (after, width, size): yields the data rows numbered above `after`.
    """

    sheet: str
    preview: list[tuple[int, list[str]]]
    chunks: Callable[[int, int, int], Iterator[Chunk]]
    encoding: str = ""


@contextmanager
def tables(
    path: Path, limits: Limits | None = None, *, encoding: str | None = None
) -> Iterator[list[Table]]:
    """Open a file and give its tables; sheets with no cell at all are left out.

    Raises:
        DataError: E201 cannot be opened, E202 not a table file, E203 a damaged workbook, E204
            HTML under another name, E205 a workbook over the limits, E206 one under a password.
    """
    # Imported here so that the values above can be used without the readers' libraries.
    from loaders.delimited import open_delimited
    from loaders.workbook import open_workbook

    try:
        with path.open("rb") as stream:
            head = stream.read(4096)
    except OSError as error:
        raise DataError("E201", where=str(path), reason=error.strerror) from error
    if head.startswith((*_ZIP, _COMPOUND)):
        yield open_workbook(path, limits or Limits())
        return
    for magic, kind in _FOREIGN.items():
        if head.startswith(magic):
            raise DataError("E202", where=str(path), kind=kind)
    # Without NUL and byte order marks it reads the same in UTF-16.
    start = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")[:200].lower()
    if start.startswith(_PAGES):
        raise DataError("E204", where=str(path))
    with open_delimited(path, encoding) as table:
        yield [table]


def file_digest(path: Path) -> str:
    """Return the digest of a file's bytes."""
    state = hashlib.blake2b(digest_size=16)
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            state.update(block)
    return state.hexdigest()


def data_files(paths: Iterable[Path]) -> list[Path]:
    """Return every non-hidden file of paths and folders, each once, sorted.

    Raises:
        DataError: E201, a path does not exist, or is neither file nor folder.
    """
    found: set[Path] = set()
    for path in paths:
        if not path.exists():
            raise DataError("E201", where=str(path), reason="not found")
        if path.is_file():
            found.add(path)
            continue
        if not path.is_dir():
            raise DataError("E201", where=str(path), reason="not a file")
        for inner in path.rglob("*"):
            parts = inner.relative_to(path).parts
            # ~$ is the lock file an office suite leaves beside an open workbook.
            if inner.is_file() and not any(part.startswith((".", "~$")) for part in parts):
                found.add(inner)
    return sorted(found)
