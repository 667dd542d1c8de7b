"""One Neo4j database: connecting, transactions with retries, and its faults told as ours.

The only module that imports the driver. Everything runs in managed transactions, which the
driver repeats after a dead-lock, a lost connection or a restart of the server; so whatever is
written must come out the same when it is written twice.
"""

import logging
import math
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Final, TypeVar

import neo4j
import pyarrow as pa
from neo4j.exceptions import (
    AuthError,
    ConfigurationError,
    DriverError,
    Neo4jError,
    ServiceUnavailable,
    SessionExpired,
)

from graph.errors import StoreError
from graph.secrecy import Seal
from graph.store.address import Server
from graph.store.neo4j_.faults import fault_of, first_line, refuse_old
from graph.store.neo4j_.statements import statement
from graph.store.neo4j_.turn import wait_for_turn
from graph.store.neo4j_.view import View, look, read_view
from graph.store.neo4j_.whole import Whole
from graph.store.neo4j_.work import Work

__all__ = ["PATIENCE", "Database"]

PATIENCE: Final = 120.0
"""Seconds to wait for another writer, or for a server that restarts."""
_CONNECT_SECONDS: Final = 10.0
_RETRY_SECONDS: Final = 0.5
_RETRY_GROWTH: Final = 1.3
"""After an outage nobody waits for more than a third of its length again."""
_FETCH: Final = 20_000
_LEAST_SECONDS: Final = 0.05
_T = TypeVar("_T")
# The driver logs each repeated transaction; people are told when repeating was in vain.
logging.getLogger("neo4j").addHandler(logging.NullHandler())


class Database:
    """An open connection to a server.

    Args:
        seal: Its fingerprint is kept in the database; another key is refused.
        patience: Seconds to wait for another process's lock, or for a server that restarts.
        on_wait: Called when another process's lock has to be waited for longer than a moment.

    Attributes:
        known_at: Reading transactions tell what was known at this moment; None is now.
        held: The view all reads share, inside `bounded` or while this process holds the lock.

    Raises:
        StoreError: No answer, wrong password, a release too old.
    """

    def __init__(
        self,
        server: Server,
        seal: Seal,
        patience: float = PATIENCE,
        on_wait: Callable[[], None] | None = None,
    ) -> None:
        self.server = server
        self.seal = seal
        self.known_at: str | None = None
        self.held: View | None = None
        self._patience = patience
        self._on_wait = on_wait
        self._lock: neo4j.Transaction | None = None
        self._reader: neo4j.Transaction | None = None
        self._seen: View | None = None
        self._until = math.inf
        self._whole: Whole | None = None
        with self._told():
            self._driver = neo4j.GraphDatabase.driver(
                server.uri,
                auth=(server.user, server.password) if server.password else None,
                connection_timeout=_CONNECT_SECONDS,
                max_transaction_retry_time=patience,
                initial_retry_delay=_RETRY_SECONDS,
                retry_delay_multiplier=_RETRY_GROWTH,
                fetch_size=_FETCH,
                notifications_min_severity="OFF",
                telemetry_disabled=True,
                user_agent="creditgraph",
            )
        try:
            with self._told():
                refuse_old(self._driver.get_server_info().agent, server.uri)
        except BaseException:
            self._driver.close()
            raise

    def close(self) -> None:
        """End the connection; open transactions are rolled back."""
        self._driver.close()

    def read(self, work: Callable[[Work], _T]) -> _T:
        """Run a reading transaction, again if the server asks for it; inside `bounded`, its own."""
        inside = self._reader if self._whole is None else self._whole.transaction
        if inside is not None:
            if time.monotonic() > self._until:
                raise StoreError("E509", where=self.server.uri)
            with self._told():
                return work(Work(inside, self.known_at))
        with self._told(), self._driver.session() as session:
            return session.execute_read(lambda transaction: work(Work(transaction, self.known_at)))

    @contextmanager
    def bounded(self, seconds: float) -> Iterator[None]:
        """Read inside in one transaction and through one view; the server stops it after so long.

        Raises:
            StoreError: E509, it took longer.
        """
        if self._reader is not None or self._whole is not None:
            with self._through(look(self)):
                yield
            return
        self._until = time.monotonic() + seconds
        try:
            with self._driver.session(default_access_mode=neo4j.READ_ACCESS) as session:
                self._reader, view = self._opened(session, self._until)
                if view != self._seen:
                    self._seen = view
                try:
                    with self._through(self._seen):
                        yield
                finally:
                    _undo(self._reader)
                    self._reader = None
        except StoreError as error:
            if error.code == "E503" and time.monotonic() > self._until - _LEAST_SECONDS:
                raise StoreError("E509", where=self.server.uri) from error
            raise
        finally:
            self._until = math.inf

    @contextmanager
    def _through(self, view: View | None) -> Iterator[None]:
        """Let all reads inside share a view, unless they share one already."""
        held, self.held = self.held, self.held or view
        try:
            yield
        finally:
            self.held = held

    def _opened(self, session: neo4j.Session, until: float) -> tuple[neo4j.Transaction, View]:
        """Return a transaction that ends by then, and its view, as soon as the server is there."""
        while True:
            left = max(until - time.monotonic(), _LEAST_SECONDS)
            try:
                with self._told():
                    opened = session.begin_transaction(timeout=left)
                    return opened, read_view(Work(opened, self.known_at))
            except StoreError as error:
                if error.code != "E521" or left < _RETRY_SECONDS:
                    raise
                time.sleep(_RETRY_SECONDS)

    def write(self, work: Callable[[Work], _T]) -> _T:
        """Run a writing transaction, again after a dead-lock or a lost connection.

        Raises:
            StoreError: E521, the server was gone since the lock was taken, and the lock with it:
                by now somebody else may hold it.
        """
        if self._whole is not None:
            with self._told():
                return work(self._whole.work())
        self._still_held()
        with self._told(), self._driver.session() as session:
            return session.execute_write(lambda transaction: work(Work(transaction, None)))

    def _still_held(self) -> None:
        if self._lock is not None:
            with self._told():
                self._lock.run(statement("alive")).consume()

    def rows(self, name: str, /, **values: Any) -> list[tuple[Any, ...]]:
        """Return the rows of one reading statement."""
        return self.read(lambda work: work.rows(name, **values))

    def scalar(self, name: str, /, **values: Any) -> Any:
        """Return the first cell of one reading statement, None when there is no row."""
        return self.read(lambda work: work.scalar(name, **values))

    def table(self, name: str, schema: pa.Schema, /, **values: Any) -> pa.Table:
        """Return one reading statement's rows as an Arrow table."""
        return self.read(lambda work: work.table(name, schema, **values))

    def run(self, name: str, /, **values: Any) -> None:
        """Run one writing statement in a transaction of its own."""
        self.write(lambda work: work.run(name, **values))

    def define(self, texts: Sequence[str]) -> None:
        """Run the schema statements of a migration in one transaction."""

        def work(transaction: neo4j.ManagedTransaction) -> None:
            for text in texts:
                transaction.run(text).consume()

        with self._told(), self._driver.session() as session:
            session.execute_write(work)

    def many(self, name: str, rows: Sequence[Any], size: int, /, **values: Any) -> None:
        """Run one writing statement over rows, some thousands in a transaction."""
        for start in range(0, len(rows), size):
            self.run(name, rows=rows[start : start + size], **values)

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Keep every other process from changing what is derived; nested use joins.

        The lock is a node written by a transaction that stays open: should this process die,
        the server lets go of it.

        Raises:
            StoreError: E503, somebody else holds it longer than the patience.
        """
        if self._lock is not None:
            yield
            return
        wait_for_turn(self._probe, self._patience, self._on_wait)
        with self._driver.session() as session:
            with self._told():
                held = session.begin_transaction(timeout=0)
                held.run(statement("take_lock")).consume()
            self._lock = held
            try:
                yield
            finally:
                self._lock = None
                _undo(held)

    @contextmanager
    def together(self) -> Iterator[None]:
        """Write everything inside in one transaction: kept at its end, or nothing of it.

        Nested use joins, in a trial too. It is not repeated: after a dead-lock or a lost
        connection whoever asked may ask again; lost at the very end, it may have been kept.

        Cost: the server keeps all that is written in memory until then.

        Raises:
            StoreError: E521, the server was gone meanwhile, or the lock was, and with it the turn.
        """
        if self._whole is not None:
            yield
            return
        with self.hold(), self._opened_whole() as whole:
            yield
            self._still_held()
            with self._told():
                whole.keep()

    @contextmanager
    def trial(self) -> Iterator[None]:
        """Take back everything written inside, at its end.

        The server knows no transaction within another; at the end of a trial inside `together`
        or another trial, what that one had written is written again: it may be judgements and
        what follows from them, no evidence, whose numbers others may have taken meanwhile.
        """
        if self._whole is None:
            with self.hold(), self._opened_whole():
                yield
            return
        outer, before = self._whole, self._whole.written
        try:
            yield
        finally:
            with self._told():
                outer.take_back(before)

    @contextmanager
    def _opened_whole(self) -> Iterator[Whole]:
        with self._driver.session() as session:
            with self._told():
                whole = Whole(lambda: session.begin_transaction(timeout=0))
            self._whole = whole
            try:
                yield whole
            finally:
                self._whole = None
                _undo(whole)

    def _probe(self, seconds: float) -> None:
        """Take the lock and let go of it, in the time given."""
        with (
            self._told(),
            self._driver.session() as session,
            session.begin_transaction(timeout=seconds) as probe,
        ):
            probe.run(statement("take_lock")).consume()
            probe.rollback()

    @contextmanager
    def _told(self) -> Iterator[None]:
        where = self.server.uri
        try:
            yield
        except AuthError as error:
            raise StoreError("E522", where=where, reason=error.message) from error
        except (ServiceUnavailable, SessionExpired, OSError) as error:
            raise StoreError("E521", where=where, reason=first_line(error)) from error
        except ConfigurationError as error:
            raise StoreError("E521", where=where, reason=first_line(error)) from error
        except Neo4jError as error:
            code = error.code or ""
            reason = f"{code}: {first_line(error)}"
            raise StoreError(fault_of(code), where=where, reason=reason) from error
        except DriverError as error:
            raise StoreError("E521", where=where, reason=first_line(error)) from error


def _undo(transaction: neo4j.Transaction | Whole) -> None:
    """Roll a transaction back; a connection lost by now has done so, and told its error."""
    with suppress(DriverError, Neo4jError):
        transaction.rollback()
