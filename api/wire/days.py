"""Days and moments as callers write them: ISO 8601, never a number of seconds."""

import re
from datetime import date
from typing import Annotated, Any, Final

from pydantic import AwareDatetime, BeforeValidator
from pydantic_core import PydanticKnownError

__all__ = ["Day", "Moment"]

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT: Final = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}.*")


def _day(value: Any) -> Any:
    if isinstance(value, str) and not _DAY.fullmatch(value):
        raise PydanticKnownError("date_parsing", {"error": "not YYYY-MM-DD"})
    if isinstance(value, int | float):
        raise PydanticKnownError("date_type")
    return value


def _moment(value: Any) -> Any:
    if isinstance(value, int | float) or (isinstance(value, str) and not _MOMENT.fullmatch(value)):
        raise PydanticKnownError("datetime_parsing", {"error": "not YYYY-MM-DDThh:mm:ss+hh:mm"})
    return value


Day = Annotated[date, BeforeValidator(_day)]
Moment = Annotated[AwareDatetime, BeforeValidator(_moment)]
