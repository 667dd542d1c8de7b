"""Which bodies are worth comparing: keys that two tellings of one body are likely to share.

A key depends on the row alone, never on how many share it, so that who meets whom is the same
whatever else is known.
"""

from collections.abc import Iterator
from functools import cache, lru_cache
from hashlib import blake2b
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from resolvers.addresses import parse_address
from resolvers.bodies import PHONE_KEY
from resolvers.characters import simplified, syllables
from resolvers.persons import parse_person
from resolvers.rows import Rows

__all__ = ["KINDS", "meeting_keys", "meeting_kinds"]

Ints = npt.NDArray[np.int64]

KINDS: Final = ("name", "head", "place", "phone", "head at")
"""What keys are made of: a name, or its start beside a representative, an address or a phone; the
last is a representative at an address."""
_TOLD_BY: Final = ("core", "tail", "representative", "address", PHONE_KEY)
_START: Final = 2
"""Characters that a name's telling part is known by where something else agrees."""


def meeting_keys(table: pa.Table) -> tuple[Ints, Ints]:
    """Return row and key, a pair for each key of each row.

    Args:
        table: As `Bodies.table`.

    Cost: some 10 microseconds a row.
    """
    rows, keys = [], []
    for row, _, key in _keyed(table):
        rows.append(row)
        keys.append(key)
    return np.array(rows, dtype=np.int64), np.array(keys, dtype=np.int64)


def meeting_kinds(table: pa.Table) -> dict[str, tuple[Ints, Ints]]:
    """Return rows and keys as `meeting_keys` does, apart by what the key is made of."""
    found: dict[str, tuple[list[int], list[int]]] = {kind: ([], []) for kind in KINDS}
    for row, kind, key in _keyed(table):
        found[kind][0].append(row)
        found[kind][1].append(key)
    return {
        kind: (np.array(rows, dtype=np.int64), np.array(keys, dtype=np.int64))
        for kind, (rows, keys) in found.items()
    }


def _keyed(table: pa.Table) -> Iterator[tuple[int, str, int]]:
    """Yield row, kind and key, once for each key of each row."""
    given = Rows(table)
    columns = [given.texts(name) for name in _TOLD_BY]
    for row, told in enumerate(zip(*columns, strict=True)):
        for kind, text in _told(*told):
            yield row, kind, _number(f"{kind} {text}")


def _told(
    core: str, tail: str, representative: str, address: str, phone: str
) -> Iterator[tuple[str, str]]:
    start = _sound(core)
    if core:
        yield "name", f"{simplified(core)} {tail}"
    head = _person(representative)
    place = _place(address)
    if head and start:
        yield "head", f"{head} {start}"
    if place and start:
        yield "place", f"{place} {start}"
    if phone and start:
        yield "phone", f"{phone} {start}"
    if head and place:
        yield "head at", f"{head} {place}"


@lru_cache(maxsize=262_144)
def _person(name: str) -> str:
    found = parse_person(name)
    return "" if found.odd or len(found.key) <= 1 else found.key


@lru_cache(maxsize=262_144)
def _place(address: str) -> str:
    found = parse_address(address)
    if found.road and found.number:
        return f"{found.road} {found.number}"
    return found.rest


@cache
def _heard(character: str) -> str:
    return min(syllables(character), default=character)


def _sound(core: str) -> str:
    return "".join(_heard(character) for character in core[:_START])


def _number(text: str) -> int:
    # Two texts of one number would only be one pair too many.
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little", signed=True)
