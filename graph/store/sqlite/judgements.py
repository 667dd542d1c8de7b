"""The ledger of judgements in SQLite: rows are added, never changed."""

from collections import defaultdict
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Final

from graph.errors import QueryError
from graph.judgements import JudgedPair, JudgementRow, Question
from graph.model import MentionId, RecordId, SubjectId, mention_id
from graph.ports import PLACES
from graph.store.sqlite.database import Database

__all__ = ["IN_FORCE", "OPEN_REVIEWS", "SqliteJudgements"]

# Mirrors `graph.judgements.states`: a row counts when it needs no confirmation or has one.
_COUNTS: Final = (
    "({row}.pending = 0 OR EXISTS (SELECT 1 FROM judgement AS yes "
    "WHERE yes.of = {row}.uid AND yes.action = 'confirm'))"
)
IN_FORCE: Final = f"""
SELECT judgement.sequence, judgement.verdict FROM judgement
WHERE judgement.action = 'judge' AND {_COUNTS.format(row="judgement")} AND NOT EXISTS (
  SELECT 1 FROM judgement AS undo WHERE undo.of = judgement.uid AND undo.action = 'undo'
    AND {_COUNTS.format(row="undo")}
)
"""
# What was answered `different` stays answered wherever the two mentions are now.
OPEN_REVIEWS: Final = f"""
WITH settled AS MATERIALIZED (
  SELECT s1.uid AS one, s2.uid AS other, answered.type, answered.key
  FROM ({IN_FORCE}) AS judgement
  JOIN answered ON answered.judgement = judgement.sequence
  JOIN membership AS m1 ON m1.mention = answered.one
  JOIN membership AS m2 ON m2.mention = answered.other
  JOIN subject AS s1 ON s1.id = m1.subject
  JOIN subject AS s2 ON s2.id = m2.subject
  WHERE judgement.verdict = 'different'
)
SELECT subject, other, reason, type, key FROM review
WHERE recorded_to IS NULL AND NOT EXISTS (
  SELECT 1 FROM settled
  WHERE settled.type = review.type AND settled.key = review.key
    AND ((settled.one = review.subject AND settled.other = review.other)
      OR (settled.one = review.other AND settled.other = review.subject))
)
"""
_ROWS = """
SELECT sequence, uid, action, judged_by, judged_at, why, of, pending, verdict, task, evidence,
       model
FROM judgement ORDER BY sequence
"""
_PUT = """
INSERT INTO judgement
  (uid, action, judged_by, judged_at, why, of, pending, verdict, task, evidence, model)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_PAIRS = f"""
SELECT judgement, one, other, r1.digest, m1.role, m1.ordinal, r2.digest, m2.role, m2.ordinal
FROM judged_pair
JOIN mention AS m1 ON m1.id = one JOIN record AS r1 ON r1.id = one / {PLACES}
JOIN mention AS m2 ON m2.id = other JOIN record AS r2 ON r2.id = other / {PLACES}
"""
_PLACED = """
SELECT DISTINCT judgement.uid, s1.uid, s2.uid FROM judged_pair
JOIN judgement ON judgement.sequence = judged_pair.judgement
JOIN membership AS m1 ON m1.mention = judged_pair.one
JOIN membership AS m2 ON m2.mention = judged_pair.other
JOIN subject AS s1 ON s1.id = m1.subject
JOIN subject AS s2 ON s2.id = m2.subject
ORDER BY judgement.sequence, 2, 3
"""
_MENTION = f"""
SELECT mention.id FROM record
JOIN mention ON mention.id >= record.id * {PLACES} AND mention.id < (record.id + 1) * {PLACES}
WHERE record.digest = ? AND mention.role = ? AND mention.ordinal = ?
"""
# The judgement itself, what an undo undoes, and what the undo that is confirmed undoes.
_TOUCH = f"""
INSERT OR IGNORE INTO touched
WITH RECURSIVE spoken (uid) AS (
  SELECT ?1 UNION
  SELECT judgement.of FROM spoken JOIN judgement ON judgement.uid = spoken.uid
), pair AS (
  SELECT one, other FROM spoken JOIN judgement ON judgement.uid = spoken.uid
  JOIN judged_pair ON judged_pair.judgement = judgement.sequence
)
SELECT one / {PLACES} FROM pair UNION SELECT other / {PLACES} FROM pair
"""


class SqliteJudgements:
    """The `Judgements` port."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def add(self, row: JudgementRow) -> None:
        """Append a row; the records whose mentions it speaks of wait for resolve."""
        db = self._db
        with db.write():
            if row.of and not db.scalar("SELECT 1 FROM judgement WHERE uid = ?", (row.of,)):
                raise QueryError("E610", where=row.of)
            sequence = db.execute(
                _PUT,
                (
                    row.uid,
                    row.action,
                    row.by,
                    row.at.isoformat(),
                    db.seal.seal(row.why.encode()),
                    row.of,
                    int(row.pending),
                    row.verdict,
                    row.task,
                    row.evidence,
                    row.model,
                ),
            ).lastrowid
            keys = {each: self._key_of(each) for pair in row.pairs for each in _ends(pair)}
            rows = [(sequence, keys[pair.one], keys[pair.other], pair) for pair in row.pairs]
            db.many("INSERT INTO judged_pair VALUES (?, ?, ?)", (each[:3] for each in rows))
            db.many(
                "INSERT INTO answered VALUES (?, ?, ?, ?, ?, ?)",
                ((*ends, *question) for *ends, pair in rows for question in pair.answered),
            )
            if not row.pending:
                db.execute(_TOUCH, (row.uid,))

    def ledger(self) -> list[JudgementRow]:
        """Return every row, oldest first."""
        db = self._db
        answered: dict[tuple[int, int, int], list[Question]] = defaultdict(list)
        for number, one, other, *question in db.rows(
            "SELECT judgement, one, other, reason, type, key FROM answered"
        ):
            answered[number, one, other].append((question[0], question[1], question[2]))
        pairs: dict[int, list[JudgedPair]] = defaultdict(list)
        for number, one, other, *ends in db.rows(_PAIRS):
            asked = tuple(sorted(answered[number, one, other]))
            pairs[number].append(JudgedPair(_id(*ends[:3]), _id(*ends[3:]), asked))
        return [
            JudgementRow(
                uid,
                action,
                by,
                datetime.fromisoformat(at),
                db.seal.open(why).decode(),
                of,
                bool(pending),
                verdict,
                tuple(sorted(pairs[number])),
                *rest,
            )
            for number, uid, action, by, at, why, of, pending, verdict, *rest in db.rows(_ROWS)
        ]

    def placed(self) -> list[tuple[str, SubjectId, SubjectId]]:
        """Return the judgements with the subjects their mentions belong to now."""
        return [
            (uid, SubjectId(one), SubjectId(other)) for uid, one, other in self._db.rows(_PLACED)
        ]

    def subject_of(self, mention: MentionId) -> SubjectId | None:
        """Return the subject a mention belongs to now."""
        key = self._found(mention)
        uid = self._db.scalar(
            "SELECT subject.uid FROM membership JOIN subject ON subject.id = membership.subject "
            "WHERE membership.mention = ?",
            (key,),
        )
        return None if uid is None else SubjectId(uid)

    def trial(self) -> AbstractContextManager[None]:
        """Take back everything written inside, at its end."""
        return self._db.trial()

    def _key_of(self, mention: MentionId) -> int:
        key = self._found(mention)
        if key is None:
            raise QueryError("E610", where=mention)
        return key

    def _found(self, mention: MentionId) -> int | None:
        record, _, place = mention.partition(":")
        role, _, ordinal = place.rpartition(":")
        try:
            values = (bytes.fromhex(record), role, int(ordinal))
        except ValueError:
            return None
        key: int | None = self._db.scalar(_MENTION, values)
        return key


def _ends(pair: JudgedPair) -> tuple[MentionId, MentionId]:
    return pair.one, pair.other


def _id(digest: bytes, role: str, ordinal: int) -> MentionId:
    return mention_id(RecordId(digest.hex()), role, ordinal)
