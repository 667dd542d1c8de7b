"""Rows written by a caller: loaded, resolved and propagated in one transaction, and told of."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from api.masking import hidden_text
from api.service.caller import Caller
from api.service.intent import intend
from api.service.running import Running
from api.service.view import View
from api.steps import kept_together, loader_of, refresh_store
from graph.model import MentionId, Subject
from graph.ports import Change, Store
from graph.sanctions.findings import finding_from
from graph.texts import message
from loaders.pushing import Push, PushedRow, push

__all__ = ["Told", "Writing", "rows_in"]

_MOST_CHANGES: Final = 1_000
"""Findings told with a push; those past it are in the feed of changes."""


@dataclass(frozen=True, slots=True)
class Writing:
    """An open transaction of one caller's."""

    store: Store
    running: Running
    caller: Caller

    def write(self, source: str, rows: Sequence[Mapping[str, str]]) -> dict[str, Any]:
        """Write rows of a feed, let subjects and findings follow, and return what became of each.

        Raises:
            UsageError, DataError: See `loaders.pushing.push`.
        """
        store, running, now = self.store, self.running, self.running.clock()
        before = store.findings.newest()
        loader = loader_of(store, running.manifests, running.seal, now)
        done = push(loader, source, rows, f"api:{self.caller.name}")
        refresh_store(store, running.rulebook, running.today, now)
        self.caller.trail.decided.append(done.batch)
        told = Told(store, running, self.caller)
        return {"source": source} | told.push(done) | told.since(before)


@contextmanager
def rows_in(running: Running, caller: Caller, *about: str) -> Iterator[Writing]:
    """Open a transaction to write rows in: kept at its end, or nothing of it.

    Args:
        about: Ids of what is written to, for the log.

    Raises:
        StoreError: Another writer held the store for too long, or the log cannot be written.
    """
    intend(running, caller, *about)
    with (
        running.pool.writing() as store,
        kept_together(store, running.rulebook, running.today, running.clock),
    ):
        yield Writing(store, running, caller)


class Told:
    """What a caller may be told of what it wrote, read inside the transaction that wrote it."""

    def __init__(self, store: Store, running: Running, caller: Caller) -> None:
        self._store, self._running, self._caller = store, running, caller
        self._view = View(caller, running.rulebook)

    def push(self, done: Push) -> dict[str, Any]:
        """Return the fate of every row."""
        rows = [self._row(row) for row in done.rows]
        states = [row.state for row in done.rows]
        return {
            "batch": done.batch,
            "rows": rows,
            "accepted": states.count("accepted"),
            "refused": states.count("refused"),
            "repeated": states.count("repeated"),
            "unknown_columns": [hidden_text(name) for name in done.unknown],
        }

    def since(self, cursor: int) -> dict[str, Any]:
        """Return the findings that appeared and were retracted after a cursor, and what waits."""
        found = self._store.findings.changes(cursor, _MOST_CHANGES + 1)
        told = [each for each in found[:_MOST_CHANGES] if self._tells(each)]
        self._caller.trail.told(each.subject for each in told)
        return {
            "appeared": [_change(each) for each in told if each.what == "appeared"],
            "retracted": [_change(each) for each in told if each.what == "retracted"],
            "complete": len(found) <= _MOST_CHANGES,
            "waiting": list(self._store.overview.stale()),
        }

    def _row(self, row: PushedRow) -> dict[str, Any]:
        subjects = self._subjects(row.mentions)
        self._caller.trail.told(subjects)
        error = None
        if row.state == "refused":
            told = message(row.code, row.facts, lang=self._caller.lang).as_dict()
            error = {key: hidden_text(text) for key, text in told.items()}
        return {
            "row": row.number,
            "state": row.state,
            "record": row.record,
            "subjects": subjects,
            "error": error,
        }

    def _subjects(self, mentions: Sequence[MentionId]) -> list[str]:
        found: dict[str, None] = {}
        for mention in mentions:
            uid = self._store.judgements.subject_of(mention)
            subject = None if uid is None else self._store.finder.by_id(uid)
            if subject is not None and self._shows(subject, mention):
                found[subject.id] = None
        return list(found)

    def _shows(self, subject: Subject, mention: MentionId) -> bool:
        """Tell whether this caller may know whom a mention was joined to."""
        if not self._view.shows(subject) or self._view.inside:
            return self._view.shows(subject)
        # Joined by a name alone, it may be somebody else: that is for reviewers to know.
        members = self._view.members(self._store.finder, subject.id)
        return any(each["mention"] == mention for each in members)

    def _tells(self, change: Change) -> bool:
        body = self._store.findings.finding(change.finding)
        return body is not None and self._view.tells(finding_from(body))


def _change(change: Change) -> dict[str, Any]:
    return {
        "finding": change.finding,
        "subject": change.subject,
        "rule": change.rule,
        "kind": change.kind,
    }
