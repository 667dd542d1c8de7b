"""Pieces of a manifest that occur in many places: codes chosen by a cell, conditions, dates."""

import re
from collections.abc import Collection
from typing import Final

from loaders.manifest import Choice, Condition, DateCell
from loaders.manifest_fields import Fields

__all__ = ["WORD", "choice", "condition", "date_cell", "optional_column", "word"]

WORD: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
"""A code of our own choosing: a party's key, a role, a scope."""


def word(fields: Fields, key: str) -> str | None:
    """Return an optional code of our own choosing: small letters, digits, underscores."""
    if not fields.has(key):
        return None
    text = fields.text(key)
    if not WORD.fullmatch(text):
        raise fields.wrong(key, text, "a–z 0–9 _")
    return text


def choice(fields: Fields, key: str, codes: Collection[str] | None) -> Choice:
    """Return a constant or chosen code; with `codes` None any word, and '' as default."""
    if isinstance(fields.value(key), str):
        return Choice(_picked(fields, key, codes))
    inner = fields.inner(key).only((), ("column", "patterns", "default"))
    listed = inner.inner("patterns")
    patterns = tuple((listed.compiled(each, each), _picked(listed, each, codes)) for each in listed)
    return Choice(_picked(inner, "default", codes), inner.column("column"), patterns)


def _picked(fields: Fields, key: str, codes: Collection[str] | None) -> str:
    if codes is not None:
        return fields.code(key, codes)
    return "" if fields.value(key) == "" else word(fields, key) or ""


def condition(fields: Fields, key: str) -> Condition | None:
    """Return an optional condition on a cell, or on several that must all hold."""
    if not fields.has(key):
        return None
    if not isinstance(fields.value(key), list):
        return _condition(fields.inner(key), None)
    found: Condition | None = None
    for each in reversed(list(fields.inners(key))):
        found = _condition(each, found)
    if found is None:
        raise fields.wrong(key, [], "[{…}, {…}]")
    return found


def _condition(fields: Fields, also: Condition | None) -> Condition:
    fields.only(("matches", "form", "negate"), ("column",))
    dated = fields.has("form") and fields.code("form", ("date",)) == "date"
    if dated and fields.has("matches"):
        raise fields.wrong("form", "date", "matches | form")
    matches = fields.pattern("matches") if fields.has("matches") else None
    return Condition(fields.column("column"), matches, dated, fields.truth("negate"), also)


def date_cell(fields: Fields, key: str) -> DateCell | None:
    """Return an optional date column: its name, or {column, inclusive}."""
    if not fields.has(key):
        return None
    if isinstance(fields.value(key), str):
        return DateCell(fields.column(key))
    inner = fields.inner(key).only(("inclusive",), ("column",))
    return DateCell(inner.column("column"), inner.truth("inclusive"))


def optional_column(fields: Fields, key: str) -> str | None:
    """Return an optional known column."""
    return fields.column(key) if fields.has(key) else None
