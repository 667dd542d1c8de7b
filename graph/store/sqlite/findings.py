"""What the rules yielded when last asked, with recorded time, in SQLite."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from graph.ports import Changes
from graph.store.sqlite.database import Database

__all__ = ["SqliteFindings"]


class SqliteFindings:
    """The `Findings` port: a row is closed when its ground falls away, never erased."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def replace(self, bodies: Mapping[str, Mapping[str, Any]], at: datetime) -> Changes:
        """Make these findings (id -> JSON body) the current ones; close what is gone."""
        db, now = self._db, at.isoformat()
        with db.write():
            known = {uid for (uid,) in db.rows("SELECT uid FROM finding WHERE recorded_to IS NULL")}
            gone = sorted(known - bodies.keys())
            fresh = sorted(bodies.keys() - known)
            db.many(
                "UPDATE finding SET recorded_to = ? WHERE uid = ? AND recorded_to IS NULL",
                ((now, uid) for uid in gone),
            )
            db.many(
                "INSERT INTO finding (uid, subject, rule, kind, suspected, body, recorded_from) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    (
                        uid,
                        bodies[uid]["subject"],
                        bodies[uid]["rule"],
                        bodies[uid]["kind"],
                        int(bodies[uid]["suspected"]),
                        json.dumps(bodies[uid], ensure_ascii=False),
                        now,
                    )
                    for uid in fresh
                ),
            )
            db.set_meta("findings_stale", 0)
            db.set_meta("evidence_changed", 0)
            db.set_meta("propagated_at", now)
        return Changes(added=len(fresh), removed=len(gone))

    def current(self) -> Iterator[Mapping[str, Any]]:
        """Yield the bodies of current findings with their `id`, in id order."""
        for uid, body in self._db.rows(
            "SELECT uid, body FROM finding WHERE recorded_to IS NULL ORDER BY uid"
        ):
            yield {"id": uid, **json.loads(body)}

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
