"""Which mentions are one subject: shared identifiers, strongest first, never across a veto.

The partition is a function of what the mentions say, not of their order or keys: every step
below looks at whole groups at once, and a group in conflict is cut by what its members say
about the disputed point, never by who came first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from graph.identifiers import STRENGTH, IdType

__all__ = ["EXCLUSIVE", "NEUTRAL", "Clues", "cluster"]

Ints = npt.NDArray[np.int64]

NEUTRAL: Final = -1
"""A point on which a mention says nothing."""

# A body has one of each for life. Not so registration numbers (13 digits became 15), tax
# numbers, certificates and passports (reissued), or the registry's own keys.
EXCLUSIVE: Final = (
    IdType.USCC,
    IdType.ID_CARD,
    IdType.RESIDENCE_PERMIT,
    IdType.FOREIGN_PERMANENT,
    IdType.ORG_CODE,
)


@dataclass(frozen=True, slots=True)
class Clues:
    """What mentions say, as numbers: mention i has `points[:, i]`, row j of keys joins.

    Attributes:
        count: How many mentions.
        mention: Mention of each identifier row.
        key: Key of each identifier row, equal numbers for equal identifiers.
        rank: Place of each row's type in `STRENGTH`, 0 is strongest.
        natures: Points on which mentions of one subject may not differ, one row each:
            person or organisation, branch or not. `NEUTRAL` agrees with anything.
    """

    count: int
    mention: Ints
    key: Ints
    rank: Ints
    natures: Ints


def cluster(clues: Clues) -> Ints:
    """Return a cluster number for every mention; numbers mean nothing but equality.

    Cost: linear in mentions and identifier rows, once for each identifier type in use.
    """
    exclusive = [_own_key(clues, STRENGTH.index(kind)) for kind in EXCLUSIVE]
    points = np.vstack([clues.natures, *exclusive])
    usable = _usable(clues, exclusive)
    labels = np.arange(clues.count, dtype=np.int64)
    for rank in range(len(STRENGTH)):
        rows = usable & (clues.rank == rank)
        if rows.any():
            labels = _join(labels, clues.mention[rows], clues.key[rows], points)
    return labels


def _own_key(clues: Clues, rank: int) -> Ints:
    """Return each mention's key of one type, `NEUTRAL` where it has none or several."""
    rows = clues.rank == rank
    low = np.full(clues.count, np.iinfo(np.int64).max)
    high = np.full(clues.count, NEUTRAL, dtype=np.int64)
    np.minimum.at(low, clues.mention[rows], clues.key[rows])
    np.maximum.at(high, clues.mention[rows], clues.key[rows])
    return np.where(low == high, high, NEUTRAL)


def _usable(clues: Clues, exclusive: Sequence[Ints]) -> npt.NDArray[np.bool_]:
    """Return which rows may join: not those of a mention that contradicts itself.

    A row with two different codes of one type says that one of them is wrong, not which. An
    organisation code that differs from the one inside the full code is itself the wrong one;
    two full codes leave nothing to go by.
    """
    usable = np.ones(len(clues.key), dtype=np.bool_)
    for kind, own in zip(EXCLUSIVE, exclusive, strict=True):
        rows = clues.rank == STRENGTH.index(kind)
        contradicts = rows & (own[clues.mention] != clues.key)
        usable[contradicts] = False
        if kind is not IdType.ORG_CODE:
            torn = np.zeros(clues.count, dtype=np.bool_)
            torn[clues.mention[contradicts]] = True
            usable &= ~torn[clues.mention]
    return usable


def _join(labels: Ints, mention: Ints, key: Ints, points: Ints) -> Ints:
    """Return labels after one identifier type has joined what it may."""
    clusters, node = np.unique(labels[mention], return_inverse=True)
    keys, place = np.unique(key, return_inverse=True)
    groups = _components(node, place + len(clusters), len(clusters) + len(keys))[: len(clusters)]
    low, high = _range_of_groups(labels, clusters, groups, points)
    disputed = (low < high) & (low != np.iinfo(np.int64).max)
    conflict = disputed.any(axis=0)
    if conflict.any():
        groups = _cut(groups, conflict, disputed, (node, place), _said(labels, clusters, points))
    # The label of a group is its smallest cluster's.
    smallest = np.full(int(groups.max()) + 1, np.iinfo(np.int64).max)
    np.minimum.at(smallest, groups, clusters)
    relabel = np.arange(int(labels.max()) + 1, dtype=np.int64)
    relabel[clusters] = smallest[groups]
    return relabel[labels]


def _said(labels: Ints, clusters: Ints, points: Ints) -> Ints:
    """Return what each cluster says on every point: the one value its mentions have."""
    where = np.searchsorted(clusters, labels)
    where[where == len(clusters)] = 0
    inside = clusters[where] == labels
    said = np.full((len(points), len(clusters)), NEUTRAL, dtype=np.int64)
    for row, values in enumerate(points):
        np.maximum.at(said[row], where[inside], values[inside])
    return said


def _range_of_groups(labels: Ints, clusters: Ints, groups: Ints, points: Ints) -> tuple[Ints, Ints]:
    """Return the least and greatest value said in each group, on every point."""
    said = _said(labels, clusters, points)
    size = int(groups.max()) + 1
    low = np.full((len(points), size), np.iinfo(np.int64).max)
    high = np.full((len(points), size), NEUTRAL, dtype=np.int64)
    for row in range(len(points)):
        spoken = said[row] != NEUTRAL
        np.minimum.at(low[row], groups[spoken], said[row][spoken])
        np.maximum.at(high[row], groups[spoken], said[row][spoken])
    return low, high


def _cut(
    groups: Ints,
    conflict: npt.NDArray[np.bool_],
    disputed: npt.NDArray[np.bool_],
    edges: tuple[Ints, Ints],
    said: Ints,
) -> Ints:
    """Return groups with those in conflict cut into parts that agree.

    In a disputed group two clusters stay together only if they share a key and both speak,
    alike, on every disputed point. One that is silent there would fit several and joins none.
    """
    count = len(groups)
    # One number for what a cluster says on its group's disputed points; silent ones are alone.
    voice = np.zeros(count, dtype=np.int64)
    silent = np.zeros(count, dtype=np.bool_)
    for row in range(len(said)):
        asked = disputed[row][groups]
        voice = _paired(voice, np.where(asked, said[row], NEUTRAL))
        silent |= asked & (said[row] == NEUTRAL)
    in_conflict = conflict[groups]
    node, place = edges
    kept = ~(in_conflict & silent)[node]
    # A key joins only clusters of one voice: it is taken once for each voice that uses it.
    spoken = np.where(in_conflict, voice, 0)[node[kept]]
    _, meeting = np.unique(_paired(place[kept], spoken), return_inverse=True)
    size = count + (int(meeting.max()) + 1 if len(meeting) else 0)
    return _components(node[kept], meeting + count, size)[:count]


def _paired(one: Ints, other: Ints) -> Ints:
    """Return one number for each distinct pair."""
    _, first = np.unique(one, return_inverse=True)
    values, second = np.unique(other, return_inverse=True)
    return first.astype(np.int64) * len(values) + second


def _components(one: Ints, other: Ints, size: int) -> Ints:
    joined = coo_array((np.ones(len(one), dtype=np.int8), (one, other)), shape=(size, size))
    _, labels = connected_components(joined, directed=False)
    return np.asarray(labels, dtype=np.int64)
