"""What a graph export holds: subjects, the ties between them, the listings against them.

Nothing here knows a file format. Tables are read whole as Arrow columns; rows become values
one by one, so that a large store is written in little more memory than its columns take.
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import groupby
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from graph.model import Listing
from graph.ports import CaseFacts, Overview
from graph.relations import registered

__all__ = ["Extract", "Node", "Tie", "ties_of"]

_ROWS: Final = 10_000
_OF_A_TIE: Final = ("source", "target", "type", "since", "until", "share")
_IN_FORCE: Final = ("effective", "objected")


@dataclass(frozen=True, slots=True)
class Node:
    """A subject; `codes` are (type, code) of its full identifiers, a person's masked."""

    id: str
    kind: str
    name: str
    strong: bool
    codes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Tie:
    """A tie, dates half-open, with every record that states it so.

    Attributes:
        id: Digest of the tie itself, so that it is the same in every export.
        sure: One row at least identifies both ends, and both rest on strong identity.
    """

    id: str
    type: str
    source: str
    target: str
    since: date | None
    until: date | None
    share: float | None
    sure: bool
    records: tuple[str, ...]


@dataclass(frozen=True)
class Extract:
    """One reading of a store for export.

    Attributes:
        day: Whose status of listings is told.
        only_registered: Ties registered on the day; else all, the ended ones too.
        with_suspected: Ties, listings and subjects that rest on a weak identity, too.
        left_out: How many of these were left out, by what they are; complete when all is read.
    """

    facts: CaseFacts
    overview: Overview
    day: date
    only_registered: bool
    with_suspected: bool
    left_out: Counter[str] = field(default_factory=Counter)

    def nodes(self) -> Iterator[Node]:
        """Yield subjects by id."""
        codes = groupby(self.overview.codes(), key=lambda row: row[0])
        uid, found = next(codes, ("", iter(())))
        for row in _rows(self._subjects):
            while uid and uid < row["id"]:
                uid, found = next(codes, ("", iter(())))
            own = tuple((kind, code) for _, kind, code in found) if uid == row["id"] else ()
            if row["strong"] or self.with_suspected:
                yield Node(row["id"], row["kind"], row["name"] or "", row["strong"], own)
            else:
                self.left_out["subjects"] += 1

    def ties(self) -> Iterator[Tie]:
        """Yield ties by their ends, type and dates; what several records state is one tie."""
        table = self.facts.relations(None)
        if self.only_registered:
            table = registered(table, self.day)
        for tie in ties_of(table, self.strong):
            if tie.sure or self.with_suspected:
                yield tie
            else:
                self.left_out["ties"] += 1

    def listings(self) -> Iterator[Listing]:
        """Yield listings in force on the day, by id."""
        for listing in self.facts.listings(None):
            begins = listing.since or listing.decision_date
            if listing.status_on(self.day) not in _IN_FORCE or (begins and begins > self.day):
                continue
            if self.with_suspected or self.sure(listing):
                yield listing
            else:
                self.left_out["listings"] += 1

    def sure(self, listing: Listing) -> bool:
        """Tell whether a listing's party is identified by more than a name."""
        return listing.subject in self.strong and listing.subject not in listing.weakly

    @cached_property
    def kinds(self) -> dict[str, str]:
        """Subject id -> kind, of every subject."""
        ids, kinds = (self._subjects.column(name).to_pylist() for name in ("id", "kind"))
        return dict(zip(ids, kinds, strict=True))

    @cached_property
    def strong(self) -> frozenset[str]:
        """Subjects whose identity rests on a full identifier or a reviewer's word."""
        known = self._subjects.filter(pc.field("strong"))
        return frozenset(known.column("id").to_pylist())

    @cached_property
    def _subjects(self) -> pa.Table:
        return self.facts.subjects(None).sort_by("id")


def ties_of(relations: pa.Table, strong: Collection[str]) -> Iterator[Tie]:
    """Yield the ties of relation statements (`schema.RELATIONS`) by ends, type and dates.

    Args:
        strong: Subjects whose identity is strong.
    """
    order = [(name, "ascending") for name in (*_OF_A_TIE, "record")]
    for key, rows in groupby(_rows(relations.sort_by(order)), key=_tie_of):
        told = list(rows)
        source, target, kind, since, until, share = key
        yield Tie(
            id=hashlib.blake2b(repr(key).encode(), digest_size=16).hexdigest(),
            type=kind,
            source=source,
            target=target,
            since=since,
            until=until,
            share=share,
            sure=source in strong and target in strong and any(row["strong"] for row in told),
            records=tuple(dict.fromkeys(row["record"] for row in told)),
        )


def _tie_of(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in _OF_A_TIE)


def _rows(table: pa.Table) -> Iterator[dict[str, Any]]:
    for batch in table.to_batches(max_chunksize=_ROWS):
        yield from batch.to_pylist()
