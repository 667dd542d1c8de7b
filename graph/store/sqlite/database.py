"""One SQLite file: opening, migrations, transactions, and its faults told as ours.

WAL mode: many readers, one writer, several processes, crash-safe. Every write runs in one
immediate transaction, so that two loads queue instead of failing half-way.
"""

import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any, Final, NoReturn

import pyarrow as pa

from graph.errors import StoreError
from graph.secrecy import Seal
from graph.store.sqlite.faults import fault_of
from graph.store.sqlite.migrating import newest, statements_after
from graph.store.sqlite.opening import configure, refuse_foreign_file

__all__ = ["PATIENCE", "Database"]

PATIENCE: Final = 120.0
"""Seconds a writer waits for another: a bulk load holds the store for a minute or so."""
_SILENCE: Final = 2.0
"""Seconds it waits before it says so."""
_FETCH: Final = 50_000
_STEPS_UNASKED: Final = 100_000
"""Instructions SQLite runs before it asks whether time is up: some milliseconds."""


class Database:
    """An open store file.

    Args:
        path: Created, with its folder, when missing.
        seal: Its fingerprint is kept in the file; another key is refused.
        patience: Seconds to wait for another process's lock.
        on_wait: Called when a write has to wait for longer than a moment.

    Raises:
        StoreError: Not a store, damaged, newer than this program, another key, locked,
            read-only, or the disk is full.
    """

    def __init__(
        self,
        path: Path,
        seal: Seal,
        patience: float = PATIENCE,
        on_wait: Callable[[], None] | None = None,
    ) -> None:
        self.path = path
        self._patience = patience
        self._on_wait = on_wait
        self._temporary: dict[str, bool] = {}  # table -> whether it may hold rows
        self._wanted: pa.Array | None = None
        self.seal = seal
        self.shows_the_past = False
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError("E507", where=str(path), reason=error.strerror) from error
        refuse_foreign_file(path)
        with self._told():
            # A pool hands a store from thread to thread, never to two at once.
            self.connection = sqlite3.connect(
                path, isolation_level=None, timeout=patience, check_same_thread=False
            )
        try:
            with self._told():
                configure(self.connection)
            self._migrate()
            self._match_key()
        except BaseException:
            self.connection.close()
            raise

    def close(self) -> None:
        """Close the file; open transactions are rolled back."""
        self.connection.close()

    @contextmanager
    def write(self) -> Iterator[None]:
        """Run one immediate transaction: committed at exit, rolled back on any error.

        Nested use joins the transaction already open.
        """
        if self.connection.in_transaction:
            yield
            return
        self._begin()
        with self._ending():
            yield

    @contextmanager
    def snapshot(self, seconds: float) -> Iterator[None]:
        """Read one state of the store, whatever is committed meanwhile.

        Raises:
            StoreError: E509, it took longer than `seconds`.
        """
        until = time.monotonic() + seconds
        self.connection.set_progress_handler(lambda: time.monotonic() > until, _STEPS_UNASKED)
        try:
            with self._together():
                yield
        finally:
            self.connection.set_progress_handler(None, 0)

    @contextmanager
    def trial(self) -> Iterator[None]:
        """Take back everything written inside, at its end."""
        with self.write():
            self.execute("SAVEPOINT trial")
            try:
                yield
            finally:
                self._forget_temporary()
                # A full disk may have ended the whole transaction already.
                if self.connection.in_transaction:
                    self.execute("ROLLBACK TO trial")
                    self.execute("RELEASE trial")

    def execute(self, statement: str, values: Iterable[Any] = ()) -> sqlite3.Cursor:
        """Run one statement."""
        # Not by `_told`, which would take as long as many a statement; a check runs a hundred.
        try:
            return self.connection.execute(statement, tuple(values))
        except sqlite3.Error as error:
            self._tell(error)

    def many(self, statement: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """Run one statement for every row."""
        # Alone, each row of a temporary table would be a transaction of its own.
        alone = not self.connection.in_transaction
        with self._together() if alone else nullcontext(), self._told():
            self.connection.executemany(statement, rows)

    def one(self, statement: str, values: Iterable[Any] = ()) -> tuple[Any, ...] | None:
        """Return the first row or None."""
        with self._told():
            row: tuple[Any, ...] | None = self.connection.execute(
                statement, tuple(values)
            ).fetchone()
            return row

    def scalar(self, statement: str, values: Iterable[Any] = ()) -> Any:
        """Return the first cell of the first row, None when there is no row."""
        row = self.one(statement, values)
        return None if row is None else row[0]

    def rows(self, statement: str, values: Iterable[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """Yield rows, fetched in blocks."""
        cursor = self.execute(statement, values)
        while True:
            with self._told():
                block = cursor.fetchmany(_FETCH)
            if not block:
                return
            yield from block

    def table(self, statement: str, schema: pa.Schema, values: Iterable[Any] = ()) -> pa.Table:
        """Return a query's rows as an Arrow table whose columns come in schema order."""
        cursor = self.execute(statement, values)
        batches: list[pa.RecordBatch] = []
        while True:
            with self._told():
                block = cursor.fetchmany(_FETCH)
            if not block:
                return pa.Table.from_batches(batches, schema)
            arrays = [
                _column(list(column), field.type)
                for column, field in zip(zip(*block, strict=True), schema, strict=True)
            ]
            batches.append(pa.record_batch(arrays, schema=schema))

    def want(self, keys: pa.Array) -> None:
        """Fill the temporary table `wanted(id)` with keys; nobody else writes to it."""
        # Several questions in a row are about the same.
        if self._wanted is not keys:
            self.scope("wanted", keys.to_pylist())
            self._wanted = keys

    def scope(self, name: str, keys: Iterable[int]) -> None:
        """Fill a temporary table `name(id)` with keys, replacing what it held."""
        self.empty_table(name, "(id INTEGER PRIMARY KEY)")
        self.many(
            f"INSERT OR IGNORE INTO temp.{name} VALUES (?)",
            ((key,) for key in keys),
        )

    def empty_table(self, name: str, columns: str, *, by_fill: bool = False) -> None:
        """Empty a temporary table, made when it is not there yet.

        Args:
            name, columns: Constants of the caller, never text from outside.
            by_fill: Nothing but `fill` puts rows into it, so that while there are none it need
                not be emptied: of a check's hundred statements it would be every fourth.
        """
        if name not in self._temporary:
            self.execute(f"CREATE TEMP TABLE IF NOT EXISTS {name} {columns}")
        if self._temporary.get(name, True):
            self.execute(f"DELETE FROM temp.{name}")
        self._temporary[name] = not by_fill

    def fill(self, name: str, statement: str) -> bool:
        """Run an INSERT into a table emptied `by_fill`; return whether it put any row in."""
        filled = self.execute(statement).rowcount > 0
        if filled:
            self._temporary[name] = True
        return filled

    def meta(self, name: str) -> Any:
        """Return a value kept about the store itself, None when never set."""
        return self.scalar("SELECT value FROM meta WHERE name = ?", (name,))

    def set_meta(self, name: str, value: int | str | bytes) -> None:
        """Keep a value about the store itself."""
        self.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    def _begin(self) -> None:
        """Begin to write as soon as no other process does."""
        begin = "BEGIN IMMEDIATE"
        if self._on_wait is not None and self._patience > _SILENCE:
            until = time.monotonic() + self._patience
            self._wait_for(_SILENCE)
            try:
                self.connection.execute(begin)
            except sqlite3.OperationalError as error:
                # What else is wrong is told by the attempt below.
                if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
                    self._on_wait()
            else:
                return
            finally:
                self._wait_for(max(until - time.monotonic(), 0.0))
        with self._told():
            self.connection.execute(begin)

    def _wait_for(self, seconds: float) -> None:
        self.connection.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}")

    def _migrate(self) -> None:
        known, version = newest(), self.scalar("PRAGMA user_version")
        if version == known:
            return
        if version > known:
            raise StoreError("E502", where=str(self.path), found=version, known=known)
        if version == 0 and self.scalar("SELECT count(*) FROM sqlite_master") > 0:
            raise StoreError("E505", where=str(self.path), reason="another program's database")
        with self.write():
            # Another process may have migrated while this one waited for the lock.
            for statement in statements_after(self.scalar("PRAGMA user_version")):
                self.execute(statement)

    def _match_key(self) -> None:
        known = self.meta("key_fingerprint")
        if known is None:
            with self.write():
                if self.meta("key_fingerprint") is None:
                    self.set_meta("key_fingerprint", self.seal.fingerprint())
            known = self.meta("key_fingerprint")
        if known != self.seal.fingerprint():
            raise StoreError("E501", where=str(self.path))

    @contextmanager
    def _together(self) -> Iterator[None]:
        """Run statements in one transaction, which takes no lock unless something is written."""
        self.execute("BEGIN")
        with self._ending():
            yield

    @contextmanager
    def _ending(self) -> Iterator[None]:
        """Commit the open transaction at exit, roll it back on any error."""
        try:
            yield
            self.execute("COMMIT")  # keeps the temporary tables for the next question
        except BaseException:
            self._forget_temporary()  # a rollback undoes their making, too
            # A full disk may have rolled back already; the first error is the one to tell.
            with suppress(sqlite3.Error):
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
            raise

    def _forget_temporary(self) -> None:
        self._temporary.clear()
        self._wanted = None

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            self._tell(error)

    def _tell(self, error: sqlite3.Error) -> NoReturn:
        """Raise what an error of SQLite's is to us; itself where it is a fault of our own."""
        code = fault_of(error)
        if code is None:
            raise error
        raise StoreError(code, where=str(self.path), reason=str(error)) from error


def _column(values: list[Any], kind: pa.DataType) -> pa.Array:
    if pa.types.is_boolean(kind):
        # Not by a cast, which takes as long as all the rest of a small table.
        return pa.array([None if value is None else value != 0 for value in values], kind)
    return pa.array(values, kind)
