"""The numbered scripts that make a store file what this program expects."""

import sqlite3
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable

__all__ = ["newest", "statements_after"]


def newest() -> int:
    """Return the number of the last script, which is the version of a file up to date."""
    return max(_scripts())


def statements_after(version: int) -> Iterator[str]:
    """Yield the statements that bring a file of some version (0: new) up to date, in order."""
    for number, script in sorted(_scripts().items()):
        if number > version:
            yield from _statements(script.read_text(encoding="utf-8"))
            yield f"PRAGMA user_version = {number}"


def _scripts() -> dict[int, Traversable]:
    folder = files("graph.store.sqlite") / "migrations"
    return {int(each.name[:4]): each for each in folder.iterdir() if each.name.endswith(".sql")}


def _statements(script: str) -> Iterator[str]:
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""
