"""What the rules look at, read from evidence: current rows, dated ties, listings' histories."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

import pyarrow as pa

from graph import schema
from graph.model import Bid, Listing, SubjectId
from graph.ports import PLACES, Reach, Ties, WaitingEvent
from graph.store.listings import (
    Member,
    day_of,
    listing_of,
    mentions_in,
    rivals_of,
    same_party,
)
from graph.store.sqlite.currency import mark_current, mark_replaced, reset
from graph.store.sqlite.database import Database
from graph.store.ties import first_ties

__all__ = ["SqliteFacts"]

_LISTING_ID = re.compile(r"l-[0-9a-f]{24}")
# A CROSS JOIN is read from left to right: the few asked about come before the many there are.

_ENDS = """min(ifnull(relation.until, 9e9), ifnull(replaced.day, 9e9), ifnull(ended.day, 9e9),
           ifnull(succeeded.day, 9e9))"""
_RELATIONS = f"""
SELECT relation.type, giver.uid, taker.uid, relation.since,
       nullif({_ENDS}, 9e9),
       relation.share, lower(hex(record.digest)), m1.strong AND m2.strong
FROM relation
JOIN record ON record.id = relation.record AND record.active = 1
JOIN membership AS m1 ON m1.mention = relation.source
JOIN subject AS giver ON giver.id = m1.subject
JOIN membership AS m2 ON m2.mention = relation.target
JOIN subject AS taker ON taker.id = m2.subject
LEFT JOIN temp.replaced ON replaced.id = relation.record
LEFT JOIN temp.ended ON ended.id = relation.record
LEFT JOIN temp.succeeded ON succeeded.id = relation.record
WHERE (replaced.id IS NULL OR replaced.day IS NOT NULL)
  AND (relation.since IS NULL OR relation.since < {_ENDS})
"""
_LISTINGS = """
SELECT listing.record, record.digest, record.natural_key, listing.kind, subject.uid,
       listing.authority, listing.decision_number, listing.case_key, listing.violation_date,
       listing.decision_date, listing.since,
       nullif(min(ifnull(listing.until, 9e9), ifnull(ended.day, 9e9)), 9e9),
       listing.scope, listing.named, listing.facts, listing.events, mention.name,
       membership.strong
FROM listing
JOIN record ON record.id = listing.record AND record.active = 1
JOIN membership ON membership.mention = listing.party
JOIN subject ON subject.id = membership.subject
JOIN mention ON mention.id = listing.party
LEFT JOIN temp.replaced ON replaced.id = listing.record
LEFT JOIN temp.ended ON ended.id = listing.record
WHERE replaced.id IS NULL
"""
# Most subjects were never listed, and what follows takes twenty times as long.
_ANY_LISTING = f"""
SELECT EXISTS (
  SELECT 1 FROM {{asked}} CROSS JOIN membership ON membership.subject = asked.id
  CROSS JOIN listing ON listing.record = membership.mention / {PLACES}
)
"""
_ANY_OF_MANY = _ANY_LISTING.format(asked="temp.asked")
# One subject, as checks mostly ask about, needs no table of whom is asked about.
_ANY_OF_ONE = _ANY_LISTING.format(asked="(SELECT id FROM subject WHERE uid = ?) AS asked")
# Several rows of one thing are current where nothing tells which is newer.
_RIVALS = """
SELECT record.natural_key, record.digest, listing.events FROM temp.rivals
JOIN record ON record.id = rivals.id
JOIN listing ON listing.record = rivals.id
"""
_EVENTS = """
SELECT case_event.case_key, case_event.status, case_event.happened, record.digest, subject.uid,
       mention.name, case_event.authority, case_event.decision_number
FROM case_event
JOIN record ON record.id = case_event.record AND record.active = 1
JOIN mention ON mention.id = case_event.party
LEFT JOIN membership ON membership.mention = case_event.party
LEFT JOIN subject ON subject.id = membership.subject
LEFT JOIN temp.replaced ON replaced.id = case_event.record
WHERE replaced.id IS NULL {among}
ORDER BY case_event.happened NULLS FIRST, record.digest, case_event.position
"""
# A listing's id begins like its row's natural key, or like the row's own digest.
_PARTIES = " UNION ".join(
    f"""
SELECT subject.uid FROM record
CROSS JOIN listing ON listing.record = record.id
CROSS JOIN membership ON membership.mention = listing.party
CROSS JOIN subject ON subject.id = membership.subject
WHERE record.active = 1 AND record.{key} BETWEEN ?1 AND ?2
"""
    for key in ("digest", "natural_key")
)
_BIDS = """
SELECT bid.project, bid.lot, subject.uid, bid.opened, max(membership.strong) FROM bid
JOIN record ON record.id = bid.record AND record.active = 1
JOIN membership ON membership.mention = bid.bidder
JOIN subject ON subject.id = membership.subject
LEFT JOIN temp.replaced ON replaced.id = bid.record
WHERE replaced.id IS NULL {among}
GROUP BY bid.project, bid.lot, subject.uid, bid.opened
"""
_OF_ONE_PROJECT = f"""
project IN (
  SELECT own.project FROM temp.asked
  CROSS JOIN membership ON membership.subject = asked.id
  CROSS JOIN bid AS own ON own.record = membership.mention / {PLACES}
    AND own.bidder = membership.mention
)
"""


class SqliteFacts:
    """The `CaseFacts` port."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def subjects(self, ids: Collection[SubjectId] | None) -> pa.Table:
        """Return current subjects (`schema.SUBJECTS`), by id."""
        where = "WHERE recorded_to IS NULL"
        if ids is not None:
            self._ask(ids)
            where += " AND id IN (SELECT id FROM temp.asked)"
        return self._db.table(
            f"SELECT uid, kind, name, strong FROM subject {where} ORDER BY uid",
            schema.SUBJECTS,
        )

    def relations(self, ids: Collection[SubjectId] | None) -> pa.Table:
        """Return current relation statements touching the subjects (`schema.RELATIONS`)."""
        self._mark_current(ids, "relation")
        statement = _RELATIONS
        if ids is not None:
            statement += (
                " AND relation.record IN (SELECT id FROM temp.touching)"
                " AND (m1.subject IN (SELECT id FROM temp.asked)"
                " OR m2.subject IN (SELECT id FROM temp.asked))"
            )
        return self._db.table(statement, schema.RELATIONS)

    def listings(
        self, ids: Collection[SubjectId] | None, kinds: Collection[str] | None = None
    ) -> list[Listing]:
        """Return listings in records that mention the subjects, newest version of each."""
        if ids is not None and not self._any_listing(ids):
            return []
        self._mark_current(ids, "listing")
        statement, values = _LISTINGS, []
        if ids is not None:
            statement += " AND listing.record IN (SELECT id FROM temp.touching)"
        if kinds is not None:
            values = sorted(kinds)
            statement += f" AND listing.kind IN ({','.join('?' * len(values))})"
        rows = list(self._db.rows(statement, values))
        events = self._events({row[7] for row in rows if row[7] is not None})
        named = self._subjects_of(
            mention for row in rows for mention in mentions_in(row[13], row[14])
        )
        rivals = rivals_of(self._db.rows(_RIVALS))
        listings = [
            listing_of(row, events.get(row[7], ()), named, rivals.get(row[2])) for row in rows
        ]
        return sorted(listings, key=lambda listing: listing.id)

    def listing(self, uid: str) -> Listing | None:
        """Return a current listing by id."""
        if not _LISTING_ID.fullmatch(uid):
            return None
        first = bytes.fromhex(uid[2:])
        parties = {
            SubjectId(party)
            for (party,) in self._db.rows(_PARTIES, (first, first + b"\xff" * len(first)))
        }
        found = self.listings(parties) if parties else []
        return next((each for each in found if each.id == uid), None)

    def ties(self, ids: Collection[SubjectId], reach: Reach) -> Ties:
        """Return the first ties that touch the subjects, in order."""
        return first_ties(self.relations(ids), ids, reach)

    def bids(self, ids: Collection[SubjectId] | None) -> list[Bid]:
        """Return bids of every project the subjects bid in."""
        among = ""
        if ids is None:
            self._mark_current(None)
        else:
            # Rivals' bids decide, too, and those are in records that mention nobody asked about.
            self._ask(ids)
            reset(self._db)
            mark_replaced(self._db, f"id IN (SELECT record FROM bid WHERE {_OF_ONE_PROJECT})")
            among = f"AND bid.{_OF_ONE_PROJECT.strip()}"
        found = {
            Bid(project, lot, SubjectId(uid), day_of(opened), bool(strong))
            for project, lot, uid, opened, strong in self._db.rows(_BIDS.format(among=among))
        }
        return sorted(found, key=_bid_order)

    def waiting_events(self) -> list[WaitingEvent]:
        """Return events that found no listing, or only listings of somebody else."""
        self._mark_current(None)
        rows = list(self._db.rows(_EVENTS.format(among="")))
        if not rows:
            return []
        known = defaultdict(list)
        for key, uid, name in self._db.rows(
            "SELECT listing.case_key, subject.uid, mention.name FROM listing "
            "JOIN record ON record.id = listing.record AND record.active = 1 "
            "JOIN mention ON mention.id = listing.party "
            "LEFT JOIN membership ON membership.mention = listing.party "
            "LEFT JOIN subject ON subject.id = membership.subject "
            "WHERE listing.case_key IN (SELECT case_key FROM case_event)"
        ):
            known[key].append((uid, name))
        return [
            WaitingEvent(row[3].hex(), row[1], day_of(row[2]), row[6], row[7])
            for row in rows
            if not any(same_party(row[4], row[5], *party) for party in known.get(row[0], ()))
        ]

    def _any_listing(self, ids: Collection[SubjectId]) -> bool:
        if len(ids) == 1:
            return bool(self._db.scalar(_ANY_OF_ONE, tuple(ids)))
        self._ask(ids)
        return bool(self._db.scalar(_ANY_OF_MANY))

    def _ask(self, ids: Collection[SubjectId]) -> None:
        if len(ids) == 1:
            self._db.empty_table("asked", "(id INTEGER PRIMARY KEY)")
            self._db.execute(
                "INSERT OR IGNORE INTO temp.asked SELECT id FROM subject WHERE uid = ?", tuple(ids)
            )
            return
        wanted = sorted(ids)
        self._db.empty_table("asked_uid", "(uid TEXT PRIMARY KEY)")
        self._db.many("INSERT OR IGNORE INTO temp.asked_uid VALUES (?)", ((uid,) for uid in wanted))
        self._db.scope("asked", ())
        self._db.execute(
            "INSERT INTO temp.asked SELECT subject.id FROM temp.asked_uid "
            "CROSS JOIN subject ON subject.uid = asked_uid.uid"
        )

    def _mark_current(self, ids: Collection[SubjectId] | None, stated: str | None = None) -> None:
        """Fill the tables of `graph.store.sqlite.currency` (and `asked`) for the subjects."""
        if ids is not None:
            self._ask(ids)
        mark_current(self._db, None if ids is None else stated)

    def _events(self, keys: set[bytes]) -> Mapping[bytes, list[tuple[Any, ...]]]:
        """Return the current events of decisions; those of replaced rows are not."""
        if not keys:
            return {}
        db = self._db
        db.empty_table("decided", "(id BLOB PRIMARY KEY) WITHOUT ROWID")
        db.many("INSERT INTO temp.decided VALUES (?)", ((key,) for key in keys))
        told = (
            "SELECT case_event.record FROM temp.decided "
            "JOIN case_event ON case_event.case_key = decided.id"
        )
        mark_replaced(db, f"id IN ({told})")
        found: dict[bytes, list[tuple[Any, ...]]] = defaultdict(list)
        among = "AND case_event.case_key IN (SELECT id FROM temp.decided)"
        for row in db.rows(_EVENTS.format(among=among)):
            found[row[0]].append(row)
        return found

    def _subjects_of(self, mentions: Iterable[int]) -> dict[int, Member]:
        wanted = set(mentions)
        if not wanted:
            return {}
        self._db.scope("named", wanted)
        return {
            mention: (SubjectId(uid), bool(strong))
            for mention, uid, strong in self._db.rows(
                "SELECT membership.mention, subject.uid, membership.strong FROM temp.named "
                "CROSS JOIN membership ON membership.mention = named.id "
                "CROSS JOIN subject ON subject.id = membership.subject"
            )
        }


def _bid_order(bid: Bid) -> tuple[str, str, str, date]:
    return (bid.project, bid.lot, bid.bidder, bid.opened or date.min)
