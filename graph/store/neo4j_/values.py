"""How values look in the graph: days as dates, digests as hexadecimal, sealed text marked."""

from base64 import b64decode, b64encode
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final

from graph.identifiers import IdType, mask
from graph.secrecy import Seal

__all__ = [
    "date_of",
    "day_number",
    "hexadecimal",
    "identifier_lists",
    "plain_text",
    "shown",
    "value_of",
]

_EPOCH: Final = date(1970, 1, 1)
_MARK: Final = "sealed:"


@lru_cache(maxsize=65_536)
def date_of(day: int | None) -> date | None:
    """Return the date of a day counted from 1970-01-01."""
    return None if day is None else _EPOCH + timedelta(days=day)


def day_number(day: Any) -> int | None:
    """Return a date, Python's or the driver's, as days from 1970-01-01."""
    return None if day is None else int(day.toordinal()) - _EPOCH.toordinal()


def hexadecimal(digest: bytes | None) -> str | None:
    """Return a digest as the graph keeps it."""
    return None if digest is None else digest.hex()


def sealed_text(value: str | bytes) -> str:
    """Return an identifier's value as the graph keeps it: a list there holds one type only."""
    return _MARK + b64encode(value).decode() if isinstance(value, bytes) else value


def identifier_lists(identifiers: Iterable[tuple[Any, ...]]) -> list[list[Any]]:
    """Return identifiers (type, status, value, key, repairs) as a mention's parallel lists."""
    lists: list[list[Any]] = [[], [], [], [], []]
    for kind, status, value, key, repairs in identifiers:
        parts = (kind, status, sealed_text(value), key.hex(), repairs or "")
        for part, each in zip(lists, parts, strict=True):
            part.append(each)
    return lists


def value_of(text: str) -> str | bytes:
    """Return what `sealed_text` was given."""
    return b64decode(text.removeprefix(_MARK)) if text.startswith(_MARK) else text


def plain_text(seal: Seal, text: str) -> str:
    """Return an identifier's value as it was read."""
    value = value_of(text)
    return seal.open(value).decode() if isinstance(value, bytes) else value


def shown(seal: Seal, kind: str, text: str) -> str:
    """Return an identifier as people may see it: personal ones masked."""
    return mask(IdType(kind), plain_text(seal, text))
