"""Mentions out, partition in: the resolved side of the SQLite store."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import pyarrow as pa

from graph import schema
from graph.identifiers import PERSONAL, IdType, parse
from graph.lookup import name_key
from graph.ports import PLACES, Changes, Partition
from graph.store.sqlite.apply import SUBJECTS_IN_SCOPE, put
from graph.store.sqlite.database import Database
from graph.store.sqlite.judgements import IN_FORCE, OPEN_REVIEWS

__all__ = ["SqliteResolution"]

# A CROSS JOIN is read from left to right: the few in scope come before the many there are.

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
_SEED_SUBJECTS = f"""
INSERT OR IGNORE INTO temp.near
SELECT subject_key.subject FROM temp.held CROSS JOIN subject_key ON subject_key.key = held.key
UNION {SUBJECTS_IN_SCOPE}
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
        db = self._db
        db.scope("scope", () if scope is None else scope.to_pylist())
        db.scope("near", ())
        db.execute(f"INSERT OR IGNORE INTO temp.near {SUBJECTS_IN_SCOPE}")
        with db.write():
            return put(db, partition, at.isoformat(), everything=scope is None)

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


def _implied(name: str, value: str) -> list[tuple[IdType, str]]:
    found = parse(IdType(name), value)
    return [] if found is None else [each for each in found.implied if each[0] not in PERSONAL]
