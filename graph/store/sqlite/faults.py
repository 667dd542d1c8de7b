"""SQLite's faults as ours."""

import sqlite3
from typing import Final

__all__ = ["fault_of"]

_FAULTS: Final = {
    sqlite3.SQLITE_BUSY: "E503",
    sqlite3.SQLITE_LOCKED: "E503",
    sqlite3.SQLITE_FULL: "E504",
    sqlite3.SQLITE_CORRUPT: "E505",
    sqlite3.SQLITE_NOTADB: "E505",
    sqlite3.SQLITE_READONLY: "E506",
    sqlite3.SQLITE_CANTOPEN: "E507",
    sqlite3.SQLITE_PERM: "E507",
    sqlite3.SQLITE_IOERR: "E508",
    sqlite3.SQLITE_INTERRUPT: "E509",
}


def fault_of(error: sqlite3.Error) -> str | None:
    """Return our code for an error of SQLite's; None where it is a fault of our own."""
    # The low byte is the primary code; extended codes only refine it.
    return _FAULTS.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
