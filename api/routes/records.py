"""POST /v1/records: rows of a feed, without a file."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any

import orjson
from fastapi import Header, Request
from pydantic import BaseModel

from api.routes.router import guarded_router
from api.service.answers import Answer
from api.service.caller import Caller
from api.service.guard import needs
from api.service.roles import Permission
from api.service.running import Running
from api.service.spoken import Asking
from api.service.vault import Sent
from api.service.writing import rows_in
from api.wire.problem import problems
from api.wire.writing import IDEMPOTENCY_KEY, PushAnswer, PushRequest

__all__ = ["IdempotencyKey", "answered_once", "router"]

router = guarded_router("writing")

IdempotencyKey = Annotated[
    str | None,
    Header(
        pattern=IDEMPOTENCY_KEY,
        description="A request sent again under the same key gets the same answer (30 days)",
    ),
]


@router.post("/records", response_model=PushAnswer, responses=problems(409))
@needs(Permission.PUSH)
def push(
    request: Request, asked: PushRequest, caller: Asking, idempotency_key: IdempotencyKey = None
) -> Answer:
    """Push rows of a feed: each is accepted, refused with reason and cure, or a known repeat.

    They take the very path of a file's rows, so that a row has the same record id either way;
    subjects and findings follow in the same transaction. A row sent again says nothing new.
    """
    running: Running = request.app.state.running

    def act() -> dict[str, Any]:
        with rows_in(running, caller) as writing:
            return writing.write(asked.source, asked.rows)

    return answered_once(request, (caller, idempotency_key), asked, act)


def answered_once(
    request: Request,
    sender: tuple[Caller, str | None],
    asked: BaseModel,
    act: Callable[[], Mapping[str, Any]],
) -> Answer:
    """Return the answer of a request that may be sent again under its idempotency key."""
    running: Running = request.app.state.running
    caller, key = sender
    content = orjson.dumps([request.url.path, asked.model_dump(mode="json")])
    sent = Sent(caller.name, key or "", content)
    body, before = running.vault.once(sent, running.clock(), act)
    return Answer(body, headers={"Idempotency-Replayed": "true"} if before else None)
