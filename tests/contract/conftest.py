"""Fixtures strategy: every port is tested through `store`, parametrised over the stores.

Rows are built inline by `rows(...)` from the smallest thing a test needs; no shared data.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.secrecy import Seal
from graph.store.sqlite import SqliteStore


@pytest.fixture
def seal() -> Seal:
    """A fixed key, so that ids in failures can be compared between runs."""
    return Seal(bytes(range(32)))


@pytest.fixture(params=["sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path, seal: Seal) -> Iterator[SqliteStore]:
    """An empty store of each kind."""
    with SqliteStore(tmp_path / f"{request.param}.db", seal) as opened:
        yield opened
