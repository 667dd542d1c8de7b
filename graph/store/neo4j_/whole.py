"""One transaction in which everything is read and written, so that all is kept or nothing."""

from collections.abc import Callable
from typing import Protocol

from graph.store.neo4j_.work import Log, Transaction, Work

__all__ = ["Whole"]


class _Open(Transaction, Protocol):
    """What of an open transaction of the driver's is used."""

    def commit(self) -> None: ...

    def rollback(self) -> None: ...


class Whole:
    """An open transaction, and what was written in it.

    Args:
        begin: Begins a transaction.

    Attributes:
        transaction: The one that is open.
    """

    def __init__(self, begin: Callable[[], _Open]) -> None:
        self._begin = begin
        self._log: Log = []
        self.transaction = begin()

    @property
    def written(self) -> int:
        """How many statements were run to write."""
        return len(self._log)

    def work(self) -> Work:
        """Return what runs statements to write."""
        return Work(self.transaction, None, self._log)

    def keep(self) -> None:
        """Keep what was written."""
        self.transaction.commit()

    def rollback(self) -> None:
        """Take back what was written and not kept."""
        self.transaction.rollback()

    def take_back(self, written: int) -> None:
        """Take back what was written after the first so many statements."""
        self.rollback()
        self.transaction = self._begin()
        again, self._log = self._log[:written], []
        work = self.work()
        for name, values in again:
            work.run(name, **values)
