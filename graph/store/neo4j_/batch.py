"""Writing one batch into Neo4j: chunk by chunk, seen by nobody until the batch is complete.

Each chunk is a transaction that may run again: after a dead-lock, a lost connection, or a kill
of this program and another load of the file. It begins by locking the batch node, which counts
the rows written: a chunk that is among them is only looked up. Keys follow from the batch and
the row, so that a load that is resumed, or runs twice at once, writes what one load writes.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from graph.errors import StoreError
from graph.lookup import name_key
from graph.ports import PLACES, BatchHeading, BatchInfo, Counts, Rows, SheetHeading
from graph.store.neo4j_.database import Database
from graph.store.neo4j_.values import date_of, hexadecimal, identifier_lists
from graph.store.neo4j_.view import View, look, renew
from graph.store.neo4j_.work import Work

__all__ = ["KEYS_PER_BATCH", "Neo4jBatch"]

KEYS_PER_BATCH: Final = 2**28
"""Record keys set aside for a batch: writers share no counter, and resuming gives equal keys."""


class Neo4jBatch:
    """The `BatchWriter` of one open batch."""

    def __init__(self, database: Database, heading: BatchHeading, known: BatchInfo | None) -> None:
        self._db = database
        self.known = known
        self._source = heading.source
        self._counts = Counts()
        self._sheet = 0
        self._data_date: date | None = None
        self._read = 0
        self._links: set[str] = set()
        self._wholes: set[str] = set()
        self._full = heading.delivery == "full"
        if known is None:
            self._open(heading)

    def _open(self, heading: BatchHeading) -> None:
        values = {
            "uid": heading.uid,
            "source": heading.source,
            "file": heading.file,
            "file_digest": heading.file_digest,
            "loaded_at": heading.loaded_at.isoformat(),
            "delivery": heading.delivery,
            "register": heading.register,
        }
        opened = self._db.write(lambda work: work.rows("open_batch", **values))
        if not opened:  # a copy into this store began since it was opened
            raise StoreError("E533", where=self._db.server.uri)
        self._batch = opened[0][0]
        self._view = look(self._db)

    @property
    def first_key(self) -> int:
        """Key of the batch's first row."""
        key: int = self._batch * KEYS_PER_BATCH
        return key

    def sheet(self, heading: SheetHeading) -> None:
        """Start a sheet; the rows that follow belong to it."""
        self._sheet = heading.position
        self._db.run(
            "put_sheet",
            batch=self._batch,
            position=heading.position,
            name=heading.name,
            header=list(heading.header),
        )

    def write(self, rows: Rows) -> Counts:
        """Write rows in one transaction; those whose record is known become sightings.

        Raises:
            StoreError: E529, the file has more rows than keys are set aside for a batch; E530,
                another release began this load.
        """
        self._read += rows.read
        if self._read > KEYS_PER_BATCH:
            raise StoreError("E529", rows=KEYS_PER_BATCH)
        chunk = _Chunk(rows, self._batch, self._sheet, self._source, self._view)
        self._wholes.update(whole.hex() for _, whole in rows.wholes)
        links = [link for link in rows.mended if link[0] not in self._links]
        self._links.update(link for link, _ in links)

        def work(work: Work) -> tuple[int, int] | None:
            written = work.scalar("take_turn", batch=self._batch)
            if written >= self._read:
                return len(chunk.known(work)), chunk.mend(work, links)
            if written > self._read - rows.read:
                # Another release cut the file into other chunks: begin anew under this uid.
                work.run("abandon_batch", batch=self._batch)
                return None
            own = chunk.put(work)
            work.run("put_progress", batch=self._batch, written=self._read)
            return len(own), chunk.mend(work, links)

        done = self._db.write(work)
        if done is None:
            raise StoreError("E530", where=self._db.server.uri)
        accepted, mended = done
        counts = Counts(
            read=rows.read,
            accepted=accepted,
            refused=len(rows.refusals),
            repeated=len(rows.records) - accepted + rows.returned,
            mended=mended,
        )
        self._counts.add(counts)
        return counts

    def finish(self, data_date: date | None) -> None:
        """Say what day the file speaks of."""
        self._data_date = data_date

    def close(self) -> None:
        """Complete the batch: from here on its rows count."""
        if self.known is not None:
            return
        counts = self._counts
        self._db.run(
            "finish_batch",
            batch=self._batch,
            data_date=self._data_date,
            full=self._full,
            wholes=sorted(self._wholes),
            read=counts.read,
            accepted=counts.accepted,
            refused=counts.refused,
            repeated=counts.repeated,
            mended=counts.mended,
        )
        renew(self._db)


class _Chunk:
    """The rows of one transaction, in the form its statements take."""

    def __init__(self, rows: Rows, batch: int, sheet: int, source: str, view: View) -> None:
        self._rows = rows
        self._place = {"batch": batch, "sheet": sheet}
        self._source = source
        self._view = view
        self._digests = {row[0]: row[1].hex() for row in rows.records}

    def known(self, work: Work) -> set[int]:
        """Return the keys under which records of an earlier attempt were written."""
        found = dict(work.rows("known_records", digests=sorted(set(self._digests.values()))))
        return {key for key, digest in self._digests.items() if found.get(digest) == key}

    def put(self, work: Work) -> set[int]:
        """Write the chunk; return the keys of records that are this batch's own."""
        rows, place = self._rows, self._place
        own = self._put_records(work)
        blocks = list(_kept_blocks(rows, own))
        if blocks:
            work.run("put_cells", rows=blocks)
        for name, found in self._statements(own):
            if found:
                work.run(name, rows=found)
        if rows.refusals:
            refusals = [list(row) for row in rows.refusals]
            work.run("put_refusals", rows=refusals, **place)
        return own

    def mend(self, work: Work, links: list[tuple[str, int]]) -> int:
        """Link refused rows to the records that mend them; return how many were."""
        if not links:
            return 0
        parts = ((link.split(":"), self._digests[key]) for link, key in links)
        rows = [[*link, digest] for link, digest in parts if len(link) == 3]
        return int(work.scalar("mend", rows=rows, **self._view.values) or 0)

    def _put_records(self, work: Work) -> set[int]:
        numbers = {key: number for number, key in self._rows.sightings}
        series, wholes = dict(self._rows.series), dict(self._rows.wholes)
        # In one order everywhere, so that two writers of the same records wait, not dead-lock.
        found = sorted(
            [
                *(digest, key, hexadecimal(natural), date_of(version), numbers[key]),
                *(hexadecimal(series.get(key)), hexadecimal(wholes.get(key))),
            ]
            for (key, _, natural, version), digest in zip(
                self._rows.records, self._digests.values(), strict=True
            )
        )
        rows = [[key, digest, *more] for digest, key, *more in found]
        if not rows:
            return set()
        stored = work.rows("put_records", rows=rows, source=self._source, **self._place)
        return {key for key, kept in stored if key == kept}

    def _statements(self, own: set[int]) -> Iterator[tuple[str, list[list[Any]]]]:
        rows, digests = self._rows, self._digests
        yield "put_mentions", self._mentions(own)
        yield "put_traits", self._traits(own)
        yield (
            "put_relations",
            [
                [position, kind, giver, taker, date_of(since), date_of(until), share]
                for key, position, kind, giver, taker, since, until, share in rows.relations
                if key in own
            ],
        )
        yield (
            "put_listings",
            [_listing(digests[row[0]], row) for row in rows.listings if row[0] in own],
        )
        yield (
            "put_case_events",
            [
                [digests[row[0]], *row[:3], date_of(row[3]), *row[4:7], hexadecimal(row[7])]
                for row in rows.case_events
                if row[0] in own
            ],
        )
        yield (
            "put_bids",
            [
                [digests[key], key, project, lot, date_of(opened), bidder]
                for key, project, lot, opened, bidder in rows.bids
                if key in own
            ],
        )

    def _mentions(self, own: set[int]) -> list[list[Any]]:
        codes: Mapping[int, list[tuple[Any, ...]]] = defaultdict(list)
        for mention, _, *identifier in self._rows.identifiers:
            codes[mention].append(tuple(identifier))
        digests = self._digests
        return [
            [
                digests[row[0] // PLACES],
                *row,
                name_key(row[4]),
                *identifier_lists(codes.get(row[0], ())),
            ]
            for row in self._rows.mentions
            if row[0] // PLACES in own
        ]

    def _traits(self, own: set[int]) -> list[list[Any]]:
        told: Mapping[int, dict[str, str]] = defaultdict(dict)
        for mention, kind, value in self._rows.traits:
            if mention // PLACES in own:
                told[mention][kind] = value
        kinds = ("phone", "address", "founded")
        return [[mention, *(each.get(kind) for kind in kinds)] for mention, each in told.items()]


def _listing(digest: str, row: tuple[Any, ...]) -> list[Any]:
    return [digest, *row[:5], hexadecimal(row[5]), *map(date_of, row[6:10]), *row[10:]]


def _kept_blocks(rows: Rows, own: set[int]) -> Iterator[list[Any]]:
    """Yield the blocks of cells that hold a record of this batch's own."""
    fresh = sorted(own)
    for place, block in enumerate(rows.blocks):
        last = place + 1 == len(rows.blocks)
        at = bisect_left(fresh, block[0])
        if at < len(fresh) and (last or fresh[at] < rows.blocks[place + 1][0]):
            yield list(block)
