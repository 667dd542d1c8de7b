"""Which mentions are one subject: a person's word, then shared identifiers, strongest first.

Never across a veto: what two mentions say of themselves, or a judgement that they differ.

The partition is a function of what the mentions say, not of their order or keys: every step
below looks at whole groups at once, and a group in conflict is cut by what its members say
about the disputed point, never by who came first.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from graph.identifiers import STRENGTH, IdType
from resolvers.components import NEUTRAL, components, range_within
from resolvers.judged import Word, word_on
from resolvers.misuse import SILENT

__all__ = ["EXCLUSIVE", "NEUTRAL", "Clues", "cluster", "join", "own_keys"]

Ints = npt.NDArray[np.int64]

# A body has one of each for life. Not so registration numbers (13 digits became 15), tax
# numbers, certificates and passports (reissued), or the registry's own keys.
EXCLUSIVE: Final = (
    IdType.USCC,
    IdType.ID_CARD,
    IdType.RESIDENCE_PERMIT,
    IdType.FOREIGN_PERMANENT,
    IdType.ORG_CODE,
)


@dataclass(frozen=True)
class Clues:
    """What mentions say, as numbers: mention i has `points[:, i]`, row j of keys joins.

    Attributes:
        count: How many mentions.
        mention: Mention of each identifier row.
        key: Key of each identifier row, equal numbers for equal identifiers.
        rank: Place of each row's type in `STRENGTH`, 0 is strongest.
        natures: Points on which mentions of one subject may not differ, one row each:
            person or organisation, branch or not. `NEUTRAL` agrees with anything.
        same: Mentions judged the same, one pair a column.
        different: Mentions judged different.
        voice: For each identifier row, whose names agree on its key, as `misuse.voices` says.
    """

    count: int
    mention: Ints
    key: Ints
    rank: Ints
    natures: Ints
    same: Ints
    different: Ints
    voice: Ints

    @cached_property
    def points(self) -> Ints:
        """What every mention says on points a subject has one answer to, a row a point."""
        exclusive = [own_keys(self, STRENGTH.index(kind)) for kind in EXCLUSIVE]
        return np.vstack([self.natures, *exclusive])


def cluster(clues: Clues) -> tuple[Ints, Word]:
    """Return a cluster number for every mention, and what judgements came to.

    Numbers mean nothing but equality.

    Cost: linear in mentions and identifier rows, once for each identifier type in use.
    """
    points = clues.points
    usable = _usable(clues, points[len(clues.natures) :]) & (clues.voice != SILENT)
    key = _paired(clues.key, clues.voice)
    word = word_on(clues.same, clues.different, points)
    labels = word.labels
    for rank in range(len(STRENGTH)):
        rows = usable & (clues.rank == rank)
        if rows.any():
            keys = (clues.mention[rows], key[rows])
            labels = join(labels, keys, points, clues.different)
    return labels, word


def own_keys(clues: Clues, rank: int) -> Ints:
    """Return each mention's key of one type, `NEUTRAL` where it has none or several."""
    rows = clues.rank == rank
    low = np.full(clues.count, np.iinfo(np.int64).max)
    high = np.full(clues.count, NEUTRAL, dtype=np.int64)
    np.minimum.at(low, clues.mention[rows], clues.key[rows])
    np.maximum.at(high, clues.mention[rows], clues.key[rows])
    return np.where(low == high, high, NEUTRAL)


def _usable(clues: Clues, exclusive: Ints) -> npt.NDArray[np.bool_]:
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


def join(labels: Ints, keys: tuple[Ints, Ints], points: Ints, apart: Ints) -> Ints:
    """Return labels after one kind of key has joined what it may.

    Args:
        keys: A mention and a key a row.
        points: As `Clues.points`.
        apart: Mentions judged different, one pair a column.
    """
    mention, key = keys
    clusters, node = np.unique(labels[mention], return_inverse=True)
    used, place = np.unique(key, return_inverse=True)
    groups = components(node, place + len(clusters), len(clusters) + len(used))[: len(clusters)]
    if groups.max() + 1 == len(groups):
        return labels
    said = _said(labels, clusters, points)
    low, high = range_within(groups, said)
    disputed = (low < high) & (low != np.iinfo(np.int64).max)
    parted = _parted(labels[apart], clusters, groups)
    if parted.any() or disputed.any():
        groups = _cut(groups, (disputed, parted), (node, place), said)
    # The label of a group is its smallest cluster's.
    smallest = np.full(int(groups.max()) + 1, np.iinfo(np.int64).max)
    np.minimum.at(smallest, groups, clusters)
    relabel = np.arange(int(labels.max()) + 1, dtype=np.int64)
    relabel[clusters] = smallest[groups]
    return relabel[labels]


def _parted(apart: Ints, clusters: Ints, groups: Ints) -> npt.NDArray[np.bool_]:
    """Return which groups hold two clusters that a judgement calls different."""
    parted = np.zeros(int(groups.max()) + 1, dtype=np.bool_)
    where = np.searchsorted(clusters, apart)
    where[where == len(clusters)] = 0
    one, other = groups[where]
    together = (clusters[where] == apart).all(axis=0) & (one == other)
    parted[one[together]] = True
    return parted


def _said(labels: Ints, clusters: Ints, points: Ints) -> Ints:
    """Return what each cluster says on every point: the one value its mentions have."""
    where = np.searchsorted(clusters, labels)
    where[where == len(clusters)] = 0
    inside = clusters[where] == labels
    said = np.full((len(points), len(clusters)), NEUTRAL, dtype=np.int64)
    for row, values in enumerate(points):
        np.maximum.at(said[row], where[inside], values[inside])
    return said


def _cut(
    groups: Ints,
    conflicts: tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]],
    edges: tuple[Ints, Ints],
    said: Ints,
) -> Ints:
    """Return groups with those in conflict cut into parts that agree.

    In a disputed group two clusters stay together only if they share a key and both speak,
    alike, on every disputed point. One that is silent there would fit several and joins none.
    In a group parted by a judgement this holds of all: two speak, and each for itself.
    """
    disputed, parted = conflicts
    count = len(groups)
    # One number for what a cluster says on its group's disputed points; silent ones are alone.
    voice = np.zeros(count, dtype=np.int64)
    silent = parted[groups]
    for row in range(len(said)):
        asked = disputed[row][groups]
        voice = _paired(voice, np.where(asked, said[row], NEUTRAL))
        silent |= asked & (said[row] == NEUTRAL)
    in_conflict = (disputed.any(axis=0) | parted)[groups]
    node, place = edges
    kept = ~(in_conflict & silent)[node]
    # A key joins only clusters of one voice: it is taken once for each voice that uses it.
    spoken = np.where(in_conflict, voice, 0)[node[kept]]
    _, meeting = np.unique(_paired(place[kept], spoken), return_inverse=True)
    size = count + (int(meeting.max()) + 1 if len(meeting) else 0)
    return components(node[kept], meeting + count, size)[:count]


def _paired(one: Ints, other: Ints) -> Ints:
    """Return one number for each distinct pair."""
    _, first = np.unique(one, return_inverse=True)
    values, second = np.unique(other, return_inverse=True)
    return first.astype(np.int64) * len(values) + second
