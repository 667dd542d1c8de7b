"""Bodies and persons settled together, in rounds.

Bodies that are one have each other's holders, and a person in posts of one body is one: both may
tell that two other bodies are one. In each round everything is decided anew from identifiers and
names, with all evidence that the partitions of earlier rounds gave, until none is added. Where a
round parts what an earlier one joined, evidence rests on what does not hold: there only what
identifiers and names gave counts, and what was parted is asked about. So what is joined in the end
holds up all that it rests on, and is a function of the rows alone.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from resolvers.given import Prepared
from resolvers.hinging import regions_of
from resolvers.holders import standing
from resolvers.likely import Likely, likely
from resolvers.rows import Levels
from resolvers.tying import Tied, tie_posts

__all__ = ["Settled", "settle"]

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Settled:
    """What the last round came to.

    Attributes:
        since: For each pair of `like.found` the round that gave what its holders say: 0 is what
            identifiers and full names gave, -1 is nothing.
    """

    like: Likely
    tied: Tied
    since: Ints


def settle(ready: Prepared) -> Settled:
    """Return who is one by likeness, posts and holders, when no round gives more evidence.

    Cost: some rounds, mostly one or two, each linear in pairs worth a look and in posts.
    """
    found, bodies = ready.found, ready.bodies
    ends = (bodies.mention[found.left], bodies.mention[found.right])
    first = level = standing(ready.holders, ends, ready.named.labels)
    since, last = np.where(level > 0, 0, -1), 0
    stopped, doubted = np.zeros((2, len(level)), dtype=np.bool_)
    like, tied = _decided(ready, level, doubted)
    while True:
        more = standing(ready.holders, ends, tied.labels)
        gained = (more > level) & ~stopped
        if not gained.any():
            return Settled(like, tied, since)
        last += 1
        level, since = np.where(gained, more, level), np.where(gained, last, since)
        before = tied.labels
        like, tied = _decided(ready, level, doubted)
        parted = _parted(before, tied.labels)
        if len(parted):
            regions = regions_of(ready)
            undone = regions[parted]
            stopped |= np.isin(regions[ends[0]], undone[undone >= 0])
            doubted |= (before[ends[0]] == before[ends[1]]) & (
                tied.labels[ends[0]] != tied.labels[ends[1]]
            )
            level = np.where(stopped, first, level)
            since = np.where(stopped, np.where(first > 0, 0, -1), since)
            like, tied = _decided(ready, level, doubted)


def _decided(ready: Prepared, level: Levels, doubted: Bools) -> tuple[Likely, Tied]:
    mentions, clues = ready.given.mentions, ready.clues
    told = (ready.bodies, ready.keys, ready.known)
    found = ready.found.held(level)
    found = replace(found, merge=found.merge & ~doubted)
    like = likely(mentions, clues, ready.named, told, found)
    named = replace(ready.named, labels=like.labels)
    return like, tie_posts(mentions, ready.posts, clues, named, ready.incomplete)


def _parted(before: Ints, after: Ints) -> Ints:
    """Return the mentions of groups of which some are one no more."""
    low = np.full(int(before.max()) + 1, np.iinfo(np.int64).max)
    high = np.full(len(low), -1, dtype=np.int64)
    np.minimum.at(low, before, after)
    np.maximum.at(high, before, after)
    return np.flatnonzero((low < high)[before])
