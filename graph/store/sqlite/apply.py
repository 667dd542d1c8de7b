"""Making a partition the current one: who moved, who ended, and what is found by it.

Works on the temporary tables `scope` (mentions looked at again) and `near` (subjects they were
in), which are empty where everything was looked at.
"""

from collections.abc import Iterator
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from graph.ports import Changes, Partition
from graph.store.sqlite.affected import mark_affected
from graph.store.sqlite.database import Database

__all__ = ["SUBJECTS_IN_SCOPE", "put"]

_BLOCK: Final = 100_000

# A CROSS JOIN is read from left to right: the few in scope come before the many there are. For
# the same reason statements for everyone and for a scope differ in text, not by a parameter.
_EVERYONE: Final = "true"
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
SUBJECTS_IN_SCOPE: Final = f"SELECT membership.subject FROM {_MEMBERS_IN_SCOPE}"
_OF_THE_SCOPE = f"subject IN (SELECT id FROM temp.near UNION {SUBJECTS_IN_SCOPE})"
_FORGET_NAMES = f"""
INSERT INTO name_search (name_search, rowid, name_key)
SELECT 'delete', id, name_key FROM subject_name WHERE {_OF_THE_SCOPE}
"""


def put(db: Database, partition: Partition, now: str, *, everything: bool) -> Changes:
    """Make a partition current, within the transaction of the caller.

    Args:
        now: Recorded time, ISO.
        everything: The partition is of all mentions, not of those in `scope`.
    """
    mark_affected(db, everything=everything)
    _put_partition(db, partition, now)
    members = _EVERYONE if everything else "was.mention IN (SELECT id FROM temp.scope)"
    moved = db.execute(_REMEMBER_MOVED.format(among=members), (now,)).rowcount
    db.execute(_FORGET_MOVED.format(among=members))
    joined = db.execute(_JOIN, (now,)).rowcount
    near = _EVERYONE if everything else "id IN (SELECT id FROM temp.near)"
    db.execute(_END_SUBJECTS.format(among=near), (now,))
    _put_keys(db, partition, everything)
    _put_traces(db, partition, everything)
    _put_meetings(db, partition, everything)
    _put_names(db, everything)
    _put_reviews(db, partition.reviews, everything, now)
    mark_affected(db, everything=everything)
    db.execute("DELETE FROM touched")
    db.set_meta("resolved_through", db.scalar("SELECT max(id) FROM record") or 0)
    db.set_meta("resolved_at", now)
    return Changes(added=joined, removed=moved)


def _put_partition(db: Database, partition: Partition, now: str) -> None:
    columns = "(mention INTEGER PRIMARY KEY, uid TEXT NOT NULL, strong INTEGER NOT NULL)"
    db.empty_table("part", columns)
    db.many(_PUT_SUBJECT, ((*row, now) for row in _rows(partition.subjects)))
    db.many("INSERT INTO temp.part VALUES (?, ?, ?)", _rows(partition.memberships))


def _put_keys(db: Database, partition: Partition, everything: bool) -> None:
    among = _EVERYONE if everything else _OF_THE_SCOPE
    db.execute(f"DELETE FROM subject_key WHERE {among}")
    db.many(_PUT_KEY, _rows(partition.keys))


def _put_traces(db: Database, partition: Partition, everything: bool) -> None:
    among = _EVERYONE if everything else _OF_THE_SCOPE
    db.execute(f"DELETE FROM trace WHERE {among}")
    db.many(
        "INSERT INTO trace SELECT ?2, subject.id FROM subject WHERE uid = ?1",
        _rows(partition.traces),
    )


def _put_meetings(db: Database, partition: Partition, everything: bool) -> None:
    among = _EVERYONE if everything else _OF_THE_SCOPE
    db.execute(f"DELETE FROM meeting WHERE {among}")
    db.many(
        "INSERT INTO meeting SELECT ?2, subject.id, ?3 FROM subject WHERE uid = ?1",
        _rows(partition.meetings),
    )


def _put_names(db: Database, everything: bool) -> None:
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


def _put_reviews(db: Database, reviews: pa.Table, everything: bool, now: str) -> None:
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


def _rows(table: pa.Table) -> Iterator[tuple[Any, ...]]:
    """Yield an Arrow table's rows as tuples SQLite can bind, block by block."""
    for batch in table.to_batches(max_chunksize=_BLOCK):
        columns = [
            pc.cast(column, pa.int8()) if pa.types.is_boolean(column.type) else column
            for column in batch.columns
        ]
        yield from zip(*(column.to_pylist() for column in columns), strict=True)
