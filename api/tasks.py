"""What waits for a reviewer: tasks by expected harm, and all there is to see about one."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa

from api.check import Desk, candidate
from api.masking import hidden_text
from graph.errors import QueryError
from graph.judgements import JudgementRow, states
from graph.model import Subject, SubjectId
from graph.ports import Store
from graph.texts import Lang, phrase
from resolvers.review import Asked, Task, proposals, tasks_of

__all__ = [
    "Docket",
    "Waiting",
    "docket_of",
    "open_task",
    "parties",
    "people_of",
    "question_body",
    "scored",
    "waiting_body",
]

_ROWS_SHOWN: Final = 3
"""Rows of a subject whose cells are told in full; `explain` tells the others."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A task with what decides its place.

    Attributes:
        state: open, unsure (somebody could not say) or proposed (waits for another person).
        reopened: Judgements that answered something else about the same subjects, with the
            questions that are new.
        restrictions: Restrictions, and findings held back for a weak identity, on its subjects.
        listings: Listings against its subjects.
    """

    task: Task
    state: str
    reopened: tuple[tuple[JudgementRow, tuple[Asked, ...]], ...]
    restrictions: int
    listings: int

    @property
    def harm(self) -> tuple[bool, int, int, int, str]:
        """What sorts the worst first: what a wrong answer would do, then the size."""
        size = len(self.task.subjects)
        return (self.state == "unsure", -self.restrictions, -self.listings, -size, self.task.id)


@dataclass(frozen=True, slots=True)
class Docket:
    """All open tasks, the most harmful first, and the ledger behind them."""

    waiting: tuple[Waiting, ...]
    ledger: tuple[JudgementRow, ...]
    proposals: tuple[JudgementRow, ...]

    def find(self, uid: str) -> Waiting:
        """Return the open task of an id.

        Raises:
            QueryError: E616, it was answered, or its evidence has changed.
        """
        for each in self.waiting:
            if each.task.id == uid:
                return each
        raise QueryError("E616", where=hidden_text(uid))


def open_task(store: Store, uid: str) -> Task:
    """Return an open task.

    Raises:
        QueryError: E616, it was answered, or its evidence has changed.
    """
    for task in tasks_of(store.resolution.reviews()):
        if task.id == uid:
            return task
    raise QueryError("E616", where=hidden_text(uid))


def docket_of(store: Store) -> Docket:
    """Return what waits for a reviewer.

    Cost: reads the current findings once, and the listings of the subjects asked about.
    """
    ledger = store.judgements.ledger()
    tasks = tasks_of(store.resolution.reviews())
    asked_about = {SubjectId(uid) for task in tasks for uid in task.subjects}
    harmed = _harmed(store, asked_about)
    listed: Counter[str] = Counter()
    if asked_about:
        listed.update(each.subject for each in store.facts.listings(asked_about))
    pending = proposals(ledger)
    state = states(ledger)
    between = _between(store, ledger, state)
    found = [
        Waiting(
            task=task,
            state=_state(task, pending, between),
            reopened=_reopened(task, between, state),
            restrictions=sum(harmed[uid] for uid in task.subjects),
            listings=sum(listed[uid] for uid in task.subjects),
        )
        for task in tasks
    ]
    return Docket(tuple(sorted(found, key=lambda each: each.harm)), tuple(ledger), tuple(pending))


def _harmed(store: Store, asked_about: Collection[str]) -> Counter[str]:
    return Counter(
        body["subject"]
        for body in store.findings.current()
        if body["subject"] in asked_about and (body["kind"] == "restriction" or body["suspected"])
    )


Between = Mapping[frozenset[str], Sequence[JudgementRow]]
"""Two subjects -> the judgements, not undone, on mentions of theirs."""


def _between(store: Store, ledger: Iterable[JudgementRow], state: Mapping[str, str]) -> Between:
    rows = {row.uid: row for row in ledger}
    found: dict[frozenset[str], list[JudgementRow]] = defaultdict(list)
    for uid, one, other in store.judgements.placed():
        if state.get(uid, "undone") != "undone":
            found[frozenset((one, other))].append(rows[uid])
    return found


def _state(task: Task, pending: Collection[JudgementRow], between: Between) -> str:
    known = set(task.subjects)
    inside = {row for ends, rows in between.items() if ends <= known for row in rows}
    if any(row in inside for row in pending):
        return "proposed"
    unsure = any(row.verdict == "unsure" and row.task == task.id for row in inside)
    return "unsure" if unsure else "open"


def _reopened(
    task: Task, between: Between, state: Mapping[str, str]
) -> tuple[tuple[JudgementRow, tuple[Asked, ...]], ...]:
    new: dict[JudgementRow, list[Asked]] = defaultdict(list)
    for each in task.asked:
        for row in between.get(frozenset((each.subject, each.other)), ()):
            known = {(kind, key) for pair in row.pairs for _, kind, key in pair.answered}
            # Who were judged the same and are apart again have evidence against them.
            if state[row.uid] == "in_force" and (
                row.verdict == "same" or (each.type, each.key) not in known
            ):
                new[row].append(each)
    return tuple((row, tuple(new[row])) for row in sorted(new, key=lambda row: row.uid))


def people_of(store: Store, uids: Collection[str]) -> dict[str, Subject]:
    """Return subjects by id."""
    table = store.facts.subjects({SubjectId(uid) for uid in uids})
    return {row["id"]: Subject(**row) for row in table.to_pylist()}


def waiting_body(each: Waiting, people: Mapping[str, Subject], lang: Lang) -> dict[str, Any]:
    """Return a task as lists show it; what others said of it, and any score, stays hidden."""
    return {
        "task": each.task.id,
        "state": each.state,
        "subjects": [candidate(people[uid]) for uid in each.task.subjects if uid in people],
        "questions": [question_body(asked, lang) for asked in each.task.asked],
        "restrictions": each.restrictions,
        "listings": each.listings,
        "reopened": [
            {
                "judgement": row.uid,
                "at": row.at.isoformat(),
                "because": sorted({asked.reason for asked in asked_anew}),
                "text": phrase(
                    "review_reopened",
                    lang,
                    day=row.at.astimezone().date().isoformat(),
                    judgement=row.uid,
                    reasons=phrase("list_separator", lang).join(
                        dict.fromkeys(
                            f"{asked.type}: {phrase(asked.reason, lang)}" for asked in asked_anew
                        )
                    ),
                ),
            }
            for row, asked_anew in each.reopened
        ],
    }


def question_body(asked: Asked, lang: Lang) -> dict[str, Any]:
    """Return one question as answers show it."""
    return {
        "subject": asked.subject,
        "other": asked.other,
        "reason": asked.reason,
        "type": asked.type,
        "text": phrase(asked.reason, lang),
    }


def parties(desk: Desk, uids: Iterable[str]) -> list[dict[str, Any]]:
    """Return subjects side by side, with their rows; personal numbers are masked."""
    return [_party(desk, uid) for uid in uids]


def _party(desk: Desk, uid: str) -> dict[str, Any]:
    members = desk.store.finder.members(uid)
    subject = desk.store.finder.by_id(uid)
    records = list(dict.fromkeys(member["record"] for member in members))[:_ROWS_SHOWN]
    return {
        "subject": None if subject is None else candidate(subject),
        "mentions": members,
        "rows": [
            {part: row[part] for part in ("record", "source", "cells")}
            for row in desk.records(records)
        ],
    }


def scored(sides: Sequence[Mapping[str, Any]], lang: Lang) -> dict[str, Any] | None:
    """Return how the comparison engine weighs two parties, None where there are not two alike."""
    # Imported here: the tables of characters would slow down every other command.
    from resolvers.compare import Kind, compare_pairs

    kinds: list[Kind] = [
        "person" if side["subject"]["kind"] == "person" else "organisation" for side in sides
    ]
    if len(sides) != 2 or len(set(kinds)) > 1:
        return None
    columns = [
        {
            "name": pa.array([side["subject"]["name"]], pa.string()),
            "uscc": pa.array([_code(side)], pa.string()),
        }
        for side in sides
    ]
    found = compare_pairs(columns[0], columns[1], kinds[0], lang=lang)
    return {
        "score": round(float(found.score[0]), 2),
        "decision": found.decision[0],
        "why": found.why[0],
    }


def _code(side: Mapping[str, Any]) -> str:
    held = (each for mention in side["mentions"] for each in mention["identifiers"])
    return next((each["value"] for each in held if each["type"] == "uscc"), "")
