"""Fixtures strategy: one invented district goes through the real command line once a session.

Tests that only read share that store; a test that writes copies it or makes its own.
"""

import contextlib
import io
import json
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from api.cli import main
from graph.store.address import Server
from loaders.synthetic.district import generate
from loaders.synthetic.stories import read_cast


@dataclass(frozen=True)
class Answer:
    """What one command printed and returned."""

    code: int
    out: str
    talk: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True)
class Shell:
    """Runs `creditgraph` in this process, as a shell would, on one store and key."""

    folder: Path
    lang: str = "zh"
    server: Server | None = None

    @property
    def store(self) -> Path:
        return self.folder / "store.db"

    @property
    def _place(self) -> dict[str, str]:
        if self.server is None:
            return {"CREDITGRAPH_STORE": str(self.store)}
        return {
            "CREDITGRAPH_STORE": self.server.uri,
            "CREDITGRAPH_NEO4J_USER": self.server.user,
            "CREDITGRAPH_NEO4J_PASSWORD": self.server.password,
        }

    def __call__(self, *arguments: object) -> Answer:
        environment = self._place | {
            "CREDITGRAPH_KEY_FILE": str(self.folder / "key"),
            "CREDITGRAPH_LANG": self.lang,
        }
        out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
        talk = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
        words = ["creditgraph", *(str(argument) for argument in arguments)]
        with (
            patch.dict(os.environ, environment),
            patch.object(sys, "argv", words),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(talk),
            pytest.raises(SystemExit) as ended,
        ):
            main()
        code = ended.value.code
        return Answer(int(code or 0), _text(out), _text(talk))


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode("utf-8")


@pytest.fixture(scope="session")
def district(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Department files of a small district, and the truth about them."""
    folder = tmp_path_factory.mktemp("district")
    generate(300, 1, folder)
    return folder


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory, district: Path) -> Shell:
    """A store that has loaded, resolved and propagated the district; for reading."""
    shell = Shell(tmp_path_factory.mktemp("office"))
    assert shell("load", district / "files", "--json").code == 1
    assert shell("resolve").code == 1
    assert shell("propagate").code == 0
    return shell


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """An empty store."""
    return Shell(tmp_path)


@pytest.fixture
def copied(office: Shell, tmp_path: Path) -> Callable[[], Shell]:
    """Make a copy of the office's store, for writing."""

    def copy() -> Shell:
        for name in ("store.db", "key"):
            shutil.copy(office.folder / name, tmp_path / name)
        return Shell(tmp_path)

    return copy


@pytest.fixture(scope="session")
def numbers(district: Path) -> tuple[str, ...]:
    """Every identity number of the cast that stands in a department's file."""
    written = "".join(
        file.read_bytes().decode("gb18030", errors="replace")
        + file.read_bytes().decode(errors="replace")
        for file in (district / "files").glob("*.csv")
    )
    cast = (person.id_number for person in read_cast().people.values())
    found = tuple(number for number in cast if number in written)
    assert len(found) > 20
    return found
