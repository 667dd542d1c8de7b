"""The review desk's answers, for the command line and the service alike."""

from collections import Counter
from typing import Any

from api.deciding import preview
from api.ledger import judgement_bodies
from api.tasks import Docket, docket_of, parties, people_of, scored, waiting_body
from api.working import Working
from resolvers.agreement import agreements
from resolvers.review import person_name

__all__ = ["agreement_body", "queue_body", "shown_task", "task_bodies"]


def queue_body(work: Working, limit: int, skip: int = 0) -> dict[str, Any]:
    """Return what waits, the most harmful first, and what waits for a second person."""
    docket = docket_of(work.store)
    states = Counter(each.state for each in docket.waiting)
    return {
        "tasks": task_bodies(work, docket, skip, skip + limit),
        "open": len(docket.waiting),
        "states": dict(sorted(states.items())),
        "proposals": _proposed(docket),
    }


def task_bodies(
    work: Working, docket: Docket, start: int = 0, end: int | None = None
) -> list[dict[str, Any]]:
    """Return open tasks as lists show them."""
    chosen = docket.waiting[start:end]
    people = people_of(work.store, {uid for each in chosen for uid in each.task.subjects})
    return [waiting_body(each, people, work.lang) for each in chosen]


def _proposed(docket: Docket) -> list[dict[str, Any]]:
    # The second person is to judge unprompted.
    shown = ("judgement", "action", "by", "at", "task")
    bodies = judgement_bodies(docket.proposals, docket.ledger)
    return [{key: body[key] for key in shown} for body in bodies]


def shown_task(work: Working, uid: str, *, would: bool = True) -> dict[str, Any]:
    """Return all there is to see about a task; the score only for who has judged it.

    Args:
        would: Tell what `same` would do, which takes the store as a write does.

    Raises:
        QueryError: E616, it was answered, or its evidence has changed.
    """
    docket = docket_of(work.store)
    waiting = docket.find(uid)
    subjects = waiting.task.subjects
    sides = parties(work.desk, subjects)
    mentions = {each["mention"] for side in sides for each in side["mentions"]}
    person = person_name(work.reviewer).casefold()
    own = [
        row
        for row in docket.ledger
        if row.by.casefold() == person
        and any(pair.one in mentions and pair.other in mentions for pair in row.pairs)
    ]
    effect = {"would": {"same": preview(work, [uid], "same")}} if would else {}
    return {
        **waiting_body(waiting, people_of(work.store, subjects), work.lang),
        "parties": sides,
        **effect,
        "own": judgement_bodies(own, docket.ledger),
        "score": scored(sides, work.lang) if own else None,
    }


def agreement_body(work: Working) -> list[dict[str, Any]]:
    """Return how far every two reviewers agree."""
    return [
        {
            "one": each.one,
            "other": each.other,
            "items": each.items,
            "agreed": each.agreed,
            "kappa": None if each.kappa is None else round(each.kappa, 4),
            "counts": [
                {"one": one, "other": other, "count": count}
                for (one, other), count in sorted(each.counts.items())
            ],
        }
        for each in agreements(work.store.judgements.ledger())
    ]
