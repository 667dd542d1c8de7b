"""Whom a text may mean, among those a caller may be told of."""

from collections.abc import Sequence
from typing import NamedTuple

from graph.lookup import name_key
from graph.model import Subject

__all__ = ["Found", "holds", "of_kind"]


class Found(NamedTuple):
    """Whom a text may mean.

    Attributes:
        by: What found them: identifier, name or part.
        cut: There may be more than could be looked at.
    """

    hits: list[Subject]
    by: str
    cut: bool = False


def holds(name: str, words: Sequence[str]) -> bool:
    """Tell whether a name has every word of a search in it."""
    key = name_key(name)
    return all(word in key for word in words)


def of_kind(hits: list[Subject], kind: str | None) -> list[Subject]:
    """Return those of a kind; None is any."""
    return [hit for hit in hits if kind is None or hit.kind == kind]
