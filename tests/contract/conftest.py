"""Fixtures strategy: every port is tested through `store`, parametrised over the stores.

Rows are built inline by `rows(...)` from the smallest thing a test needs; no shared data.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from graph.ports import Store
from graph.secrecy import Seal
from graph.store.neo4j_ import Neo4jStore
from graph.store.sqlite import SqliteStore
from tests.contract.rows import SEAL, Fresh, Opened
from tests.support.fixtures import NEO4J, emptied, given_server


@pytest.fixture
def seal() -> Seal:
    """A fixed key, so that ids in failures can be compared between runs."""
    return Seal(bytes(range(32)))


@pytest.fixture(params=["sqlite", NEO4J])
def fresh(request: pytest.FixtureRequest, tmp_path: Path, seal: Seal) -> Fresh:
    """Opens an empty store of each kind, a new one at every call."""
    if request.param == "sqlite":
        numbers = iter(range(1_000_000))
        return lambda: SqliteStore(tmp_path / f"{next(numbers)}.db", seal)
    server = given_server(request)

    @contextmanager
    def opened() -> Iterator[Store]:
        emptied(server)
        with Neo4jStore(server, seal, patience=10) as store:
            yield store

    def open_() -> AbstractContextManager[Store]:
        return opened()

    return open_


@pytest.fixture
def store(fresh: Fresh) -> Iterator[Store]:
    """An empty store of each kind."""
    with fresh() as opened:
        yield opened


@pytest.fixture(params=["sqlite", NEO4J], scope="module")
def opened(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Opened]:
    """Opens one store of each kind, empty at first, as of now or as it was known at a moment."""
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("past") / "store.db"
        yield lambda known_at: SqliteStore(path, SEAL, known_at=known_at)
        return
    server = given_server(request)
    emptied(server)
    yield lambda known_at: Neo4jStore(server, SEAL, known_at=known_at)
    emptied(server)
