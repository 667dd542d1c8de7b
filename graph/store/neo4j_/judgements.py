"""The ledger of judgements in Neo4j: nodes are added, never changed."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from graph import schema
from graph.errors import QueryError
from graph.judgements import JudgedPair, JudgementRow
from graph.model import MentionId, RecordId, SubjectId, mention_id
from graph.store.neo4j_.database import Database
from graph.store.neo4j_.view import renew, renewed
from graph.store.neo4j_.work import Work

__all__ = ["Neo4jJudgements", "open_reviews"]

_ORDER = [(name, "ascending") for name in ("subject", "other", "reason", "key")]


class Neo4jJudgements:
    """The `Judgements` port."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def add(self, row: JudgementRow) -> None:
        """Append a row; the records whose mentions it speaks of wait for resolve."""

        def work(work: Work) -> None:
            known = work.rows("judgement_uids", uids=[row.uid, row.of])
            if (row.uid,) in known:
                return  # a commit whose answer was lost
            if row.of and (row.of,) not in known:
                raise QueryError("E610", where=row.of)
            pairs = [
                [row.uid, _key_of(work, pair.one), _key_of(work, pair.other), *_answered(pair)]
                for pair in row.pairs
            ]
            work.run(
                "add_judgement",
                uid=row.uid,
                action=row.action,
                of=row.of,
                pending=row.pending,
                verdict=row.verdict,
                by=row.by,
                at=row.at.isoformat(),
                why=self._db.seal.seal(row.why.encode()),
                task=row.task,
                evidence=row.evidence,
                model=row.model,
            )
            work.run("put_pairs", rows=pairs)

        self._db.write(work)
        renew(self._db)

    def ledger(self) -> list[JudgementRow]:
        """Return every row, oldest first."""
        pairs: dict[int, list[JudgedPair]] = defaultdict(list)
        for number, _, _, *ends, reasons, types, keys in self._db.rows("judged_pairs"):
            asked = zip(reasons, types, map(bytes.fromhex, keys), strict=True)
            pair = JudgedPair(_id(*ends[:3]), _id(*ends[3:]), tuple(sorted(asked)))
            pairs[number].append(pair)
        return [
            JudgementRow(
                uid,
                action,
                by,
                datetime.fromisoformat(at),
                self._db.seal.open(bytes(why)).decode(),
                of,
                pending,
                verdict,
                tuple(sorted(pairs[number])),
                *rest,
            )
            for number, uid, action, by, at, why, of, pending, verdict, *rest in self._db.rows(
                "ledger"
            )
        ]

    def placed(self) -> list[tuple[str, SubjectId, SubjectId]]:
        """Return the judgements with the subjects their mentions belong to now."""
        return [
            (uid, SubjectId(one), SubjectId(other))
            for _, uid, one, other in self._db.rows("placed")
        ]

    def subject_of(self, mention: MentionId) -> SubjectId | None:
        """Return the subject a mention belongs to now."""
        key = self._db.read(lambda work: _found(work, mention))
        found = [] if key is None else self._db.rows("subject_by_mention", rows=[key])
        return SubjectId(found[0][1]) if found else None

    @contextmanager
    def trial(self) -> Iterator[None]:
        """Take back everything written inside, at its end."""
        with renewed(self._db), self._db.trial():
            yield


def open_reviews(database: Database) -> pa.Table:
    """Return open review pairs (`schema.REVIEWS`), sorted.

    What was answered `different` stays answered wherever the two mentions are now.
    """
    found = database.table("all_reviews", schema.REVIEWS)
    settled = {
        (frozenset((one, other)), kind, key)
        for one, other, types, keys in database.rows("settled")
        for kind, key in zip(types, keys, strict=True)
    }
    if settled:
        columns = (found.column(name).to_pylist() for name in ("subject", "other", "type", "key"))
        asked = [
            (frozenset((one, other)), kind, key.hex()) not in settled
            for one, other, kind, key in zip(*columns, strict=True)
        ]
        found = found.filter(pa.array(asked, pa.bool_()))
    text = found.set_column(4, "key", found.column("key").cast(pa.binary()))
    return found.take(pc.sort_indices(text, _ORDER))


def _key_of(work: Work, mention: MentionId) -> int:
    key = _found(work, mention)
    if key is None:
        raise QueryError("E610", where=mention)
    return key


def _found(work: Work, mention: MentionId) -> int | None:
    record, _, place = mention.partition(":")
    role, _, ordinal = place.rpartition(":")
    if not ordinal.isdecimal():
        return None
    key: int | None = work.scalar("mention_key", digest=record, role=role, ordinal=int(ordinal))
    return key


def _answered(pair: JudgedPair) -> list[list[str]]:
    """Return the questions of a pair as parallel lists: reasons, types, keys."""
    reasons, types, keys = zip(*pair.answered, strict=True) if pair.answered else ((), (), ())
    return [list(reasons), list(types), [key.hex() for key in keys]]


def _id(digest: str, role: str, ordinal: int) -> MentionId:
    return mention_id(RecordId(digest), role, ordinal)
