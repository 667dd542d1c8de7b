"""GET /v1/audit: what was told of whom, for those who look after the lookers-up."""

from typing import Annotated

import orjson
from fastapi import Query, Request

from api.routes.router import guarded_router
from api.service.answers import Answer
from api.service.guard import needs
from api.service.roles import Permission
from api.service.running import Running
from api.service.spoken import Asking
from api.wire.audit import AuditPage

__all__ = ["router"]

router = guarded_router("audit")


@router.get("/audit", response_model=AuditPage)
@needs(Permission.AUDIT)
def audit(
    request: Request,
    caller: Asking,
    after: Annotated[int, Query(ge=0, le=2**62)] = 0,
    limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
) -> Answer:
    """Tell entries of the log in order. `creditgraph audit verify` tells whether it is sound."""
    running: Running = request.app.state.running
    entries = [
        {"number": each.number, "link": each.link.hex(), "body": orjson.loads(each.body)}
        for each in running.access.entries(after, limit)
    ]
    caller.trail.decided.append(f"read the log after {after}")
    return Answer({"entries": entries, "next": after + len(entries)})
