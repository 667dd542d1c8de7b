"""The server store: a Neo4j database behind the ports of `graph.ports`."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from types import TracebackType

from graph.secrecy import Seal
from graph.store.address import Server
from graph.store.neo4j_.database import PATIENCE, Database
from graph.store.neo4j_.evidence import Neo4jEvidence
from graph.store.neo4j_.facts import Neo4jFacts
from graph.store.neo4j_.finder import Neo4jFinder
from graph.store.neo4j_.findings import Neo4jFindings
from graph.store.neo4j_.judgements import Neo4jJudgements
from graph.store.neo4j_.opening import Want, make_ready
from graph.store.neo4j_.overview import Neo4jOverview
from graph.store.neo4j_.resolution import Neo4jResolution
from graph.store.neo4j_.transfer import Neo4jTransfer

__all__ = ["Neo4jStore", "Want"]


class Neo4jStore:
    """An open server store and its ports.

    Args:
        want: What may be opened.
        known_at: Answer as the store was known then (UTC), for reading only; None is now.
        on_wait: Called when another process keeps a write waiting for longer than a moment.

    Raises:
        StoreError: See `Database` and `make_ready`.
    """

    def __init__(
        self,
        server: Server,
        seal: Seal,
        patience: float = PATIENCE,
        *,
        want: Want = "new",
        known_at: datetime | None = None,
        on_wait: Callable[[], None] | None = None,
    ) -> None:
        self._database = Database(server, seal, patience, on_wait)
        try:
            make_ready(self._database, want)
        except BaseException:
            self._database.close()
            raise
        self.evidence = Neo4jEvidence(self._database)
        self.resolution = Neo4jResolution(self._database)
        self.judgements = Neo4jJudgements(self._database)
        self.facts = Neo4jFacts(self._database)
        self.findings = Neo4jFindings(self._database)
        self.finder = Neo4jFinder(self._database)
        self.overview = Neo4jOverview(self._database)
        self.transfer = Neo4jTransfer(self._database)
        if known_at is not None:
            self._database.known_at = known_at.isoformat()

    def snapshot(self, seconds: float) -> AbstractContextManager[None]:
        """Let all reads inside count the same batches, for so long at most (StoreError E509)."""
        return self._database.bounded(seconds)

    def close(self) -> None:
        """End the connection."""
        self._database.close()

    def __enter__(self) -> "Neo4jStore":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
