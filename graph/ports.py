"""What the engines and the faces ask of a store, and the values that cross that line.

One contract test per port runs on every store. Bulk reads are Arrow tables of the shapes
in `graph.schema`; writes are tuples in the order documented here.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Any, Protocol

import pyarrow as pa

from graph.batches import (
    PLACES,
    BatchHeading,
    BatchInfo,
    Counts,
    RefusedRow,
    Rows,
    SheetHeading,
)
from graph.derived import Change, Changes, Partition, Reach, Ties, WaitingEvent
from graph.judgements import JudgementRow
from graph.model import Bid, Listing, MentionId, Subject, SubjectId
from graph.transfer import Transfer

__all__ = [
    "PLACES",
    "BatchHeading",
    "BatchInfo",
    "BatchWriter",
    "CaseFacts",
    "Change",
    "Changes",
    "Counts",
    "Evidence",
    "Finder",
    "Findings",
    "Judgements",
    "Overview",
    "Partition",
    "Reach",
    "RefusedRow",
    "Resolution",
    "Rows",
    "SheetHeading",
    "Store",
    "Ties",
    "WaitingEvent",
]


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


class Resolution(Protocol):
    """Mentions out, partition in."""

    def waiting(self) -> int:
        """Return how many records were added or switched since the last resolve."""
        ...

    def transaction(self) -> AbstractContextManager[None]:
        """Hold the store for reading and applying as one step."""
        ...

    def together(self) -> AbstractContextManager[None]:
        """Hold the store as `transaction` does; keep all that is written inside, or nothing.

        Cost: a server keeps what is written in memory until the end.
        """
        ...

    def waiting_mentions(self) -> pa.Table:
        """Return active mentions (`schema.MENTIONS`) of waiting records."""
        ...

    def touched_mentions(self, traces: Collection[bytes]) -> pa.Array:
        """Return keys of all active mentions connected to a waiting record.

        Connected by identifiers, traces and judgements, through any number of others; with a
        body come the persons in its posts and among its owners, not the other way round.

        Args:
            traces: Of the waiting mentions themselves.
        """
        ...

    def connected_mentions(self, keys: pa.Array) -> pa.Array:
        """Return keys of these mentions and of all connected to them, in the same way."""
        ...

    def members(self, subjects: Collection[SubjectId]) -> pa.Array:
        """Return keys of the mentions of current subjects."""
        ...

    def meeting(self, keys: pa.Array, *, known: bool) -> pa.Array:
        """Return active mentions of bodies whose subject has one of the keys (`MEETINGS`).

        Args:
            known: Those that are one with a full code, too.
        """
        ...

    def mentions(self, keys: pa.Array | None) -> pa.Table:
        """Return active mentions (`schema.MENTIONS`), all or those given."""
        ...

    def identifiers(self, keys: pa.Array | None) -> pa.Table:
        """Return full identifiers (`schema.IDENTIFIERS`) of active mentions."""
        ...

    def posts(self, keys: pa.Array | None) -> pa.Table:
        """Return posts and shares (`schema.POSTS`) that active mentions of persons hold."""
        ...

    def incomplete(self, keys: pa.Array | None) -> pa.Array:
        """Return active mentions with an identifier that is masked, cut or fails its check."""
        ...

    def shown(self, keys: pa.Array) -> pa.Table:
        """Return identifiers as read (`schema.SHOWN`) of mentions."""
        ...

    def traits(self, keys: pa.Array | None) -> pa.Table:
        """Return what active mentions of bodies tell beside names (`schema.TRAITS`)."""
        ...

    def judgements(self, keys: pa.Array | None) -> pa.Table:
        """Return judgements in force (`schema.JUDGEMENTS`) between active mentions.

        Args:
            keys: Both mentions of a pair are among these; None is all.
        """
        ...

    def apply(self, partition: Partition, scope: pa.Array | None, at: datetime) -> Changes:
        """Make the partition current for the mentions in scope (None: all)."""
        ...

    def reviews(self) -> pa.Table:
        """Return open review pairs (`schema.REVIEWS`).

        A question that a judgement `different` in force has answered for the pair is not open.
        """
        ...


class Judgements(Protocol):
    """The ledger of what people said about who is who."""

    def add(self, row: JudgementRow) -> None:
        """Append a row; records of the mentions whose judgement changes wait for resolve.

        Raises:
            QueryError: E610, a mention or row it speaks of is not known.
        """
        ...

    def ledger(self) -> list[JudgementRow]:
        """Return every row, oldest first."""
        ...

    def placed(self) -> list[tuple[str, SubjectId, SubjectId]]:
        """Return (judgement, subject, subject) of every judged pair, by where it is now."""
        ...

    def subject_of(self, mention: MentionId) -> SubjectId | None:
        """Return the subject a mention belongs to now; None if it is unknown or switched off."""
        ...

    def trial(self) -> AbstractContextManager[None]:
        """Take back everything written to the store inside, at its end.

        Inside `Resolution.together` it comes before evidence is written.
        """
        ...


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

    def listing(self, uid: str) -> Listing | None:
        """Return a current listing by id; None if there is none."""
        ...

    def ties(self, ids: Collection[SubjectId], reach: Reach) -> Ties:
        """Return the first ties that touch the subjects, in order."""
        ...

    def bids(self, ids: Collection[SubjectId] | None) -> list[Bid]:
        """Return bids of every project the subjects bid in."""
        ...

    def waiting_events(self) -> list[WaitingEvent]:
        """Return events that found no listing."""
        ...


class Findings(Protocol):
    """What the rules yielded when last asked, kept with recorded time."""

    def waiting(self, ground: str) -> frozenset[SubjectId] | None:
        """Return the subjects whose findings changed evidence may change; None is everyone.

        Args:
            ground: What findings rest on beside evidence, the day and the rulebook; if it is
                not that of the current findings, everyone has to be looked at again.
        """
        ...

    def replace(
        self,
        bodies: Mapping[str, Mapping[str, Any]],
        at: datetime,
        ground: str,
        scope: Collection[SubjectId] | None = None,
    ) -> Changes:
        """Make these findings (id -> JSON body) the current ones; close what is gone.

        Args:
            scope: Whose findings these are; those of others stay. None is everyone.
        """
        ...

    def newest(self) -> int:
        """Return the cursor of the last change, 0 before the first."""
        ...

    def changes(self, after: int, limit: int) -> list[Change]:
        """Return the next changes after a cursor (0: from the first), oldest first."""
        ...

    def current(self) -> Iterator[Mapping[str, Any]]:
        """Yield the bodies of current findings with their `id`, in id order."""
        ...

    def of(self, subject: SubjectId) -> list[Mapping[str, Any]]:
        """Return the bodies of a subject's current findings with their `id`, in id order."""
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

    def version(self) -> int | None:
        """Return a number that another one follows whenever anybody else has written.

        Asked inside a snapshot it is the snapshot's. None: this store cannot tell.
        """
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

    def codes(self) -> Iterator[tuple[str, str, str]]:
        """Yield (subject, type, code) of full identifiers not in dispute, a person's masked.

        By subject id, those of a subject sorted and each once.
        """
        ...


class Finder(Protocol):
    """Looking subjects up."""

    def by_keys(self, keys: Collection[bytes]) -> list[Subject]:
        """Return subjects holding any of the identifier keys, by id."""
        ...

    def by_name(self, name: str, limit: int) -> list[Subject]:
        """Return subjects with this name (any they are recorded under), by id."""
        ...

    def search(self, text: str, limit: int) -> list[Subject]:
        """Return subjects that have a name with every word of the text in it, best first.

        The order is that of `graph.lookup.search_rank`, then of ids, in every store.
        """
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


class Store(Protocol):
    """An open store: its ports, and its end."""

    @property
    def evidence(self) -> Evidence:
        """Batches and rows."""
        ...

    @property
    def resolution(self) -> Resolution:
        """Mentions and the partition."""
        ...

    @property
    def judgements(self) -> Judgements:
        """What people said."""
        ...

    @property
    def facts(self) -> CaseFacts:
        """What the rules look at."""
        ...

    @property
    def findings(self) -> Findings:
        """What the rules yielded."""
        ...

    @property
    def finder(self) -> Finder:
        """Looking subjects up."""
        ...

    @property
    def overview(self) -> Overview:
        """Counts and listings of the whole."""
        ...

    @property
    def transfer(self) -> Transfer:
        """All of it as rows."""
        ...

    def snapshot(self, seconds: float) -> AbstractContextManager[None]:
        """Read one state of the evidence inside, whatever is loaded meanwhile.

        Raises:
            StoreError: E509, on stores that can tell, it took longer than `seconds`.
        """
        ...

    def close(self) -> None:
        """End the connection or close the file."""
        ...
