"""The body of a request, read within bounds, and refused unless it is sound."""

import json
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Final

import orjson
from fastapi import Request
from starlette.datastructures import Headers
from starlette.types import Message

from graph.errors import UsageError

__all__ = ["Strict", "media_of", "read_body"]

_FORMS: Final = ("multipart/form-data", "application/x-www-form-urlencoded")


class Strict(Request):
    """A request whose body was read by us, within bounds."""

    parsed: Any = None

    async def json(self) -> Any:
        """Return the JSON body as it was read."""
        return self.parsed


async def read_body(request: Request, limit: int) -> Strict:
    """Return the request with its body read; that of a form is left to be parsed.

    Args:
        limit: It may have so many bytes.

    Raises:
        UsageError: E909 too long, E907 not sound JSON, E939 a key twice.
    """
    body = await _bounded(request, limit)
    strict = Strict(request.scope, _replayed(body))
    if media_of(request.headers) not in _FORMS:
        strict.parsed = _read(body)
    return strict


def media_of(headers: Headers) -> str:
    """Return the type of body that headers tell, without its parameters."""
    return headers.get("content-type", "").partition(";")[0].strip().lower()


async def _bounded(request: Request, limit: int) -> bytes:
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > limit:
            raise UsageError("E909", limit=limit)
        parts.append(part)
    return b"".join(parts)


def _replayed(body: bytes) -> Callable[[], Coroutine[Any, Any, Message]]:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


def _read(body: bytes) -> Any:
    """Return a JSON body; keys given twice, broken text and half characters are refused."""
    try:
        orjson.loads(body)
        return json.loads(body, object_pairs_hook=_unique)
    except (orjson.JSONDecodeError, RecursionError) as error:
        where = f"{error.lineno}:{error.colno}" if isinstance(error, json.JSONDecodeError) else ""
        raise UsageError("E907", where=where) from error


def _unique(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        raise UsageError("E939", where=next(key for key in keys if keys.count(key) > 1)[:100])
    return found
