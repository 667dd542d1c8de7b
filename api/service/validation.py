"""What is wrong with a request's values, in our words, without repeating the values."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from graph.errors import UsageError
from graph.texts import Lang, phrase

__all__ = ["refusal_of"]

_MOST_PLACES: Final = 5
# pydantic's names of faults -> ours; what is not here is told as "not allowed here".
_FAULTS: Final[Mapping[str, str]] = {
    "missing": "missing",
    "extra_forbidden": "unknown",
    "string_too_long": "long",
    "too_long": "long",
    "string_too_short": "short",
    "too_short": "short",
    "date_from_datetime_parsing": "date",
    "date_parsing": "date",
    "date_type": "date",
    "datetime_from_date_parsing": "moment",
    "datetime_parsing": "moment",
    "datetime_type": "moment",
    "timezone_aware": "moment",
    "int_parsing": "number",
    "int_type": "number",
    "int_from_float": "number",
    "float_parsing": "number",
    "float_type": "number",
    "greater_than_equal": "range",
    "less_than_equal": "range",
    "string_type": "text",
    "bool_parsing": "truth",
    "bool_type": "truth",
    "one_of": "question",
    "case_or_listing": "case",
    "literal_error": "choice",
    "enum": "choice",
}


def refusal_of(error: RequestValidationError | ValidationError, lang: Lang) -> UsageError:
    """Return the refusal E908 of values: the places, and why the first is refused."""
    faults: Sequence[Mapping[str, Any]] = error.errors()
    places = [".".join(str(step)[:60] for step in fault["loc"]) for fault in faults]
    first = faults[0]
    kind = _FAULTS.get(first["type"], "other")
    facts = dict(first.get("ctx") or {})
    # Only our own choices and limits are repeated, never what was sent.
    told = {
        "limit": facts.get("max_length", facts.get("min_length", "")),
        "choices": facts.get("expected", ""),
        "least": facts.get("ge", ""),
        "most": facts.get("le", ""),
    }
    return UsageError(
        "E908",
        where=", ".join(dict.fromkeys(places[:_MOST_PLACES])),
        count=len(faults),
        reason=phrase(f"invalid_{kind}", lang, **told),
    )
