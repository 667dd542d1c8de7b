"""POST /v1/check and /v1/match: many questions at once, each with its own answer."""

from fastapi import Request

from api.routes.batches import answered
from api.routes.router import guarded_router
from api.service.answers import Answer
from api.service.asking import asking
from api.service.guard import needs
from api.service.matching import match as match_party
from api.service.roles import Permission
from api.service.spoken import Asking
from api.wire.check import CheckAnswers, CheckRequest
from api.wire.match import MatchAnswers, MatchRequest

__all__ = ["router"]

router = guarded_router("check")


@router.post("/check", response_model=CheckAnswers)
@needs(Permission.ASK)
def check(request: Request, asked: CheckRequest, caller: Asking) -> Answer:
    """Tell of each party asked about: its listings, its own and its linked findings, with proofs.

    A question that cannot be answered has its own error; the others are answered.
    """
    with asking(request.app.state.running, caller, asked.as_of, asked.known_at) as inquiry:
        return Answer(
            {
                "as_of": inquiry.as_of.isoformat(),
                "responses": answered(asked.queries, inquiry.check, caller.lang),
                "coverage": inquiry.cover,
            }
        )


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
