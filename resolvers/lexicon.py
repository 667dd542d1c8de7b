"""The data files beside this package: lines of words, and YAML."""

from collections.abc import Iterator
from importlib.resources import files
from typing import Any, Final

import yaml

__all__ = ["document", "lines"]

_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def lines(name: str) -> Iterator[str]:
    """Yield the lines of a lexicon that are neither empty nor a comment."""
    for line in (files("resolvers") / "lexicons" / name).read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line


def document(name: str) -> Any:
    """Return the content of a YAML lexicon."""
    text = (files("resolvers") / "lexicons" / name).read_text("utf-8")
    return yaml.load(text, Loader=_LOADER)  # noqa: S506 - a safe loader
