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
from resolvers.columns import texts
from resolvers.persons import parse_person

__all__ = ["meeting_keys"]

Ints = npt.NDArray[np.int64]

_START: Final = 2
"""Characters that a name's telling part is known by where something else agrees."""


def meeting_keys(table: pa.Table) -> tuple[Ints, Ints]:
    """Return row and key, a pair for each key of each row.

    Args:
        table: As `Bodies.table`.

    Cost: some 10 microseconds a row.
    """
    columns = [
        texts(table, name) for name in ("core", "tail", "representative", "address", PHONE_KEY)
    ]
    rows, keys = [], []
    for row, told in enumerate(zip(*columns, strict=True)):
        for text in _told(*told):
            rows.append(row)
            keys.append(_number(text))
    return np.array(rows, dtype=np.int64), np.array(keys, dtype=np.int64)


def _told(core: str, tail: str, representative: str, address: str, phone: str) -> Iterator[str]:
    start = _sound(core)
    if core:
        yield f"name {simplified(core)} {tail}"
    head = _person(representative)
    place = _place(address)
    if head and start:
        yield f"head {head} {start}"
    if place and start:
        yield f"place {place} {start}"
    if phone and start:
        yield f"phone {phone} {start}"
    if head and place:
        yield f"head at {head} {place}"


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
