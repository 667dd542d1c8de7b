"""What the rounds of a neighbourhood hinge on elsewhere: whether two of one common name are one.

A rare name counts whoever bears it. Of a common one it matters whether two bearers are known to
be one person, which may follow from posts they hold in other bodies: these, and whoever bears
the name there, have to be looked at together with the neighbourhood.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from graph.secrecy import digest
from resolvers.columns import distinct_pairs
from resolvers.components import components
from resolvers.given import Prepared
from resolvers.growing import neighbourhoods, places
from resolvers.holders import UNREAD
from resolvers.persons import RARE_BITS
from resolvers.tying import post_keys

__all__ = ["Hinges", "hinges_of", "regions_of"]

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Texts = npt.NDArray[np.object_]

_ROUNDS: Final = b"rounds"


@dataclass(frozen=True, slots=True)
class Hinges:
    """Neighbourhoods whose rounds depend on who bears a common name, an entry each.

    Attributes:
        part: Number of the neighbourhood.
        told: What the neighbourhood is known by: its smallest telling.
        mentions: Positions of its bodies, of bearers of the name, and of bodies these hold.
        elsewhere: Subjects, among those not given, of bodies that bearers hold.
    """

    part: list[int]
    told: list[bytes]
    mentions: list[Ints]
    elsewhere: list[set[str]]

    def traces(self, subject: Ints, ids: Texts) -> list[tuple[str, bytes]]:
        """Return subject and key of all that has to be looked at together."""
        return [
            (str(ids[number]), digest(_ROUNDS, told))
            for told, members in zip(self.told, self.mentions, strict=True)
            for number in np.unique(subject[members]).tolist()
        ]


def hinges_of(ready: Prepared) -> Hinges:
    """Return what hinges on a common name among mentions prepared.

    Cost: linear in holders of bodies that are alike, and in posts where something hinges on them.
    """
    rows, labels = _common(ready), ready.named.labels
    if not len(rows):
        return Hinges([], [], [], [])
    nodes, part = _neighbourhoods(ready)
    parts, people = _shared(ready, rows, (nodes, part))
    if not len(people):
        return Hinges([], [], [], [])
    chain = _chains(ready, nodes, part)
    parts, chains, _ = distinct_pairs(parts, chain[people])
    wanted = np.zeros(int(chain.max()) + 1, dtype=np.bool_)
    wanted[chains] = True
    linked: dict[int, list[int]] = defaultdict(list)
    for position in np.flatnonzero(wanted[chain]).tolist():
        linked[int(chain[position])].append(position)
    held = _held(ready, wanted[chain])
    place, inside = places(nodes, labels)
    hinging, told, mentions, elsewhere = np.unique(parts).tolist(), [], [], []
    for number in hinging:
        own = np.flatnonzero(inside & (part[place] == number))
        bearers = [at for each in chains[parts == number].tolist() for at in linked[each]]
        bodies = [body for at in bearers for body in held.get(at, ())]
        told.append(_smallest(ready, nodes[part == number]))
        elsewhere.append({body for body in bodies if isinstance(body, str)})
        given = [body for body in bodies if not isinstance(body, str)]
        mentions.append(np.r_[own, np.array([*bearers, *given], dtype=np.int64)])
    return Hinges(hinging, told, mentions, elsewhere)


def regions_of(ready: Prepared, hinges: Hinges) -> Ints:
    """Return for every mention the number of what is settled together with it, or -1.

    That is its neighbourhood, and all that hangs together with it by what their rounds hinge on.
    """
    nodes, parts = _neighbourhoods(ready)
    labels, count = ready.named.labels, int(parts.max(initial=-1)) + 1
    one, other = [parts], [nodes]
    for part, members in zip(hinges.part, hinges.mentions, strict=True):
        inside = np.unique(labels[members])
        one.append(np.full(len(inside), part, dtype=np.int64))
        other.append(inside)
    ends = np.concatenate(one), np.concatenate(other)
    size = int(labels.max()) + 1
    region = components(ends[0], ends[1] + count, count + size)[count:]
    known = np.zeros(size, dtype=np.bool_)
    known[ends[1]] = True
    return np.where(known, region, -1)[labels]


def _neighbourhoods(ready: Prepared) -> tuple[Ints, Ints]:
    found, cluster = ready.found, ready.bodies.cluster
    return neighbourhoods((cluster[found.left], cluster[found.right]), found)


def _common(ready: Prepared) -> Ints:
    """Return the rows of persons of a common name among holders."""
    holders = ready.holders
    common = (holders.person >= 0) & (holders.name != UNREAD) & (holders.bits < RARE_BITS)
    return np.flatnonzero(common)


def _shared(ready: Prepared, rows: Ints, near: tuple[Ints, Ints]) -> tuple[Ints, Ints]:
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


def _chains(ready: Prepared, nodes: Ints, part: Ints) -> Ints:
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


def _held(ready: Prepared, wanted: Bools) -> dict[int, list[int | str]]:
    """Return for each person wanted the bodies held: positions, or subjects of those not given."""
    posts = ready.posts
    rows = np.flatnonzero(wanted[posts.person])
    found: dict[int, list[int | str]] = defaultdict(list)
    columns = (posts.person[rows], posts.body[rows], posts.subject[rows])
    for person, body, subject in zip(*(each.tolist() for each in columns), strict=True):
        found[person].append(body if body >= 0 else str(subject))
    return found


def _smallest(ready: Prepared, nodes: Ints) -> bytes:
    rows = np.flatnonzero(np.isin(ready.bodies.cluster, nodes))
    return min(ready.bodies.content(int(row)) for row in rows)
