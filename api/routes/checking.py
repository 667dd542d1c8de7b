"""POST /v1/check and /v1/match: many questions at once, each with its own answer."""

from typing import Any, Final

from fastapi import Request
from pydantic import ValidationError

from api.routes.batches import answered
from api.routes.router import guarded_router
from api.service.answers import Answer
from api.service.asking import Inquiry, asking
from api.service.bodies import Strict
from api.service.guard import glanced, needs
from api.service.matching import match as match_party
from api.service.roles import Permission
from api.service.running import Running
from api.service.spoken import Asking, plainly_spoken
from api.wire.check import CheckAnswers, CheckRequest, Question
from api.wire.match import MatchAnswers, MatchRequest
from graph.errors import StoreError

__all__ = ["router"]

router = guarded_router("check")
_MOST_AT_ONCE: Final = 4
_TOO_LONG: Final = "E509"


def _at_once(request: Strict, running: Running) -> Answer | None:
    """Answer a few questions by identifier where that takes some milliseconds at most.

    Names are looked for, and wide surroundings evaluated, in a thread.
    """
    caller, asked = plainly_spoken(request), _few_codes(request.parsed)
    if caller is None or asked is None:
        return None
    try:
        with running.pool.glancing() as front:
            if front is None:
                return None
            as_of = asked.as_of or running.today
            standing = front.standing(running.rulebook, as_of)
            inquiry = Inquiry(front.store, running, caller, as_of, standing=standing)
            return _checked(inquiry, asked)
    except StoreError as error:
        if error.code != _TOO_LONG:
            raise
        caller.trail.forget()
        return None


def _few_codes(body: Any) -> CheckRequest | None:
    """Return a request for today's word on a few codes; None for others, and for faulty ones."""
    try:
        asked = CheckRequest.model_validate(body)
    except ValidationError:  # for the route to refuse
        return None
    questions = asked.queries.values()
    by_code = all(isinstance(each, Question) and each.identifier for each in questions)
    few = len(questions) <= _MOST_AT_ONCE and asked.known_at is None
    return asked if few and by_code else None


def _checked(inquiry: Inquiry, asked: CheckRequest) -> Answer:
    return Answer(
        {
            "as_of": inquiry.as_of.isoformat(),
            "responses": answered(asked.queries, inquiry.check, inquiry.caller.lang),
            "coverage": inquiry.cover,
        }
    )


@router.post("/check", response_model=CheckAnswers)
@needs(Permission.ASK)
@glanced(_at_once)
def check(request: Request, asked: CheckRequest, caller: Asking) -> Answer:
    """Tell of each party asked about: its listings, its own and its linked findings, with proofs.

    A question that cannot be answered has its own error; the others are answered.
    """
    with asking(request.app.state.running, caller, asked.as_of, asked.known_at) as inquiry:
        return _checked(inquiry, asked)


@router.post("/match", response_model=MatchAnswers)
@needs(Permission.ASK)
def match(request: Request, asked: MatchRequest, caller: Asking) -> Answer:
    """Tell which organisations each party may be, with score, decision and what speaks for it."""
    with asking(request.app.state.running, caller) as inquiry:
        responses = answered(
            asked.queries,
            lambda party: match_party(inquiry, party, asked.limit, asked.threshold),
            caller.lang,
        )
        return Answer({"responses": responses, "limit": asked.limit})
