"""The embedded default store: one SQLite file behind the ports of `graph.ports`."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from types import TracebackType

from graph.secrecy import Seal
from graph.store.sqlite.database import PATIENCE, Database
from graph.store.sqlite.evidence import SqliteEvidence
from graph.store.sqlite.facts import SqliteFacts
from graph.store.sqlite.finder import SqliteFinder
from graph.store.sqlite.findings import SqliteFindings
from graph.store.sqlite.judgements import SqliteJudgements
from graph.store.sqlite.overview import SqliteOverview
from graph.store.sqlite.past import show_as_known
from graph.store.sqlite.resolution import SqliteResolution
from graph.store.sqlite.transfer import SqliteTransfer

__all__ = ["PATIENCE", "SqliteStore"]


class SqliteStore:
    """An open store file and its ports.

    Args:
        known_at: Answer as the store was known then (UTC), for reading only; None is now.
        on_wait: Called when another process keeps a write waiting for longer than a moment.

    Raises:
        StoreError: See `Database`.
    """

    def __init__(
        self,
        path: Path,
        seal: Seal,
        patience: float = PATIENCE,
        known_at: datetime | None = None,
        on_wait: Callable[[], None] | None = None,
    ) -> None:
        self._database = Database(path, seal, patience, on_wait)
        self.evidence = SqliteEvidence(self._database)
        self.resolution = SqliteResolution(self._database)
        self.judgements = SqliteJudgements(self._database)
        self.facts = SqliteFacts(self._database)
        self.findings = SqliteFindings(self._database)
        self.finder = SqliteFinder(self._database)
        self.overview = SqliteOverview(self._database)
        self.transfer = SqliteTransfer(self._database)
        if known_at is not None:
            show_as_known(self._database, known_at)

    def snapshot(self, seconds: float) -> AbstractContextManager[None]:
        """Read one state of the store inside, for so long at most (StoreError E509)."""
        return self._database.snapshot(seconds)

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def __enter__(self) -> "SqliteStore":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
