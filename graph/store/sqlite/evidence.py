"""Batches, records and refused rows in SQLite."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, Final

from graph.errors import QueryError
from graph.identifiers import IdType, mask
from graph.model import RecordId, mention_id
from graph.ports import PLACES, BatchHeading, BatchInfo, BatchWriter, Counts, RefusedRow
from graph.store.sqlite.affected import everyone_is_affected, touch_versions
from graph.store.sqlite.batch import SqliteBatch
from graph.store.sqlite.database import Database

__all__ = ["SqliteEvidence"]

_EPOCH: Final = date(1970, 1, 1)

_SELECT_BATCHES = """
SELECT batch.uid, source.name, batch.file, batch.data_date, batch.loaded_at, batch.withdrawn_at,
       batch.read, batch.accepted, batch.refused, batch.repeated, batch.mended
FROM batch JOIN source ON source.id = batch.source
"""
_SELECT_REFUSED = """
SELECT batch.uid, source.name, batch.file, sheet.name, refusal.sheet, refusal.row, refusal.code,
       refusal.facts, sheet.header, refusal.cells
FROM refusal
JOIN batch ON batch.id = refusal.batch
JOIN source ON source.id = batch.source
JOIN sheet ON sheet.batch = refusal.batch AND sheet.position = refusal.sheet
WHERE refusal.mended_by IS NULL AND batch.withdrawn_at IS NULL AND (?1 IS NULL OR batch.uid = ?1)
ORDER BY source.name, batch.file, batch.id, refusal.sheet, refusal.row
"""
# A record is active while some batch that is not withdrawn has it.
_SWITCH_OFF = """
UPDATE record SET active = 0 WHERE active = 1 AND id IN (
  SELECT record FROM sighting WHERE batch = ?1
) AND NOT EXISTS (
  SELECT 1 FROM sighting JOIN batch ON batch.id = sighting.batch
  WHERE sighting.record = record.id AND batch.withdrawn_at IS NULL
)
RETURNING id
"""


class SqliteEvidence:
    """The `Evidence` port."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @contextmanager
    def open_batch(self, heading: BatchHeading) -> Iterator[BatchWriter]:
        """Open a batch in one transaction; nothing is kept if the block raises."""
        with self._db.write():
            # Asked under the write lock: another process may be loading the same file.
            known = self._db.one(_SELECT_BATCHES + " WHERE batch.uid = ?", (heading.uid,))
            writer = SqliteBatch(self._db, heading, None if known is None else _info(known))
            yield writer
            writer.close()

    def withdraw(self, uid: str, at: datetime) -> None:
        """Switch off a batch and all that rests on it alone.

        Raises:
            QueryError: No such batch, or it is withdrawn already.
        """
        with self._db.write():
            found = self._db.one(
                "SELECT batch.id, source.delivery FROM batch "
                "JOIN source ON source.id = batch.source "
                "WHERE batch.uid = ? AND batch.withdrawn_at IS NULL",
                (uid,),
            )
            if found is None:
                raise QueryError("E601", where=uid)
            batch, delivery = found
            # A withdrawn batch keeps its rows under a past id: the file may be loaded again.
            self._db.execute(
                "UPDATE batch SET withdrawn_at = ?, uid = uid || '~' || id WHERE id = ?",
                (at.isoformat(), batch),
            )
            off = self._db.execute(_SWITCH_OFF, (batch,)).fetchall()
            self._db.many("INSERT OR IGNORE INTO touched VALUES (?)", off)
            touch_versions(self._db, batch)
            if delivery == "full":
                everyone_is_affected(self._db)
            self._db.execute(
                "UPDATE refusal SET mended_by = NULL WHERE mended_by IN "
                "(SELECT id FROM record WHERE active = 0)"
            )
            self._db.set_meta("evidence_changed", 1)

    def batches(self) -> list[BatchInfo]:
        """Return every batch, oldest first, withdrawn ones included."""
        return [_info(row) for row in self._db.rows(_SELECT_BATCHES + " ORDER BY batch.id")]

    def refused(self, uid: str | None) -> Iterator[RefusedRow]:
        """Yield refused rows that are not mended, of one batch or all, in file order."""
        for row in self._db.rows(_SELECT_REFUSED, (uid,)):
            batch, source, file, sheet, position, number, code, facts, header, cells = row
            yield RefusedRow(
                id=f"{batch}:{position}:{number}",
                source=source,
                file=file,
                sheet=sheet,
                row=number,
                code=code,
                facts=json.loads(facts),
                header=tuple(json.loads(header)),
                cells=tuple(json.loads(self._db.seal.open(cells))),
            )

    def record(self, record: str) -> Mapping[str, Any] | None:
        """Return a record by its hex id; personal identifiers of its mentions are masked."""
        try:
            digest = bytes.fromhex(record)
        except ValueError:
            return None
        found = self._db.one(
            "SELECT record.id, source.name, record.active FROM record "
            "JOIN source ON source.id = record.source WHERE digest = ?",
            (digest,),
        )
        if found is None:
            return None
        key, source, active = found
        return {
            "record": record,
            "source": source,
            "active": bool(active),
            "cells": self._cells(key)["cells"],
            "sightings": [
                {"batch": uid, "file": file, "row": row, "withdrawn": withdrawn is not None}
                for uid, file, row, withdrawn in self._db.rows(
                    "SELECT batch.uid, batch.file, sighting.row, batch.withdrawn_at FROM sighting "
                    "JOIN batch ON batch.id = sighting.batch WHERE sighting.record = ? "
                    "ORDER BY batch.file, sighting.row",
                    (key,),
                )
            ],
            "mentions": self._mentions(record, key),
        }

    def _cells(self, key: int) -> dict[str, Any]:
        block = self._db.one(
            "SELECT first, body FROM cells WHERE first <= ? ORDER BY first DESC LIMIT 1", (key,)
        )
        if block is None:  # pragma: no cover - every record was written with its block
            raise AssertionError("a record without cells")
        document: dict[str, Any] = json.loads(self._db.seal.open_block(block[1]))[key - block[0]]
        return document

    def _mentions(self, record: str, key: int) -> list[dict[str, Any]]:
        statement = (
            "SELECT mention.id, role, ordinal, kind, name, type, status, value FROM mention "
            "LEFT JOIN identifier ON identifier.mention = mention.id "
            "WHERE mention.id >= ? AND mention.id < ? ORDER BY mention.id, position"
        )
        found = self._db.rows(statement, (key * PLACES, (key + 1) * PLACES))
        mentions = []
        for (_, role, ordinal, kind, name), rows in groupby(found, key=lambda row: row[:5]):
            mentions.append(
                {
                    "mention": mention_id(RecordId(record), role, ordinal),
                    "role": role,
                    "kind": kind,
                    "name": name,
                    "identifiers": [
                        {"type": row[5], "status": row[6], "value": self.shown(row[5], row[7])}
                        for row in rows
                        if row[5] is not None
                    ],
                }
            )
        return mentions

    def shown(self, kind: str, value: str | bytes) -> str:
        """Return an identifier as people may see it: personal ones masked."""
        text = self._db.seal.open(value).decode() if isinstance(value, bytes) else value
        return mask(IdType(kind), text)


def _info(row: tuple[Any, ...]) -> BatchInfo:
    uid, source, file, day, loaded, withdrawn, *counts = row
    return BatchInfo(
        uid=uid,
        source=source,
        file=file,
        data_date=None if day is None else _EPOCH + timedelta(days=day),
        loaded_at=datetime.fromisoformat(loaded),
        withdrawn_at=None if withdrawn is None else datetime.fromisoformat(withdrawn),
        counts=Counts(*counts),
    )
