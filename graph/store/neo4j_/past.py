"""The store as it was known at a past moment: every reading statement, looking through a window.

Cypher has no views to stand before the graph. So a statement is read with the few patterns
that carry recorded time replaced by the same patterns of that moment; what a replaced pattern
cannot tell (how a subject was described, which codes it held) has a statement of its own in
`cypher/past.cypher`, under the name with `_then`.
"""

import re
from functools import cache
from typing import Final

from graph.store.neo4j_.statements import named, statement

__all__ = ["as_known"]

_MEMBERSHIP: Final = re.compile(r"\[(\w*):RESOLVED_TO\]")
_WITHDRAWN: Final = re.compile(r"\b(\w+)\.withdrawn_at\b")
_COMPLETE: Final = re.compile(r"\b(\w+)\.state = 'complete'")
_NOT_OPEN: Final = re.compile(r"\b(\w+)\.state <> 'open'")
_CURRENT: Final = re.compile(r"\b(\w+)\.recorded_to IS NULL")
_HELD: Final = (
    r"(\1.recorded_from <= $known_at AND "
    r"(\1.recorded_to IS NULL OR \1.recorded_to > $known_at))"
)
_LOADED: Final = r"(\1.state <> 'open' AND \1.loaded_at <= $known_at)"
_SAID: Final = re.compile(r"\((\w*):Judgement( \{[^}]*\})?\)")
_PRESENT: Final = frozenset(
    {"store_meta", "steps", "waiting", "waits", "copying", "foreign_labels"}
)
"""Statements about the store itself, which is as it is now."""


@cache
def as_known(name: str) -> str:
    """Return a statement by name for what was known at `$known_at`, ISO 8601 in UTC."""
    if name in _PRESENT:
        return statement(name)
    if named(f"{name}_then"):
        return statement(f"{name}_then")
    text = _CURRENT.sub(_HELD, statement(name))
    text = _MEMBERSHIP.sub(_membership, text)
    text = _SAID.sub(_said, text)
    text = _WITHDRAWN.sub(r"CASE WHEN \1.withdrawn_at <= $known_at THEN \1.withdrawn_at END", text)
    text = _NOT_OPEN.sub(_LOADED, text)
    return _COMPLETE.sub(
        f"({_LOADED} AND (\\1.withdrawn_at IS NULL OR \\1.withdrawn_at > $known_at))", text
    )


def _membership(found: re.Match[str]) -> str:
    tie = found[1] or f"held{found.start()}"
    return f"[{tie}:RESOLVED_TO|WAS_RESOLVED_TO WHERE {_HELD}]".replace(r"\1", tie)


def _said(found: re.Match[str]) -> str:
    row = found[1] or f"row{found.start()}"
    return f"({row}:Judgement{found[2] or ''} WHERE {row}.at <= $known_at)"
