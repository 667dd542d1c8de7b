"""Bodies and persons settled together, in rounds.

Bodies that are one have each other's holders, and a person in posts of one body is one: both may
tell that two other bodies are one. In each round everything is decided anew from identifiers and
names, with all evidence that the partitions of earlier rounds gave; evidence only grows, so there
is a last round, and what it says is a function of the rows alone.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from resolvers.given import Prepared
from resolvers.holders import standing
from resolvers.likely import Likely, likely
from resolvers.rows import Levels
from resolvers.tying import Tied, tie_posts

__all__ = ["Settled", "settle"]

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
    level = standing(ready.holders, ends, ready.named.labels)
    since, last = np.where(level > 0, 0, -1), 0
    while True:
        like, tied = _decided(ready, level)
        more = np.maximum(level, standing(ready.holders, ends, tied.labels))
        gained = more > level
        if not gained.any():
            return Settled(like, tied, since)
        last += 1
        since[gained] = last
        level = more


def _decided(ready: Prepared, level: Levels) -> tuple[Likely, Tied]:
    mentions, clues = ready.given.mentions, ready.clues
    told = (ready.bodies, ready.keys, ready.known)
    like = likely(mentions, clues, ready.named, told, ready.found.held(level))
    named = replace(ready.named, labels=like.labels)
    return like, tie_posts(mentions, ready.posts, clues, named, ready.incomplete)
