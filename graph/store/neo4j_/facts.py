"""What the rules look at, read from evidence: newest versions, dated ties, listings' histories."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any, Final

import pyarrow as pa

from graph import schema
from graph.model import Bid, Listing, SubjectId
from graph.ports import Reach, Ties, WaitingEvent
from graph.store.listings import (
    Member,
    day_of,
    listing_of,
    mentions_in,
    rivals_of,
    same_party,
)
from graph.store.neo4j_.currency import Currency, currency
from graph.store.neo4j_.database import Database
from graph.store.neo4j_.values import day_number
from graph.store.neo4j_.view import View, look
from graph.store.ties import first_ties

__all__ = ["Neo4jFacts", "current_relations"]

_LISTING_ID: Final = re.compile(r"l-[0-9a-f]{24}")
_DATES: Final = slice(8, 12)
_SPAN: Final = ("since", "until")


class Neo4jFacts:
    """The `CaseFacts` port."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def subjects(self, ids: Collection[SubjectId] | None) -> pa.Table:
        """Return current subjects (`schema.SUBJECTS`), by id."""
        if ids is None:
            return self._db.table("all_subjects", schema.SUBJECTS)
        return self._db.table("some_subjects", schema.SUBJECTS, ids=sorted(ids))

    def relations(self, ids: Collection[SubjectId] | None) -> pa.Table:
        """Return current relation statements touching the subjects (`schema.RELATIONS`)."""
        return current_relations(self._db, look(self._db), ids)

    def listings(
        self, ids: Collection[SubjectId] | None, kinds: Collection[str] | None = None
    ) -> list[Listing]:
        """Return listings in records that mention the subjects, newest version of each."""
        view = look(self._db)
        asked = {"kinds": None if kinds is None else sorted(kinds), **view.values}
        if ids is None:
            found = self._db.rows("all_listings", **asked)
        else:
            found = self._db.rows("some_listings", ids=sorted(ids), **asked)
        now = currency(self._db, view, None if ids is None else {row[1] for row in found})
        rows = [_row(row, now) for row in found if row[1] not in now.replaced]
        events = self._events(view, {row[7] for row in rows if row[7] is not None})
        named = self._subjects_of(
            mention for row in rows for mention in mentions_in(row[13], row[14])
        )
        told = self._db.rows("stated_listings", digests=sorted(now.rivals)) if now.rivals else []
        rivals = rivals_of((_bytes(row[0]), _bytes(row[1]), row[2]) for row in told)
        listings = [
            listing_of(row, events.get(row[7], ()), named, rivals.get(row[2])) for row in rows
        ]
        return sorted(listings, key=lambda listing: listing.id)

    def listing(self, uid: str) -> Listing | None:
        """Return a current listing by id."""
        if not _LISTING_ID.fullmatch(uid):
            return None
        parties = {SubjectId(each) for (each,) in self._db.rows("listing_parties", prefix=uid[2:])}
        found = self.listings(parties) if parties else []
        return next((each for each in found if each.id == uid), None)

    def ties(self, ids: Collection[SubjectId], reach: Reach) -> Ties:
        """Return the first ties that touch the subjects, in order.

        Read from the relations people browse, where these are the ones of the moment; else from
        evidence.
        """
        drawn = None
        if self._db.known_at is None:
            types = None if reach.types is None else [each.upper() for each in reach.types]
            found = self._db.rows(
                "ties",
                ids=sorted(ids),
                on=reach.on,
                types=types,
                sure=reach.sure,
                between=reach.between,
                most=reach.most + 1,
                changes=look(self._db).changes,
            )
            drawn = _as_drawn(found, reach)
        return drawn or first_ties(self.relations(ids), ids, reach)

    def bids(self, ids: Collection[SubjectId] | None) -> list[Bid]:
        """Return bids of every project the subjects bid in."""
        view = look(self._db)
        asked = {} if ids is None else {"ids": sorted(ids)}
        found = self._db.rows("some_bids" if asked else "all_bids", **asked, **view.values)
        records = {row[0] for row in found} if asked else None
        replaced = currency(self._db, view, records).replaced if found else {}
        sure: dict[tuple[Any, ...], bool] = defaultdict(bool)
        for record, *bid, strong in found:
            if record not in replaced:
                sure[tuple(bid)] |= strong
        bids = [
            Bid(project, lot, SubjectId(uid), day_of(opened), strong)
            for (project, lot, uid, opened), strong in sure.items()
        ]
        return sorted(bids, key=_bid_order)

    def waiting_events(self) -> list[WaitingEvent]:
        """Return events that found no listing, or only listings of somebody else."""
        view = look(self._db)
        rows = self._current(view, self._db.rows("all_events", **view.values), None)
        known = defaultdict(list)
        cases = sorted({row[0] for row in rows if row[0] is not None})
        for key, uid, name in self._db.rows("decided_parties", cases=cases, **view.values):
            known[key].append((uid, name))
        return [
            WaitingEvent(row[3].hex(), row[1], day_of(row[2]), row[6], row[7])
            for row in rows
            if not any(same_party(row[4], row[5], *party) for party in known.get(row[0], ()))
        ]

    def _events(self, view: View, cases: set[str]) -> Mapping[str, list[tuple[Any, ...]]]:
        """Return the current events of decisions; those of replaced rows are not."""
        told: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
        if not cases:
            return told
        found = self._db.rows("some_events", cases=sorted(cases), **view.values)
        for row in self._current(view, found, {row[3] for row in found}):
            told[row[0]].append(row)
        return told

    def _current(
        self, view: View, events: list[tuple[Any, ...]], records: Collection[str] | None
    ) -> list[tuple[Any, ...]]:
        """Return events of rows that are not replaced, in order, as `listing_of` takes them."""
        if not events:
            return []
        replaced = currency(self._db, view, records).replaced
        kept = (
            (*row[:2], day_number(row[2]), bytes.fromhex(row[3]), *row[4:])
            for row in events
            if row[3] not in replaced
        )
        return sorted(kept, key=lambda row: (row[2] is not None, row[2] or 0, row[3], row[8]))

    def _subjects_of(self, mentions: Iterable[int]) -> dict[int, Member]:
        asked = sorted(set(mentions))
        found = self._db.rows("subject_by_mention", rows=asked) if asked else []
        return {mention: (SubjectId(uid), strong) for mention, uid, strong in found}


def current_relations(
    database: Database, view: View, ids: Collection[SubjectId] | None
) -> pa.Table:
    """Return current relation statements touching the subjects (`schema.RELATIONS`)."""
    if ids is None:
        stated = database.table("all_relations", schema.RELATIONS, **view.values)
    else:
        values = view.values | {"ids": sorted(ids)}
        stated = database.table("some_relations", schema.RELATIONS, **values)
    records = stated.column("record").to_pylist()
    if not records:
        return stated
    now = currency(database, view, None if ids is None else set(records))
    since, until = (stated.column(name).cast(pa.int32()).to_pylist() for name in _SPAN)
    ends = [now.until(record, end) for record, end in zip(records, until, strict=True)]
    keep = [
        now.stands(record) and (begin is None or end is None or begin < end)
        for record, begin, end in zip(records, since, ends, strict=True)
    ]
    real = pa.array(ends, pa.int32()).cast(pa.date32())
    ended = stated.set_column(4, schema.RELATIONS.field("until"), real)
    return ended.filter(pa.array(keep, pa.bool_()))


def _as_drawn(found: list[tuple[Any, ...]], reach: Reach) -> Ties | None:
    """Return the relations drawn, None if they are not up to date."""
    if not all(current for current, *_ in found):
        return None
    rows = [
        (kind.lower(), *tie, record, record not in unsure)
        for _, kind, *tie, records, unsure in found[: reach.most]
        if kind is not None
        for record in records
        if not (reach.sure and record in unsure)
    ]
    columns = [list(column) for column in zip(*rows, strict=True)] or [[]] * 8
    for place in (3, 4):
        columns[place] = pa.array(columns[place], pa.int32()).cast(pa.date32())
    return Ties(pa.table(columns, schema=schema.RELATIONS), len(found) > reach.most)


def _row(row: tuple[Any, ...], now: Currency) -> tuple[Any, ...]:
    """Return a listing's row as `listing_of` takes it."""
    violated, decided, since, until = (day_number(day) for day in row[_DATES])
    ended = now.ended.get(row[1])
    until = min((day for day in (until, ended) if day is not None), default=None)
    days = (violated, decided, since, until)
    return (row[0], _bytes(row[1]), _bytes(row[2]), *row[3:8], *days, *row[12:])


def _bytes(digest: str | None) -> Any:
    return None if digest is None else bytes.fromhex(digest)


def _bid_order(bid: Bid) -> tuple[str, str, str, date]:
    return (bid.project, bid.lot, bid.bidder, bid.opened or date.min)
