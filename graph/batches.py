"""What a load hands to a store: a batch's heading, its prepared rows, and their fate."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

__all__ = ["PLACES", "BatchHeading", "BatchInfo", "Counts", "RefusedRow", "Rows", "SheetHeading"]

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
        traits: (mention, type, value), see `graph.schema.TRAITS`.
        relations: (record, position, type, source, target, since, until, share).
        listings: (record, kind, party, authority, decision number, case key, violation day,
            decision day, since, until, scope, severity, named, facts, events).
        case_events: (record, position, status, day, party, authority, decision number, case key).
        bids: (record, project, lot, opened day, bidder).
        refusals: (row number, code, facts as JSON, sealed cells).
        mended: (id of a refused row, record key).
        series: (record, digest of what this row and its successors are about).
        wholes: (record, digest of what its full file is the whole of).
        returned: How many refused rows came back as they were handed out: known repeats.
    """

    read: int = 0
    records: list[tuple[Any, ...]] = field(default_factory=list)
    blocks: list[tuple[int, bytes]] = field(default_factory=list)
    sightings: list[tuple[Any, ...]] = field(default_factory=list)
    mentions: list[tuple[Any, ...]] = field(default_factory=list)
    identifiers: list[tuple[Any, ...]] = field(default_factory=list)
    traits: list[tuple[int, str, str]] = field(default_factory=list)
    relations: list[tuple[Any, ...]] = field(default_factory=list)
    listings: list[tuple[Any, ...]] = field(default_factory=list)
    case_events: list[tuple[Any, ...]] = field(default_factory=list)
    bids: list[tuple[Any, ...]] = field(default_factory=list)
    refusals: list[tuple[Any, ...]] = field(default_factory=list)
    mended: list[tuple[str, int]] = field(default_factory=list)
    series: list[tuple[int, bytes]] = field(default_factory=list)
    wholes: list[tuple[int, bytes]] = field(default_factory=list)
    returned: int = 0


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
