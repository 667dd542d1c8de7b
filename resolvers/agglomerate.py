"""Clusters from weighed pairs: best ties first, never across a veto, each group as a whole.

Pairs that may be one connect rows to neighbourhoods; inside one every pair is weighed, the
unlikely too, and groups are joined while the mean weight between them allows (average linkage,
Sokal and Michener 1958). One strong but wrong tie can not chain two subjects together, as it
would if any tie were enough. What a neighbourhood gives depends on nothing outside it.
"""

from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.cluster.hierarchy import fcluster, linkage
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


def agglomerate(labels: Ints, bits: Bits, merge: float) -> Ints:
    """Return for each row the smallest row of its cluster.

    Args:
        labels: Neighbourhood of each row.
        bits: Weight of each pair, in the order of `pairs_within`; one of minus infinity may
            never be in one cluster, directly or through others.
        merge: Groups are joined while their mean weight is at least this.

    Cost: quadratic in the rows of a neighbourhood, linear in the number of neighbourhoods.
    """
    rows, counts = grouped(np.arange(len(labels)), labels)
    several = counts > 1
    rows, counts = rows[np.repeat(several, counts)], counts[several]
    clusters = np.arange(len(labels))
    if not len(counts):
        return clusters
    distance = np.where(np.isneginf(bits), _BARRED, -bits)
    number = counts * (counts - 1) // 2
    starts, ends = np.cumsum(counts) - counts, np.cumsum(number)
    farthest = np.maximum.reduceat(distance, ends - number)
    whole = farthest <= -merge
    clusters[rows[np.repeat(whole, counts)]] = np.repeat(rows[starts[whole]], counts[whole])
    # A neighbourhood of two is one cluster or none; only larger ones need building up.
    for group in np.flatnonzero(~whole & (counts > 2)).tolist():
        members = rows[starts[group] : starts[group] + counts[group]]
        apart = distance[ends[group] - number[group] : ends[group]]
        parts = _average(apart, merge)
        first = np.full(int(parts.max()) + 1, len(labels))
        np.minimum.at(first, parts, members)
        clusters[members] = first[parts]
    return clusters


def _average(distance: Bits, merge: float) -> Ints:
    """Return cluster numbers of one neighbourhood."""
    # The tree asks for distances from 0 on; a shift of all changes no mean's place.
    shift = float(distance.min())
    tree = linkage(distance - shift, "average")
    return np.asarray(fcluster(tree, -merge - shift, "distance"), dtype=np.int64)


def _smallest(left: Ints, right: Ints, count: int) -> Ints:
    """Return for each row the smallest row of its connected component."""
    ties = coo_array((np.ones(len(left), dtype=np.int8), (left, right)), shape=(count, count))
    _, parts = connected_components(ties, directed=False)
    first = np.full(count, count)
    np.minimum.at(first, parts, np.arange(count))
    return np.asarray(first[parts], dtype=np.int64)
