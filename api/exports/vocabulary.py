"""How our words are told in the vocabularies of others, read from `vocabulary.yaml`."""

from functools import cache
from importlib.resources import files
from typing import Any

import yaml

__all__ = ["open_end", "plain_codes", "words"]


@cache
def words() -> dict[str, Any]:
    """Return the vocabulary."""
    text = (files("api") / "exports" / "vocabulary.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


def plain_codes(codes: tuple[tuple[str, str], ...]) -> dict[str, list[str]]:
    """Return the codes others may match on, by type; a masked number identifies nobody."""
    found: dict[str, list[str]] = {}
    for kind, code in codes:
        if kind in words()["identifiers"] and "*" not in code:
            found.setdefault(kind, []).append(code)
    return found


def open_end(day: str | None) -> str | None:
    """Return an end as formats without a word for `for good` (9999-12-31) can tell it."""
    return None if day is None or day.startswith("9999") else day
