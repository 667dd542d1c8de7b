"""Tokens that expire: a person authorises one question; OpenRefine reconciles for a day."""

from datetime import timedelta
from typing import Annotated

from fastapi import Path, Request

from api.routes.router import guarded_router
from api.service.answers import Answer
from api.service.asking import asking
from api.service.authorisations import authorisation_id
from api.service.guard import needs
from api.service.intent import intend
from api.service.roles import Permission
from api.service.running import Running
from api.service.spoken import Asking
from api.wire.authorise import (
    Authorisation,
    AuthorisationId,
    AuthoriseRequest,
    Revoked,
    Ticket,
    TicketId,
    TicketRequest,
)
from api.wire.problem import problems
from graph.errors import UsageError

__all__ = ["router"]

router = guarded_router("authorisations")


@router.post(
    "/authorisations", response_model=Authorisation, status_code=201, responses=problems(404, 410)
)
@needs(Permission.AUTHORISE)
def authorise(request: Request, asked: AuthoriseRequest, caller: Asking) -> Answer:
    """Make a token for one question about a subject, who has signed an authorisation for it.

    The number of what was signed is sent in X-Case-Number, for the audit log. The token is
    told once and kept nowhere.
    """
    if not caller.case:
        raise UsageError("E959")
    running: Running = request.app.state.running
    with asking(running, caller) as inquiry:
        subject = inquiry.locate(asked.subject).id
    intend(running, caller, subject)
    now = running.clock()
    end = now + timedelta(hours=asked.hours)
    token = running.authorisations.add(subject, asked.purpose, caller.name, (now, end))
    uid = authorisation_id(token)
    caller.trail.decided.append(uid)
    body = {"authorisation": uid, "token": token, "subject": subject, "purpose": asked.purpose}
    return Answer(body | {"expires_at": end.isoformat()}, 201)


@router.delete("/authorisations/{uid}", response_model=Revoked, responses=problems(404))
@needs(Permission.AUTHORISE)
def revoke(request: Request, uid: Annotated[AuthorisationId, Path()], caller: Asking) -> Answer:
    """Revoke an authorisation that was not used yet."""
    running: Running = request.app.state.running
    intend(running, caller, uid)
    running.authorisations.revoke(uid, running.clock())
    caller.trail.decided.append(uid)
    return Answer({"id": uid, "state": "revoked"})


@router.post("/reconciliation-tickets", response_model=Ticket, status_code=201)
@needs(Permission.ASK)
def take_ticket(request: Request, asked: TicketRequest, caller: Asking) -> Answer:
    """Make an address for OpenRefine, which cannot send headers: its query holds a ticket.

    Addresses stay in logs and projects, so an API key is never put there. A ticket lasts
    some hours, opens nothing but /reconcile, and there only what the public may ask.
    """
    running: Running = request.app.state.running
    intend(running, caller)
    now = running.clock()
    made, token = running.vault.add_ticket(caller.name, now, timedelta(hours=asked.hours))
    caller.trail.decided.append(made.id)
    return Answer(
        {
            "ticket": made.id,
            "address": f"/reconcile?ticket={token}",
            "expires_at": made.expires_at.isoformat(),
        },
        201,
    )


@router.delete("/reconciliation-tickets/{uid}", response_model=Revoked, responses=problems(404))
@needs(Permission.ASK)
def revoke_ticket(request: Request, uid: Annotated[TicketId, Path()], caller: Asking) -> Answer:
    """Revoke a ticket of one's own."""
    running: Running = request.app.state.running
    intend(running, caller, uid)
    running.vault.revoke_ticket(uid, caller.name, running.clock())
    caller.trail.decided.append(uid)
    return Answer({"id": uid, "state": "revoked"})
