"""What becomes of a listing: objections, repairs, withdrawals, each as evidence of its own."""

from functools import partial
from typing import Annotated

from fastapi import Path, Request

from api.routes.records import Sender, answered_once
from api.routes.router import guarded_router
from api.service.answers import Answer
from api.service.cases import object_to, repair, withdraw
from api.service.guard import needs
from api.service.roles import Permission
from api.wire.problem import problems
from api.wire.writing import ListingAnswer, Objection, Repair, Withdrawal

__all__ = ["router"]

router = guarded_router("writing", prefix="/v1/listings/{listing}")

ListingId = Annotated[str, Path(pattern=r"^l-[0-9a-f]{24}$", description="Id of the listing")]
_MAY_SAY = problems(404, 409)


@router.post("/objections", response_model=ListingAnswer, responses=_MAY_SAY)
@needs(Permission.OBJECT)
def objections(request: Request, listing: ListingId, asked: Objection, sender: Sender) -> Answer:
    """Record an objection: what follows from the listing pauses from the day it was filed.

    Closed as refused, the listing runs again from the day of closing; upheld, it is void.
    """
    return answered_once(request, sender, asked, partial(object_to, uid=listing, told=asked))


@router.post("/repairs", response_model=ListingAnswer, responses=_MAY_SAY)
@needs(Permission.OBJECT)
def repairs(request: Request, listing: ListingId, asked: Repair, sender: Sender) -> Answer:
    """Record a decision on a credit repair: granted, what follows from the listing is retracted."""
    return answered_once(request, sender, asked, partial(repair, uid=listing, told=asked))


@router.post("/withdrawals", response_model=ListingAnswer, responses=_MAY_SAY)
@needs(Permission.OBJECT)
def withdrawals(request: Request, listing: ListingId, asked: Withdrawal, sender: Sender) -> Answer:
    """Record that the authority took its decision back: the listing is void from the start."""
    return answered_once(request, sender, asked, partial(withdraw, uid=listing, told=asked))
