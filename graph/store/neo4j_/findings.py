"""What the rules yielded, with recorded time and the feed of its changes, in Neo4j."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final

from graph.model import SubjectId
from graph.ports import Change, Changes
from graph.store.neo4j_.database import Database
from graph.store.neo4j_.view import look
from graph.store.neo4j_.work import Work

__all__ = ["Neo4jFindings", "finding_row"]

_CHUNK: Final = 5_000


class Neo4jFindings:
    """The `Findings` port: a node is closed when its ground falls away, never erased."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def waiting(self, ground: str) -> frozenset[SubjectId] | None:
        """Return the subjects to look at again; None: everyone."""
        _, _, known, everyone, _, somebody = self._db.rows("state")[0]
        if everyone or known != ground:
            return None
        found = self._db.rows("affected") if somebody else []
        return frozenset(SubjectId(uid) for (uid,) in found)

    def replace(
        self,
        bodies: Mapping[str, Mapping[str, Any]],
        at: datetime,
        ground: str,
        scope: Collection[SubjectId] | None = None,
    ) -> Changes:
        """Make these findings the current ones of the subjects in scope; close what is gone.

        New ones are staged, some thousands in a transaction, under a label nobody reads; one
        transaction then publishes them and closes what is gone. What a stopped attempt staged
        is cleared by the next.
        """
        now = at.isoformat()
        with self._db.hold():
            changes = look(self._db).changes
            while self._db.write(lambda work: work.scalar("clear_staged", most=_CHUNK)):
                pass
            known = {uid for (uid,) in self._known(scope)}
            # The places of the changes in the feed: what is retracted, then what appears.
            told: int = self._db.scalar("last_told")
            gone = _numbered(known - bodies.keys(), told)
            fresh = _numbered(bodies.keys() - known, told + len(gone))
            rows = [[*_row(uid, bodies[uid]), place] for uid, place in fresh]
            self._db.many("stage_findings", rows, _CHUNK)

            def publish(work: Work) -> None:
                work.run("close_findings", rows=gone, now=now)
                work.run("publish_findings", now=now)
                last = told + len(gone) + len(fresh)
                work.run("propagated", now=now, ground=ground, changes=changes, told=last)

            self._db.write(publish)
        return Changes(added=len(fresh), removed=len(gone))

    def newest(self) -> int:
        """Return the cursor of the last change, 0 before the first."""
        last: int = self._db.scalar("last_told")
        return last

    def changes(self, after: int, limit: int) -> list[Change]:
        """Return the next changes after a cursor, oldest first."""
        return [
            Change(cursor, datetime.fromisoformat(at), what, uid, SubjectId(subject), *rest)
            for cursor, at, what, uid, subject, *rest in self._db.rows(
                "changes", after=after, limit=limit
            )
        ]

    def current(self) -> Iterator[Mapping[str, Any]]:
        """Yield the bodies of current findings with their `id`, in id order."""
        for uid, body in self._db.rows("current_findings"):
            yield {"id": uid, **json.loads(body)}

    def of(self, subject: SubjectId) -> list[Mapping[str, Any]]:
        """Return the bodies of a subject's current findings with their `id`, in id order."""
        rows = self._db.rows("findings_of", subject=subject)
        return [{"id": uid, **json.loads(body)} for uid, body in rows]

    def finding(self, uid: str) -> Mapping[str, Any] | None:
        """Return one finding by id, current or past, with its recorded times."""
        rows = self._db.rows("finding", id=uid)
        if not rows:
            return None
        body, since, until = rows[0]
        told: dict[str, Any] = json.loads(body)
        return told | {"recorded_from": since, "recorded_to": until}

    def _known(self, scope: Collection[SubjectId] | None) -> list[tuple[Any, ...]]:
        if scope is None:
            return self._db.rows("current_finding_ids")
        return self._db.rows("finding_ids_of", ids=sorted(scope))


def _numbered(uids: Iterable[str], last: int) -> list[list[Any]]:
    """Return ids in order, with the numbers that follow the last one."""
    return [[uid, last + place] for place, uid in enumerate(sorted(uids), start=1)]


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
