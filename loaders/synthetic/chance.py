"""Chance that can be recomputed: every draw follows from the seed and the name of a thing.

Nothing is remembered between things, so a district of any size needs no memory for them, and
the same seed gives the same bytes on every machine and Python version.
"""

import hashlib
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from typing import Final, TypeVar

import numpy as np

__all__ = ["Lot", "Weighted", "hits", "scatter"]

T = TypeVar("T")

_LOW_WATER: Final = 1 << 64  # below this the rest is too small to divide evenly
_CHUNK: Final = 1 << 16
_FIRST_MIX: Final = np.uint64(0xBF58476D1CE4E5B9)
_SECOND_MIX: Final = np.uint64(0x94D049BB133111EB)


@dataclass(frozen=True, slots=True)
class Weighted:
    """Texts with their shares of a draw."""

    texts: tuple[str, ...]
    bounds: tuple[int, ...]

    @classmethod
    def read(cls, listing: str) -> "Weighted":
        """Return the table of a listing such as `杨 66, 王 64`."""
        pairs = [entry.split() for entry in listing.split(",")]
        return cls(
            tuple(text for text, _ in pairs),
            tuple(accumulate(int(weight) for _, weight in pairs)),
        )

    def at(self, number: int) -> str:
        """Return the text that a number (any, from 0) falls on."""
        return self.texts[bisect_right(self.bounds, number % self.bounds[-1])]


class Lot:
    """The draws of one thing, from a digest of the seed and its name."""

    __slots__ = ("_digest", "_rest")

    def __init__(self, seed: int, what: str, index: int) -> None:
        key = seed.to_bytes(16, "big", signed=True)
        name = f"{what}:{index}".encode()
        self._digest = hashlib.blake2b(name, key=key, digest_size=64).digest()
        self._rest = int.from_bytes(self._digest, "big")

    def below(self, limit: int) -> int:
        """Return a number from 0 up to but not including `limit` (at most 2**32)."""
        if self._rest < _LOW_WATER:
            self._digest = hashlib.blake2b(self._digest, digest_size=64).digest()
            self._rest = int.from_bytes(self._digest, "big")
        self._rest, value = divmod(self._rest, limit)
        return value

    def chance(self, share: float) -> bool:
        """Return True in this share of draws (a fraction of 1, in steps of a millionth)."""
        return self.below(1_000_000) < share * 1_000_000

    def pick(self, items: Sequence[T]) -> T:
        """Return one of the items, all alike."""
        return items[self.below(len(items))]

    def weighted(self, table: Weighted) -> str:
        """Return one of the table's texts by its weight."""
        return table.at(self.below(table.bounds[-1]))

    def day(self, first: date, last: date) -> date:
        """Return a day from `first` up to and including `last` (`first` if they are crossed)."""
        return first + timedelta(days=self.below(max(0, (last - first).days) + 1))


def hits(seed: int, what: str, span: range, share: float) -> Iterator[int]:
    """Yield, rising, the indices of a span that a draw with this share picks.

    Cost: vectorised in chunks; constant memory however long the span is.
    """
    salt = np.uint64(Lot(seed, what, -1).below(1 << 32) * int(_FIRST_MIX) % 2**64)
    bound = np.uint64(min(share, 1.0) * float(2**63))
    for start in range(span.start, span.stop, _CHUNK):
        numbers = np.arange(start, min(start + _CHUNK, span.stop), dtype=np.uint64)
        mixed = (numbers ^ salt) * _FIRST_MIX
        mixed = (mixed ^ (mixed >> np.uint64(27))) * _SECOND_MIX
        mixed = (mixed ^ (mixed >> np.uint64(31))) >> np.uint64(1)
        yield from (start + int(place) for place in np.flatnonzero(mixed < bound))


def scatter(index: int, space: int, step: int) -> int:
    """Return a place of a space for an index: distinct for distinct ones below its size.

    Args:
        index: From 0, below `space`.
        space: Number of places.
        step: Has no factor in common with `space`; a big one spreads neighbours.
    """
    return index * step % space
