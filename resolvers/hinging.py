"""What the rounds of a neighbourhood hinge on elsewhere: whether two of one common name are one.

A rare name counts whoever bears it. Of a common one it matters whether two bearers are known to
be one person, which may follow from posts they hold in other bodies: these, and whoever bears
the name there, have to be looked at together with the neighbourhood.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from graph.secrecy import digest
from resolvers.columns import distinct_pairs
from resolvers.components import components
from resolvers.growing import neighbourhoods, places
from resolvers.holders import UNREAD
from resolvers.persons import RARE_BITS
from resolvers.tying import post_keys

if TYPE_CHECKING:
    from resolvers.given import Prepared

__all__ = ["Hinges", "hinges_of", "regions_of"]

Ints = npt.NDArray[np.int64]
Texts = npt.NDArray[np.object_]

_ROUNDS: Final = b"rounds"


@dataclass(frozen=True, slots=True)
class Hinges:
    """Regions of neighbourhoods whose rounds depend on who bears a common name.

    Attributes:
        mention, region: Positions of bodies of a region, of bearers of the name, and of bodies
            these hold, each with the number of its region.
        told: What a region is known by, by its number: its smallest telling.
        elsewhere: Subjects, among those not given, of bodies that bearers hold.
    """

    mention: Ints
    region: Ints
    told: Mapping[int, bytes]
    elsewhere: frozenset[str]

    def traces(self, subject: Ints, ids: Texts) -> list[tuple[str, bytes]]:
        """Return subject and key of all that has to be looked at together."""
        regions, numbers, _ = distinct_pairs(self.region, subject[self.mention])
        keys = {region: digest(_ROUNDS, told) for region, told in self.told.items()}
        pairs = zip(regions.tolist(), numbers.tolist(), strict=True)
        return [(str(ids[number]), keys[region]) for region, number in pairs]


def hinges_of(ready: "Prepared") -> Hinges:
    """Return what hinges on a common name among mentions prepared.

    Cost: linear in holders of bodies that are alike, and in posts where something hinges on them.
    """
    rows, nothing = _common(ready), np.zeros(0, dtype=np.int64)
    none = Hinges(nothing, nothing, {}, frozenset())
    if not len(rows):
        return none
    nodes, part = _neighbourhoods(ready)
    parts, people = _shared(ready, rows, (nodes, part))
    if not len(people):
        return none
    chain = _chains(ready, nodes, part)
    of_part, of_chain = _regions(parts, chain[people], (int(part.max()), int(chain.max())))
    place, inside = places(nodes, ready.named.labels)
    own = np.flatnonzero(inside)
    own = own[of_part[part[place[own]]] >= 0]
    bearers = np.flatnonzero(of_chain[chain] >= 0)
    posts = ready.posts
    held = np.flatnonzero(of_chain[chain[posts.person]] >= 0)
    given, outside = held[posts.body[held] >= 0], held[posts.body[held] < 0]
    return Hinges(
        mention=np.concatenate([own, bearers, posts.body[given]]),
        region=np.concatenate(
            [
                of_part[part[place[own]]],
                of_chain[chain[bearers]],
                of_chain[chain[posts.person[given]]],
            ]
        ),
        told=_smallest(ready, nodes, of_part[part]),
        elsewhere=frozenset(posts.subject[outside].astype(str).tolist()),
    )


def regions_of(ready: "Prepared") -> Ints:
    """Return for every mention the number of what is settled together with it, or -1.

    That is its neighbourhood, and all that hangs together with it by what their rounds hinge on.
    """
    nodes, parts = _neighbourhoods(ready)
    hinges = ready.hinges
    labels, count = ready.named.labels, int(parts.max(initial=-1)) + 1
    one = np.concatenate([parts, hinges.region + count])
    other = np.concatenate([nodes, labels[hinges.mention]])
    first, size = count + int(hinges.region.max(initial=-1)) + 1, int(labels.max()) + 1
    region = components(one, other + first, first + size)[first:]
    known = np.zeros(size, dtype=np.bool_)
    known[other] = True
    return np.where(known, region, -1)[labels]


def _regions(parts: Ints, chains: Ints, last: tuple[int, int]) -> tuple[Ints, Ints]:
    """Return the region of every neighbourhood and every chain, -1 where nothing hinges.

    Args:
        parts, chains: Which neighbourhood hinges on which chain.
        last: The greatest number of either.
    """
    one, first = np.unique(parts, return_inverse=True)
    other, second = np.unique(chains, return_inverse=True)
    region = components(first, second + len(one), len(one) + len(other))
    of_part = np.full(last[0] + 1, -1, dtype=np.int64)
    of_chain = np.full(last[1] + 1, -1, dtype=np.int64)
    of_part[one], of_chain[other] = region[: len(one)], region[len(one) :]
    return of_part, of_chain


def _neighbourhoods(ready: "Prepared") -> tuple[Ints, Ints]:
    found, cluster = ready.found, ready.bodies.cluster
    return neighbourhoods((cluster[found.left], cluster[found.right]), found)


def _common(ready: "Prepared") -> Ints:
    """Return the rows of persons of a common name among holders."""
    holders = ready.holders
    common = (holders.person >= 0) & (holders.name != UNREAD) & (holders.bits < RARE_BITS)
    return np.flatnonzero(common)


def _shared(ready: "Prepared", rows: Ints, near: tuple[Ints, Ints]) -> tuple[Ints, Ints]:
    """Return neighbourhood and position of those whose name several bodies of it have.

    Args:
        rows: Of holders.
        near: Clusters that are like some other, and the neighbourhood of each.
    """
    holders, (nodes, part) = ready.holders, near
    place, inside = places(nodes, ready.named.labels[holders.body[rows]])
    rows, place = rows[inside], place[inside]
    if not len(rows):
        return rows, rows
    _, _, key = distinct_pairs(part[place], holders.name[rows])
    shared, _, _ = distinct_pairs(key, place)
    several = np.bincount(shared) > 1
    # Who heads all of them is compared as their representative.
    spoken = np.zeros(len(several), dtype=np.bool_)
    spoken[key[~holders.head[rows]]] = True
    kept = (several & spoken)[key]
    return part[place[kept]], holders.person[rows[kept]]


def _chains(ready: "Prepared", nodes: Ints, part: Ints) -> Ints:
    """Return for every mention what it may be one with: by identifiers, names and posts.

    Bodies of a neighbourhood are taken for one, as some round may find.
    """
    labels = ready.named.labels
    first = np.full(int(part.max()) + 1, np.iinfo(np.int64).max)
    np.minimum.at(first, part, nodes)
    whole = np.arange(int(labels.max()) + 1, dtype=np.int64)
    whole[nodes] = first[part]
    _, held = post_keys(ready.given.mentions, ready.posts, whole[labels])
    size = int(labels.max()) + 1
    count = int(held.key.max(initial=-1)) + 1
    return components(labels[held.mention], held.key + size, size + count)[labels]


def _smallest(ready: "Prepared", nodes: Ints, regions: Ints) -> dict[int, bytes]:
    """Return the smallest telling of every region.

    Args:
        regions: Of every node, -1 for none.
    """
    found: dict[int, bytes] = {}
    place, inside = places(nodes, ready.bodies.cluster)
    for row in np.flatnonzero(inside).tolist():
        region = int(regions[place[row]])
        if region >= 0:
            own = ready.bodies.content(row)
            found[region] = min(own, found.get(region, own))
    return found
