"""Which rows are current and when ties end: versions, successive rows, full files they left.

Filled into temporary tables, for everyone or for the records around the subjects asked about:
`replaced` (id, day a newer version begins or null), `rivals` (id of each of several versions
nothing orders), `succeeded` and `ended` (id, day).
"""

from typing import Final

from graph.ports import PLACES
from graph.store.sqlite.database import Database

__all__ = ["mark_current", "mark_replaced", "reset"]

# Of several deliveries of one thing, which is newest follows from the rows' own dates, then
# from the dates of the files they stand in; never from load order. Where neither tells, none
# replaces the other: both are current.
_VERSIONS = """
INSERT OR IGNORE INTO temp.versions
SELECT id, natural_key, version,
  next_version IS NULL AND (seen IS NULL OR seen = last_seen),
  CASE WHEN seen IS NULL OR seen = last_seen THEN next_version END
FROM (
  SELECT id, natural_key, version, seen,
    max(seen) OVER (PARTITION BY natural_key, version) AS last_seen,
    first_value(version) OVER (
      PARTITION BY natural_key ORDER BY version NULLS FIRST
      GROUPS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
    ) AS next_version
  FROM (
    SELECT record.id, record.natural_key, record.version, (
      SELECT max(batch.data_date) FROM sighting JOIN batch ON batch.id = sighting.batch
      WHERE sighting.record = record.id AND batch.withdrawn_at IS NULL
    ) AS seen
    FROM record WHERE active = 1 AND natural_key IN (
      SELECT natural_key FROM record
      WHERE natural_key IS NOT NULL AND active = 1 AND {among}
      GROUP BY natural_key {several}
    )
  )
)
"""
_REPLACED = """
INSERT OR IGNORE INTO temp.replaced
SELECT id, CASE WHEN version IS NOT NULL THEN day END FROM temp.versions WHERE NOT current
"""
_RIVALS = """
INSERT OR IGNORE INTO temp.rivals
SELECT id, NULL FROM (
  SELECT id, count(*) OVER (PARTITION BY natural_key) AS several
  FROM temp.versions WHERE current
) WHERE several > 1
"""
# What one row of a series leaves open ends with the next; what a row without a day leaves open,
# with the last: it may have been before that, and unknown is never yes.
_SUCCEEDED = """
INSERT OR IGNORE INTO temp.succeeded
SELECT record, CASE WHEN version IS NULL THEN last ELSE next END FROM (
  SELECT succession.record, record.version,
    max(record.version) OVER (PARTITION BY series) AS last,
    first_value(record.version) OVER (
      PARTITION BY series ORDER BY record.version NULLS FIRST
      GROUPS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
    ) AS next
  FROM succession JOIN record ON record.id = succession.record AND record.active = 1
  WHERE {among}
)
"""
_OF_ONE_SERIES = """
series IN (
  SELECT own.series FROM temp.touching JOIN succession AS own ON own.record = touching.id
)
"""
# What is gone from a later full file of the same whole ended on that file's day. A source known
# of one whole at most needs no telling; a row that does not tell its own is gone if all that
# its files spoke of was delivered again without it.
_ENDED = """
INSERT INTO temp.ended
SELECT record, (
  SELECT min(later.data_date) FROM batch AS later
  LEFT JOIN extent ON extent.record = last.record
  WHERE later.source = last.source AND later.withdrawn_at IS NULL AND later.data_date > last.seen
  AND (
    last.source NOT IN (SELECT id FROM temp.divided)
    OR EXISTS (
      SELECT 1 FROM batch_extent
      WHERE batch_extent.batch = later.id AND batch_extent.whole = extent.whole
    )
    OR (extent.whole IS NULL AND last.told AND NOT EXISTS (
      SELECT batch_extent.whole FROM sighting
      JOIN batch ON batch.id = sighting.batch AND batch.withdrawn_at IS NULL
      JOIN batch_extent ON batch_extent.batch = batch.id
      WHERE sighting.record = last.record AND batch.source = last.source
      EXCEPT SELECT whole FROM batch_extent WHERE batch_extent.batch = later.id
    ))
  )
) AS day FROM (
  SELECT sighting.record, batch.source, max(batch.data_date) AS seen,
    max(EXISTS (SELECT 1 FROM batch_extent WHERE batch_extent.batch = batch.id)) AS told
  FROM sighting JOIN batch ON batch.id = sighting.batch AND batch.withdrawn_at IS NULL
  JOIN source ON source.id = batch.source AND source.delivery = 'full'
  WHERE {among} GROUP BY sighting.record, batch.source
) AS last WHERE day IS NOT NULL
"""
_DIVIDED = """
INSERT INTO temp.divided
SELECT batch.source, NULL FROM batch_extent
JOIN batch ON batch.id = batch_extent.batch AND batch.withdrawn_at IS NULL
GROUP BY batch.source HAVING count(DISTINCT batch_extent.whole) > 1
"""
_DAYS: Final = ("replaced", "rivals", "succeeded", "ended", "divided")
_VERSION_COLUMNS: Final = (
    "(id INTEGER PRIMARY KEY, natural_key BLOB, version INTEGER, current INTEGER, day INTEGER)"
)
_ALL: Final = "true"
_TOUCHING: Final = f"""
INSERT OR IGNORE INTO temp.touching SELECT stated.record
FROM temp.asked CROSS JOIN membership ON membership.subject = asked.id
CROSS JOIN {{stated}} AS stated ON stated.record = membership.mention / {PLACES}
"""


def mark_current(db: Database, asked_about: str | None) -> None:
    """Fill the tables for all records, or for some that mention the subjects in `asked`.

    Args:
        asked_about: `relation` or `listing`: only records that state one; they are left in
            `touching`. None is all records.
    """
    reset(db)
    if asked_about is None:
        mark_replaced(db, _ALL)
        db.fill("succeeded", _SUCCEEDED.format(among=_ALL))
        db.fill("divided", _DIVIDED)
        db.fill("ended", _ENDED.format(among=_ALL))
        return
    db.scope("touching", ())
    db.execute(_TOUCHING.format(stated=asked_about))
    mark_replaced(db, "id IN (SELECT id FROM temp.touching)")
    if asked_about == "relation":  # listings are in no series
        db.fill("succeeded", _SUCCEEDED.format(among=_OF_ONE_SERIES))
    db.fill("divided", _DIVIDED)
    db.fill("ended", _ENDED.format(among="sighting.record IN (SELECT id FROM temp.touching)"))


def reset(db: Database) -> None:
    """Empty the tables."""
    for name in _DAYS:
        db.empty_table(name, "(id INTEGER PRIMARY KEY, day INTEGER)", by_fill=True)
    db.empty_table("versions", _VERSION_COLUMNS, by_fill=True)


def mark_replaced(db: Database, among: str) -> None:
    """Add which of these records are replaced, and which have rivals.

    Args:
        among: A condition on records, a constant of this package.
    """
    several = "HAVING count(*) > 1" if among == _ALL else ""
    if db.fill("versions", _VERSIONS.format(among=among, several=several)):
        db.fill("replaced", _REPLACED)
        db.fill("rivals", _RIVALS)
