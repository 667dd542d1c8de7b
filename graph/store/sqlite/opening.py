"""A store file before it is read: is it one at all, and how SQLite is to keep it."""

import sqlite3
from pathlib import Path
from typing import Final

from graph.errors import StoreError

__all__ = ["configure", "refuse_foreign_file"]

_SIGNATURE: Final = b"SQLite format 3\0"
_CACHE_KIB: Final = 196_608
_PAGE_BYTES: Final = 16_384


def refuse_foreign_file(path: Path) -> None:
    """Refuse what is there and is no SQLite file.

    Raises:
        StoreError: E507, a folder, or it cannot be read; E505, another kind of file.
    """
    try:
        if path.is_dir():
            raise StoreError("E507", where=str(path), reason="a folder")
        if not path.exists() or path.stat().st_size == 0:
            return
        with path.open("rb") as stream:
            head = stream.read(len(_SIGNATURE))
    except OSError as error:
        raise StoreError("E507", where=str(path), reason=error.strerror) from error
    if head != _SIGNATURE:
        raise StoreError("E505", where=str(path), reason="not a SQLite file")


def configure(connection: sqlite3.Connection) -> None:
    """Set how the file is kept and cached."""
    # Takes effect on a new file only; rows of a kilobyte fill small pages badly.
    connection.execute(f"PRAGMA page_size = {_PAGE_BYTES}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    connection.execute("PRAGMA temp_store = FILE")
