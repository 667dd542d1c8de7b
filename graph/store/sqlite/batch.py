"""Writing one batch into SQLite, inside the transaction its opener holds."""

import json
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from graph.ports import PLACES, BatchHeading, BatchInfo, Counts, Rows, SheetHeading
from graph.store.sqlite.affected import everyone_is_affected, touch_versions
from graph.store.sqlite.database import Database

__all__ = ["SqliteBatch"]

_EPOCH: Final = date(1970, 1, 1)

_INSERT_RECORD = (
    "INSERT OR IGNORE INTO record (id, digest, natural_key, version, source) "
    "VALUES (?, ?, ?, ?, {source})"
)
_INSERT_SIGHTING = (
    "INSERT INTO sighting (row, record, batch, sheet) VALUES (?, ?, {batch}, {sheet})"
)
_INSERT = {
    "mentions": "INSERT INTO mention VALUES (?, ?, ?, ?, ?)",
    "identifiers": "INSERT INTO identifier VALUES (?, ?, ?, ?, ?, ?, ?)",
    "traits": "INSERT INTO trait VALUES (?, ?, ?)",
    "relations": "INSERT INTO relation VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    "listings": "INSERT INTO listing VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    "case_events": "INSERT INTO case_event VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    "bids": "INSERT INTO bid VALUES (?, ?, ?, ?, ?)",
}
_INSERT_SERIES = "INSERT OR IGNORE INTO succession VALUES (?, ?)"
_INSERT_WHOLE = "INSERT OR IGNORE INTO extent VALUES (?, ?)"
_INSERT_EXTENT = "INSERT OR IGNORE INTO batch_extent VALUES ({batch}, ?)"
_INSERT_REFUSAL = (
    "INSERT INTO refusal (batch, sheet, row, code, facts, cells) VALUES (?, ?, ?, ?, ?, ?)"
)


class SqliteBatch:
    """The `BatchWriter` of one open transaction."""

    def __init__(self, database: Database, heading: BatchHeading, known: BatchInfo | None) -> None:
        self._db = database
        self.known = known
        self._counts = Counts()
        self._sheet = 0
        self._data_date: int | None = None
        if known is None:
            self._open(heading)

    def _open(self, heading: BatchHeading) -> None:
        # What is missing from a full file ended, and that may be any row of its source.
        self._full = heading.delivery == "full"
        database = self._db
        database.execute(
            "INSERT INTO source (name, delivery, register) VALUES (?, ?, ?) "
            "ON CONFLICT (name) DO UPDATE SET delivery = excluded.delivery, "
            "register = excluded.register",
            (heading.source, heading.delivery, int(heading.register)),
        )
        self._source = database.scalar("SELECT id FROM source WHERE name = ?", (heading.source,))
        self._batch = database.scalar(
            "INSERT INTO batch (uid, source, file, file_digest, loaded_at) "
            "VALUES (?, ?, ?, ?, ?) RETURNING id",
            (
                heading.uid,
                self._source,
                heading.file,
                heading.file_digest,
                heading.loaded_at.isoformat(),
            ),
        )
        self._first_key = (database.scalar("SELECT max(id) FROM record") or 0) + 1

    @property
    def first_key(self) -> int:
        """Key of the batch's first row."""
        return self._first_key

    def sheet(self, heading: SheetHeading) -> None:
        """Start a sheet; the rows that follow belong to it."""
        self._sheet = heading.position
        self._db.execute(
            "INSERT INTO sheet VALUES (?, ?, ?, ?)",
            (
                self._batch,
                heading.position,
                heading.name,
                json.dumps(heading.header, ensure_ascii=False),
            ),
        )

    def write(self, rows: Rows) -> Counts:
        """Write rows; those whose record is known become repeated sightings."""
        db = self._db
        before = db.connection.total_changes
        # Keys of this store's own tables are written into the statement: fewer values to bind.
        db.many(_INSERT_RECORD.format(source=self._source), rows.records)
        accepted = db.connection.total_changes - before
        fresh: frozenset[int] | None = None
        keys: dict[int, int] = {}
        if accepted < len(rows.records):
            fresh, keys = self._sort_out(rows)
        db.many("INSERT INTO cells VALUES (?, ?)", _kept_blocks(rows, keys))
        sightings = rows.sightings
        if keys:
            sightings = [(number, keys.get(record, record)) for number, record in sightings]
        db.many(_INSERT_SIGHTING.format(batch=self._batch, sheet=self._sheet), sightings)
        self._write_statements(rows, fresh)
        for statement, told in ((_INSERT_SERIES, rows.series), (_INSERT_WHOLE, rows.wholes)):
            db.many(statement, ((keys.get(record, record), key) for record, key in told))
        wholes = dict.fromkeys((whole,) for _, whole in rows.wholes)
        db.many(_INSERT_EXTENT.format(batch=self._batch), wholes)
        db.many(
            _INSERT_REFUSAL, ((self._batch, self._sheet, *refusal) for refusal in rows.refusals)
        )
        counts = Counts(
            read=rows.read,
            accepted=accepted,
            refused=len(rows.refusals),
            repeated=len(rows.records) - accepted + rows.returned,
            mended=self._mend(rows, keys),
        )
        self._counts.add(counts)
        return counts

    def finish(self, data_date: date | None) -> None:
        """Say what day the file speaks of."""
        self._data_date = None if data_date is None else (data_date - _EPOCH).days

    def close(self) -> None:
        """Write the batch's totals, as the last step of its transaction."""
        if self.known is not None:
            return
        counts = self._counts
        self._db.execute(
            "UPDATE batch SET read = ?, accepted = ?, refused = ?, repeated = ?, mended = ?, "
            "data_date = ? WHERE id = ?",
            (
                counts.read,
                counts.accepted,
                counts.refused,
                counts.repeated,
                counts.mended,
                self._data_date,
                self._batch,
            ),
        )
        if counts.repeated:
            touch_versions(self._db, self._batch)
        if self._full:
            everyone_is_affected(self._db)
        self._db.set_meta("evidence_changed", 1)

    def _sort_out(self, rows: Rows) -> tuple[frozenset[int], dict[int, int]]:
        """Return the keys of new records, and for repeats the key of the record they repeat."""
        first, last = rows.records[0][0], rows.records[-1][0]
        fresh = frozenset(
            key
            for (key,) in self._db.rows(
                "SELECT id FROM record WHERE id BETWEEN ? AND ?", (first, last)
            )
        )
        known: dict[int, int] = {}
        back: list[tuple[int]] = []
        for row in rows.records:
            if row[0] in fresh:
                continue
            found = self._db.one("SELECT id, active FROM record WHERE digest = ?", (row[1],))
            if found is None:  # pragma: no cover - the unique index just said it is there
                raise AssertionError("a repeated record has no original")
            known[row[0]] = found[0]
            if not found[1]:
                back.append((found[0],))
        # Seen again after its batches were withdrawn: it counts again.
        self._db.many("UPDATE record SET active = 1 WHERE id = ?", back)
        self._db.many("INSERT OR IGNORE INTO touched VALUES (?)", back)
        return fresh, known

    def _write_statements(self, rows: Rows, fresh: frozenset[int] | None) -> None:
        for name, statement in _INSERT.items():
            found = getattr(rows, name)
            if fresh is not None:
                per_mention = name in ("mentions", "identifiers", "traits")
                found = [
                    row for row in found if (row[0] // PLACES if per_mention else row[0]) in fresh
                ]
            self._db.many(statement, found)

    def _mend(self, rows: Rows, keys: Mapping[int, int]) -> int:
        mended = 0
        for link, record in rows.mended:
            uid, _, place = link.partition(":")
            sheet, _, row = place.partition(":")
            cursor = self._db.execute(
                "UPDATE refusal SET mended_by = ? WHERE mended_by IS NULL AND row = ? "
                "AND sheet = ? AND batch IN (SELECT id FROM batch WHERE uid = ?)",
                (keys.get(record, record), row, sheet, uid),
            )
            mended += cursor.rowcount
        return mended


def _kept_blocks(rows: Rows, repeats: Mapping[int, int]) -> Iterator[tuple[int, bytes]]:
    """Yield the blocks that hold a new record.

    The keys of rows after the last new record are given out again by the next batch, so a
    block of repeated and refused rows alone must not take one.
    """
    fresh = [row[0] for row in rows.records if row[0] not in repeats]
    for place, block in enumerate(rows.blocks):
        last = place + 1 == len(rows.blocks)
        at = bisect_left(fresh, block[0])
        if at < len(fresh) and (last or fresh[at] < rows.blocks[place + 1][0]):
            yield block
