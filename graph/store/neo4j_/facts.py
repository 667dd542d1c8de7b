"""What the rules look at, read from evidence: newest versions, dated ties, listings' histories."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any, Final

import pyarrow as pa

from graph import schema
from graph.model import Bid, Listing, SubjectId
from graph.ports import Neighbourhood, WaitingEvent
from graph.store.listings import day_of, listing_of, mentions_in, same_party
from graph.store.neo4j_.currency import Currency, currency
from graph.store.neo4j_.database import Database
from graph.store.neo4j_.values import day_number
from graph.store.neo4j_.view import View, look
from graph.store.ties import first_ties

__all__ = ["Neo4jFacts", "current_relations"]

_DATES: Final = slice(8, 12)


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
        listings = [listing_of(row, events.get(row[7], ()), named) for row in rows]
        return sorted(listings, key=lambda listing: listing.id)

    def around(self, subject: SubjectId, as_of: date, most: int) -> Neighbourhood:
        """Return ties within two hops of a subject, registered on a day, at most so many.

        As of the last resolve: read from the relations people browse. What was known at a past
        moment is read from evidence.
        """
        if self._db.known_at is not None:
            near, cut = first_ties(self.relations({subject}), as_of, most)
            ends = {*near.column("source").to_pylist(), *near.column("target").to_pylist()}
            far, cut_far = first_ties(self.relations(ends), as_of, most)
            return Neighbourhood(far if near.num_rows else near, cut or cut_far)
        found = self._db.rows("around", id=subject, on=as_of, most=most + 1)
        rows = [
            (kind.lower(), *tie, record, strong)
            for kind, *tie, records, strong in found[:most]
            for record in records
        ]
        columns = [list(column) for column in zip(*rows, strict=True)] or [[]] * 8
        for place in (3, 4):
            columns[place] = pa.array(columns[place], pa.int32()).cast(pa.date32())
        return Neighbourhood(pa.table(columns, schema=schema.RELATIONS), len(found) > most)

    def bids(self, ids: Collection[SubjectId] | None) -> list[Bid]:
        """Return bids of every project the subjects bid in."""
        view = look(self._db)
        if ids is None:
            found = self._db.rows("all_bids", **view.values)
        else:
            found = self._db.rows("some_bids", ids=sorted(ids), **view.values)
        return sorted(
            (Bid(project, lot, SubjectId(uid)) for project, lot, uid in found),
            key=lambda bid: (bid.project, bid.lot, bid.bidder),
        )

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

    def _subjects_of(self, mentions: Iterable[int]) -> dict[int, SubjectId]:
        asked = sorted(set(mentions))
        found = self._db.rows("subject_by_mention", rows=asked) if asked else []
        return {mention: SubjectId(uid) for mention, uid in found}


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
    if not now.replaced and not now.ended:
        return _begun(stated, stated.column("until").cast(pa.int32()).to_pylist())
    untils = stated.column("until").cast(pa.int32()).to_pylist()
    stays = pa.array([now.replaced.get(record, 0) is not None for record in records])
    ends = [now.until(record, until) for record, until in zip(records, untils, strict=True)]
    return _begun(stated.append_column("stays", stays), ends)


def _begun(stated: pa.Table, ends: list[int | None]) -> pa.Table:
    """Return relations that hold at some time, with their real ends."""
    since = stated.column("since").cast(pa.int32()).to_pylist()
    keep = [
        begin is None or end is None or begin < end for begin, end in zip(since, ends, strict=True)
    ]
    if "stays" in stated.column_names:
        stays = stated.column("stays").to_pylist()
        keep = [kept and stay for kept, stay in zip(keep, stays, strict=True)]
        stated = stated.drop_columns(["stays"])
    until = pa.array(ends, pa.int32()).cast(pa.date32())
    ended = stated.set_column(4, schema.RELATIONS.field("until"), until)
    return ended.filter(pa.array(keep, pa.bool_()))


def _row(row: tuple[Any, ...], now: Currency) -> tuple[Any, ...]:
    """Return a listing's row as `listing_of` takes it."""
    natural = None if row[2] is None else bytes.fromhex(row[2])
    violated, decided, since, until = (day_number(day) for day in row[_DATES])
    ended = now.ended.get(row[1])
    until = min((day for day in (until, ended) if day is not None), default=None)
    days = (violated, decided, since, until)
    return (row[0], bytes.fromhex(row[1]), natural, *row[3:8], *days, *row[12:])
