"""Who holds a body: its owners and officers, by name, and how those of two bodies stand.

Not who keeps its books: agencies do that for hundreds.

A body's holders are those of all rows that are one with it so far, so what they say of two
bodies grows as bodies are joined. How rare a name is comes from shipped tables alone.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from math import fsum
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graph.forms import plain
from resolvers.cluster import NEUTRAL
from resolvers.columns import equals, places
from resolvers.persons import COMMON_BITS, RARE_BITS, parse_person
from resolvers.rows import Levels
from resolvers.ties import full_name
from resolvers.tying import Posts

__all__ = ["Holders", "holders_of", "standing"]

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

ABSENT, DIFFER, COMMON, SAME, RARE = range(5)
UNREAD: Final = -1
"""Number of a name that is not told in full."""

_BODY_BITS: Final = 15.0
"""What a body's name says: nearly nobody else bears it, but it owns firms that are named alike."""


@dataclass(frozen=True, slots=True)
class Holders:
    """Who holds bodies, a row each.

    Attributes:
        body: Position of the body's mention.
        person: Position of the person's mention, -1 for a body that owns.
        name: Equal numbers for equal names, `UNREAD` where it is masked or beside a masked number.
        bits: How rare the name is.
        head: Whether the row says that it heads the body.
        owner: Whether the row says that it owns the body.
        numbers: What every mention says on numbers of which a person has one, a row a type.
    """

    body: Ints
    person: Ints
    name: Ints
    bits: Floats
    head: Bools
    owner: Bools
    numbers: Ints


@dataclass(slots=True)
class _Name:
    """A name among the holders of a group of mentions."""

    bits: float
    head: bool = False
    people: set[int] = field(default_factory=set)
    numbers: dict[int, set[int]] = field(default_factory=dict)


@dataclass(slots=True)
class _Told:
    """Who holds a group of mentions."""

    names: dict[int, _Name] = field(default_factory=dict)
    owners: set[int] = field(default_factory=set)


def holders_of(
    mentions: pa.Table, posts: Posts, traits: pa.Table, said: tuple[Ints, Ints, Bools]
) -> Holders:
    """Return who holds the bodies that are worth a look.

    Args:
        mentions: `schema.MENTIONS`.
        traits: `schema.TRAITS` of these mentions.
        said: As `Holders.numbers`; positions of mentions with an incomplete number; which
            mentions are of bodies worth a look.
    """
    numbers, incomplete, wanted = said
    if not wanted.any():
        none, no = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.bool_)
        return Holders(none, none, none, none.astype(np.float64), no, no, numbers)
    rows = np.flatnonzero((posts.body >= 0) & ~posts.hired & wanted[posts.body])
    people = posts.person[rows]
    hidden = np.zeros(mentions.num_rows, dtype=np.bool_)
    hidden[incomplete] = True
    texts = pc.take(mentions.column("name"), pa.array(people)).to_pylist()
    named = [
        _person(text, masked=masked)
        for text, masked in zip(texts, hidden[people].tolist(), strict=True)
    ]
    owning = traits.filter(pa.array(equals(traits.column("type"), "owner")))
    place = places(owning.column("mention"), mentions.column("mention").combine_chunks())
    kept = np.flatnonzero((place >= 0) & wanted[place])
    named += [_body(text) for text in owning.column("value").take(pa.array(kept)).to_pylist()]
    code = {key: number for number, key in enumerate({key for key, _ in named if key})}
    more = np.zeros(len(kept), dtype=np.bool_)
    return Holders(
        body=np.r_[posts.body[rows], place[kept]],
        person=np.r_[people, np.full(len(kept), -1, dtype=np.int64)],
        name=np.array([code.get(key, UNREAD) for key, _ in named], dtype=np.int64),
        bits=np.array([bits for _, bits in named], dtype=np.float64),
        head=np.r_[posts.head[rows], more],
        owner=np.r_[posts.owner[rows], ~more],
        numbers=numbers,
    )


def standing(holders: Holders, ends: tuple[Ints, Ints], labels: Ints) -> Levels:
    """Return how the holders of the groups at both ends of each pair stand.

    Args:
        ends: Positions of a mention of either side, aligned.
        labels: Group of every mention, persons' and bodies'.

    Cost: linear in pairs and in holders of the groups that are compared.
    """
    left, right = (labels[end] for end in ends)
    found = np.zeros(len(left), dtype=np.int8)
    if not len(holders.body):
        return found
    group = labels[holders.body]
    held = np.zeros(int(labels.max(initial=0)) + 1, dtype=np.bool_)
    held[group] = True
    open_ = np.flatnonzero((left != right) & held[left] & held[right])
    if not len(open_):
        return found
    asked = np.zeros_like(held)
    asked[left[open_]] = asked[right[open_]] = True
    told = _told(holders, asked[group], labels)
    known: dict[tuple[int, int], int] = {}
    pairs = zip(open_.tolist(), left[open_].tolist(), right[open_].tolist(), strict=True)
    for place, one, other in pairs:
        level = known.get((one, other))
        if level is None:
            level = known[one, other] = _level(told[one], told[other])
        found[place] = level
    return found


def _told(holders: Holders, rows: Bools, labels: Ints) -> dict[int, _Told]:
    found: dict[int, _Told] = defaultdict(_Told)
    at = np.flatnonzero(rows)
    group, person = labels[holders.body[at]], holders.person[at]
    columns = (holders.name[at], holders.bits[at], holders.head[at], holders.owner[at])
    listed = (each.tolist() for each in (group, person, *columns))
    for number, who, name, bits, head, owner in zip(*listed, strict=True):
        one = found[number]
        if owner:
            one.owners.add(name)
        if name == UNREAD:
            continue
        own = one.names.setdefault(name, _Name(bits))
        own.head |= head
        if who >= 0:
            own.people.add(int(labels[who]))
            for place, value in enumerate(holders.numbers[:, who].tolist()):
                if value != NEUTRAL:
                    own.numbers.setdefault(place, set()).add(value)
    return found


def _level(one: _Told, other: _Told) -> int:
    owners, said, owned = one.owners | other.owners, [], False
    for name in one.names.keys() & other.names.keys():
        left, right = one.names[name], other.names[name]
        if _contradict(left, right):
            continue
        same = not left.people.isdisjoint(right.people)
        owned |= name in owners
        # Who heads both is compared as the representative.
        if not (left.head and right.head):
            said.append(max(left.bits, RARE_BITS) if same else left.bits)
    if said:
        bits = fsum(said)  # whatever the order
        return COMMON if bits < COMMON_BITS else SAME if bits < RARE_BITS else RARE
    told = one.owners and other.owners and UNREAD not in owners
    return DIFFER if told and not owned else ABSENT


def _contradict(one: _Name, other: _Name) -> bool:
    """Return whether two bearers of a name show different numbers of one type."""
    return any(
        one.numbers[place].isdisjoint(other.numbers[place])
        for place in one.numbers.keys() & other.numbers.keys()
    )


def _person(text: str, *, masked: bool) -> tuple[str, float]:
    name = parse_person(text)
    if masked or name.odd or len(name.key) <= 1:
        return "", 0.0
    return f"person {name.key}", name.bits


def _body(text: str) -> tuple[str, float]:
    full = full_name(text)
    return f"body {plain(text) if full is None else full.hex()}", _BODY_BITS
