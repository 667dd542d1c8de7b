"""Fixtures strategy, for every kind of test.

Build what a test needs inside the test, by a builder whose arguments show what matters
(`row(...)`, `uscc(...)`); share a fixture only when making it is slow (the district of
tests/e2e) or when every test must agree on it (the key below). Nothing here touches the
user's own key or store. Hypothesis draws new examples on every run and prints the line that
repeats a failure; HYPOTHESIS_PROFILE=thorough looks longer.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from graph.secrecy import Seal
from graph.store.address import Server
from tests.support.docker import contained
from tests.support.fixtures import OneServer, claimed, impossible
from tests.support.server import PASSWORD, RELEASES, USER, started_server

KEY = bytes(range(32))

# Loaded by name: in a CI environment hypothesis would pick a profile with one fixed seed.
_DEFAULT = settings(
    deadline=None, derandomize=False, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("default", _DEFAULT)
settings.register_profile("thorough", _DEFAULT, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


@pytest.hookimpl
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Spread tests over workers, those of the Neo4j server over one."""
    return OneServer(config, log)


@pytest.fixture
def seal() -> Seal:
    """The seal of the key every test agrees on."""
    return Seal(KEY)


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    """A key file holding that key, as an installation would have it."""
    path = tmp_path / "key"
    path.touch(mode=0o600)
    path.write_text(KEY.hex() + "\n", encoding="ascii")
    return path


@pytest.fixture(autouse=True)
def _own_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    # A test that forgets its settings must not find, or make, the user's own store and key.
    for name in ("STORE", "KEY_FILE", "LANG", "DEBUG"):
        monkeypatch.delenv(f"CREDITGRAPH_{name}", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))


@pytest.fixture(scope="session")
def neo4j_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A Neo4j server for the session; tests empty its database as they need.

    NEO4J_URI (with NEO4J_USER and NEO4J_PASSWORD) names one; else one is started here, of the
    release in CREDITGRAPH_NEO4J_RELEASE: in a container where a Docker engine runs, else with
    Maven and a JDK.
    """
    given = os.environ.get("NEO4J_URI")
    if given:
        user = os.environ.get("NEO4J_USER", USER)
        yield claimed(Server(given, user, os.environ.get("NEO4J_PASSWORD", "")))
        return
    release = os.environ.get("CREDITGRAPH_NEO4J_RELEASE") or next(iter(RELEASES))
    with contained(release, PASSWORD) as uri:
        if uri is not None:
            yield claimed(Server(uri, USER, PASSWORD))
            return
    server = started_server(tmp_path_factory.mktemp("neo4j"), release)
    if isinstance(server, str):
        impossible(server)
    try:
        yield claimed(Server(server.uri, USER, PASSWORD))
    finally:
        server.stop()
