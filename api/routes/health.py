"""Is it alive, is it ready, how busy: for those who run the service."""

import asyncio
from typing import Final

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.routes.router import guarded_router
from api.service.answers import Answer
from api.service.guard import needs
from api.service.metrics import exposition
from api.service.roles import Permission
from api.service.running import Running
from api.wire.health import Health, Readiness
from graph.errors import StoreError

__all__ = ["metrics_router", "open_router"]

_READY_SECONDS: Final = 5
"""Who asks whether the service is ready will not wait for longer."""

open_router = APIRouter(tags=["health"])
metrics_router = guarded_router("health", prefix="")


@open_router.get("/healthz", response_model=Health)
async def alive() -> Answer:
    """Tell that the process answers."""
    return Answer({"status": "ok"})


@open_router.get(
    "/readyz",
    response_model=Readiness,
    responses={503: {"model": Readiness, "description": "The store cannot be read"}},
)
async def ready(request: Request) -> Answer:
    """Tell whether the store answers, and which steps wait."""
    running: Running = request.app.state.running

    def asked() -> list[str]:
        with running.pool.reading() as store:
            return list(store.overview.stale())

    try:
        async with asyncio.timeout(_READY_SECONDS):
            return Answer({"status": "ready", "waiting": await run_in_threadpool(asked)})
    except TimeoutError:
        return Answer({"status": "E509", "waiting": []}, 503)
    except StoreError as error:
        return Answer({"status": error.code, "waiting": []}, 503)


@metrics_router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
@needs(Permission.METRICS)
async def metrics() -> Response:
    """Return counts and times of requests in Prometheus' text format."""
    return Response(exposition(), media_type="text/plain; version=0.0.4")
