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
from resolvers.body_names import BodyNames
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
# The parts of a name (`standardise.NAMES`) that a full name is made of.
_TELLING: Final = ("region", "place", "brand", "trade", "form", "ending", "tail", "ordinals")


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
    return _full(*(getattr(name, part) for part in _TELLING))


def _full(
    region: str, place: str, brand: str, trade: str, form: str, ending: str, *rest: str
) -> bytes | None:
    if not region or not form or not (brand or trade or place):
        return None
    if "|" in region or (form in _LOCAL and region.endswith("00")):
        return None
    told = (region, place, brand, trade, form, "" if form in _EITHER_WORDING else ending, *rest)
    return digest(b"name", *(part.encode() for part in told))


def full_names(mentions: pa.Table) -> set[bytes]:
    """Return the digests of the full names of bodies among mentions (`schema.MENTIONS`)."""
    bodies = pa.array(~equals(mentions.column("kind"), "person"))
    names = pc.unique(mentions.column("name").filter(bodies))
    found = {full_name(text) for text in names.to_pylist() if text}
    return {each for each in found if each is not None}


def name_ties(names: BodyNames) -> Ties:
    """Return which mentions have which full name."""
    parts = [names.parts.column(part).to_pylist() for part in _TELLING]
    known = pc.dictionary_encode(pa.array(list(map(_full, *parts)), pa.binary(16)))
    spellings = pa.array(map(plain, names.written.to_pylist()), pa.string())
    spelling = pc.dictionary_encode(spellings).indices.to_numpy().astype(np.int64)
    code = pc.fill_null(known.indices, -1).to_numpy().astype(np.int64)[names.place]
    full = np.flatnonzero(code >= 0)
    told = _objects(known.dictionary.to_pylist())
    return Ties(names.mention[full], code[full], told, spelling[names.place[full]])


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
