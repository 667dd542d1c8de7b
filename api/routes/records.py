"""POST /v1/records: rows of a feed, without a file."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any

import orjson
from fastapi import Depends, Header, Request
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

__all__ = ["Sender", "answered_once", "router"]

router = guarded_router("writing")


async def _sender(
    caller: Asking,
    idempotency_key: Annotated[
        str | None,
        Header(
            pattern=IDEMPOTENCY_KEY,
            description="A request sent again under the same key gets the same answer (30 days)",
        ),
    ] = None,
) -> tuple[Caller, str]:
    return caller, idempotency_key or ""


Sender = Annotated[tuple[Caller, str], Depends(_sender)]
"""Who writes, and under which idempotency key, as a parameter of a route."""


@router.post("/records", response_model=PushAnswer, responses=problems(409))
@needs(Permission.PUSH)
def push(request: Request, asked: PushRequest, sender: Sender) -> Answer:
    """Push rows of a feed: each is accepted, refused with reason and cure, or a known repeat.

    They take the very path of a file's rows, so that a row has the same record id either way;
    subjects and findings follow in the same transaction. A row sent again says nothing new.
    """

    def act(running: Running, caller: Caller) -> dict[str, Any]:
        with rows_in(running, caller, asked.source) as writing:
            return writing.write(asked.source, asked.rows)

    return answered_once(request, sender, asked, act)


def answered_once(
    request: Request,
    sender: tuple[Caller, str],
    asked: BaseModel,
    act: Callable[[Running, Caller], Mapping[str, Any]],
) -> Answer:
    """Return the answer of a request that may be sent again under its idempotency key."""
    running: Running = request.app.state.running
    caller, key = sender
    content = orjson.dumps([request.url.path, asked.model_dump(mode="json")])
    body, before = running.vault.once(
        Sent(caller.name, key, content), running.clock(), lambda: act(running, caller)
    )
    return Answer(body, headers={"Idempotency-Replayed": "true"} if before else None)
