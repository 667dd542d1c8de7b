"""All of a SQLite store as plain rows, and plain rows as a SQLite store, in one transaction."""

import json
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from itertools import groupby, islice
from typing import Final

from graph.ports import PLACES
from graph.store.sqlite.database import Database
from graph.transfer import Row

__all__ = ["SqliteTransfer"]

_BLOCK: Final = 5_000
_DUMP: Final = {
    "sources": "SELECT name, delivery, register FROM source ORDER BY id",
    "batches": "SELECT batch.id, uid, source.name, file, file_digest, data_date, loaded_at, "
    "withdrawn_at, read, accepted, refused, repeated, mended "
    "FROM batch JOIN source ON source.id = batch.source ORDER BY batch.id",
    "sheets": "SELECT batch, position, name, header FROM sheet",
    "records": "SELECT digest, record.id, source.name, natural_key, version "
    "FROM record JOIN source ON source.id = record.source ORDER BY record.id",
    "cells": "SELECT first, body FROM cells",
    "sightings": "SELECT digest, record.id, batch, sheet, row "
    "FROM sighting JOIN record ON record.id = sighting.record",
    "mentions": "SELECT mention.id, record.digest, role, ordinal, kind, name, type, status, value, "
    "key, repairs FROM mention "
    f"JOIN record ON record.id = mention.id / {PLACES} "
    "LEFT JOIN identifier ON identifier.mention = mention.id ORDER BY mention.id, position",
    "traits": "SELECT mention, max(value) FILTER (WHERE type = 'phone'), "
    "max(value) FILTER (WHERE type = 'address'), max(value) FILTER (WHERE type = 'founded') "
    "FROM trait GROUP BY mention",
    "relations": "SELECT * FROM relation",
    "listings": "SELECT record.id, digest, kind, party, authority, decision_number, case_key, "
    "violation_date, decision_date, since, until, scope, severity, named, facts, events "
    "FROM listing JOIN record ON record.id = listing.record",
    "case_events": "SELECT record.id, digest, position, status, happened, party, authority, "
    "decision_number, case_key FROM case_event JOIN record ON record.id = case_event.record",
    "bids": "SELECT record.id, digest, project, lot, opened, bidder "
    "FROM bid JOIN record ON record.id = bid.record",
    "series": "SELECT digest, record, series FROM succession "
    "JOIN record ON record.id = succession.record",
    "wholes": "SELECT digest, record, whole FROM extent JOIN record ON record.id = extent.record",
    "batch_wholes": "SELECT batch, whole FROM batch_extent",
    "refusals": "SELECT batch, sheet, row, code, facts, cells, digest "
    "FROM refusal LEFT JOIN record ON record.id = refusal.mended_by",
    "subjects": "SELECT uid, kind, name, strong, recorded_from, recorded_to FROM subject",
    "keys": "SELECT uid, key, type, disputed FROM subject_key "
    "JOIN subject ON subject.id = subject_key.subject",
    "memberships": "SELECT mention, uid, membership.strong, membership.recorded_from "
    "FROM membership JOIN subject ON subject.id = membership.subject",
    "past": "SELECT mention, uid, membership_past.recorded_from, membership_past.recorded_to, "
    "membership_past.strong "
    "FROM membership_past JOIN subject ON subject.id = membership_past.subject",
    "described": "SELECT uid, kind, name, strong, recorded_from, recorded_to FROM subject_past",
    "traces": "SELECT uid, key FROM trace JOIN subject ON subject.id = trace.subject",
    "meetings": "SELECT uid, key, known FROM meeting JOIN subject ON subject.id = meeting.subject",
    "judgements": "SELECT sequence, uid, action, of, pending, verdict, judged_by, judged_at, why, "
    "task, evidence, model FROM judgement ORDER BY sequence",
    "judged": "SELECT judgement, one, other FROM judged_pair",
    "answered": "SELECT judgement, one, other, reason, type, key FROM answered",
    "reviews": "SELECT subject, other, reason, type, key, recorded_from, recorded_to FROM review",
    "findings": "SELECT uid, body, recorded_from, recorded_to FROM finding ORDER BY sequence",
    "waiting": "SELECT digest, id FROM record WHERE id IN (SELECT record FROM touched) "
    "OR id > ifnull((SELECT value FROM meta WHERE name = 'resolved_through'), 0)",
    "changes": "SELECT sequence, recorded_at, what, finding, subject, rule, kind, suspected "
    "FROM change ORDER BY sequence",
    "affected": "SELECT uid FROM affected",
}
_RESTORE: Final = {
    "sources": "INSERT INTO source (name, delivery, register) VALUES (?, ?, ?)",
    "batches": "INSERT INTO batch SELECT ?1, ?2, source.id, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, "
    "?12, ?13 FROM source WHERE name = ?3",
    "sheets": "INSERT INTO sheet VALUES (?, ?, ?, ?)",
    "records": "INSERT INTO record (id, digest, source, natural_key, version, active) "
    "SELECT ?2, ?1, source.id, ?4, ?5, 0 FROM source WHERE name = ?3",
    "cells": "INSERT INTO cells VALUES (?, ?)",
    "sightings": "INSERT INTO sighting (record, batch, sheet, row) VALUES (?2, ?3, ?4, ?5)",
    "mentions": "INSERT INTO mention VALUES (?, ?, ?, ?, ?)",
    "identifiers": "INSERT INTO identifier VALUES (?, ?, ?, ?, ?, ?, ?)",
    "traits": "INSERT INTO trait SELECT ?1, column1, column2 "
    "FROM (VALUES ('phone', ?2), ('address', ?3), ('founded', ?4)) WHERE column2 IS NOT NULL",
    "relations": "INSERT INTO relation VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    "listings": "INSERT INTO listing VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    "case_events": "INSERT INTO case_event VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    "bids": "INSERT INTO bid VALUES (?, ?, ?, ?, ?)",
    "series": "INSERT INTO succession VALUES (?2, ?3)",
    "wholes": "INSERT INTO extent VALUES (?2, ?3)",
    "batch_wholes": "INSERT INTO batch_extent VALUES (?, ?)",
    "refusals": "INSERT INTO refusal SELECT ?1, ?2, ?3, ?4, ?5, ?6, "
    "(SELECT id FROM record WHERE digest = ?7)",
    "subjects": "INSERT INTO subject (uid, kind, name, strong, recorded_from, recorded_to) "
    "VALUES (?, ?, ?, ?, ?, ?)",
    "keys": "INSERT INTO subject_key SELECT ?2, id, ?3, ?4 FROM subject WHERE uid = ?1",
    "memberships": "INSERT INTO membership SELECT ?1, id, ?3, ?4 FROM subject WHERE uid = ?2",
    "past": "INSERT INTO membership_past SELECT ?1, id, ?3, ?4, ?5 FROM subject WHERE uid = ?2",
    "described": "INSERT INTO subject_past SELECT id, ?1, ?2, ?3, ?4, ?5, ?6 "
    "FROM subject WHERE uid = ?1",
    "traces": "INSERT INTO trace SELECT ?2, id FROM subject WHERE uid = ?1",
    "meetings": "INSERT INTO meeting SELECT ?2, id, ?3 FROM subject WHERE uid = ?1",
    "judgements": "INSERT INTO judgement VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    "judged": "INSERT INTO judged_pair VALUES (?, ?, ?)",
    "answered": "INSERT INTO answered VALUES (?, ?, ?, ?, ?, ?)",
    "reviews": "INSERT INTO review VALUES (?, ?, ?, ?, ?, ?, ?)",
    "findings": "INSERT INTO finding (uid, subject, rule, kind, suspected, body, recorded_from, "
    "recorded_to) SELECT ?1, ?2 ->> 'subject', ?2 ->> 'rule', ?2 ->> 'kind', "
    "?2 ->> 'suspected', ?2, ?3, ?4",
    "waiting": "INSERT INTO touched VALUES (?2)",
    "changes": "INSERT INTO change VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    "affected": "INSERT INTO affected VALUES (?)",
}
_TRUTHS: Final = {
    "sources": 2,
    "subjects": 3,
    "keys": 3,
    "memberships": 2,
    "past": 4,
    "described": 3,
    "meetings": 2,
    "judgements": 4,
    "changes": 7,
}
_STATE: Final = ("resolved_at", "propagated_at", "findings_ground")
_MARKS: Final = ("everyone_affected", "evidence_changed")
_KEY_AND_DIGEST: Final = ("listings", "case_events", "bids", "mentions")
_ACTIVE: Final = """
UPDATE record SET active = 1 WHERE id IN (
  SELECT sighting.record FROM sighting
  JOIN batch ON batch.id = sighting.batch AND batch.withdrawn_at IS NULL
)
"""
_NAMES: Final = """
INSERT OR IGNORE INTO subject_name (name_key, subject)
SELECT name_key(mention.name), membership.subject FROM membership
JOIN mention ON mention.id = membership.mention WHERE mention.name <> ''
"""


class SqliteTransfer:
    """The `Transfer` port."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def empty(self) -> bool:
        """Return whether the store holds nothing."""
        return not self._db.scalar("SELECT EXISTS (SELECT 1 FROM batch)")

    def handing_over(self) -> AbstractContextManager[None]:
        """Keep other writers out while the store is dumped."""
        return self._db.write()

    @contextmanager
    def taking_over(self) -> Iterator[None]:
        """Take in within one transaction."""
        with self._db.write():
            yield
            self._db.execute(_ACTIVE)
            self._db.execute(_NAMES)
            self._db.execute("INSERT INTO name_search (name_search) VALUES ('rebuild')")

    def dump(self, part: str) -> Iterator[list[Row]]:
        """Yield blocks of a part's rows."""
        rows = self._rows(part)
        while block := list(islice(rows, _BLOCK)):
            yield block

    def restore(self, part: str, rows: Sequence[Row]) -> None:
        """Take in a block of a part's rows."""
        if part == "state":
            self._restore_state(rows[0])
            return
        kept = rows
        if part == "sheets":
            kept = [(*row[:3], json.dumps(row[3], ensure_ascii=False)) for row in rows]
        elif part in _KEY_AND_DIGEST:
            kept = [(row[0], *row[2:]) for row in rows]
        if part == "mentions":
            self._db.many(_RESTORE["identifiers"], _identifiers(rows))
            kept = [row[:5] for row in kept]
        self._db.many(_RESTORE[part], (tuple(row) for row in kept))

    def _rows(self, part: str) -> Iterator[Row]:
        if part == "state":
            told = [self._db.meta(name) for name in _STATE]
            return iter([(*told, *(bool(self._db.meta(mark)) for mark in _MARKS))])
        rows = self._db.rows(_DUMP[part])
        if part == "mentions":
            return _with_identifiers(rows)
        if part == "sheets":
            return ((*row[:3], tuple(json.loads(row[3]))) for row in rows)
        if part in _TRUTHS:
            place = _TRUTHS[part]
            return ((*row[:place], bool(row[place]), *row[place + 1 :]) for row in rows)
        return rows

    def _restore_state(self, row: Row) -> None:
        self._db.set_meta("resolved_through", self._db.scalar("SELECT max(id) FROM record") or 0)
        for name, value in zip((*_STATE, *_MARKS), row, strict=True):
            if value is not None:
                self._db.set_meta(name, value)


def _with_identifiers(rows: Iterator[Row]) -> Iterator[Row]:
    for mention, found in groupby(rows, key=lambda row: row[:6]):
        yield (*mention, [row[6:] for row in found if row[6] is not None])


def _identifiers(mentions: Sequence[Row]) -> Iterator[Row]:
    for mention in mentions:
        for position, identifier in enumerate(mention[6]):
            yield (mention[0], position, *identifier)
