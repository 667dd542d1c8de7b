"""Fixtures strategy: one invented district, loaded once; a real server in a thread answers on it.

Tests that only read share that server; a test that writes copies the store and starts its own.
"""

import contextlib
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
import uvicorn

from api.app import create_app
from api.keys import load_or_make_key
from api.service.access import Access
from api.service.config import Service, read_service
from api.service.roles import Role
from api.settings import read_settings
from api.steps import loader_of, propagate_store, resolve_store
from graph.sanctions.rulebook import load_rulebook
from graph.secrecy import Seal
from graph.store.sqlite import SqliteStore
from loaders.manifest_reader import read_manifests
from loaders.synthetic.district import generate

NOW = datetime(2026, 11, 29, 2, 0, tzinfo=UTC)


@dataclass(frozen=True)
class House:
    """A folder with a store, its key, and an access file with one key of every role."""

    folder: Path
    secrets: dict[Role, str]

    @property
    def service(self) -> Service:
        environment = {
            "CREDITGRAPH_STORE": str(self.folder / "store.db"),
            "CREDITGRAPH_KEY_FILE": str(self.folder / "key"),
        }
        settings = read_settings({}, environment)
        return replace(read_service(settings, environment), rate="100000/minute")

    @property
    def seal(self) -> Seal:
        return Seal(load_or_make_key(self.folder / "key"))

    @contextlib.contextmanager
    def store(self) -> Iterator[SqliteStore]:
        with SqliteStore(self.folder / "store.db", self.seal) as store:
            yield store

    @contextlib.contextmanager
    def access(self) -> Iterator[Access]:
        access = Access(self.service.access, self.seal)
        try:
            yield access
        finally:
            access.close()


@dataclass(frozen=True)
class Site:
    """A server answering on a house."""

    house: House
    url: str

    def client(self, role: Role | str | None = "officer", **headers: str) -> httpx2.Client:
        """Return a client that shows the key of a role, None for no key at all."""
        shown = (
            {} if role is None else {"Authorization": f"Bearer {self.house.secrets[Role(role)]}"}
        )
        told = {"Accept-Language": "en", "X-Purpose": "supervision", **shown, **headers}
        kept = {name: value for name, value in told.items() if value}
        return httpx2.Client(base_url=self.url, headers=kept, timeout=60)

    def get(self, path: str, role: Role | str | None = "officer", **params: Any) -> httpx2.Response:
        with self.client(role) as client:
            return client.get(path, params=params or None)

    def post(self, path: str, body: Any, role: Role | str | None = "officer") -> httpx2.Response:
        with self.client(role) as client:
            return client.post(path, json=body)


@contextlib.contextmanager
def serving(house: House, service: Service | None = None) -> Iterator[Site]:
    """Answer on a free port of this machine, in a thread, with the clock at NOW."""
    app = create_app(service or house.service, lambda: NOW)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        server = uvicorn.Server(
            uvicorn.Config(app, log_level="critical", access_log=False, lifespan="on")
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        until = time.monotonic() + 30
        while not server.started:
            assert thread.is_alive()
            assert time.monotonic() < until
            time.sleep(0.01)
        try:
            yield Site(house, f"http://127.0.0.1:{port}")
        finally:
            server.should_exit = True
            thread.join(30)


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A district loaded, resolved and propagated as of NOW; for reading."""
    folder = tmp_path_factory.mktemp("house")
    generate(300, 1, folder / "district")
    seal, manifests = Seal(load_or_make_key(folder / "key")), read_manifests()
    with SqliteStore(folder / "store.db", seal) as store:
        loader = loader_of(store, manifests, seal, NOW)
        for file in sorted((folder / "district" / "files").iterdir()):
            loader.load(file, source=None, progress=lambda rows: None)
        resolve_store(store, NOW, full=False)
        propagate_store(store, load_rulebook(), NOW.date(), NOW)
    made = House(folder, {})
    with made.access() as access:
        for role in Role:
            made.secrets[role] = access.add_key(role.value, role, 3_000, NOW)[1]
    return made


@pytest.fixture(scope="session")
def site(house: House) -> Iterator[Site]:
    """A server on the shared house; for reading."""
    with serving(house) as site:
        yield site


def copied(house: House, folder: Path) -> House:
    """Copy a house into a folder."""
    for name in ("store.db", "key", "store.db.access"):
        shutil.copy(house.folder / name, folder / name)
    return House(folder, house.secrets)


@pytest.fixture
def own_house(house: House, tmp_path: Path) -> House:
    """A copy of the house, for writing."""
    return copied(house, tmp_path)


@pytest.fixture
def own_site(own_house: House) -> Iterator[Site]:
    """A server on a copy, for writing."""
    with serving(own_house) as site:
        yield site
