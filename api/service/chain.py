"""The end of the audit log, to append to: several processes take turns, and each entry lasts."""

import os
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from graph.audit import FIRST, linked
from graph.errors import StoreError
from graph.secrecy import Seal

__all__ = ["Chain", "faults_told", "lock"]

_PATIENCE: Final = 20.0
_PAUSE: Final = 0.0005
"""Seconds between two looks whether another process has written its entries."""
_PAGES_BEHIND: Final = 10_000
"""Pages written ahead (40 MB) before they are copied into the file, which takes some tenths."""
# Where there is only the other, it flushes the times of the file as well.
_flushed = getattr(os, "fdatasync", os.fsync)


class Chain:
    """A connection that only appends; for one thread, on a file that `Access` has made.

    Raises:
        StoreError: E507, E508 or E503, the file cannot be used.
    """

    def __init__(self, path: Path, seal: Seal) -> None:
        self._path, self._seal = path, seal
        self._ahead: int | None = None
        with faults_told(path):
            # SQLite looks ever more seldom whether it is its turn, down to ten times a second.
            self._db = sqlite3.connect(
                path, isolation_level=None, timeout=0, check_same_thread=False
            )
            # `append` itself flushes, once others may write again; a crash in between cuts off
            # the last entries, of which nobody was told.
            self._db.execute("PRAGMA synchronous = NORMAL")
            self._db.execute(f"PRAGMA wal_autocheckpoint = {_PAGES_BEHIND}")

    def append(self, bodies: Sequence[bytes]) -> None:
        """Write entries to the end of the log; they are on the disk when this returns."""
        with faults_told(self._path):
            lock(self._db, "BEGIN IMMEDIATE", _PATIENCE)
            try:
                self._put(bodies)
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise
            if self._ahead is None:
                self._ahead = _opened(self._path.with_name(f"{self._path.name}-wal"))
            _flushed(self._ahead)

    def close(self) -> None:
        """Close the file."""
        if self._ahead is not None:
            os.close(self._ahead)
            self._ahead = None
        self._db.close()

    def _put(self, bodies: Sequence[bytes]) -> None:
        head = self._db.execute("SELECT number, link FROM head").fetchone()
        number, link = head or (0, FIRST)
        rows = []
        for body in bodies:
            number += 1
            link = linked(self._seal, link, number, body)
            rows.append((number, body, link))
        self._db.executemany("INSERT INTO entry VALUES (?, ?, ?)", rows)
        self._db.execute("INSERT OR REPLACE INTO head VALUES (1, ?, ?)", (number, link))


def lock(db: sqlite3.Connection, statement: str, seconds: float) -> None:
    """Begin a transaction by a statement, trying again and again while another holds the file.

    Raises:
        sqlite3.OperationalError: It was held for longer than `seconds`.
    """
    until = time.monotonic() + seconds
    while True:
        try:
            db.execute(statement)
        except sqlite3.OperationalError as error:
            if not _busy(error) or time.monotonic() > until:
                raise
            time.sleep(_PAUSE)
        else:
            return


@contextmanager
def faults_told(path: Path) -> Iterator[None]:
    """Tell faults of the access file as ours."""
    try:
        yield
    except sqlite3.Error as error:
        code = "E503" if _busy(error) else "E508"
        raise StoreError(code, where=str(path), reason=str(error)) from error
    except OSError as error:
        raise StoreError("E507", where=str(path), reason=error.strerror) from error


def _busy(error: sqlite3.Error) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY


def _opened(path: Path) -> int:
    """Return an open file; that it is there is on the disk, too."""
    found = os.open(path, os.O_RDWR)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return found
