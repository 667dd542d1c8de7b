"""Structured logs on stderr, one JSON object a line, without personal data."""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any, Final

import orjson
import structlog

from api.masking import hidden_text

__all__ = ["PlainFormatter", "configure_logs", "fault_of", "log"]

_FRAMES: Final = 12
log = structlog.get_logger("creditgraph")


def configure_logs() -> None:
    """Send this process's logs to stderr as JSON lines."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _hidden,
            structlog.processors.JSONRenderer(serializer=_json),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def _hidden(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Mask numbers of persons, should one ever get into a line."""
    return {
        key: hidden_text(value) if isinstance(value, str) else value for key, value in event.items()
    }


def _json(event: Any, **_: Any) -> str:
    return orjson.dumps(event, default=str).decode()


def fault_of(error: BaseException) -> dict[str, Any]:
    """Return what may be told of a fault: its type and where, never its words."""
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    places = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
    return {"type": type(error).__name__, "places": places}


class PlainFormatter(logging.Formatter):
    """Log lines of libraries: level and message, of an exception only what `fault_of` tells."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one JSON line."""
        told: dict[str, Any] = {
            "event": hidden_text(record.getMessage()),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        if record.exc_info and record.exc_info[1] is not None:
            told |= fault_of(record.exc_info[1])
        return _json(told)
