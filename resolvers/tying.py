"""Joining by ties what identifiers left apart, and asking about what ties leave open."""

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graph.secrecy import digest
from resolvers.cluster import NEUTRAL, Clues, join
from resolvers.columns import distinct_pairs, equals
from resolvers.incomplete import CONTRADICTS, FITS, UNCLEAR, Incomplete, held_against
from resolvers.ties import NAME, POST, Ties, post_ties

__all__ = [
    "Named",
    "Posts",
    "Tied",
    "open_questions",
    "post_keys",
    "registered",
    "tie_names",
    "tie_posts",
    "traces_of",
]

Ints = npt.NDArray[np.int64]
Texts = npt.NDArray[np.object_]

_REASONS: Final = {FITS: "fits_several", UNCLEAR: "number_unclear"}


@dataclass(frozen=True, slots=True)
class Posts:
    """Who is in a post of whom, or owns whom, a row each.

    Attributes:
        person: Position of the person's mention.
        body: Position of the body's mention, -1 where the body is not among those given.
        subject: Subject of a body that is not among those given.
        head: Whether the post is to head the body.
        owner: Whether it is no post, but a share.
        hired: Whether it is a post that agencies fill.
        tells: Where the name says which one of the body's is meant.
    """

    person: Ints
    body: Ints
    subject: Texts
    head: npt.NDArray[np.bool_]
    owner: npt.NDArray[np.bool_]
    hired: npt.NDArray[np.bool_]
    tells: npt.NDArray[np.bool_]

    @property
    def telling(self) -> "Posts":
        """Return the rows that tell who is meant."""
        if self.tells.all():
            return self
        return Posts(*(getattr(self, name)[self.tells] for name in Posts.__slots__))


@dataclass(frozen=True, slots=True)
class Named:
    """What full names joined: a cluster number for every mention, and how far each row may join."""

    labels: Ints
    names: Ties
    fits: npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Tied:
    """What ties joined, and what they rest on.

    Attributes:
        labels: A cluster number for every mention.
        names: Full names of bodies.
        posts: Names in posts; `told` are numbers of bodies and names.
        bodies: What names the body of each number: a position, or a subject id.
        fits: For each row of `names` and of `posts` how far it was let join.
    """

    labels: Ints
    names: Ties
    posts: Ties
    bodies: list[int | str]
    fits: tuple[npt.NDArray[np.int8], npt.NDArray[np.int8]]


def tie_names(
    mentions: pa.Table, names: Ties, clues: Clues, labels: Ints, incomplete: Incomplete
) -> Named:
    """Return clusters after full names have joined what they may.

    Args:
        mentions: `schema.MENTIONS`.
        labels: Clusters by judgements and identifiers.
        incomplete: What may speak against a tie.
    """
    against = (clues.different, incomplete)
    labels, fits = _named(mentions, labels, names, clues.points, against)
    return Named(labels, names, fits)


def tie_posts(
    mentions: pa.Table, posts: Posts, clues: Clues, named: Named, incomplete: Incomplete
) -> Tied:
    """Return clusters after names in posts have joined what they may.

    Args:
        named: Clusters of bodies.
    """
    bodies, held = post_keys(mentions, posts, named.labels)
    against = (clues.different, incomplete)
    # What owners add must not make a doubt of what officers alone settle.
    first = replace(held, key=held.spelt)
    labels, fits = _joined(named.labels, first, clues.points, against)
    if (held.spelt != held.key).any():
        labels, again = _joined(labels, held, clues.points, against)
        fits = np.maximum(fits, again)
    return Tied(labels, named.names, held, bodies, (named.fits, fits))


def _named(
    mentions: pa.Table,
    labels: Ints,
    names: Ties,
    points: Ints,
    against: tuple[Ints, Incomplete],
) -> tuple[Ints, npt.NDArray[np.int8]]:
    """Return clusters after full names have joined, first those written in one way.

    What two rows of registers write in two ways may be two bodies: 盘县 became 盘州市, and the
    works of one name were registered there again. Then neither is joined, nor anybody to them.
    """
    alike = replace(names, key=names.spelt)
    labels, fits = _joined(labels, alike, points, against)
    own = registered(mentions)[names.mention]
    low = np.full(len(names.told), np.iinfo(np.int64).max)
    high = np.full(len(names.told), -1, dtype=np.int64)
    np.minimum.at(low, names.key[own], labels[names.mention[own]])
    np.maximum.at(high, names.key[own], labels[names.mention[own]])
    several = (low < high)[names.key]
    one = Ties(names.mention[~several], names.key[~several], names.told, names.spelt[~several])
    labels, again = _joined(labels, one, points, against)
    fits[~several] = np.maximum(fits[~several], again)
    return labels, fits


def registered(mentions: pa.Table) -> npt.NDArray[np.bool_]:
    """Return which mentions are whom a row of a register is about."""
    own = equals(mentions.column("role"), "subject")
    return own & ~equals(mentions.column("register"), "")


def _joined(
    labels: Ints, ties: Ties, points: Ints, against: tuple[Ints, Incomplete]
) -> tuple[Ints, npt.NDArray[np.int8]]:
    apart, incomplete = against
    fits = held_against((ties.mention, ties.key), labels, incomplete)
    rows = fits == FITS
    if not rows.any():
        return labels, fits
    return join(labels, (ties.mention[rows], ties.key[rows]), points, apart), fits


def post_keys(mentions: pa.Table, posts: Posts, labels: Ints) -> tuple[list[int | str], Ties]:
    """Return what names each body, and which mentions bear which name in a post of which body.

    Args:
        labels: Clusters of bodies.
    """
    told = posts.telling
    bodies, number = _numbered(told, labels)
    return bodies, post_ties(mentions, told.person, number, told.owner)


def _numbered(posts: Posts, labels: Ints) -> tuple[list[int | str], Ints]:
    """Return what names each body, and the number of each row's body."""
    inside = posts.body >= 0
    bodies: list[int | str] = []
    number = np.zeros(len(posts.body), dtype=np.int64)
    _, first, place = np.unique(labels[posts.body[inside]], return_index=True, return_inverse=True)
    bodies += posts.body[inside][first].tolist()
    number[inside] = place
    outside, place = np.unique(posts.subject[~inside].astype(str), return_inverse=True)
    number[~inside] = place + len(bodies)
    return [*bodies, *outside.tolist()], number


def open_questions(
    tied: Tied, clues: Clues, subject: Ints, ids: Texts
) -> list[tuple[str, str, str, str, bytes]]:
    """Return rows of `schema.REVIEWS`: who a tie fits, and did not join.

    Each without a full identifier is asked about with each that has one; where nobody has, with
    the first. Two with different full identifiers are never asked about: they are two.
    """
    voiced = np.zeros(len(ids), dtype=np.bool_)
    points = clues.points[len(clues.natures) :]
    voiced[subject[(points != NEUTRAL).any(axis=0)]] = True
    found = []
    for kind, ties, fits in (
        (NAME, tied.names, tied.fits[0]),
        (POST, tied.posts, tied.fits[1]),
    ):
        rows = np.flatnonzero(_shared(ties, subject))
        rows = rows[fits[rows] != CONTRADICTS]
        asked: dict[int, dict[int, int]] = defaultdict(dict)
        for row in rows.tolist():
            number, group = int(subject[ties.mention[row]]), asked[int(ties.key[row])]
            group[number] = max(int(fits[row]), group.get(number, FITS))
        for key, group in asked.items():
            content = key_digest(tied, kind, key, subject, ids)
            found += [(*pair, kind, content) for pair in _pairs(group, voiced, ids)]
    return found


def _shared(ties: Ties, subject: Ints) -> npt.NDArray[np.bool_]:
    """Return which rows have a key that several subjects have."""
    low = np.full(len(ties.told), np.iinfo(np.int64).max)
    high = np.full(len(ties.told), -1, dtype=np.int64)
    held = subject[ties.mention]
    np.minimum.at(low, ties.key, held)
    np.maximum.at(high, ties.key, held)
    return np.asarray((low < high)[ties.key])


def _pairs(
    group: dict[int, int], voiced: npt.NDArray[np.bool_], ids: Texts
) -> list[tuple[str, str, str]]:
    ordered = sorted(group, key=lambda number: ids[number])
    known = [number for number in ordered if voiced[number]] or ordered[:1]
    found = []
    for number in ordered:
        for other in known:
            if number not in known:
                one, two = sorted((ids[number], ids[other]))
                reason = _REASONS[max(group[number], group[other])]
                found.append((str(one), str(two), reason))
    return found


def key_digest(tied: Tied, kind: str, key: int, subject: Ints, ids: Texts) -> bytes:
    """Return what a key stands for, wherever it is asked."""
    if kind == NAME:
        return bytes(tied.names.told[key])
    number, name = tied.posts.told[key]
    body = tied.bodies[number]
    uid = body if isinstance(body, str) else str(ids[subject[body]])
    return digest(b"post", uid.encode(), name)


def traces_of(tied: Tied, subject: Ints, ids: Texts) -> list[tuple[str, bytes]]:
    """Return subject and key of all ties, each pair once."""
    found = []
    for kind, ties in ((NAME, tied.names), (POST, tied.posts)):
        held, numbers, _ = distinct_pairs(ties.key, subject[ties.mention])
        keys = [key_digest(tied, kind, key, subject, ids) for key in range(len(ties.told))]
        pairs = zip(held.tolist(), numbers.tolist(), strict=True)
        found += [(str(ids[number]), keys[key]) for key, number in pairs]
    return sorted(found)
