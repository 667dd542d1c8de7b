"""What ties mentions beside identifiers: a body's full name, and a name in a post of one body.

A full name is nearly unique: 21 of three million registered ones recur under another code. A
person's name is not; only in a post of one body does it tell who is meant.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graph.forms import plain
from graph.secrecy import digest
from resolvers.columns import distinct_pairs, equals
from resolvers.names import parse
from resolvers.persons import RARE_BITS, parse_person

__all__ = [
    "NAME",
    "POST",
    "Ties",
    "full_name",
    "full_names",
    "name_ties",
    "post_ties",
    "tells_who",
]

Ints = npt.NDArray[np.int64]

NAME: Final = "name"
POST: Final = "post"
"""Types of review pairs that ask about a tie, not about an identifier."""

# Their register is the county's: one shop of a name there, not in the city.
_LOCAL: Final = frozenset({"shop", "works", "stop", "farm", "individual"})
# 有限公司 and 有限责任公司 are one form: either wording is lawful (公司法 2023 art 7).
_EITHER_WORDING: Final = frozenset({"limited", "joint_stock"})


@dataclass(frozen=True, slots=True)
class Ties:
    """Mentions that share a key, a row each.

    Attributes:
        mention: Position of the mention.
        key: Number of its key.
        told: What each key stands for: the digest of a full name, or the number of a body and a
            person's name.
        spelt: Equal numbers where rows join first: a full name written in one way, a name of
            officers; an owner's joins nobody first.
    """

    mention: Ints
    key: Ints
    told: npt.NDArray[np.object_]
    spelt: Ints


def full_name(raw: str) -> bytes | None:
    """Return the digest of a body's full name; None if it is not one that tells who is meant.

    It is full if it says the region its register is kept for, what tells the body from others
    there, and its form.
    """
    name = parse(raw)
    if not name.region or not name.form or not (name.brand or name.trade or name.place):
        return None
    if "|" in name.region or (name.form in _LOCAL and name.region.endswith("00")):
        return None
    ending = "" if name.form in _EITHER_WORDING else name.ending
    parts = (name.region, name.place, name.brand, name.trade, name.form, ending)
    told = (*parts, name.tail, name.ordinals)
    return digest(b"name", *(part.encode() for part in told))


def full_names(mentions: pa.Table) -> set[bytes]:
    """Return the digests of the full names of bodies among mentions (`schema.MENTIONS`)."""
    return set(name_ties(mentions).told.tolist())


def name_ties(mentions: pa.Table) -> Ties:
    """Return which mentions (`schema.MENTIONS`) of bodies have which full name.

    Cost: some 15 microseconds a distinct name.
    """
    texts, place = _coded(mentions.column("name"))
    bodies = np.flatnonzero(~equals(mentions.column("kind"), "person"))
    used = np.unique(place[bodies])
    names = [full_name(texts[each]) if texts[each] else None for each in used.tolist()]
    written = pa.array([plain(texts[each]) for each in used.tolist()], pa.string())
    spelling = pc.dictionary_encode(written).indices.to_numpy().astype(np.int64)
    at = np.searchsorted(used, place[bodies])
    coded = pc.dictionary_encode(pa.array([names[each] for each in at.tolist()], pa.binary(16)))
    full = coded.indices.is_valid().to_numpy(zero_copy_only=False)
    key = coded.indices.drop_null().to_numpy().astype(np.int64)
    return Ties(bodies[full], key, _objects(coded.dictionary.to_pylist()), spelling[at][full])


def post_ties(
    mentions: pa.Table, people: Ints, bodies: Ints, owners: npt.NDArray[np.bool_]
) -> Ties:
    """Return which mentions of persons bear which name in a post of which body.

    Args:
        mentions: `schema.MENTIONS`.
        people: Position of a person's mention.
        bodies: Number of the body it is in a post of, aligned.
        owners: Whether it owns that body.
    """
    texts, place = _coded(pc.take(mentions.column("name"), pa.array(people)))
    names = [_person(text) for text in texts]
    told = np.array([name is not None for name in names], dtype=np.bool_)[place]
    spelt, exact = np.unique([name or "" for name in names], return_inverse=True)
    body, name, key = distinct_pairs(bodies[told], exact[place][told])
    said = [
        (number, str(spelt[each]).encode())
        for number, each in zip(body.tolist(), name.tolist(), strict=True)
    ]
    alone = len(said) + np.arange(len(key))
    return Ties(people[told], key, _objects(said), np.where(owners[told], alone, key))


def tells_who(
    mentions: pa.Table, people: Ints, owner: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """Return in which rows a person's name says which one of a body's is meant.

    A body has few officers. Owners may be a whole village: only a rare name tells them apart.

    Args:
        owner: Whether it owns the body, and is in no post.
    """
    told, owners = ~owner, np.flatnonzero(owner)
    if not len(owners):
        return told
    texts, place = _coded(pc.take(mentions.column("name"), pa.array(people[owners])))
    rare = np.array([parse_person(text).bits >= RARE_BITS for text in texts], dtype=np.bool_)
    told[owners] = rare[place]
    return told


def _person(raw: str) -> str | None:
    name = parse_person(raw)
    return None if name.odd or len(name.exact) <= 1 else name.exact


def _coded(column: pa.ChunkedArray) -> tuple[list[str], Ints]:
    coded = pc.dictionary_encode(column.combine_chunks())
    return coded.dictionary.to_pylist(), coded.indices.to_numpy().astype(np.int64)


def _objects(values: list[Any]) -> npt.NDArray[np.object_]:
    return np.fromiter(values, dtype=object, count=len(values))
