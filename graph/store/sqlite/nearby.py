"""Whom waiting records may move: the subjects that hang together with them.

Works on temporary tables: `scope` (mentions), `near` (subjects), `held` (keys and traces of the
waiting mentions). A CROSS JOIN is read from left to right: the few that are near come before the
many there are.
"""

from collections.abc import Iterable
from typing import Final

import pyarrow as pa

from graph.model import HOLDERS
from graph.ports import PLACES
from graph.store.sqlite.apply import SUBJECTS_IN_SCOPE
from graph.store.sqlite.database import Database

__all__ = ["HOLDER_TYPES", "OF_WAITING", "WAITING", "fill_scope", "seeds"]

HOLDER_TYPES: Final = ", ".join(f"'{each}'" for each in HOLDERS)

WAITING: Final = "SELECT id FROM record WHERE id > ?1 UNION SELECT record FROM touched"
OF_WAITING: Final = (
    f"mention.id >= waiting.id * {PLACES} AND mention.id < (waiting.id + 1) * {PLACES}"
)
_SEEDS = f"SELECT mention.id FROM ({WAITING}) AS waiting CROSS JOIN mention ON {OF_WAITING}"
_SEED_SUBJECTS = f"""
INSERT OR IGNORE INTO temp.near
SELECT subject_key.subject FROM temp.held CROSS JOIN subject_key ON subject_key.key = held.key
UNION SELECT trace.subject FROM temp.held CROSS JOIN trace ON trace.key = held.key
UNION {SUBJECTS_IN_SCOPE}
"""
_SHARED_KEYS = """
INSERT OR IGNORE INTO temp.near
SELECT other.subject FROM temp.near
CROSS JOIN subject_key AS own ON own.subject = near.id
CROSS JOIN subject_key AS other ON other.key = own.key
"""
# Each trace once: a region may have thousands of subjects.
_SHARED_TRACES = """
INSERT OR IGNORE INTO temp.near
SELECT other.subject FROM (
  SELECT DISTINCT own.key FROM temp.near CROSS JOIN trace AS own ON own.subject = near.id
) AS shared
CROSS JOIN trace AS other ON other.key = shared.key
"""
# A name in a post is read within its body: where the body may change, so may who is meant.
_IN_POSTS = f"""
INSERT OR IGNORE INTO temp.near
SELECT holder.subject FROM temp.near
CROSS JOIN membership AS body ON body.subject = near.id
CROSS JOIN relation ON relation.record = body.mention / {PLACES}
  AND relation.target = body.mention AND relation.type IN ({HOLDER_TYPES})
CROSS JOIN mention ON mention.id = relation.source AND mention.kind = 'person'
CROSS JOIN membership AS holder ON holder.mention = relation.source
"""
# Whom a judgement speaks of together, in force or not: a wider scope does no harm.
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


def seeds(db: Database, through: int) -> pa.Array:
    """Return the mentions of waiting records.

    Args:
        through: Key of the last record that was resolved.
    """
    return pa.array([key for (key,) in db.rows(_SEEDS, (through,))], pa.int64())


def fill_scope(db: Database, mentions: Iterable[int], keys: Iterable[bytes]) -> None:
    """Fill `scope` with mentions, and those of every subject that hangs together with them.

    Args:
        keys: Identifiers and traces that the mentions hold.
    """
    db.scope("scope", mentions)
    db.scope("near", ())
    db.empty_table("held", "(key BLOB PRIMARY KEY) WITHOUT ROWID")
    db.many("INSERT OR IGNORE INTO temp.held VALUES (?)", ((key,) for key in keys))
    steps = [_SHARED_KEYS, _SHARED_TRACES, _IN_POSTS]
    if db.scalar("SELECT EXISTS (SELECT 1 FROM judged_pair)"):
        steps.append(_TOGETHER)
        db.execute(_TOGETHER)
    db.execute(_SEED_SUBJECTS)
    known = 0
    while (size := int(db.scalar("SELECT count(*) FROM temp.near"))) > known:
        known = size
        for step in steps:
            db.execute(step)
    db.execute(
        "INSERT OR IGNORE INTO temp.scope SELECT mention FROM membership "
        "WHERE subject IN (SELECT id FROM temp.near)"
    )
