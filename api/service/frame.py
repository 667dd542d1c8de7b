"""Around everything: a request id, safe headers, a count, a log line without personal data."""

import re
import time
import uuid
from collections.abc import Mapping
from typing import Any, Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.masking import hidden_text
from api.service.logs import log
from api.service.metrics import REQUESTS, SECONDS

__all__ = ["Frame"]

_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9-]{8,64}")
_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
}


class Frame:
    """ASGI middleware; it knows routes by their template, never by the address asked for."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, with an id, and tell of it when it has been answered."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _request_id(Headers(scope=scope).get("x-request-id", ""))
        scope.setdefault("state", {})["request_id"] = request_id
        started, status = time.perf_counter(), 500

        async def answering(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = request_id
                for name, value in _HEADERS.items():
                    headers[name] = value
            await send(message)

        try:
            await self._app(scope, receive, answering)
        finally:
            _told(scope, status, time.perf_counter() - started)


def _request_id(given: str) -> str:
    good = _REQUEST_ID.fullmatch(given) and hidden_text(given) == given
    return given if good else uuid.uuid4().hex


def _told(scope: Scope, status: int, seconds: float) -> None:
    route, method = _template(scope), _method(scope["method"])
    REQUESTS.labels(method, route, str(status)).inc()
    SECONDS.labels(route).observe(seconds)
    state: Mapping[str, Any] = scope["state"]
    held = state.get("holder")
    log.info(
        "request",
        request=state["request_id"],
        method=method,
        route=route,
        status=status,
        ms=round(seconds * 1000, 1),
        caller=held[0] if held else "",
    )


def _template(scope: Scope) -> str:
    route = scope.get("fastapi", {}).get("effective_route_context") or scope.get("route")
    return getattr(route, "path_format", None) or "-"


def _method(method: str) -> str:
    known = ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS")
    return method if method in known else "other"
