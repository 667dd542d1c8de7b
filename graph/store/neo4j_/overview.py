"""Counts and sorted listings of the whole Neo4j store: status, quality, clusters."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any, Final

import pyarrow as pa

from graph.model import RecordId, mention_id
from graph.store.neo4j_.database import Database
from graph.store.neo4j_.judgements import open_reviews
from graph.store.neo4j_.values import shown
from graph.store.neo4j_.view import look

__all__ = ["Neo4jOverview"]

_SIGHTED: Final = pa.schema(
    [
        ("source", pa.string()),
        ("file", pa.string()),
        ("row", pa.int64()),
        ("role", pa.string()),
        ("ordinal", pa.int32()),
        ("digest", pa.string()),
        ("batch", pa.int64()),
        ("subject", pa.string()),
        ("size", pa.int64()),
    ]
)
_CODES: Final = pa.schema([("subject", pa.string()), ("type", pa.string()), ("value", pa.string())])
_VOLUME: Final = (
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


class Neo4jOverview:
    """The `Overview` port."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def status(self) -> Mapping[str, Any]:
        """Return counts of records, mentions, subjects by kind, findings, and what waits."""
        db, view = self._db, look(self._db)
        records, mentions = db.rows("count_records", **view.values)[0]
        refusals: dict[bool, int] = dict(db.rows("count_refusals", **view.values))
        resolved_at, propagated_at, *_ = db.rows("state")[0]
        return {
            "records": records,
            "mentions": mentions,
            "findings": db.scalar("count_findings"),
            "batches": db.scalar("count_batches"),
            "refused": refusals.get(False, 0),
            "mended": refusals.get(True, 0),
            "reviews": open_reviews(db).num_rows,
            "subjects": dict(db.rows("count_subjects")),
            "stale": self.stale(),
            "resolved_at": resolved_at,
            "propagated_at": propagated_at,
        }

    def stale(self) -> list[str]:
        """Return the steps that wait to be run: `resolve`, `propagate`."""
        view = look(self._db)
        behind = view.resolved_through != view.changes and self._db.scalar("waits", **view.since)
        *_, everyone, changed, somebody = self._db.rows("state")[0]
        steps = {"resolve": behind, "propagate": changed or everyone or somebody}
        return [step for step, waits in steps.items() if waits]

    def version(self) -> int | None:
        """Return None: a server does not tell its clients cheaply whether anybody wrote."""
        return None

    def sources(self) -> list[Mapping[str, Any]]:
        """Return one row per source that has batches: volume, data date, last load."""
        found: list[Mapping[str, Any]] = []
        for row in self._db.rows("volume"):
            told = dict(zip(_VOLUME, row, strict=True))
            day = told["data_date"]
            told["data_date"] = None if day is None else day.iso_format()
            found.append(told)
        return found

    def quality(self) -> list[Mapping[str, Any]]:
        """Return the rows of `sources` with refusals by code and identifier health."""
        view = look(self._db)
        refusals: dict[str, dict[str, int]] = defaultdict(dict)
        for source, code, count in self._db.rows("refusals_by_code", **view.values):
            refusals[source][code] = count
        health: dict[str, dict[str, dict[str, int]]] = defaultdict(dict)
        for source, kind, status, count in self._db.rows("identifier_health", **view.values):
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
        asked = open_reviews(self._db)
        reviewed = {uid for end in ("subject", "other") for uid in asked.column(end).to_pylist()}
        found = self._db.table("clusters", _SIGHTED, **look(self._db).values)
        # Sorted here: the server orders text by UTF-16 units, the other store by code points.
        ordered = found.sort_by([(name, "ascending") for name in _SIGHTED.names[:7]])
        for block in ordered.to_batches(max_chunksize=100_000):
            for row in zip(*(column.to_pylist() for column in block.columns), strict=True):
                source, file, number, role, ordinal, digest, _, uid, size = row
                mention = mention_id(RecordId(digest), role, ordinal)
                decision = "merge" if size > 1 else "separate"
                if uid in reviewed:
                    decision = "review"
                yield source, file, number, role, ordinal, mention, uid or mention, decision

    def codes(self) -> Iterator[tuple[str, str, str]]:
        """Yield (subject, type, code) of full identifiers not in dispute, a person's masked."""
        seal = self._db.seal
        found = self._db.table("codes", _CODES).sort_by("subject")
        columns = [column.to_pylist() for column in found.columns]
        for uid, rows in groupby(zip(*columns, strict=True), key=lambda row: row[0]):
            yield from sorted({(uid, kind, shown(seal, kind, value)) for _, kind, value in rows})
