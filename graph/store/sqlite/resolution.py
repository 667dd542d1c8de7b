"""Mentions out, partition in: the resolved side of the SQLite store."""

from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime

import pyarrow as pa

from graph import schema
from graph.identifiers import PERSONAL, IdType, parse
from graph.lookup import name_key
from graph.model import HEADS, OWNERS, SubjectId
from graph.ports import PLACES, Changes, Partition
from graph.store.sqlite.apply import SUBJECTS_IN_SCOPE, put
from graph.store.sqlite.database import Database
from graph.store.sqlite.judgements import IN_FORCE, OPEN_REVIEWS
from graph.store.sqlite.nearby import HOLDER_TYPES, OF_WAITING, WAITING, fill_scope, seeds

__all__ = ["SqliteResolution"]

# A CROSS JOIN is read from left to right: the few in scope come before the many there are.

_MENTION = """
SELECT mention.id, record.digest, mention.role, mention.ordinal, mention.kind, mention.name,
       record.version, CASE WHEN source.register THEN source.name ELSE '' END
"""
_MENTIONS = f"""
{_MENTION} FROM mention
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
_MENTIONS_WAITING = f"""
{_MENTION} FROM ({WAITING}) AS waiting
CROSS JOIN record ON record.id = waiting.id AND record.active = 1
CROSS JOIN mention ON {OF_WAITING}
JOIN source ON source.id = record.source
"""
_POSTS = f"""
SELECT relation.source, relation.target, subject.uid, relation.type
FROM {{relations}}
JOIN record ON record.id = relation.record AND record.active = 1
LEFT JOIN membership ON membership.mention = relation.target
LEFT JOIN subject ON subject.id = membership.subject
WHERE relation.type IN ({HOLDER_TYPES})
"""
_RELATIONS_ASKED = f"""temp.wanted CROSS JOIN relation
  ON relation.record = wanted.id / {PLACES} AND relation.source = wanted.id
"""
_INCOMPLETE = f"""
SELECT DISTINCT identifier.mention
FROM identifier
JOIN record ON record.id = identifier.mention / {PLACES} AND record.active = 1
WHERE identifier.status NOT IN ('valid', 'repaired')
"""
_SHOWN = """
SELECT identifier.mention, identifier.type, identifier.status, identifier.value
FROM temp.wanted CROSS JOIN identifier ON identifier.mention = wanted.id
"""
# A representative is named by the person's mention in the row, an owner that is a body by its own.
# Of two codes the full one is told.
_HEADS, _OWNERS = (", ".join(f"'{each}'" for each in kinds) for kinds in (HEADS, OWNERS))
_OF_HOLDERS = f"""
SELECT relation.target,
  CASE WHEN relation.type IN ({_HEADS}) THEN 'representative' ELSE 'owner' END,
  mention.name
FROM {{relations}}
JOIN record ON record.id = relation.record AND record.active = 1
JOIN mention ON mention.id = relation.source AND mention.name <> ''
WHERE relation.type IN ({_HEADS}) OR (relation.type IN ({_OWNERS}) AND mention.kind <> 'person')
"""
_OF_ROWS = f"""
SELECT trait.mention, trait.type, trait.value
FROM {{traits}} JOIN record ON record.id = trait.mention / {PLACES} AND record.active = 1
"""
_OF_CODES = f"""
SELECT identifier.mention, 'uscc', identifier.value
FROM {{identifiers}}
JOIN record ON record.id = identifier.mention / {PLACES} AND record.active = 1
WHERE typeof(identifier.value) = 'text' AND (identifier.type = 'uscc' OR
  (identifier.type = 'org_code' AND NOT EXISTS (
    SELECT 1 FROM identifier AS full
    WHERE full.mention = identifier.mention AND full.type = 'uscc')))
"""
_TRAITS = (
    _OF_HOLDERS.format(relations="relation"),
    _OF_ROWS.format(traits="trait"),
    _OF_CODES.format(identifiers="identifier"),
)
_TRAITS_ASKED = (
    _OF_HOLDERS.format(
        relations=f"temp.wanted CROSS JOIN relation ON relation.record = wanted.id / {PLACES} "
        "AND relation.target = wanted.id"
    ),
    _OF_ROWS.format(traits="temp.wanted CROSS JOIN trait ON trait.mention = wanted.id"),
    _OF_CODES.format(identifiers="temp.wanted CROSS JOIN identifier ON mention = wanted.id"),
)
_MEETING = """
SELECT DISTINCT mention.id
FROM temp.met
CROSS JOIN meeting ON meeting.key = met.id AND meeting.known <= ?1
CROSS JOIN membership ON membership.subject = meeting.subject
CROSS JOIN mention ON mention.id = membership.mention
WHERE mention.kind <> 'person' AND mention.name <> ''
"""
_MEMBERS = """
SELECT membership.mention FROM subject
CROSS JOIN membership ON membership.subject = subject.id
WHERE subject.uid = ?1 AND subject.recorded_to IS NULL
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

    def together(self) -> AbstractContextManager[None]:
        """Hold the store as `transaction` does; keep all that is written inside, or nothing."""
        return self.transaction()

    def waiting(self) -> int:
        """Return how many records were added or switched since the last resolve."""
        return int(
            self._db.scalar(
                "SELECT (SELECT count(*) FROM record WHERE id > ?1) "
                "+ (SELECT count(*) FROM touched WHERE record <= ?1)",
                (self._through(),),
            )
        )

    def waiting_mentions(self) -> pa.Table:
        """Return active mentions (`schema.MENTIONS`) of waiting records."""
        return self._db.table(_MENTIONS_WAITING, schema.MENTIONS, (self._through(),))

    def touched_mentions(self, traces: Collection[bytes]) -> pa.Array:
        """Return keys of all active mentions connected to a waiting record.

        Mentions that were switched off are among them, too.
        """
        return self._connected(seeds(self._db, self._through()), traces)

    def connected_mentions(self, keys: pa.Array) -> pa.Array:
        """Return keys of these mentions and of all connected to them, in the same way."""
        return self._connected(keys, ())

    def _connected(self, keys: pa.Array, traces: Collection[bytes]) -> pa.Array:
        held = self.identifiers(keys).column("key").to_pylist()
        fill_scope(self._db, keys.to_pylist(), (*held, *traces))
        found = [key for (key,) in self._db.rows("SELECT id FROM temp.scope ORDER BY id")]
        return pa.array(found, pa.int64())

    def members(self, subjects: Collection[SubjectId]) -> pa.Array:
        """Return keys of the mentions of current subjects."""
        found = [mention for uid in subjects for (mention,) in self._db.rows(_MEMBERS, (str(uid),))]
        return pa.array(found, pa.int64())

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
        if not implied:
            return stated
        arrays = [
            pa.array(list(column), field.type)
            for column, field in zip(zip(*implied, strict=True), schema.IDENTIFIERS, strict=True)
        ]
        return pa.concat_tables([stated, pa.table(arrays, schema=schema.IDENTIFIERS)])

    def posts(self, keys: pa.Array | None) -> pa.Table:
        """Return posts and shares (`schema.POSTS`) that active mentions of persons hold."""
        self._among("", keys)
        relations = "relation" if keys is None else _RELATIONS_ASKED
        return self._db.table(_POSTS.format(relations=relations), schema.POSTS)

    def incomplete(self, keys: pa.Array | None) -> pa.Array:
        """Return active mentions with an identifier that is masked, cut or fails its check."""
        among = self._among("identifier.mention", keys).replace("WHERE", "AND")
        return pa.array([key for (key,) in self._db.rows(_INCOMPLETE + among)], pa.int64())

    def shown(self, keys: pa.Array) -> pa.Table:
        """Return identifiers as read (`schema.SHOWN`) of mentions."""
        self._among("", keys)
        rows = [
            (mention, kind, status, value if isinstance(value, str) else self._opened(value))
            for mention, kind, status, value in self._db.rows(_SHOWN)
        ]
        columns = zip(*rows, strict=True) if rows else ((), (), (), ())
        arrays = [
            pa.array(list(column), field.type)
            for column, field in zip(columns, schema.SHOWN, strict=True)
        ]
        return pa.table(arrays, schema=schema.SHOWN)

    def traits(self, keys: pa.Array | None) -> pa.Table:
        """Return what active mentions of bodies tell beside names (`schema.TRAITS`)."""
        self._among("", keys)
        parts = [
            self._db.table(statement, schema.TRAITS)
            for statement in (_TRAITS if keys is None else _TRAITS_ASKED)
        ]
        return pa.concat_tables(parts)

    def meeting(self, keys: pa.Array, *, known: bool) -> pa.Array:
        """Return active mentions of bodies whose subject has one of the keys."""
        self._db.scope("met", keys.to_pylist())
        rows = self._db.rows(_MEETING, (int(known),))
        return pa.array([mention for (mention,) in rows], pa.int64())

    def judgements(self, keys: pa.Array | None) -> pa.Table:
        """Return judgements in force (`schema.JUDGEMENTS`) between active mentions."""
        among = self._among("pair.one", keys).replace("WHERE", "AND")
        # The plus keeps the other end out of the index, where every two asked would be tried.
        both = among and f"{among} AND +pair.other IN (SELECT id FROM temp.wanted)"
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

    def _opened(self, value: bytes) -> str:
        return self._db.seal.open(value).decode()

    def _through(self) -> int:
        return int(self._db.meta("resolved_through") or 0)

    def _among(self, column: str, keys: pa.Array | None) -> str:
        if keys is None:
            return ""
        self._db.want(keys)
        return f" WHERE {column} IN (SELECT id FROM temp.wanted)"


def _implied(name: str, value: str) -> list[tuple[IdType, str]]:
    found = parse(IdType(name), value)
    return [] if found is None else [each for each in found.implied if each[0] not in PERSONAL]
