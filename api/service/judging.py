"""One request at the review desk: who judges is the authenticated caller, never a field."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, Final

from api.check import Desk
from api.deciding import Voice, decide
from api.ledger import judgement_bodies
from api.service.caller import Caller
from api.service.intent import intend
from api.service.running import Running
from api.undoing import Chosen, undo
from graph.ports import Store
from graph.sanctions.rulebook import Rulebook
from graph.texts import Lang, message
from resolvers.review import person_name

__all__ = ["Bench", "bench", "decided", "judgements_body", "undone"]

_UNSAID: Final = {"judgement": None, "state": None, "confirmed": None}


@dataclass(frozen=True)
class Bench:
    """An open store and everything judging needs beside it.

    Attributes:
        reviewer: Whose key it is, so that a new key of the same person is the same person.
        now: When the request began.
    """

    store: Store
    running: Running
    caller: Caller
    reviewer: str
    now: datetime

    @property
    def rulebook(self) -> Rulebook:
        """The rules that findings follow from."""
        return self.running.rulebook

    @property
    def lang(self) -> Lang:
        """The language of texts."""
        return self.caller.lang

    @property
    def today(self) -> date:
        """The day questions are asked about."""
        return self.now.astimezone().date()

    @cached_property
    def desk(self) -> Desk:
        """The desk that answers questions about subjects."""
        held = self.running
        return Desk(self.store, held.rulebook, held.manifests, held.seal, self.lang)

    def told(self, code: str, facts: Mapping[str, Any]) -> dict[str, str]:
        """Return a refusal's sentences as JSON keys."""
        return message(code, facts, lang=self.lang).as_dict()


@contextmanager
def bench(running: Running, caller: Caller, *, writing: bool) -> Iterator[Bench]:
    """Open the store for a reviewer; tasks are of persons, too, so the purpose is to be told.

    Args:
        writing: A dry run writes, too, and takes it back.

    Raises:
        UsageError: E904, no purpose was told.
        StoreError: The store is busy.
    """
    caller.demand_person()
    keys = {key.id: key.name for key in running.access.all_keys()}
    reviewer = person_name(keys.get(caller.name, caller.name))
    lent = running.pool.writing() if writing else running.pool.reading()
    with lent as store:
        yield Bench(store, running, caller, reviewer, running.clock())


def decided(
    work: Bench, targets: Sequence[str], verdict: str, why: str, *, dry: bool
) -> dict[str, Any]:
    """Judge, or tell what judging would do.

    Raises:
        QueryError: See `api.deciding.decide`.
    """
    if not dry:
        intend(work.running, work.caller, *targets)
    answer = decide(work, targets, verdict, Voice.of(work.reviewer, why), dry=dry)
    _note(work, answer, [answer["judgement"]], dry=dry)
    # Whether it would confirm another's proposal would tell what that says.
    return answer | _UNSAID if dry else answer


def undone(work: Bench, chosen: Chosen, why: str, *, dry: bool) -> dict[str, Any]:
    """Undo judgements, or tell what undoing them would do.

    Raises:
        QueryError: See `api.undoing.undo`.
    """
    if not dry:
        intend(work.running, work.caller, *chosen.ids)
    answer = undo(work, chosen, Voice.of(work.reviewer, why), dry=dry)
    _note(work, answer, answer["judgements"], dry=dry)
    return answer | {"state": None} if dry else answer


def _note(work: Bench, answer: Mapping[str, Any], ids: Sequence[str], *, dry: bool) -> None:
    effect = answer["effect"]
    trail = work.caller.trail
    trail.told(each["subject"] for part in ("gained", "lost") for each in effect[part])
    trail.told(each["into"] for each in effect["merge"])
    trail.told(each["from"] for each in effect["part"])
    if not dry:
        trail.decided.extend(ids)


def judgements_body(work: Bench, limit: int) -> dict[str, Any]:
    """Return the judgements made, the newest first; others' proposals without their verdict."""
    ledger = work.store.judgements.ledger()
    made = [row for row in reversed(ledger) if row.action == "judge"]
    own = work.reviewer.casefold()
    bodies = [
        each
        if each["state"] != "proposed" or each["by"].casefold() == own
        else each | {"verdict": None, "why": "", "pairs": []}
        for each in judgement_bodies(made[:limit], ledger)
    ]
    return {"judgements": bodies, "made": len(made)}
