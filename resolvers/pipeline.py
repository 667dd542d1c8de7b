"""Mentions and identifiers in, subjects out: the one orchestrator of resolution.

Pure functions over Arrow tables; no store, no clock. The rows of an answer depend on what
mentions and judgements say alone, so resolving whole connected parts of the evidence gives the
same rows as resolving everything.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graph import schema
from graph.identifiers import STRENGTH, IdType
from resolvers.cluster import Clues
from resolvers.describe import describe
from resolvers.disputes import reviews
from resolvers.given import Given, Prepared, positions, prepare
from resolvers.judged import Word, doubts
from resolvers.likely import known_mentions, likely
from resolvers.naming import subject_ids
from resolvers.tying import Posts, open_questions, tie_posts, traces_of

__all__ = ["Resolution", "resolve"]

Ints = npt.NDArray[np.int64]
_PRIPID: Final = STRENGTH.index(IdType.PRIPID)


@dataclass(frozen=True, slots=True)
class Resolution:
    """The partition of the mentions given, in the shapes of `graph.schema`."""

    memberships: pa.Table
    subjects: pa.Table
    keys: pa.Table
    traces: pa.Table
    meetings: pa.Table
    reviews: pa.Table


def resolve(given: Given, prepared: Prepared | None = None) -> Resolution:
    """Return who is the same as whom.

    A person's word first, then identifiers, then full names of bodies, then what else makes two
    bodies likely one, then names in posts of the bodies so found.

    Args:
        prepared: What `prepare` made of the same mentions, where that is known already.

    Cost: linear but for sorting, and for pairs of bodies that meet.
    """
    mentions, identifiers = given.mentions, given.identifiers
    if mentions.num_rows == 0:
        return Resolution(*(shape.empty_table() for shape in _SHAPES))
    ready = prepared or prepare(given)
    clues, key_bytes, word = ready.clues, ready.key_bytes, ready.word
    like = likely(clues, ready.named, (ready.bodies, ready.keys, ready.known))
    named = replace(ready.named, labels=like.labels)
    posts = _posts(mentions.column("mention"), given.posts, clues)
    tied = tie_posts(mentions, posts, clues, named, ready.incomplete)
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


def _posts(own: pa.ChunkedArray, posts: pa.Table, clues: Clues) -> Posts:
    person = positions(own, posts.column("mention"))
    body = pc.fill_null(pc.index_in(posts.column("body"), own), -1).to_numpy().astype(np.int64)
    subject = np.array(posts.column("subject").to_pylist(), dtype=object)
    # A body may be in another's post, as its executive partner; only persons are told by name.
    rows = clues.natures[0, person] == 1
    return Posts(person[rows], body[rows], subject[rows])


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
