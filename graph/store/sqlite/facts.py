"""What the rules look at, read from evidence: newest versions, dated ties, listings' histories."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from graph import schema
from graph.model import Bid, Listing, SubjectId
from graph.ports import PLACES, Neighbourhood, WaitingEvent
from graph.store.listings import day_of, listing_of, mentions_in, same_party
from graph.store.sqlite.database import Database
from graph.store.ties import first_ties

__all__ = ["SqliteFacts"]

# Of several deliveries of one thing, which is newest follows from the rows' own dates, then
# from the dates of the files they stand in, then from content; never from load order.
_REPLACED = """
INSERT OR IGNORE INTO temp.replaced
SELECT id, CASE WHEN next_version > version THEN next_version END FROM (
  SELECT id, version, lead(id) OVER w AS next_id, lead(version) OVER w AS next_version
  FROM (
    SELECT record.id, record.natural_key, record.version, record.digest, (
      SELECT max(batch.data_date) FROM sighting JOIN batch ON batch.id = sighting.batch
      WHERE sighting.record = record.id AND batch.withdrawn_at IS NULL
    ) AS seen
    FROM record WHERE active = 1 AND natural_key IN (
      SELECT natural_key FROM record
      WHERE natural_key IS NOT NULL AND active = 1 AND {among}
      GROUP BY natural_key {several}
    )
  ) WINDOW w AS (PARTITION BY natural_key ORDER BY version NULLS FIRST, seen NULLS FIRST, digest)
) WHERE next_id IS NOT NULL
"""
# What is gone from a later full file of its source ended on that file's day.
_ENDED = """
INSERT INTO temp.ended
SELECT record, (
  SELECT min(later.data_date) FROM batch AS later
  WHERE later.source = last.source AND later.withdrawn_at IS NULL AND later.data_date > last.seen
) AS day FROM (
  SELECT sighting.record, batch.source, max(batch.data_date) AS seen
  FROM sighting JOIN batch ON batch.id = sighting.batch AND batch.withdrawn_at IS NULL
  JOIN source ON source.id = batch.source AND source.delivery = 'full'
  WHERE {among} GROUP BY sighting.record, batch.source
) AS last WHERE day IS NOT NULL
"""
_RELATIONS = """
SELECT relation.type, giver.uid, taker.uid, relation.since,
       nullif(
         min(ifnull(relation.until, 9e9), ifnull(replaced.day, 9e9), ifnull(ended.day, 9e9)), 9e9
       ),
       relation.share, lower(hex(record.digest)), m1.strong AND m2.strong
FROM relation
JOIN record ON record.id = relation.record AND record.active = 1
JOIN membership AS m1 ON m1.mention = relation.source
JOIN subject AS giver ON giver.id = m1.subject
JOIN membership AS m2 ON m2.mention = relation.target
JOIN subject AS taker ON taker.id = m2.subject
LEFT JOIN temp.replaced ON replaced.id = relation.record
LEFT JOIN temp.ended ON ended.id = relation.record
WHERE (replaced.id IS NULL OR replaced.day IS NOT NULL)
  AND (relation.since IS NULL OR relation.since <
       min(ifnull(relation.until, 9e9), ifnull(replaced.day, 9e9), ifnull(ended.day, 9e9)))
"""
_LISTINGS = """
SELECT listing.record, record.digest, record.natural_key, listing.kind, subject.uid,
       listing.authority, listing.decision_number, listing.case_key, listing.violation_date,
       listing.decision_date, listing.since,
       nullif(min(ifnull(listing.until, 9e9), ifnull(ended.day, 9e9)), 9e9),
       listing.scope, listing.named, listing.facts, listing.events, mention.name
FROM listing
JOIN record ON record.id = listing.record AND record.active = 1
JOIN membership ON membership.mention = listing.party
JOIN subject ON subject.id = membership.subject
JOIN mention ON mention.id = listing.party
LEFT JOIN temp.replaced ON replaced.id = listing.record
LEFT JOIN temp.ended ON ended.id = listing.record
WHERE replaced.id IS NULL
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
_BIDS = """
SELECT bid.project, bid.lot, subject.uid FROM bid
JOIN record ON record.id = bid.record AND record.active = 1
JOIN membership ON membership.mention = bid.bidder
JOIN subject ON subject.id = membership.subject
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
        self._currency(ids)
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
        self._currency(ids)
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
        listings = [listing_of(row, events.get(row[7], ()), named) for row in rows]
        return sorted(listings, key=lambda listing: listing.id)

    def around(self, subject: SubjectId, as_of: date, most: int) -> Neighbourhood:
        """Return ties within two hops of a subject, registered on a day, at most so many."""
        near, cut = first_ties(self.relations({subject}), as_of, most)
        ends = pa.concat_arrays([near.column(end).combine_chunks() for end in ("source", "target")])
        far, cut_far = first_ties(self.relations(pc.unique(ends).to_pylist()), as_of, most)
        return Neighbourhood(far if near.num_rows else near, cut or cut_far)

    def bids(self, ids: Collection[SubjectId] | None) -> list[Bid]:
        """Return bids of every project the subjects bid in."""
        statement = _BIDS
        if ids is not None:
            self._ask(ids)
            statement += (
                "WHERE bid.project IN (SELECT project FROM bid JOIN membership "
                "ON membership.mention = bid.bidder "
                "JOIN temp.asked ON asked.id = membership.subject)"
            )
        found = {
            Bid(project, lot, SubjectId(uid)) for project, lot, uid in self._db.rows(statement)
        }
        return sorted(found, key=lambda bid: (bid.project, bid.lot, bid.bidder))

    def waiting_events(self) -> list[WaitingEvent]:
        """Return events that found no listing, or only listings of somebody else."""
        self._currency(None)
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

    def _ask(self, ids: Collection[SubjectId]) -> None:
        wanted = sorted(ids)
        self._db.execute("CREATE TEMP TABLE IF NOT EXISTS asked_uid (uid TEXT PRIMARY KEY)")
        self._db.execute("DELETE FROM temp.asked_uid")
        self._db.many("INSERT OR IGNORE INTO temp.asked_uid VALUES (?)", ((uid,) for uid in wanted))
        self._db.scope("asked", ())
        self._db.execute(
            "INSERT INTO temp.asked SELECT subject.id FROM subject "
            "JOIN temp.asked_uid ON asked_uid.uid = subject.uid"
        )

    def _currency(self, ids: Collection[SubjectId] | None) -> None:
        """Fill `replaced` and `ended` (and `touching`, `asked`) for the subjects asked about."""
        db = self._db
        for name in ("replaced", "ended"):
            db.execute(
                f"CREATE TEMP TABLE IF NOT EXISTS {name} (id INTEGER PRIMARY KEY, day INTEGER)"
            )
            db.execute(f"DELETE FROM temp.{name}")
        if ids is None:
            db.execute(_REPLACED.format(among="true", several="HAVING count(*) > 1"))
            db.execute(_ENDED.format(among="true"))
            return
        self._ask(ids)
        db.scope("touching", ())
        db.execute(
            f"INSERT OR IGNORE INTO temp.touching SELECT mention / {PLACES} FROM membership "
            "WHERE subject IN (SELECT id FROM temp.asked)"
        )
        db.execute(_REPLACED.format(among="id IN (SELECT id FROM temp.touching)", several=""))
        db.execute(_ENDED.format(among="sighting.record IN (SELECT id FROM temp.touching)"))

    def _events(self, keys: set[bytes]) -> Mapping[bytes, list[tuple[Any, ...]]]:
        """Return the current events of decisions; those of replaced rows are not."""
        db = self._db
        db.execute("CREATE TEMP TABLE IF NOT EXISTS decided (id BLOB PRIMARY KEY) WITHOUT ROWID")
        db.execute("DELETE FROM temp.decided")
        db.many("INSERT INTO temp.decided VALUES (?)", ((key,) for key in keys))
        told = (
            "SELECT case_event.record FROM temp.decided "
            "JOIN case_event ON case_event.case_key = decided.id"
        )
        db.execute(_REPLACED.format(among=f"id IN ({told})", several=""))
        found: dict[bytes, list[tuple[Any, ...]]] = defaultdict(list)
        among = "AND case_event.case_key IN (SELECT id FROM temp.decided)"
        for row in db.rows(_EVENTS.format(among=among)):
            found[row[0]].append(row)
        return found

    def _subjects_of(self, mentions: Iterable[int]) -> dict[int, SubjectId]:
        self._db.scope("named", mentions)
        return {
            mention: SubjectId(uid)
            for mention, uid in self._db.rows(
                "SELECT membership.mention, subject.uid FROM temp.named "
                "JOIN membership ON membership.mention = named.id "
                "JOIN subject ON subject.id = membership.subject"
            )
        }
