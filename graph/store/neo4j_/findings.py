"""What the rules yielded when last asked, with recorded time, in Neo4j."""

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final

from graph.ports import Changes
from graph.store.neo4j_.database import Database, Work

__all__ = ["Neo4jFindings", "finding_row"]

_CHUNK: Final = 5_000


class Neo4jFindings:
    """The `Findings` port: a node is closed when its ground falls away, never erased."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def replace(self, bodies: Mapping[str, Mapping[str, Any]], at: datetime) -> Changes:
        """Make these findings (id -> JSON body) the current ones; close what is gone.

        New ones are staged, some thousands in a transaction, under a label nobody reads; one
        transaction then publishes them and closes what is gone. What a stopped attempt staged
        is cleared by the next.
        """
        now = at.isoformat()
        with self._db.hold("propagate"):
            while self._db.write(lambda work: work.scalar("clear_staged", most=_CHUNK)):
                pass
            known = {uid for (uid,) in self._db.rows("current_finding_ids")}
            gone = sorted(known - bodies.keys())
            fresh = sorted(bodies.keys() - known)
            for start in range(0, len(fresh), _CHUNK):
                part = fresh[start : start + _CHUNK]
                self._stage([_row(uid, bodies[uid]) for uid in part])

            def publish(work: Work) -> None:
                work.run("close_findings", rows=gone, now=now)
                work.run("publish_findings", now=now)
                work.run("propagated", now=now)

            self._db.write(publish)
        return Changes(added=len(fresh), removed=len(gone))

    def current(self) -> Iterator[Mapping[str, Any]]:
        """Yield the bodies of current findings with their `id`, in id order."""
        for uid, body in self._db.rows("current_findings"):
            yield {"id": uid, **json.loads(body)}

    def finding(self, uid: str) -> Mapping[str, Any] | None:
        """Return one finding by id, current or past, with its recorded times."""
        rows = self._db.rows("finding", id=uid)
        if not rows:
            return None
        body, since, until = rows[0]
        told: dict[str, Any] = json.loads(body)
        return told | {"recorded_from": since, "recorded_to": until}

    def _stage(self, rows: list[list[Any]]) -> None:
        self._db.run("stage_findings", rows=rows)


def _row(uid: str, body: Mapping[str, Any]) -> list[Any]:
    return finding_row(uid, json.dumps(body, ensure_ascii=False))


def finding_row(uid: str, text: str) -> list[Any]:
    """Return what a finding's node is made of, from its body as JSON."""
    body = json.loads(text)
    return [
        uid,
        body["rule"],
        body["kind"],
        body["suspected"],
        body.get("measure"),
        _date(body.get("since")),
        _date(body.get("until")),
        text,
        body["subject"],
        list(body.get("records", ())),
    ]


def _date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
