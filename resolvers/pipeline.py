"""Mentions and identifiers in, subjects out: the one orchestrator of resolution.

Pure functions over Arrow tables; no store, no clock. The rows of an answer depend on what
mentions and judgements say alone, so resolving whole connected parts of the evidence gives the
same rows as resolving everything.
"""

from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graph import schema
from graph.derived import Partition
from graph.identifiers import STRENGTH, IdType
from resolvers.describe import describe
from resolvers.disputes import reviews
from resolvers.given import Given, Prepared, prepare
from resolvers.judged import doubts
from resolvers.likely import known_mentions
from resolvers.naming import subject_ids
from resolvers.rounds import settle
from resolvers.tying import open_questions, traces_of

__all__ = ["resolve"]

Ints = npt.NDArray[np.int64]
_PRIPID: Final = STRENGTH.index(IdType.PRIPID)


def resolve(given: Given, prepared: Prepared | None = None) -> Partition:
    """Return who is the same as whom.

    A person's word first, then identifiers, then full names of bodies, then what else makes two
    bodies likely one and names in posts of the bodies so found, in rounds.

    Args:
        prepared: What `prepare` made of the same mentions, where that is known already.

    Cost: linear but for sorting, and for pairs of bodies that meet.
    """
    mentions, identifiers = given.mentions, given.identifiers
    if mentions.num_rows == 0:
        return Partition(*(shape.empty_table() for shape in _SHAPES))
    ready = prepared or prepare(given)
    clues, key_bytes = ready.clues, ready.key_bytes
    settled = settle(ready)
    like, tied = settled.like, settled.tied
    _, subject = np.unique(tied.labels, return_inverse=True)
    row_subject = subject[clues.mention]
    disputed = _held_by_several(clues.key, row_subject, len(key_bytes))
    ids = subject_ids(mentions, subject, (clues, ~disputed[clues.key]), key_bytes)
    strong, strong_subject = _strength(ready, disputed, subject)
    known = np.zeros(len(ids), dtype=np.bool_)
    known[subject[known_mentions(clues)]] = True
    asked = doubts(mentions, clues.same, ready.word, ids[subject])
    asked += open_questions(tied, clues, subject, ids)
    told = {row[:2] for row in asked}
    asked += [row for row in like.questions(subject, ids, known) if row[:2] not in told]
    traces = traces_of(tied, subject, ids) + like.traces(subject, ids)
    traces += ready.hinges.traces(subject, ids)
    return Partition(
        memberships=_memberships(mentions, ids[subject], strong),
        subjects=describe(mentions, subject, ids, strong_subject),
        keys=_subject_keys(identifiers, ids[row_subject], disputed[clues.key]),
        traces=_table(sorted(traces), schema.TRACES),
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


def _held_by_several(key: Ints, subject: Ints, count: int) -> npt.NDArray[np.bool_]:
    low = np.full(count, np.iinfo(np.int64).max)
    high = np.full(count, -1, dtype=np.int64)
    np.minimum.at(low, key, subject)
    np.maximum.at(high, key, subject)
    return np.asarray(low < high)


def _strength(
    ready: Prepared, disputed: npt.NDArray[np.bool_], subject: Ints
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Return which mentions are strong members, and which subjects rest on more than a tie.

    `pripid` is the registry's own key of one body: it identifies within the registry, so it
    makes a mention strong only in a subject that a legal identifier holds up.
    """
    clues, word = ready.clues, ready.word
    rows = ~disputed[clues.key]
    legal = rows & (clues.rank != _PRIPID)
    held = np.zeros(int(subject.max()) + 1, dtype=np.bool_)
    held[subject[clues.mention[legal]]] = True
    main = _of_the_strongest(ready, legal, subject)
    strong = np.zeros(clues.count, dtype=np.bool_)
    strong[clues.mention[rows]] = (main & held[subject])[clues.mention[rows]]
    strong[clues.same[:, ~(word.torn | word.contradicted)]] = True
    held[subject[strong]] = True
    return strong, held


def _of_the_strongest(
    ready: Prepared, legal: npt.NDArray[np.bool_], subject: Ints
) -> npt.NDArray[np.bool_]:
    """Return which mentions are one with their subject's strongest identifier by identifiers.

    Whoever a name or likeness brought may have a number of its own: that tells who it is, not
    that it is this subject.
    """
    clues = ready.clues
    rows = np.flatnonzero(legal)
    order = np.argsort(np.argsort(ready.key_bytes, kind="stable"), kind="stable")
    owner = subject[clues.mention[rows]]
    best = np.lexsort((order[clues.key[rows]], clues.rank[rows], owner))
    owners, first = np.unique(owner[best], return_index=True)
    strongest = np.full(int(subject.max()) + 1, -1, dtype=np.int64)
    strongest[owners] = clues.key[rows[best[first]]]
    holding = clues.mention[rows[clues.key[rows] == strongest[owner]]]
    main = np.zeros(int(ready.identified.max()) + 1, dtype=np.bool_)
    main[ready.identified[holding]] = True
    return main[ready.identified]


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
    unique = table.group_by(table.column_names, use_threads=False).aggregate([])
    return unique.cast(schema.SUBJECT_KEYS).sort_by(
        [("subject", "ascending"), ("key", "ascending")]
    )


def _table(rows: list[tuple[str, bytes]], shape: pa.Schema) -> pa.Table:
    columns = zip(*rows, strict=True) if rows else [[] for _ in shape]
    arrays = [pa.array(list(c), f.type) for c, f in zip(columns, shape, strict=True)]
    return pa.table(arrays, schema=shape)
