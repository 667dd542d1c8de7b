"""Mentions out, partition in: the resolved side of the SQLite store."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from graph import schema
from graph.identifiers import PERSONAL, IdType, parse
from graph.lookup import name_key
from graph.ports import PLACES, Changes, Partition
from graph.store.sqlite.affected import mark_affected
from graph.store.sqlite.database import Database
from graph.store.sqlite.judgements import IN_FORCE, OPEN_REVIEWS

__all__ = ["SqliteResolution"]

_BLOCK: Final = 100_000

# A CROSS JOIN is read from left to right: the few in scope come before the many there are. For
# the same reason statements for everyone and for a scope differ in text, not by a parameter.
_EVERYONE: Final = "true"

_MENTIONS = f"""
SELECT mention.id, record.digest, mention.role, mention.ordinal, mention.kind, mention.name,
       record.version, source.register
FROM mention
JOIN record ON record.id = mention.id / {PLACES} AND record.active = 1
JOIN source ON source.id = record.source
"""
_IDENTIFIERS = f"""
SELECT DISTINCT identifier.mention, identifier.type, identifier.key
FROM identifier
JOIN record ON record.id = identifier.mention / {PLACES} AND record.active = 1
WHERE identifier.status IN ('valid', 'repaired')
"""
# An organisation's code may hold another of its codes; a person's number holds none, and the
# operator's number inside a shop's tax number is not the shop's identity.
_IMPLYING = f"""
SELECT identifier.mention, identifier.type, identifier.value
FROM identifier
JOIN record ON record.id = identifier.mention / {PLACES} AND record.active = 1
WHERE identifier.status IN ('valid', 'repaired') AND identifier.type IN ('uscc', 'tax_id')
  AND typeof(identifier.value) = 'text'
"""
_SEEDS = f"""
SELECT mention.id FROM (
  SELECT id FROM record WHERE id > ?1 UNION SELECT record FROM touched
) AS waiting
CROSS JOIN mention
  ON mention.id >= waiting.id * {PLACES} AND mention.id < (waiting.id + 1) * {PLACES}
"""
_SEED_SUBJECTS = """
INSERT OR IGNORE INTO temp.near
SELECT subject_key.subject FROM temp.held CROSS JOIN subject_key ON subject_key.key = held.key
UNION
SELECT membership.subject FROM temp.scope CROSS JOIN membership ON membership.mention = scope.id
"""
_NEIGHBOURS = """
INSERT OR IGNORE INTO temp.near
SELECT other.subject FROM temp.near
CROSS JOIN subject_key AS own ON own.subject = near.id
CROSS JOIN subject_key AS other ON other.key = own.key
"""
# Whom a judgement speaks of together, in force or not: a wider scope does no harm. A CROSS JOIN
# is read from left to right: the few that are near come before the many there are.
_TOGETHER = """
INSERT OR IGNORE INTO temp.near
WITH pair (own, other) AS (
  SELECT one, other FROM judged_pair UNION ALL SELECT other, one FROM judged_pair
), named (mention) AS (
  SELECT id FROM temp.scope
  UNION SELECT mention FROM temp.near CROSS JOIN membership ON membership.subject = near.id
)
SELECT membership.subject FROM named
CROSS JOIN pair ON pair.own = named.mention
CROSS JOIN membership ON membership.mention = pair.other
"""
_JUDGEMENTS = f"""
SELECT DISTINCT pair.one, pair.other, judgement.verdict
FROM ({IN_FORCE}) AS judgement
JOIN judged_pair AS pair ON pair.judgement = judgement.sequence
JOIN record AS r1 ON r1.id = pair.one / {PLACES} AND r1.active = 1
JOIN record AS r2 ON r2.id = pair.other / {PLACES} AND r2.active = 1
WHERE judgement.verdict IN ('same', 'different')
"""
_MOVED = """
FROM membership AS was
LEFT JOIN temp.part ON part.mention = was.mention
LEFT JOIN subject ON subject.uid = part.uid
WHERE {among}
  AND (part.mention IS NULL OR subject.id <> was.subject OR part.strong <> was.strong)
"""
_REMEMBER_MOVED = (
    "INSERT OR REPLACE INTO membership_past "
    "SELECT was.mention, was.subject, was.recorded_from, ?1, was.strong " + _MOVED
)
_FORGET_MOVED = f"DELETE FROM membership WHERE mention IN (SELECT was.mention {_MOVED})"
_JOIN = """
INSERT INTO membership
SELECT part.mention, subject.id, part.strong, ?1 FROM temp.part
JOIN subject ON subject.uid = part.uid
WHERE true ON CONFLICT (mention) DO NOTHING
"""
_PUT_SUBJECT = """
INSERT INTO subject (uid, kind, name, strong, recorded_from) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (uid) DO UPDATE SET kind = excluded.kind, name = excluded.name,
  strong = excluded.strong, recorded_from = excluded.recorded_from, recorded_to = NULL
WHERE recorded_to IS NOT NULL OR kind <> excluded.kind OR name <> excluded.name
  OR strong <> excluded.strong
"""
# Subjects of the scope that no mention belongs to any more.
_END_SUBJECTS = """
UPDATE subject SET recorded_to = ?1
WHERE recorded_to IS NULL AND {among}
  AND NOT EXISTS (SELECT 1 FROM membership WHERE membership.subject = subject.id)
"""
_PUT_KEY = """
INSERT OR REPLACE INTO subject_key
SELECT ?3, subject.id, ?2, ?4 FROM subject WHERE uid = ?1
"""
_PUT_NAMES = """
INSERT OR IGNORE INTO subject_name (name_key, subject)
SELECT name_key(mention.name), membership.subject FROM {members}
CROSS JOIN mention ON mention.id = membership.mention
WHERE mention.name <> ''
"""
_NEAR_IDS = "(SELECT subject.uid FROM temp.near CROSS JOIN subject ON subject.id = near.id)"
_MEMBERS_IN_SCOPE = "temp.scope CROSS JOIN membership ON membership.mention = scope.id"
_OF_THE_SCOPE = """
subject IN (
  SELECT id FROM temp.near
  UNION
  SELECT membership.subject FROM temp.scope CROSS JOIN membership ON membership.mention = scope.id
)
"""
_FORGET_NAMES = f"""
INSERT INTO name_search (name_search, rowid, name_key)
SELECT 'delete', id, name_key FROM subject_name WHERE {_OF_THE_SCOPE}
"""


class SqliteResolution:
    """The `Resolution` port."""

    def __init__(self, database: Database) -> None:
        self._db = database
        database.connection.create_function("name_key", 1, name_key, deterministic=True)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Hold the store for reading and applying as one step."""
        with self._db.write():
            yield

    def waiting(self) -> int:
        """Return how many records were added or switched since the last resolve."""
        return int(
            self._db.scalar(
                "SELECT (SELECT count(*) FROM record WHERE id > ?1) "
                "+ (SELECT count(*) FROM touched WHERE record <= ?1)",
                (self._through(),),
            )
        )

    def touched_mentions(self) -> pa.Array:
        """Return keys of all active mentions connected to a waiting record.

        Fills the scope that `apply` uses; mentions that were switched off are in it too.
        """
        db = self._db
        db.scope("scope", (key for (key,) in db.rows(_SEEDS, (self._through(),))))
        db.scope("near", ())
        seeds = db.table("SELECT id FROM temp.scope", pa.schema([("id", pa.int64())]))
        held = self.identifiers(seeds.column("id")).column("key").to_pylist()
        db.empty_table("held", "(key BLOB PRIMARY KEY) WITHOUT ROWID")
        db.many("INSERT OR IGNORE INTO temp.held VALUES (?)", ((key,) for key in held))
        db.execute(_SEED_SUBJECTS)
        judged = bool(db.scalar("SELECT EXISTS (SELECT 1 FROM judged_pair)"))
        if judged:
            db.execute(_TOGETHER)
        known = 0
        while (size := int(db.scalar("SELECT count(*) FROM temp.near"))) > known:
            known = size
            db.execute(_NEIGHBOURS)
            if judged:
                db.execute(_TOGETHER)
        db.execute(
            "INSERT OR IGNORE INTO temp.scope SELECT mention FROM membership "
            "WHERE subject IN (SELECT id FROM temp.near)"
        )
        keys = [key for (key,) in db.rows("SELECT id FROM temp.scope ORDER BY id")]
        return pa.array(keys, pa.int64())

    def mentions(self, keys: pa.Array | None) -> pa.Table:
        """Return active mentions (`schema.MENTIONS`), all or those given."""
        return self._db.table(_MENTIONS + self._among("mention.id", keys), schema.MENTIONS)

    def identifiers(self, keys: pa.Array | None) -> pa.Table:
        """Return full identifiers (`schema.IDENTIFIERS`) of active mentions."""
        among = self._among("identifier.mention", keys).replace("WHERE", "AND")
        stated = self._db.table(_IDENTIFIERS + among, schema.IDENTIFIERS)
        implied = [
            (mention, kind.value, self._db.seal.key_of(kind.value, inner))
            for mention, name, value in self._db.rows(_IMPLYING + among)
            for kind, inner in _implied(name, value)
        ]
        columns = zip(*implied, strict=True) if implied else ((), (), ())
        arrays = [
            pa.array(list(column), field.type)
            for column, field in zip(columns, schema.IDENTIFIERS, strict=True)
        ]
        return pa.concat_tables([stated, pa.table(arrays, schema=schema.IDENTIFIERS)])

    def judgements(self, keys: pa.Array | None) -> pa.Table:
        """Return judgements in force (`schema.JUDGEMENTS`) between active mentions."""
        among = self._among("pair.one", keys).replace("WHERE", "AND")
        # The plus keeps the other end out of the index, where every two asked would be tried.
        both = among and f"{among} AND +pair.other IN (SELECT id FROM temp.asked)"
        return self._db.table(_JUDGEMENTS + both, schema.JUDGEMENTS)

    def apply(self, partition: Partition, scope: pa.Array | None, at: datetime) -> Changes:
        """Make the partition current for the mentions in scope (None: all)."""
        db, everything, now = self._db, scope is None, at.isoformat()
        if scope is not None:
            db.scope("scope", scope.to_pylist())
            db.scope(
                "near",
                (
                    key
                    for (key,) in db.rows(
                        "SELECT DISTINCT subject FROM membership "
                        "WHERE mention IN (SELECT id FROM temp.scope)"
                    )
                ),
            )
        else:
            db.scope("scope", ())
            db.scope("near", ())
        with db.write():
            mark_affected(db, everything=everything)
            self._put_partition(partition, now)
            members = _EVERYONE if everything else "was.mention IN (SELECT id FROM temp.scope)"
            moved = db.execute(_REMEMBER_MOVED.format(among=members), (now,)).rowcount
            db.execute(_FORGET_MOVED.format(among=members))
            joined = db.execute(_JOIN, (now,)).rowcount
            near = _EVERYONE if everything else "id IN (SELECT id FROM temp.near)"
            db.execute(_END_SUBJECTS.format(among=near), (now,))
            self._put_keys(partition, everything)
            self._put_names(everything)
            self._put_reviews(partition.reviews, everything, now)
            mark_affected(db, everything=everything)
            db.execute("DELETE FROM touched")
            db.set_meta("resolved_through", db.scalar("SELECT max(id) FROM record") or 0)
            db.set_meta("resolved_at", now)
        return Changes(added=joined, removed=moved)

    def reviews(self) -> pa.Table:
        """Return open review pairs (`schema.REVIEWS`)."""
        return self._db.table(
            f"{OPEN_REVIEWS} ORDER BY subject, other, reason, key", schema.REVIEWS
        )

    def _through(self) -> int:
        return int(self._db.meta("resolved_through") or 0)

    def _among(self, column: str, keys: pa.Array | None) -> str:
        if keys is None:
            return ""
        self._db.scope("asked", keys.to_pylist())
        return f" WHERE {column} IN (SELECT id FROM temp.asked)"

    def _put_partition(self, partition: Partition, now: str) -> None:
        db = self._db
        columns = "(mention INTEGER PRIMARY KEY, uid TEXT NOT NULL, strong INTEGER NOT NULL)"
        db.empty_table("part", columns)
        db.many(_PUT_SUBJECT, ((*row, now) for row in _rows(partition.subjects)))
        db.many("INSERT INTO temp.part VALUES (?, ?, ?)", _rows(partition.memberships))

    def _put_keys(self, partition: Partition, everything: bool) -> None:
        among = _EVERYONE if everything else _OF_THE_SCOPE
        self._db.execute(f"DELETE FROM subject_key WHERE {among}")
        self._db.many(_PUT_KEY, _rows(partition.keys))

    def _put_names(self, everything: bool) -> None:
        db = self._db
        if everything:
            db.execute("DELETE FROM subject_name")
            db.execute(_PUT_NAMES.format(members="membership"))
            db.execute("INSERT INTO name_search (name_search) VALUES ('rebuild')")
            return
        # The search index holds no text of its own: it is told what to forget, and then what
        # is new, which has the keys above those that stayed.
        db.execute(_FORGET_NAMES)
        db.execute(f"DELETE FROM subject_name WHERE {_OF_THE_SCOPE}")
        last = db.scalar("SELECT max(id) FROM subject_name") or 0
        db.execute(_PUT_NAMES.format(members=_MEMBERS_IN_SCOPE))
        db.execute(
            "INSERT INTO name_search (rowid, name_key) "
            "SELECT id, name_key FROM subject_name WHERE id > ?",
            (last,),
        )

    def _put_reviews(self, reviews: pa.Table, everything: bool, now: str) -> None:
        db = self._db
        # A pair belongs to the scope if either side was looked at again.
        among = _EVERYONE if everything else f"(subject IN {_NEAR_IDS} OR other IN {_NEAR_IDS})"
        columns = "subject, other, reason, type, key"
        open_ones = f"SELECT {columns} FROM review WHERE recorded_to IS NULL AND {among}"
        known = set(db.rows(open_ones))
        asked = set(_rows(reviews))
        db.many(
            "UPDATE review SET recorded_to = ? WHERE subject = ? AND other = ? AND reason = ? "
            "AND type = ? AND key = ? AND recorded_to IS NULL",
            ((now, *row) for row in sorted(known - asked)),
        )
        db.many(
            f"INSERT OR REPLACE INTO review ({columns}, recorded_from) VALUES (?, ?, ?, ?, ?, ?)",
            ((*row, now) for row in sorted(asked - known)),
        )


def _implied(name: str, value: str) -> list[tuple[IdType, str]]:
    found = parse(IdType(name), value)
    return [] if found is None else [each for each in found.implied if each[0] not in PERSONAL]


def _rows(table: pa.Table) -> Iterator[tuple[Any, ...]]:
    """Yield an Arrow table's rows as tuples SQLite can bind, block by block."""
    for batch in table.to_batches(max_chunksize=_BLOCK):
        columns = [
            pc.cast(column, pa.int8()) if pa.types.is_boolean(column.type) else column
            for column in batch.columns
        ]
        yield from zip(*(column.to_pylist() for column in columns), strict=True)
