"""Mentions and identifiers in, subjects out: the one orchestrator of resolution.

Pure functions over Arrow tables; no store, no clock. The rows of an answer depend on what
mentions and judgements say alone, so resolving whole connected parts of the evidence gives the
same rows as resolving everything.
"""

from dataclasses import dataclass
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
from resolvers.judged import doubts
from resolvers.naming import subject_ids

__all__ = ["Resolution", "resolve"]

Ints = npt.NDArray[np.int64]
_RANKS: Final = {kind.value: rank for rank, kind in enumerate(STRENGTH)}
_PRIPID: Final = _RANKS[IdType.PRIPID.value]


@dataclass(frozen=True, slots=True)
class Resolution:
    """The partition of the mentions given, in the shapes of `graph.schema`."""

    memberships: pa.Table
    subjects: pa.Table
    keys: pa.Table
    reviews: pa.Table


def resolve(mentions: pa.Table, identifiers: pa.Table, judgements: pa.Table) -> Resolution:
    """Return who is the same as whom.

    Args:
        mentions: `schema.MENTIONS`, any order.
        identifiers: `schema.IDENTIFIERS` of these mentions, any order.
        judgements: `schema.JUDGEMENTS` between these mentions, any order.

    Cost: linear but for sorting; some 10 seconds and 1 GiB for a million mentions.
    """
    if mentions.num_rows == 0:
        return Resolution(*(shape.empty_table() for shape in _SHAPES))
    keys = pc.dictionary_encode(identifiers.column("key").combine_chunks())
    row_key = keys.indices.to_numpy().astype(np.int64)
    clues = Clues(
        count=mentions.num_rows,
        mention=_positions(mentions.column("mention"), identifiers.column("mention")),
        key=row_key,
        rank=_ranks(identifiers.column("type")),
        natures=_natures(mentions),
        same=_judged(mentions, judgements, "same"),
        different=_judged(mentions, judgements, "different"),
    )
    labels, word = cluster(clues)
    _, subject = np.unique(labels, return_inverse=True)
    row_subject = subject[clues.mention]
    disputed = _held_by_several(row_key, row_subject, len(keys.dictionary))
    key_bytes = np.array(keys.dictionary.to_pylist(), dtype=object)
    ids = subject_ids(mentions, subject, (clues, ~disputed[row_key]), key_bytes)
    legal_rows = ~disputed[row_key] & (clues.rank != _PRIPID)
    legal = np.zeros(len(ids), dtype=np.bool_)
    legal[row_subject[legal_rows]] = True
    strong = _strong(clues, disputed, legal, subject)
    strong[clues.same[:, ~(word.torn | word.contradicted)]] = True
    strong_subject = legal.copy()
    strong_subject[subject[strong]] = True
    return Resolution(
        memberships=_memberships(mentions, ids[subject], strong),
        subjects=describe(mentions, subject, ids, strong_subject),
        keys=_subject_keys(identifiers, ids[row_subject], disputed[row_key]),
        reviews=reviews(
            clues,
            subject,
            ids,
            (disputed, key_bytes),
            doubts(mentions, clues.same, word, ids[subject]),
        ),
    )


_SHAPES: Final = (schema.MEMBERSHIPS, schema.SUBJECTS, schema.SUBJECT_KEYS, schema.REVIEWS)


def _positions(keys: pa.ChunkedArray, asked: pa.ChunkedArray) -> Ints:
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
