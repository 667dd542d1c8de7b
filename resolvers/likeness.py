"""Which bodies are like one another, pair by pair: by the shipped scorecard, and nothing else.

The weight of a pair depends on what the two rows tell alone, so it is the same whatever else is
known, and in whatever order it came.
"""

from dataclasses import dataclass, replace
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from resolvers.abbreviations import ABBREVIATION
from resolvers.bodies import PHONE_KEY, Bodies
from resolvers.compare import compared
from resolvers.features import Levels
from resolvers.grouping import grouped
from resolvers.meeting import meeting_keys
from resolvers.organisations import ORGANISATION_FEATURES
from resolvers.phones import DIFFERENT, SAME
from resolvers.rows import Rows
from resolvers.weighing import DECISIONS, Weights, decide, read_weights, weigh

__all__ = ["Likeness", "Met", "alike", "card", "levels_of", "met"]

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

MERGE: Final = DECISIONS.index("merge")
REVIEW: Final = DECISIONS.index("review")
# From these levels on a feature is a sign of its own beside the name.
_SIGNS: Final = {"representative": 5, "phone": 3, "address": 4, "founded": 2, "holders": 4}
_SLIP: Final = (3, 4)
_CODES_SPEAK: Final = (1, 2, 5)
_CHUNK: Final = 200_000


@dataclass(frozen=True, slots=True)
class Met:
    """Rows of bodies and the keys they may meet others by, a pair each."""

    row: Ints
    key: Ints


@dataclass(frozen=True, slots=True)
class Likeness:
    """Pairs of rows of bodies that may be one, or must not.

    Attributes:
        left, right: Rows of `Bodies`.
        bits: Match weight.
        merge: They are one, unless something forbids it.
        apart: What they tell of themselves forbids it: codes, a branch mark, ordinals.
        levels: On what they were compared, a column a feature of the card.
    """

    left: Ints
    right: Ints
    bits: Floats
    merge: Bools
    apart: Bools
    levels: Levels

    def held(self, holders: Levels) -> "Likeness":
        """Return the same pairs, weighed by how their holders stand as well."""
        if not holders.any():
            return self
        rows, levels = np.flatnonzero(holders), self.levels.copy()
        levels[rows, card().place("holders")] = holders[rows]
        again, _ = _weighed(levels[rows], self.left[rows], self.right[rows])
        bits, merge = self.bits.copy(), self.merge.copy()
        bits[rows], merge[rows] = again.bits, again.merge
        return replace(self, bits=bits, merge=merge, levels=levels)


@cache
def card() -> Weights:
    """Return the scorecard of bodies."""
    return read_weights("organisation", (*ORGANISATION_FEATURES, ABBREVIATION))


def met(bodies: Bodies) -> Met:
    """Return the keys by which bodies may meet."""
    return Met(*meeting_keys(bodies.table))


def alike(bodies: Bodies, keys: Met, known: Bools, new: Bools | None = None) -> Likeness:
    """Return the pairs worth a merge or a look, and those that forbid one.

    Two bodies that both have full codes are told apart or joined by these, and never compared.

    Args:
        known: Which rows belong to a cluster with a full code.
        new: If given, only pairs of a new row and another are looked at.

    Cost: some 40 microseconds a pair that shares a key.
    """
    left, right = _pairs(bodies, keys, known)
    if new is not None:
        between = new[left] != new[right]
        left, right = left[between], right[between]
    if not len(left):
        none = np.zeros(0, dtype=np.bool_)
        levels = np.zeros((0, len(card().features)), dtype=np.int8)
        return Likeness(left, right, np.zeros(0), none, none, levels)
    asked = np.zeros(bodies.table.num_rows, dtype=np.bool_)
    asked[left] = asked[right] = True
    rows, place = Rows(bodies.table.filter(pa.array(asked))), np.cumsum(asked) - 1
    found = []
    for at in range(0, len(left), _CHUNK):
        one, other = left[at : at + _CHUNK], right[at : at + _CHUNK]
        found.append(_kept(*_weighed(levels_of(rows, place[one], place[other]), one, other)))
    return Likeness(
        *(np.concatenate([getattr(part, name) for part in found]) for name in Likeness.__slots__)
    )


def levels_of(rows: Rows, left: Ints, right: Ints) -> Levels:
    """Return the levels of pairs of rows of `Bodies.table`, one column a feature of the card."""
    one, other = rows.take(left), rows.take(right)
    levels = compared(card(), one, other)
    # Of a phone only the digest is known: two are the same or differ.
    ones, others = one.texts(PHONE_KEY), other.texts(PHONE_KEY)
    same, told = ones == others, (ones != "") & (others != "")
    levels[:, card().place("phone")] = np.where(told, np.where(same, SAME, DIFFERENT), 0)
    return levels


def _weighed(levels: Levels, left: Ints, right: Ints) -> tuple[Likeness, Ints]:
    """Return pairs, and what the card decides of each."""
    own = card()
    bits = weigh(levels, own)
    decision = decide(levels, bits, own)
    code = levels[:, own.place("code")]
    sign = np.isin(code, _SLIP)
    for name, least in _SIGNS.items():
        sign |= levels[:, own.place(name)] >= least
    apart = np.isin(code, _CODES_SPEAK)
    for name, parting in own.vetoes.items():
        apart |= np.isin(levels[:, own.place(name)], parting)
    merge = (decision == MERGE) & sign & ~apart
    return Likeness(left, right, bits, merge, apart, levels), decision


def _kept(found: Likeness, decision: Ints) -> Likeness:
    """Return the pairs that are worth a look by what the two rows tell, or forbid a merge."""
    kept = found.apart | (decision >= REVIEW)
    return Likeness(*(getattr(found, name)[kept] for name in Likeness.__slots__))


def _pairs(bodies: Bodies, keys: Met, known: Bools) -> tuple[Ints, Ints]:
    """Return pairs of rows of two clusters that share a key, the smaller row first."""
    order, counts = grouped(np.arange(len(keys.key)), keys.key)
    rows = keys.row[order]
    starts = np.repeat(np.cumsum(counts) - counts, counts)
    counts = np.repeat(counts, counts)
    asking = np.flatnonzero(~known[rows] & (counts > 1))
    many = counts[asking]
    one = np.repeat(rows[asking], many)
    within = np.arange(len(one)) - np.repeat(np.cumsum(many) - many, many)
    other = rows[np.repeat(starts[asking], many) + within]
    kept = (bodies.cluster[one] != bodies.cluster[other]) & (known[other] | (one < other))
    one, other = one[kept], other[kept]
    size = max(bodies.table.num_rows, 1)
    pairs = np.unique(np.minimum(one, other) * size + np.maximum(one, other))
    return pairs // size, pairs % size
