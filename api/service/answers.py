"""A JSON answer, written by orjson."""

from collections.abc import Mapping
from typing import Any

import orjson
from starlette.responses import Response

__all__ = ["Answer"]


class Answer(Response):
    """A body as JSON; not to be kept by anyone unless a header says so."""

    media_type = "application/json"

    def __init__(
        self, content: Any, status_code: int = 200, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(content, status_code, {"Cache-Control": "no-store", **(headers or {})})

    def render(self, content: Any) -> bytes:
        """Return the body as bytes."""
        return orjson.dumps(content, default=str)
