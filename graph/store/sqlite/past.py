"""The store as it was known at a past moment: views that hide what came later.

The views bear the names of the tables they stand before, so that every read of this package
answers for that moment without knowing of it.
"""

from datetime import datetime
from typing import Final

from graph.store.sqlite.database import Database

__all__ = ["show_as_known"]

_LATER: Final = "(SELECT instant FROM temp.moment)"
_VIEWS: Final = {
    "batch": f"""
SELECT id, uid, source, file, file_digest, data_date, loaded_at,
       CASE WHEN withdrawn_at <= {_LATER} THEN withdrawn_at END AS withdrawn_at,
       read, accepted, refused, repeated, mended
FROM main.batch WHERE loaded_at <= {_LATER}
""",
    "record": f"""
SELECT id, digest, source, natural_key, version, EXISTS (
  SELECT 1 FROM main.sighting JOIN main.batch ON batch.id = sighting.batch
  WHERE sighting.record = record.id AND batch.loaded_at <= {_LATER}
    AND (batch.withdrawn_at IS NULL OR batch.withdrawn_at > {_LATER})
) AS active
FROM main.record WHERE EXISTS (
  SELECT 1 FROM main.sighting JOIN main.batch ON batch.id = sighting.batch
  WHERE sighting.record = record.id AND batch.loaded_at <= {_LATER}
)
""",
    "sighting": f"""
SELECT sighting.batch, sighting.sheet, sighting.row, sighting.record
FROM main.sighting JOIN main.batch ON batch.id = sighting.batch
WHERE batch.loaded_at <= {_LATER}
""",
    "membership": f"""
SELECT mention, subject, strong, recorded_from FROM main.membership
WHERE recorded_from <= {_LATER}
UNION ALL
SELECT mention, subject, strong, recorded_from FROM main.membership_past
WHERE recorded_from <= {_LATER} AND recorded_to > {_LATER}
""",
    "subject": f"""
SELECT id, uid, kind, name, strong, recorded_from,
       CASE WHEN recorded_to <= {_LATER} THEN recorded_to END AS recorded_to
FROM main.subject WHERE recorded_from <= {_LATER}
UNION ALL
SELECT id, uid, kind, name, strong, recorded_from,
       CASE WHEN recorded_to <= {_LATER} THEN recorded_to END
FROM main.subject_past WHERE recorded_from <= {_LATER} AND recorded_to > {_LATER}
""",
    "finding": f"""
SELECT sequence, uid, subject, rule, kind, suspected, body, recorded_from,
       CASE WHEN recorded_to <= {_LATER} THEN recorded_to END AS recorded_to
FROM main.finding WHERE recorded_from <= {_LATER}
""",
    "review": f"""
SELECT subject, other, reason, type, key, recorded_from,
       CASE WHEN recorded_to <= {_LATER} THEN recorded_to END AS recorded_to
FROM main.review WHERE recorded_from <= {_LATER}
""",
    "judgement": f"""
SELECT * FROM main.judgement WHERE judged_at <= {_LATER}
""",
    "subject_name": """
SELECT DISTINCT 0 AS id, name_key(mention.name) AS name_key, membership.subject
FROM temp.membership JOIN main.mention ON mention.id = membership.mention
WHERE mention.name <> ''
""",
    "subject_key": """
SELECT DISTINCT identifier.key, membership.subject, identifier.type, 0 AS disputed
FROM temp.membership JOIN main.identifier ON identifier.mention = membership.mention
WHERE identifier.status IN ('valid', 'repaired')
""",
}


def show_as_known(db: Database, at: datetime) -> None:
    """Let this connection see what was recorded by a moment, in UTC, and nothing else.

    Cost: reads scan where an index cannot see through a view; it answers audits, not traffic.
    """
    db.shows_the_past = True
    db.execute("CREATE TEMP TABLE moment (instant TEXT NOT NULL)")
    db.execute("INSERT INTO temp.moment VALUES (?)", (at.isoformat(),))
    for name, query in _VIEWS.items():
        db.execute(f"CREATE TEMP VIEW {name} AS {query}")
