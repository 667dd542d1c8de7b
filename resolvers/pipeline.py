"""Mentions and identifiers in, subjects out: the one orchestrator of resolution.

Pure functions over Arrow tables; no store, no clock. The rows of an answer depend on what
mentions and judgements say alone, so resolving whole connected parts of the evidence gives the
same rows as resolving everything.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graph import schema
from graph.identifiers import STRENGTH, IdType
from graph.kinds import is_branch
from resolvers.cluster import NEUTRAL, Clues, cluster
from resolvers.describe import describe
from resolvers.disputes import reviews
from resolvers.incomplete import Incomplete
from resolvers.judged import Word, doubts
from resolvers.likely import known_mentions, likely
from resolvers.misuse import voices
from resolvers.naming import subject_ids
from resolvers.ties import name_ties
from resolvers.tying import Posts, open_questions, tie_names, tie_posts, traces_of

__all__ = ["Given", "Resolution", "resolve"]

Ints = npt.NDArray[np.int64]
_RANKS: Final = {kind.value: rank for rank, kind in enumerate(STRENGTH)}
_PRIPID: Final = _RANKS[IdType.PRIPID.value]


@dataclass(frozen=True, slots=True)
class Given:
    """What is known of some mentions, in the shapes of `graph.schema`, rows in any order.

    Attributes:
        mentions: `MENTIONS`.
        identifiers: `IDENTIFIERS` of these mentions.
        judgements: `JUDGEMENTS` between them.
        posts: `POSTS` of these mentions.
        incomplete: Those of these mentions that have an incomplete identifier.
        traits: `TRAITS` of these mentions.
        read: Takes some of these mentions, gives `SHOWN`: their identifiers as read.
    """

    mentions: pa.Table
    identifiers: pa.Table
    judgements: pa.Table
    posts: pa.Table
    incomplete: pa.Array
    traits: pa.Table
    read: Callable[[pa.Array], pa.Table]


@dataclass(frozen=True, slots=True)
class Resolution:
    """The partition of the mentions given, in the shapes of `graph.schema`."""

    memberships: pa.Table
    subjects: pa.Table
    keys: pa.Table
    traces: pa.Table
    meetings: pa.Table
    reviews: pa.Table


def resolve(given: Given) -> Resolution:
    """Return who is the same as whom.

    A person's word first, then identifiers, then full names of bodies, then what else makes two
    bodies likely one, then names in posts of the bodies so found.

    Cost: linear but for sorting; some 10 seconds and 1 GiB for a million mentions.
    """
    mentions, identifiers = given.mentions, given.identifiers
    if mentions.num_rows == 0:
        return Resolution(*(shape.empty_table() for shape in _SHAPES))
    keys = pc.dictionary_encode(identifiers.column("key").combine_chunks())
    key_bytes = np.array(keys.dictionary.to_pylist(), dtype=object)
    clues = _clues(given, keys.indices.to_numpy().astype(np.int64))
    labels, word = cluster(clues)
    own = mentions.column("mention")
    incomplete = Incomplete(_positions(own, given.incomplete), own, given.read)
    named = tie_names(mentions, name_ties(mentions), clues, labels, incomplete)
    like = likely(mentions, given.traits, clues, named)
    named = replace(named, labels=like.labels)
    tied = tie_posts(mentions, _posts(own, given.posts, clues), clues, named, incomplete)
    _, subject = np.unique(tied.labels, return_inverse=True)
    row_subject = subject[clues.mention]
    disputed = _held_by_several(clues.key, row_subject, len(key_bytes))
    ids = subject_ids(mentions, subject, (clues, ~disputed[clues.key]), key_bytes)
    strong, strong_subject = _strength(clues, disputed, word, subject)
    known = np.zeros(len(ids), dtype=np.bool_)
    known[subject[known_mentions(clues)]] = True
    asked = doubts(mentions, clues.same, word, ids[subject])
    asked += open_questions(tied, clues, subject, ids)
    told = {row[:2] for row in asked}
    asked += [row for row in like.questions(subject, ids, known) if row[:2] not in told]
    traces = sorted(traces_of(tied, subject, ids) + like.traces(subject, ids))
    return Resolution(
        memberships=_memberships(mentions, ids[subject], strong),
        subjects=describe(mentions, subject, ids, strong_subject),
        keys=_subject_keys(identifiers, ids[row_subject], disputed[clues.key]),
        traces=_table(traces, schema.TRACES),
        meetings=like.meetings(subject, ids),
        reviews=reviews(clues, subject, ids, (disputed, key_bytes), asked),
    )


_SHAPES: Final = (
    schema.MEMBERSHIPS,
    schema.SUBJECTS,
    schema.SUBJECT_KEYS,
    schema.TRACES,
    schema.MEETINGS,
    schema.REVIEWS,
)


def _clues(given: Given, row_key: Ints) -> Clues:
    mentions = given.mentions
    mention = _positions(mentions.column("mention"), given.identifiers.column("mention"))
    rank = _ranks(given.identifiers.column("type"))
    return Clues(
        count=mentions.num_rows,
        mention=mention,
        key=row_key,
        rank=rank,
        natures=_natures(mentions),
        same=_judged(mentions, given.judgements, "same"),
        different=_judged(mentions, given.judgements, "different"),
        voice=voices(mentions, (mention, row_key, rank)),
    )


def _posts(own: pa.ChunkedArray, posts: pa.Table, clues: Clues) -> Posts:
    person = _positions(own, posts.column("mention"))
    body = pc.fill_null(pc.index_in(posts.column("body"), own), -1).to_numpy().astype(np.int64)
    subject = np.array(posts.column("subject").to_pylist(), dtype=object)
    # A body may be in another's post, as its executive partner; only persons are told by name.
    rows = clues.natures[0, person] == 1
    return Posts(person[rows], body[rows], subject[rows])


def _positions(keys: pa.ChunkedArray, asked: pa.ChunkedArray | pa.Array) -> Ints:
    own = keys.to_numpy()
    order = np.argsort(own, kind="stable")
    found = np.searchsorted(own[order], asked.to_numpy())
    return np.asarray(order[found], dtype=np.int64)


def _judged(mentions: pa.Table, judgements: pa.Table, verdict: str) -> Ints:
    """Return the positions of mentions judged so, one pair a column."""
    rows = judgements.filter(pc.field("verdict") == verdict)
    own = mentions.column("mention")
    return np.vstack([_positions(own, rows.column(side)) for side in ("left", "right")])


def _ranks(types: pa.ChunkedArray) -> Ints:
    encoded = pc.dictionary_encode(types.combine_chunks())
    ranks = np.array([_RANKS[name] for name in encoded.dictionary.to_pylist()], dtype=np.int64)
    return ranks[encoded.indices.to_numpy()] if len(ranks) else np.zeros(0, dtype=np.int64)


def _natures(mentions: pa.Table) -> Ints:
    """Return person-or-organisation and branch-or-not of each mention, as 0 and 1."""
    person = pc.equal(mentions.column("kind"), "person").to_numpy().astype(np.int64)
    names = pc.dictionary_encode(mentions.column("name").combine_chunks())
    marks = np.array(
        [int(is_branch(name)) if name else NEUTRAL for name in names.dictionary.to_pylist()],
        dtype=np.int64,
    )
    branch = marks[names.indices.to_numpy()]
    return np.vstack([person, np.where(person == 1, NEUTRAL, branch)])


def _held_by_several(key: Ints, subject: Ints, count: int) -> npt.NDArray[np.bool_]:
    low = np.full(count, np.iinfo(np.int64).max)
    high = np.full(count, -1, dtype=np.int64)
    np.minimum.at(low, key, subject)
    np.maximum.at(high, key, subject)
    return np.asarray(low < high)


def _strength(
    clues: Clues, disputed: npt.NDArray[np.bool_], word: Word, subject: Ints
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Return which mentions are strong members, and which subjects rest on more than a tie."""
    legal_rows = ~disputed[clues.key] & (clues.rank != _PRIPID)
    legal = np.zeros(int(subject.max()) + 1, dtype=np.bool_)
    legal[subject[clues.mention[legal_rows]]] = True
    strong = _strong(clues, disputed, legal, subject)
    strong[clues.same[:, ~(word.torn | word.contradicted)]] = True
    legal[subject[strong]] = True
    return strong, legal


def _strong(
    clues: Clues,
    disputed: npt.NDArray[np.bool_],
    legal_subject: npt.NDArray[np.bool_],
    subject: Ints,
) -> npt.NDArray[np.bool_]:
    """Return which mentions are strong members by what they hold.

    `pripid` is the registry's own key of one body: it identifies within the registry, so it
    makes a mention strong only in a subject that a legal identifier holds up.
    """
    strong = np.zeros(clues.count, dtype=np.bool_)
    rows = ~disputed[clues.key]
    legal = rows & (clues.rank != _PRIPID)
    strong[clues.mention[legal]] = True
    by_registry = clues.mention[rows & (clues.rank == _PRIPID)]
    strong[by_registry] |= legal_subject[subject[by_registry]]
    return strong


def _memberships(
    mentions: pa.Table, subject: npt.NDArray[np.object_], strong: npt.NDArray[np.bool_]
) -> pa.Table:
    table = pa.table(
        [mentions.column("mention"), pa.array(subject, pa.string()), pa.array(strong)],
        schema=schema.MEMBERSHIPS,
    )
    return table.sort_by("mention")


def _subject_keys(
    identifiers: pa.Table, subject: npt.NDArray[np.object_], disputed: npt.NDArray[np.bool_]
) -> pa.Table:
    table = pa.table(
        [
            pa.array(subject, pa.string()),
            identifiers.column("type"),
            identifiers.column("key"),
            pa.array(disputed),
        ],
        schema=schema.SUBJECT_KEYS,
    )
    unique = table.group_by(table.column_names).aggregate([])
    return unique.cast(schema.SUBJECT_KEYS).sort_by(
        [("subject", "ascending"), ("key", "ascending")]
    )


def _table(rows: list[tuple[str, bytes]], shape: pa.Schema) -> pa.Table:
    columns = zip(*rows, strict=True) if rows else [[] for _ in shape]
    arrays = [pa.array(list(c), f.type) for c, f in zip(columns, shape, strict=True)]
    return pa.table(arrays, schema=shape)
