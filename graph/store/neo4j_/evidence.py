"""Batches, records and refused rows in Neo4j."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from graph.errors import QueryError
from graph.model import RecordId, mention_id
from graph.ports import BatchHeading, BatchInfo, BatchWriter, Counts, RefusedRow
from graph.store.neo4j_.batch import Neo4jBatch
from graph.store.neo4j_.database import Database
from graph.store.neo4j_.values import shown
from graph.store.neo4j_.view import look, renew
from graph.store.neo4j_.work import Work

__all__ = ["Neo4jEvidence"]


class Neo4jEvidence:
    """The `Evidence` port."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @contextmanager
    def open_batch(self, heading: BatchHeading) -> Iterator[BatchWriter]:
        """Open a batch; if the block raises, nothing of it is seen until it is loaded again."""
        known = self._db.rows("batch_by_uid", uid=heading.uid)
        writer = Neo4jBatch(self._db, heading, _info(known[0]) if known else None)
        yield writer
        writer.close()

    def withdraw(self, uid: str, at: datetime) -> None:
        """Switch off a batch and all that rests on it alone.

        Raises:
            QueryError: No such batch, or it is withdrawn already.
        """

        # A withdrawn batch keeps its rows under a past id: the file may be loaded again.
        def work(work: Work) -> None:
            if not work.rows("withdraw_batch", uid=uid, at=at.isoformat()):
                raise QueryError("E601", where=uid)

        self._db.write(work)
        renew(self._db)

    def batches(self) -> list[BatchInfo]:
        """Return every batch, oldest first, withdrawn ones included."""
        return [_info(row) for row in self._db.rows("batches")]

    def refused(self, uid: str | None) -> Iterator[RefusedRow]:
        """Yield refused rows that are not mended, of one batch or all, in file order."""
        found = self._db.rows("refused", uid=uid, **look(self._db).values)
        for row in sorted(found, key=lambda row: row[:5]):
            source, file, _, position, number, batch, sheet, code, facts, header, cells = row
            yield RefusedRow(
                id=f"{batch}:{position}:{number}",
                source=source,
                file=file,
                sheet=sheet,
                row=number,
                code=code,
                facts=json.loads(facts),
                header=tuple(header),
                cells=tuple(json.loads(self._db.seal.open(bytes(cells)))),
            )

    def record(self, record: str) -> Mapping[str, Any] | None:
        """Return a record by its hex id; personal identifiers of its mentions are masked."""
        found = self._db.rows("record", digest=record)
        if not found:
            return None
        key, source, active = found[0]
        sightings = self._db.rows("sightings", digest=record)
        return {
            "record": record,
            "source": source,
            "active": active,
            "cells": self._cells(key)["cells"],
            "sightings": [
                {"batch": uid, "file": file, "row": row, "withdrawn": withdrawn is not None}
                for uid, file, row, withdrawn in sorted(sightings, key=lambda row: row[1:3])
            ],
            "mentions": self._mentions(record),
        }

    def _cells(self, key: int) -> dict[str, Any]:
        first, body = self._db.rows("cells", key=key)[0]
        document: dict[str, Any] = json.loads(self._db.seal.open_block(bytes(body)))[key - first]
        return document

    def _mentions(self, record: str) -> list[dict[str, Any]]:
        return [
            {
                "mention": mention_id(RecordId(record), role, ordinal),
                "role": role,
                "kind": kind,
                "name": name,
                "identifiers": identifiers(self._db, *lists),
            }
            for role, ordinal, kind, name, *lists in self._db.rows(
                "mentions_of_record", digest=record
            )
        ]


def identifiers(
    database: Database, types: list[str], statuses: list[str], values: list[str]
) -> list[dict[str, str]]:
    """Return a mention's identifiers as people may see them."""
    return [
        {"type": kind, "status": status, "value": shown(database.seal, kind, value)}
        for kind, status, value in zip(types, statuses, values, strict=True)
    ]


def _info(row: tuple[Any, ...]) -> BatchInfo:
    uid, source, file, day, loaded, withdrawn, *counts = row
    return BatchInfo(
        uid=uid,
        source=source,
        file=file,
        data_date=None if day is None else date(day.year, day.month, day.day),
        loaded_at=datetime.fromisoformat(loaded),
        withdrawn_at=None if withdrawn is None else datetime.fromisoformat(withdrawn),
        counts=Counts(*counts),
    )
