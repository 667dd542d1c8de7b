"""Whose findings may change when the partition or the evidence does.

A finding rests on records that mention its subject or those around it. So it is enough to know
who is mentioned in a record that changed, before and after the change; the evaluator looks at
everyone around them.
"""

from graph.ports import PLACES
from graph.store.sqlite.database import Database

__all__ = ["everyone_is_affected", "mark_affected", "touch_versions"]

# A CROSS JOIN is read from left to right: the few that changed come before the many there are.

_CHANGED = """
INSERT OR IGNORE INTO temp.changed
SELECT id FROM record WHERE id > ?1 UNION SELECT record FROM touched
"""
# A delivery of the same thing replaces, or is replaced by, the others.
_OTHER_VERSIONS = """
INSERT OR IGNORE INTO temp.changed
SELECT other.id FROM temp.changed
CROSS JOIN record AS own ON own.id = changed.id
CROSS JOIN record AS other ON other.natural_key = own.natural_key
"""
# A row may end what an earlier one of its series left open.
_SAME_SERIES = """
INSERT OR IGNORE INTO temp.changed
SELECT other.record FROM temp.changed
CROSS JOIN succession AS own ON own.record = changed.id
CROSS JOIN succession AS other ON other.series = own.series
"""
_MENTIONED = f"""
INSERT OR IGNORE INTO affected
SELECT subject.uid FROM temp.changed
CROSS JOIN membership ON membership.mention >= changed.id * {PLACES}
  AND membership.mention < (changed.id + 1) * {PLACES}
CROSS JOIN subject ON subject.id = membership.subject
"""
# An event finds its listing by the decision and the party's name, too.
_TOLD_BY_NAME = """
INSERT OR IGNORE INTO affected
SELECT subject.uid FROM temp.changed
CROSS JOIN case_event ON case_event.record = changed.id
CROSS JOIN mention ON mention.id = case_event.party
CROSS JOIN subject_name ON subject_name.name_key = name_key(mention.name)
CROSS JOIN subject ON subject.id = subject_name.subject
"""
# A bid may tell the day on which the others of its lot are judged, too.
_BIDDING_BESIDE = """
INSERT OR IGNORE INTO affected
SELECT subject.uid FROM temp.changed
CROSS JOIN bid AS own ON own.record = changed.id
CROSS JOIN bid AS other ON other.project = own.project
CROSS JOIN membership ON membership.mention = other.bidder
CROSS JOIN subject ON subject.id = membership.subject
"""
_IN_SCOPE = """
INSERT OR IGNORE INTO affected
SELECT subject.uid FROM temp.scope
CROSS JOIN membership ON membership.mention = scope.id
CROSS JOIN subject ON subject.id = membership.subject
"""
_SEVERAL_VERSIONS = """
INSERT OR IGNORE INTO touched
SELECT sighting.record FROM sighting
JOIN record ON record.id = sighting.record
WHERE sighting.batch = ? AND EXISTS (
  SELECT 1 FROM record AS other
  WHERE other.natural_key = record.natural_key AND other.id <> record.id
)
"""


def mark_affected(db: Database, *, everything: bool) -> None:
    """Note the subjects mentioned in changed records and in the scope being resolved.

    Called before and after a partition is applied: both whom a mention leaves and whom it
    joins are affected.
    """
    if everything:
        everyone_is_affected(db)
        return
    db.scope("changed", ())
    db.execute(_CHANGED, (int(db.meta("resolved_through") or 0),))
    db.execute(_OTHER_VERSIONS)
    db.execute(_SAME_SERIES)
    for statement in (_MENTIONED, _TOLD_BY_NAME, _BIDDING_BESIDE, _IN_SCOPE):
        db.execute(statement)


def everyone_is_affected(db: Database) -> None:
    """Note that all findings have to be looked at again."""
    db.set_meta("everyone_affected", 1)


def touch_versions(db: Database, batch: int) -> None:
    """Note the records of a batch that stand among several versions.

    When a row was last seen decides between versions of one day, so a batch that only repeats
    rows, or is withdrawn, may change which of them is current.
    """
    db.execute(_SEVERAL_VERSIONS, (batch,))
