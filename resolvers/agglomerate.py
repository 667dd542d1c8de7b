"""Clusters from weighed pairs: best ties first, never across a veto, each group as a whole.

Pairs that may be one connect rows to neighbourhoods; inside one every pair is weighed, the
unlikely too, and groups are joined while the mean weight between them allows (average linkage,
Sokal and Michener 1958). One strong but wrong tie can not chain two subjects together, as it
would if any tie were enough. What a neighbourhood gives depends on nothing outside it.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.cluster.hierarchy import linkage
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from resolvers.grouping import grouped, pairs_inside

__all__ = ["agglomerate", "barred", "neighbourhoods", "pairs_within"]

Bits = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

NEUTRAL: Final = -1
_BARRED: Final = 1e12
"""A distance that stays out of reach in the mean over any number of pairs."""

_SMALL: Final = 12
"""Rows up to which neighbourhoods of one size are built up together."""

_SHIFT: Final = 4096.0
"""More bits than any pair has: trees are built on distances from 0 on."""


def neighbourhoods(
    pairs: tuple[Ints, Ints], bits: Bits, count: int, limits: tuple[float, int]
) -> Ints:
    """Return for each row the smallest row it is connected with, itself if alone.

    Args:
        pairs: Rows on the left and on the right.
        limits: Bits from which a pair connects, and the most rows a neighbourhood may have: one
            that is larger asks for a bit more, again and again, while that parts it.
    """
    bound, largest = limits
    left, right = pairs
    kept = np.flatnonzero(bits >= bound)
    labels = _smallest(left[kept], right[kept], count)
    while True:
        crowded = np.bincount(labels, minlength=count)[labels] > largest
        kept = kept[crowded[left[kept]]]
        bound += 1
        stronger = kept[bits[kept] >= bound]
        if not len(stronger):
            return labels
        parts = _smallest(left[stronger], right[stronger], count)
        labels = np.where(crowded, parts, labels)
        kept = stronger


def pairs_within(labels: Ints) -> tuple[Ints, Ints]:
    """Return every pair of rows with one label, group after group, left < right."""
    rows, counts = grouped(np.arange(len(labels)), labels)
    coded = pairs_inside(rows, counts, len(labels))
    return coded // len(labels), coded % len(labels)


def barred(points: Ints, left: Ints, right: Ints) -> Bools:
    """Return which pairs differ on a point where both speak.

    Args:
        points: One row a point, one column a row of the table; `NEUTRAL` is silence.
    """
    veto = np.zeros(len(left), dtype=np.bool_)
    for point in points:
        one, other = point[left], point[right]
        veto |= (one != other) & (one != NEUTRAL) & (other != NEUTRAL)
    return veto


def agglomerate(labels: Ints, bits: Bits, lines: Sequence[float]) -> list[Ints]:
    """Return for each line, and each row, the smallest row of its cluster.

    Args:
        labels: Neighbourhood of each row.
        bits: Weight of each pair, in the order of `pairs_within`; one of minus infinity may
            never be in one cluster, directly or through others.
        lines: Groups are joined while their mean weight is at least this.

    Cost: quadratic in the rows of a neighbourhood, linear in the number of neighbourhoods.
    """
    rows, counts = grouped(np.arange(len(labels)), labels)
    several = counts > 1
    rows, counts = rows[np.repeat(several, counts)], counts[several]
    clusters = [np.arange(len(labels)) for _ in lines]
    if not len(counts):
        return clusters
    distance = np.where(np.isneginf(bits), _BARRED, -bits)
    number = counts * (counts - 1) // 2
    starts, ends = np.cumsum(counts) - counts, np.cumsum(number)
    farthest = np.maximum.reduceat(distance, ends - number)
    mixed = np.zeros(len(counts), dtype=np.bool_)
    for line, found in zip(lines, clusters, strict=True):
        whole = farthest <= -line
        found[rows[np.repeat(whole, counts)]] = np.repeat(rows[starts[whole]], counts[whole])
        # A neighbourhood of two is one cluster or none; only larger ones need building up.
        mixed |= ~whole & (counts > 2)
    for size in np.unique(counts[mixed & (counts <= _SMALL)]).tolist():
        groups = np.flatnonzero(mixed & (counts == size))
        members = rows[starts[groups][:, None] + np.arange(size)]
        apart = distance[(ends - number)[groups][:, None] + np.arange(size * (size - 1) // 2)]
        for line, found in zip(lines, clusters, strict=True):
            first = _built(apart, size, -line)
            found[members] = np.take_along_axis(members, first, axis=1)
    for group in np.flatnonzero(mixed & (counts > _SMALL)).tolist():
        members = rows[starts[group] : starts[group] + counts[group]]
        tree = linkage(distance[ends[group] - number[group] : ends[group]] + _SHIFT, "average")
        for line, found in zip(lines, clusters, strict=True):
            found[members] = members[_grown(tree, _SHIFT - line)]
    return clusters


def _built(distance: Bits, size: int, reach: float) -> Ints:
    """Return the first member of each member's cluster, for many groups of one size at once.

    Args:
        distance: One row a group, pairs in the order of `pairs_within`.
    """
    many = len(distance)
    apart = np.full((many, size, size), np.inf)
    above, below = np.triu_indices(size, 1)
    apart[:, above, below] = apart[:, below, above] = distance
    first = np.tile(np.arange(size), (many, 1))
    weight = np.ones((many, size))
    going = np.arange(many)
    while len(going):
        flat = apart[going].reshape(len(going), -1)
        nearest = flat.argmin(axis=1)
        near = flat[np.arange(len(going)), nearest] <= reach
        going, nearest = going[near], nearest[near]
        one, other = np.divmod(nearest, size)
        a, b = weight[going, one][:, None], weight[going, other][:, None]
        mean = (a * apart[going, one] + b * apart[going, other]) / (a + b)
        apart[going, one] = apart[going, :, one] = mean
        apart[going, other] = apart[going, :, other] = np.inf
        apart[going, one, one] = np.inf
        weight[going, one] += weight[going, other]
        first[going] = np.where(first[going] == other[:, None], one[:, None], first[going])
    return first


def _grown(tree: Bits, reach: float) -> list[int]:
    """Return the first member of each member's cluster after all joins within reach."""
    size = len(tree) + 1
    first = [*range(size), *([0] * len(tree))]
    above = list(range(2 * size - 1))
    for made, (one, other, apart, _) in enumerate(tree.tolist(), size):
        if apart <= reach:
            first[made] = min(first[int(one)], first[int(other)])
            above[int(one)] = above[int(other)] = made
    for node in range(2 * size - 2, -1, -1):
        if above[node] != node:
            first[node] = first[above[node]]
    return first[:size]


def _smallest(left: Ints, right: Ints, count: int) -> Ints:
    """Return for each row the smallest row of its connected component."""
    ties = coo_array((np.ones(len(left), dtype=np.int8), (left, right)), shape=(count, count))
    _, parts = connected_components(ties, directed=False)
    first = np.full(count, count)
    np.minimum.at(first, parts, np.arange(count))
    return np.asarray(first[parts], dtype=np.int64)
