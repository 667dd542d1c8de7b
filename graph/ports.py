"""What the engines and the faces ask of a store, and the values that cross that line.

One contract test per port runs on every store. Bulk reads are Arrow tables of the shapes
in `graph.schema`; writes are tuples in the order documented here.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

import pyarrow as pa

from graph.model import Bid, Listing, Subject, SubjectId

__all__ = [
    "PLACES",
    "BatchHeading",
    "BatchInfo",
    "BatchWriter",
    "CaseFacts",
    "Changes",
    "Counts",
    "Evidence",
    "Finder",
    "Findings",
    "Overview",
    "Partition",
    "RefusedRow",
    "Resolution",
    "Rows",
    "SheetHeading",
    "WaitingEvent",
]

PLACES = 256
"""Mentions a row may have at most; a mention's key is its record's key times this."""


@dataclass(frozen=True, slots=True)
class BatchHeading:
    """What is known of a file before its rows are read.

    Attributes:
        uid: Content id of the batch: the same file of the same source has the same uid.
        delivery: `full` or `incremental`.
        register: The source states what is registered, not what was decided.
    """

    uid: str
    source: str
    file: str
    file_digest: str
    delivery: str
    register: bool
    loaded_at: datetime


@dataclass(frozen=True, slots=True)
class SheetHeading:
    """One sheet of a batch: its name and its headings as read."""

    position: int
    name: str
    header: tuple[str, ...]


@dataclass(slots=True)
class Counts:
    """What became of rows: read = accepted + refused + repeated; mended are among accepted."""

    read: int = 0
    accepted: int = 0
    refused: int = 0
    repeated: int = 0
    mended: int = 0

    def add(self, other: "Counts") -> None:
        """Add another count in place."""
        self.read += other.read
        self.accepted += other.accepted
        self.refused += other.refused
        self.repeated += other.repeated
        self.mended += other.mended


@dataclass(frozen=True, slots=True)
class BatchInfo:
    """One batch as the store remembers it."""

    uid: str
    source: str
    file: str
    data_date: date | None
    loaded_at: datetime
    withdrawn_at: datetime | None
    counts: Counts


@dataclass(slots=True)
class Rows:
    """Prepared rows of one sheet: parallel tuples, one list per kind of statement.

    Keys are final: record keys are `BatchWriter.first_key` plus the row's offset, mention
    keys `record key * PLACES + place`. Days are since 1970-01-01.

    Attributes:
        records: (key, digest, natural key or None, version day or None).
        blocks: (key of the first row, sealed block): the cells of consecutive rows, the row
            at key k being document k minus the first key; null where there is none.
        sightings: (row number, record key).
        mentions: (key, role, ordinal, kind, name).
        identifiers: (mention, position, type, status, value or sealed value, key, repairs).
        relations: (record, position, type, source, target, since, until, share).
        listings: (record, kind, party, authority, decision number, case key, violation day,
            decision day, since, until, scope, severity, named, facts, events).
        case_events: (record, position, status, day, party, authority, decision number, case key).
        bids: (record, project, lot, opened day, bidder).
        refusals: (row number, code, facts as JSON, sealed cells).
        mended: (id of a refused row, record key).
        data_day: Newest version day of the rows.
    """

    read: int = 0
    records: list[tuple[Any, ...]] = field(default_factory=list)
    blocks: list[tuple[int, bytes]] = field(default_factory=list)
    sightings: list[tuple[Any, ...]] = field(default_factory=list)
    mentions: list[tuple[Any, ...]] = field(default_factory=list)
    identifiers: list[tuple[Any, ...]] = field(default_factory=list)
    relations: list[tuple[Any, ...]] = field(default_factory=list)
    listings: list[tuple[Any, ...]] = field(default_factory=list)
    case_events: list[tuple[Any, ...]] = field(default_factory=list)
    bids: list[tuple[Any, ...]] = field(default_factory=list)
    refusals: list[tuple[Any, ...]] = field(default_factory=list)
    mended: list[tuple[str, int]] = field(default_factory=list)
    data_day: int | None = None


class BatchWriter(Protocol):
    """An open batch: everything written is kept at its end, or nothing."""

    @property
    def known(self) -> BatchInfo | None:
        """The batch this file was loaded as before; if not None, nothing may be written."""
        ...

    @property
    def first_key(self) -> int:
        """Key of the batch's first row; the row at offset n has `first_key + n`."""
        ...

    def sheet(self, heading: SheetHeading) -> None:
        """Start a sheet; the rows that follow belong to it."""
        ...

    def write(self, rows: Rows) -> Counts:
        """Write rows; those whose record is known become repeated sightings."""
        ...

    def finish(self, data_date: date | None) -> None:
        """Say what day the file speaks of."""
        ...


class Evidence(Protocol):
    """Batches and the rows they brought."""

    def open_batch(self, heading: BatchHeading) -> AbstractContextManager[BatchWriter]:
        """Open a batch in one transaction: committed at exit, rolled back on any error."""
        ...

    def withdraw(self, uid: str, at: datetime) -> None:
        """Switch off a batch and all that rests on it alone."""
        ...

    def batches(self) -> list[BatchInfo]:
        """Return every batch, oldest first, withdrawn ones included."""
        ...

    def refused(self, uid: str | None) -> "Iterator[RefusedRow]":
        """Yield refused rows that are not mended, of one batch or all, in file order."""
        ...

    def record(self, record: str) -> Mapping[str, Any] | None:
        """Return a record by its hex id: source, cells, sightings, mentions; None if unknown."""
        ...


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that was not accepted, with what a person needs to mend it.

    Attributes:
        id: `batch uid:sheet position:row number`, the link a mended row carries.
    """

    id: str
    source: str
    file: str
    sheet: str
    row: int
    code: str
    facts: Mapping[str, Any]
    header: tuple[str, ...]
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Partition:
    """The engine's answer for a set of mentions, in the shapes of `graph.schema`."""

    memberships: pa.Table
    subjects: pa.Table
    keys: pa.Table
    reviews: pa.Table


@dataclass(frozen=True, slots=True)
class Changes:
    """How much a derived step changed."""

    added: int = 0
    removed: int = 0


class Resolution(Protocol):
    """Mentions out, partition in."""

    def waiting(self) -> int:
        """Return how many records were added or switched since the last resolve."""
        ...

    def transaction(self) -> AbstractContextManager[None]:
        """Hold the store for reading and applying as one step."""
        ...

    def touched_mentions(self) -> pa.Array:
        """Return keys of all active mentions connected by identifiers to a waiting record."""
        ...

    def mentions(self, keys: pa.Array | None) -> pa.Table:
        """Return active mentions (`schema.MENTIONS`), all or those given."""
        ...

    def identifiers(self, keys: pa.Array | None) -> pa.Table:
        """Return full identifiers (`schema.IDENTIFIERS`) of active mentions."""
        ...

    def apply(self, partition: Partition, scope: pa.Array | None, at: datetime) -> Changes:
        """Make the partition current for the mentions in scope (None: all)."""
        ...

    def reviews(self) -> pa.Table:
        """Return open review pairs (`schema.REVIEWS`)."""
        ...


@dataclass(frozen=True, slots=True)
class WaitingEvent:
    """A repair, objection or withdrawal whose listing has not arrived."""

    record: str
    status: str
    on: date | None
    authority: str
    decision_number: str


class CaseFacts(Protocol):
    """What the rules look at: subjects, relations, listings, bids.

    Every read takes the subjects asked about; None is everybody.
    """

    def subjects(self, ids: Collection[SubjectId] | None) -> pa.Table:
        """Return current subjects (`schema.SUBJECTS`)."""
        ...

    def relations(self, ids: Collection[SubjectId] | None) -> pa.Table:
        """Return current relation statements touching the subjects (`schema.RELATIONS`)."""
        ...

    def listings(
        self, ids: Collection[SubjectId] | None, kinds: Collection[str] | None = None
    ) -> list[Listing]:
        """Return listings in records that mention the subjects, newest version of each.

        Args:
            kinds: Listing kinds to return; None is all.
        """
        ...

    def bids(self, ids: Collection[SubjectId] | None) -> list[Bid]:
        """Return bids of every project the subjects bid in."""
        ...

    def waiting_events(self) -> list[WaitingEvent]:
        """Return events that found no listing."""
        ...


class Findings(Protocol):
    """What the rules yielded when last asked, kept with recorded time."""

    def replace(self, bodies: Mapping[str, Mapping[str, Any]], at: datetime) -> Changes:
        """Make these findings (id -> JSON body) the current ones; close what is gone."""
        ...

    def current(self) -> Iterator[Mapping[str, Any]]:
        """Yield the bodies of current findings with their `id`, in id order."""
        ...

    def finding(self, uid: str) -> Mapping[str, Any] | None:
        """Return one finding by id, current or past, with its recorded times."""
        ...


class Overview(Protocol):
    """Counts for status and quality reports."""

    def status(self) -> Mapping[str, Any]:
        """Return counts of records, mentions, subjects by kind, findings, and what waits."""
        ...

    def stale(self) -> list[str]:
        """Return the steps that wait to be run: `resolve`, `propagate`."""
        ...

    def sources(self) -> list[Mapping[str, Any]]:
        """Return one row per source that has batches: volume, data date, last load."""
        ...

    def quality(self) -> list[Mapping[str, Any]]:
        """Return the rows of `sources` with refusals by code and identifier health."""
        ...

    def clusters(self) -> Iterator[tuple[str, str, int, str, int, str, str, str]]:
        """Yield (source, file, row, role, ordinal, mention id, subject id, decision), sorted."""
        ...


class Finder(Protocol):
    """Looking subjects up."""

    def by_keys(self, keys: Collection[bytes]) -> list[Subject]:
        """Return subjects holding any of the identifier keys, by id."""
        ...

    def by_name(self, name: str, limit: int) -> list[Subject]:
        """Return subjects with this name (any they are recorded under), by id."""
        ...

    def by_id(self, uid: str) -> Subject | None:
        """Return a current subject."""
        ...

    def successors(self, uid: str) -> list[SubjectId]:
        """Return the current subjects of a superseded id's mentions; empty if never known."""
        ...

    def members(self, uid: str) -> list[Mapping[str, Any]]:
        """Return a subject's mentions: id, role, name, identifiers (masked), record, source."""
        ...
