"""Opening the store the settings name."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from graph.errors import StoreError
from graph.ports import Store
from graph.secrecy import Seal
from graph.store.address import Server
from graph.store.sqlite import PATIENCE, SqliteStore

__all__ = ["open_store"]


def open_store(  # noqa: PLR0913 - all but two are ways of opening, given by name
    place: Path | Server,
    seal: Seal,
    *,
    new: bool,
    known_at: datetime | None = None,
    on_wait: Callable[[], None] | None = None,
    copying: bool = False,
    patience: float = PATIENCE,
) -> Store:
    """Open a store file or connect to a server.

    Args:
        new: A store that is not there is made; a server's empty database becomes one.
        known_at: Answer as the store was known then, without an offset in UTC; None is now.
        on_wait: Called when another process keeps a write waiting for longer than a moment.
        patience: Seconds to wait for another writer, or for a server that does not answer.
        copying: A server store that a stopped copy left half taken over may be opened.

    Raises:
        StoreError: E517, there is no such store; else it cannot be used, the code says why.
    """
    if known_at is not None:  # stores compare moments as texts in UTC
        known_at = (known_at if known_at.tzinfo else known_at.replace(tzinfo=UTC)).astimezone(UTC)
    if isinstance(place, Path):
        if not new and not place.exists():
            raise StoreError("E517", where=str(place))
        return SqliteStore(place, seal, known_at=known_at, on_wait=on_wait, patience=patience)
    # Loading the driver takes as long as a question; the embedded store needs none of it.
    from graph.store.neo4j_ import Neo4jStore, Want

    want: Want = "copy" if copying else "new" if new else "known"
    return Neo4jStore(place, seal, want=want, known_at=known_at, on_wait=on_wait, patience=patience)
