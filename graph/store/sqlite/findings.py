"""What the rules yielded, with recorded time and the feed of its changes, in SQLite."""

import json
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from graph.model import SubjectId
from graph.ports import Change, Changes
from graph.store.sqlite.database import Database

__all__ = ["SqliteFindings"]

_CLOSE = "UPDATE finding SET recorded_to = ? WHERE uid = ? AND recorded_to IS NULL"
_PUT = (
    "INSERT INTO finding (recorded_from, uid, subject, rule, kind, suspected, body) "
    "VALUES (?, ?, ?, ?, ?, ?, ?)"
)
_TELL = (
    "INSERT INTO change (recorded_at, what, finding, subject, rule, kind, suspected) "
    "SELECT ?, ?, uid, subject, rule, kind, suspected FROM finding "
    "WHERE uid = ? AND recorded_to IS NULL"
)


class SqliteFindings:
    """The `Findings` port: a row is closed when its ground falls away, never erased."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def waiting(self, ground: str) -> frozenset[SubjectId] | None:
        """Return the subjects to look at again; None: everyone."""
        db = self._db
        if db.meta("everyone_affected") or db.meta("findings_ground") != ground:
            return None
        return frozenset(SubjectId(uid) for (uid,) in db.rows("SELECT uid FROM affected"))

    def replace(
        self,
        bodies: Mapping[str, Mapping[str, Any]],
        at: datetime,
        ground: str,
        scope: Collection[SubjectId] | None = None,
    ) -> Changes:
        """Make these findings the current ones of the subjects in scope; close what is gone."""
        db, now = self._db, at.isoformat()
        with db.write():
            known = {uid for (uid,) in self._known(scope)}
            gone = sorted(known - bodies.keys())
            fresh = sorted(bodies.keys() - known)
            db.many(_TELL, ((now, "retracted", uid) for uid in gone))
            db.many(_CLOSE, ((now, uid) for uid in gone))
            db.many(_PUT, ((now, uid, *_columns(bodies[uid])) for uid in fresh))
            db.many(_TELL, ((now, "appeared", uid) for uid in fresh))
            db.execute("DELETE FROM affected")
            db.set_meta("everyone_affected", 0)
            db.set_meta("evidence_changed", 0)
            db.set_meta("findings_ground", ground)
            db.set_meta("propagated_at", now)
        return Changes(added=len(fresh), removed=len(gone))

    def current(self) -> Iterator[Mapping[str, Any]]:
        """Yield the bodies of current findings with their `id`, in id order."""
        for uid, body in self._db.rows(
            "SELECT uid, body FROM finding WHERE recorded_to IS NULL ORDER BY uid"
        ):
            yield {"id": uid, **json.loads(body)}

    def of(self, subject: SubjectId) -> list[Mapping[str, Any]]:
        """Return the bodies of a subject's current findings with their `id`, in id order."""
        rows = self._db.rows(
            "SELECT uid, body FROM finding WHERE recorded_to IS NULL AND subject = ? ORDER BY uid",
            (subject,),
        )
        return [{"id": uid, **json.loads(body)} for uid, body in rows]

    def finding(self, uid: str) -> Mapping[str, Any] | None:
        """Return one finding by id, current or past, with its recorded times."""
        row = self._db.one(
            "SELECT body, recorded_from, recorded_to FROM finding WHERE uid = ? "
            "ORDER BY sequence DESC LIMIT 1",
            (uid,),
        )
        if row is None:
            return None
        body: dict[str, Any] = json.loads(row[0])
        return body | {"recorded_from": row[1], "recorded_to": row[2]}

    def newest(self) -> int:
        """Return the cursor of the last change, 0 before the first."""
        last: int = self._db.scalar("SELECT ifnull(max(sequence), 0) FROM change")
        return last

    def changes(self, after: int, limit: int) -> list[Change]:
        """Return the next changes after a cursor, oldest first."""
        return [
            Change(
                cursor,
                datetime.fromisoformat(at),
                what,
                uid,
                SubjectId(subject),
                rule,
                kind,
                bool(weak),
            )
            for cursor, at, what, uid, subject, rule, kind, weak in self._db.rows(
                "SELECT sequence, recorded_at, what, finding, subject, rule, kind, suspected "
                "FROM change WHERE sequence > ? ORDER BY sequence LIMIT ?",
                (after, limit),
            )
        ]

    def _known(self, scope: Collection[SubjectId] | None) -> Iterator[tuple[str]]:
        db = self._db
        if scope is None:
            return db.rows("SELECT uid FROM finding WHERE recorded_to IS NULL")
        db.empty_table("asked_of", "(uid TEXT PRIMARY KEY)")
        db.many("INSERT OR IGNORE INTO temp.asked_of VALUES (?)", ((uid,) for uid in scope))
        return db.rows(
            "SELECT finding.uid FROM temp.asked_of "
            "JOIN finding ON finding.subject = asked_of.uid WHERE finding.recorded_to IS NULL"
        )


def _columns(body: Mapping[str, Any]) -> tuple[Any, ...]:
    return (
        body["subject"],
        body["rule"],
        body["kind"],
        int(body["suspected"]),
        json.dumps(body, ensure_ascii=False),
    )
