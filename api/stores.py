"""Opening the store the settings name."""

from pathlib import Path

from graph.ports import Store
from graph.secrecy import Seal
from graph.store.address import Server
from graph.store.sqlite import SqliteStore

__all__ = ["open_store"]


def open_store(place: Path | Server, seal: Seal, *, copying: bool = False) -> Store:
    """Open a store file or connect to a server; made ready on first use.

    Args:
        copying: A server store that a stopped copy left half taken over may be opened.

    Raises:
        StoreError: It cannot be used; the code says why.
    """
    if isinstance(place, Path):
        return SqliteStore(place, seal)
    # Loading the driver takes as long as a question; the embedded store needs none of it.
    from graph.store.neo4j_ import Neo4jStore

    return Neo4jStore(place, seal, copying=copying)
