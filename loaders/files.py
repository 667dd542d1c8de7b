"""Which files there are, and what kind each is, so that the right reader opens it.

The kind is read from the bytes, never from the name: departments send workbooks called
.csv and HTML called .xls.
"""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from graph.errors import DataError
from loaders.delimited import open_delimited
from loaders.table import Limits, Table
from loaders.workbook import open_workbook

__all__ = ["data_files", "file_digest", "tables"]

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


@contextmanager
def tables(
    path: Path, limits: Limits | None = None, *, encoding: str | None = None
) -> Iterator[list[Table]]:
    """Open a file and give its tables; sheets with no cell at all are left out.

    Raises:
        DataError: E201 cannot be opened, E202 not a table file, E203 a damaged workbook, E204
            HTML under another name, E205 a workbook over the limits, E206 one under a password.
    """
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
