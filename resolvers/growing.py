"""Clusters grown by likeness: the best pairs first, never across a veto, doubt joins nobody.

What a cluster joins is a function of the pairs it hangs together by, never of their order: pairs
of about one weight are looked at together, and whoever fits two that must stay apart joins
neither, nor anybody less like it.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from resolvers.cluster import NEUTRAL, join
from resolvers.components import components
from resolvers.likeness import Likeness

__all__ = ["MARGIN", "Grown", "Said", "grow", "neighbourhoods", "places"]

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

MARGIN: Final = 2.0
"""Bits by which a body has to be more like one than like another to be that one."""
_NONE: Final = -np.inf


@dataclass(frozen=True, slots=True)
class Said:
    """What mentions say that likeness has to respect.

    Attributes:
        points: On points a subject has one answer to, a row a point.
        known: Which have a full code, or are one with a mention that has.
        apart: Mentions judged different, one pair a column.
        asked: Mentions that another tie only asks about: likeness joins them with nobody.
    """

    points: Ints
    known: Bools
    apart: Ints
    asked: Ints


@dataclass(frozen=True, slots=True)
class Grown:
    """What likeness joined.

    Attributes:
        labels: A cluster number for every mention.
        nodes: The clusters that are like some other, before.
        one, other: Places in `nodes` of the two ends of each tie, one < other.
        bits: Weight of each tie.
        strong: Which ties were strong enough to join.
        part: The neighbourhood each node hangs together with, by whatever ties.
    """

    labels: Ints
    nodes: Ints
    one: Ints
    other: Ints
    bits: Floats
    strong: Bools
    part: Ints


def grow(labels: Ints, ends: tuple[Ints, Ints], found: Likeness, said: Said) -> Grown:
    """Return clusters after likeness has joined what it may.

    Args:
        labels: Cluster of every mention so far.
        ends: Clusters of the two rows of each pair.
    """
    nodes, place = np.unique(np.concatenate(ends), return_inverse=True)
    if not len(nodes):
        nothing = np.zeros(0, dtype=np.int64)
        none = np.zeros(0, dtype=np.bool_)
        return Grown(labels, nodes, nothing, nothing, nothing.astype(np.float64), none, nothing)
    one, other, bits, strong = _ties(place.reshape(2, -1), found)
    doubted = np.isin(nodes, labels[said.asked])
    may = strong & ~doubted[one] & ~doubted[other]
    at, inside = places(nodes, labels)
    told = np.full((len(said.points), len(nodes)), NEUTRAL, dtype=np.int64)
    for row, values in enumerate(said.points):
        np.maximum.at(told[row], at[inside], values[inside])
    known = np.isin(nodes, labels[said.known])
    apart, both = places(nodes, labels[said.apart])
    group = _joined((one, other, bits, may), told, known, apart[:, both.all(axis=0)])
    smallest = np.full(len(nodes), np.iinfo(np.int64).max)
    np.minimum.at(smallest, group, nodes)
    relabel = np.arange(int(labels.max()) + 1, dtype=np.int64)
    relabel[nodes] = smallest[group]
    part = components(one, other, len(nodes))
    return Grown(relabel[labels], nodes, one, other, bits, strong, part)


def neighbourhoods(ends: tuple[Ints, Ints], found: Likeness) -> tuple[Ints, Ints]:
    """Return the clusters that are like some other, and the neighbourhood of each.

    They are the nodes and parts of whatever `grow` makes of the same pairs, held or not.
    """
    nodes, place = np.unique(np.concatenate(ends), return_inverse=True)
    if not len(nodes):
        return nodes, nodes
    one, other, _, _ = _ties(place.reshape(2, -1), found)
    return nodes, components(one, other, len(nodes))


def places(nodes: Ints, labels: Ints) -> tuple[Ints, Bools]:
    """Return the place of each label among nodes, and whether it is there at all."""
    place = np.searchsorted(nodes, labels)
    if not len(nodes):
        return place, np.zeros(place.shape, dtype=np.bool_)
    place[place == len(nodes)] = 0
    return place, nodes[place] == labels


def _ties(place: Ints, found: Likeness) -> tuple[Ints, Ints, Floats, Bools]:
    """Return one tie for every two clusters that no pair of theirs parts.

    It weighs what the best pair that may join them does, else what the best does.
    """
    one, other = place.min(axis=0), place.max(axis=0)
    number = one * (int(place.max()) + 1) + other
    order = np.lexsort((-found.bits, ~found.merge, number))
    numbers, first = np.unique(number[order], return_index=True)
    best = order[first]
    parted = np.isin(numbers, number[found.apart])
    best = best[~parted]
    return one[best], other[best], found.bits[best], found.merge[best]


def _joined(ties: tuple[Ints, Ints, Floats, Bools], told: Ints, known: Bools, apart: Ints) -> Ints:
    """Return a group number for every node."""
    one, other, bits, strong = ties
    group = np.arange(told.shape[1], dtype=np.int64)
    open_ = strong & ~_ambiguous(ties, known)
    band = np.floor(bits).astype(np.int64)
    frozen = np.zeros(len(group), dtype=np.bool_)
    for level in np.unique(band[open_])[::-1].tolist():
        rows = np.flatnonzero(open_ & (band == level) & ~frozen[one] & ~frozen[other])
        if not len(rows):
            continue
        keys = np.tile(np.arange(len(rows)), 2)
        group = join(group, (np.r_[one[rows], other[rows]], keys), told, apart)
        refused = rows[group[one[rows]] != group[other[rows]]]
        ends = np.r_[one[refused], other[refused]]
        sure = np.zeros(len(group), dtype=np.bool_)
        np.logical_or.at(sure, group, known)
        stopped = np.unique(group[ends][~sure[group[ends]]])
        frozen |= np.isin(group, stopped)
    return group


def _ambiguous(ties: tuple[Ints, Ints, Floats, Bools], known: Bools) -> Bools:
    """Return which ties join nothing: of a node that is as like to another with a code.

    A node clearly more like one of them is that one, and its lesser ties fall away.
    """
    one, other, bits, strong = ties
    rows = np.flatnonzero(strong & (known[one] != known[other]))
    node = np.where(known[one[rows]], other[rows], one[rows])
    best = np.full(len(known), _NONE)
    np.maximum.at(best, node, bits[rows])
    near = np.bincount(node[bits[rows] > best[node] - MARGIN], minlength=len(known))
    dropped = np.zeros(len(one), dtype=np.bool_)
    dropped[rows] = bits[rows] < best[node]
    torn = near > 1
    dropped |= torn[one] | torn[other]
    return dropped
