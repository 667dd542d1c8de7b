"""The Cypher of this store: whole statements, each under its name, in `cypher/*.cypher`."""

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

__all__ = ["migrations", "statement", "statement_then"]

_NAME = re.compile(r"^// name: (\w+)$", re.MULTILINE)
_FOLDER = files("graph.store.neo4j_")


def statement(name: str) -> str:
    """Return a statement by name."""
    return _statements()[name]


def statement_then(name: str) -> str:
    """Return a statement's twin that reads what was known at `$known_at` (ISO 8601 in UTC).

    A statement that reads nothing that changes in time has no twin and is returned itself.
    """
    found = _statements()
    return found.get(f"{name}_then", found[name])


def migrations() -> list[tuple[int, tuple[str, ...]]]:
    """Return (number, statements) of every migration, oldest first."""
    found = [item for item in (_FOLDER / "migrations").iterdir() if item.name.endswith(".cypher")]
    return sorted(
        (int(item.name[:4]), tuple(_split(item.read_text(encoding="utf-8")))) for item in found
    )


@cache
def _statements() -> dict[str, str]:
    found: dict[str, str] = {}
    for item in (_FOLDER / "cypher").iterdir():
        if item.name.endswith(".cypher"):
            _, *parts = _NAME.split(item.read_text(encoding="utf-8"))
            for name, text in zip(parts[::2], parts[1::2], strict=True):
                if name in found:
                    raise AssertionError(f"two statements called {name}")
                found[name] = text.strip()
    return found


def _split(script: str) -> Iterator[str]:
    lines = [line for line in script.splitlines() if not line.startswith("//")]
    for each in "\n".join(lines).split(";"):
        if each.strip():
            yield each.strip()
