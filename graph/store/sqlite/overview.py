"""Counts and sorted listings of the whole SQLite store: status, quality, clusters."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import groupby
from typing import Any, Final

from graph.identifiers import IdType, mask
from graph.model import RecordId, mention_id
from graph.ports import PLACES
from graph.store.sqlite.database import Database
from graph.store.sqlite.judgements import OPEN_REVIEWS

__all__ = ["SqliteOverview"]

_EPOCH: Final = date(1970, 1, 1)
_STATUS: Final = {
    "records": "SELECT count(*) FROM record WHERE active = 1",
    "mentions": f"SELECT count(*) FROM mention JOIN record ON record.id = mention.id / {PLACES} "
    "WHERE record.active = 1",
    "findings": "SELECT count(*) FROM finding WHERE recorded_to IS NULL",
    "batches": "SELECT count(*) FROM batch WHERE withdrawn_at IS NULL",
    "refused": "SELECT count(*) FROM refusal JOIN batch ON batch.id = refusal.batch "
    "WHERE batch.withdrawn_at IS NULL AND mended_by IS NULL",
    "mended": "SELECT count(*) FROM refusal JOIN batch ON batch.id = refusal.batch "
    "WHERE batch.withdrawn_at IS NULL AND mended_by IS NOT NULL",
    "reviews": f"SELECT count(*) FROM ({OPEN_REVIEWS})",
}
_VOLUME = """
SELECT source.name, source.delivery, count(*), max(batch.data_date), max(batch.loaded_at),
       sum(batch.read), sum(batch.accepted), sum(batch.refused), sum(batch.repeated),
       sum(batch.mended)
FROM batch JOIN source ON source.id = batch.source
WHERE batch.withdrawn_at IS NULL GROUP BY source.id ORDER BY source.name
"""
_REFUSALS = """
SELECT source.name, refusal.code, count(*) FROM refusal
JOIN batch ON batch.id = refusal.batch JOIN source ON source.id = batch.source
WHERE batch.withdrawn_at IS NULL AND refusal.mended_by IS NULL GROUP BY 1, 2 ORDER BY 1, 2
"""
_HEALTH = f"""
SELECT source.name, identifier.type, identifier.status, count(*) FROM identifier
JOIN record ON record.id = identifier.mention / {PLACES} AND record.active = 1
JOIN source ON source.id = record.source
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""
# Mentions joined with another mention are merged; a subject in an open review is in review.
_CLUSTERS = f"""
WITH waiting AS MATERIALIZED ({OPEN_REVIEWS}), reviewed AS (
  SELECT subject AS uid FROM waiting UNION SELECT other FROM waiting
), sized AS (SELECT subject, count(*) AS size FROM membership GROUP BY subject)
SELECT source.name, batch.file, sighting.row, mention.role, mention.ordinal, record.digest,
       subject.uid,
       CASE WHEN subject.uid IN (SELECT uid FROM reviewed) THEN 'review'
            WHEN sized.size > 1 THEN 'merge' ELSE 'separate' END
FROM sighting
JOIN batch ON batch.id = sighting.batch AND batch.withdrawn_at IS NULL
JOIN source ON source.id = batch.source
JOIN record ON record.id = sighting.record
JOIN mention ON mention.id >= record.id * {PLACES} AND mention.id < (record.id + 1) * {PLACES}
LEFT JOIN membership ON membership.mention = mention.id
LEFT JOIN subject ON subject.id = membership.subject
LEFT JOIN sized ON sized.subject = membership.subject
ORDER BY source.name, batch.file, sighting.row, mention.role, mention.ordinal, record.digest,
         sighting.batch
"""
# A code that several subjects hold identifies none of them.
_CODES = """
SELECT DISTINCT subject.uid, identifier.type, identifier.value
FROM subject
JOIN membership ON membership.subject = subject.id
JOIN identifier ON identifier.mention = membership.mention
WHERE subject.recorded_to IS NULL AND identifier.status IN ('valid', 'repaired')
  AND NOT EXISTS (SELECT 1 FROM subject_key WHERE subject_key.key = identifier.key
                  AND subject_key.subject = subject.id AND subject_key.disputed)
ORDER BY subject.uid
"""


class SqliteOverview:
    """The `Overview` port."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def status(self) -> Mapping[str, Any]:
        """Return counts of records, mentions, subjects by kind, findings, and what waits."""
        db = self._db
        counts: dict[str, Any] = {name: db.scalar(query) for name, query in _STATUS.items()}
        counts["subjects"] = dict(
            db.rows(
                "SELECT kind, count(*) FROM subject WHERE recorded_to IS NULL "
                "GROUP BY kind ORDER BY kind"
            )
        )
        counts["stale"] = self.stale()
        counts["resolved_at"] = db.meta("resolved_at")
        counts["propagated_at"] = db.meta("propagated_at")
        return counts

    def stale(self) -> list[str]:
        """Return the steps that wait to be run: `resolve`, `propagate`."""
        steps = {"resolve": self._resolve_waits(), "propagate": self._propagate_waits()}
        return [step for step, waits in steps.items() if waits]

    def version(self) -> int | None:
        """Return a number that another one follows whenever another connection has written."""
        found: int = self._db.scalar("PRAGMA data_version")
        return found

    def sources(self) -> list[Mapping[str, Any]]:
        """Return one row per source that has batches: volume, data date, last load."""
        names = (
            "source",
            "delivery",
            "batches",
            "data_date",
            "loaded_at",
            "read",
            "accepted",
            "refused",
            "repeated",
            "mended",
        )
        found: list[Mapping[str, Any]] = []
        for row in self._db.rows(_VOLUME):
            told = dict(zip(names, row, strict=True))
            day = told["data_date"]
            told["data_date"] = None if day is None else (_EPOCH + timedelta(days=day)).isoformat()
            found.append(told)
        return found

    def quality(self) -> list[Mapping[str, Any]]:
        """Return the rows of `sources` with refusals by code and identifier health."""
        refusals: dict[str, dict[str, int]] = defaultdict(dict)
        for source, code, count in self._db.rows(_REFUSALS):
            refusals[source][code] = count
        health: dict[str, dict[str, dict[str, int]]] = defaultdict(dict)
        for source, kind, status, count in self._db.rows(_HEALTH):
            health[source].setdefault(kind, {})[status] = count
        return [
            {
                **row,
                "refusals": refusals.get(row["source"], {}),
                "identifiers": health.get(row["source"], {}),
            }
            for row in self.sources()
        ]

    def clusters(self) -> Iterator[tuple[str, str, int, str, int, str, str, str]]:
        """Yield (source, file, row, role, ordinal, mention id, subject id, decision), sorted.

        Before any resolve every mention is its own subject, under its own id.
        """
        for source, file, row, role, ordinal, digest, uid, decision in self._db.rows(_CLUSTERS):
            mention = mention_id(RecordId(digest.hex()), role, ordinal)
            yield source, file, row, role, ordinal, mention, uid or mention, decision

    def codes(self) -> Iterator[tuple[str, str, str]]:
        """Yield (subject, type, code) of full identifiers not in dispute, a person's masked."""
        for uid, rows in groupby(self._db.rows(_CODES), key=lambda row: row[0]):
            yield from sorted({(uid, kind, self._shown(kind, value)) for _, kind, value in rows})

    def _shown(self, kind: str, value: str | bytes) -> str:
        text = self._db.seal.open(value).decode() if isinstance(value, bytes) else value
        return mask(IdType(kind), text)

    def _resolve_waits(self) -> bool:
        through = int(self._db.meta("resolved_through") or 0)
        return bool(
            self._db.scalar(
                "SELECT EXISTS (SELECT 1 FROM record WHERE id > ?) "
                "OR EXISTS (SELECT 1 FROM touched)",
                (through,),
            )
        )

    def _propagate_waits(self) -> bool:
        return bool(
            self._db.meta("everyone_affected")
            or self._db.meta("evidence_changed")
            or self._db.scalar("SELECT EXISTS (SELECT 1 FROM affected)")
        )
