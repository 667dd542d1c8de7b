"""A log that shows any edit: each entry's seal covers its content and the seal before it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from graph.secrecy import Seal

__all__ = ["FIRST", "Entry", "first_broken", "linked"]

FIRST: Final = b"creditgraph audit"
"""What the first entry is linked to."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log; `number` counts from 1 without gaps."""

    number: int
    body: bytes
    link: bytes


def linked(seal: Seal, previous: bytes, number: int, body: bytes) -> bytes:
    """Return the link of an entry that follows `previous`; only the key's holder can make it."""
    return seal.link(b"%d:" % number + previous + b":" + body)


def first_broken(seal: Seal, entries: Iterable[Entry]) -> int | None:
    """Return the number of the first entry changed, added or missing, None when there is none.

    Args:
        entries: In order, from the first.
    """
    previous = FIRST
    for place, entry in enumerate(entries, start=1):
        if entry.number != place or entry.link != linked(seal, previous, place, entry.body):
            return place
        previous = entry.link
    return None
