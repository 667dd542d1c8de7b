"""Every error as an answer: which status a code has, and its sentences as a body."""

from collections.abc import Mapping
from typing import Final

from api.masking import hidden_text
from api.service.answers import Answer
from graph.errors import CreditGraphError, DataError, QueryError, StoreError, UsageError
from graph.texts import Lang, explain

__all__ = ["STATUSES", "problem", "problem_body", "status_of"]

_BY_KIND: Final[Mapping[type[CreditGraphError], int]] = {
    UsageError: 400,
    QueryError: 422,
    DataError: 422,
    StoreError: 503,
}
# What one code says more exactly than who has to act.
STATUSES: Final[Mapping[str, int]] = {
    "E504": 503,
    "E602": 410,
    "E603": 404,
    "E612": 409,
    "E614": 409,
    "E616": 404,
    "E618": 404,
    "E901": 401,
    "E902": 401,
    "E903": 403,
    "E904": 403,
    "E905": 403,
    "E906": 403,
    "E907": 400,
    "E908": 422,
    "E909": 413,
    "E910": 429,
    "E921": 404,
    "E930": 404,
    "E931": 405,
    "E932": 415,
    "E933": 500,
    "E934": 503,
    "E935": 409,
    "E936": 400,
    "E721": 404,
    "E940": 422,
    "E942": 403,
    "E943": 404,
    "E945": 415,
    "E426": 422,
    "E953": 404,
    "E958": 404,
    "E959": 403,
    "E960": 404,
    "E961": 401,
    "E963": 404,
}


def status_of(error: CreditGraphError) -> int:
    """Return the HTTP status of an error."""
    own = STATUSES.get(error.code)
    if own is not None:
        return own
    return next(status for kind, status in _BY_KIND.items() if isinstance(error, kind))


def problem(
    error: CreditGraphError, lang: Lang, headers: Mapping[str, str] | None = None
) -> Answer:
    """Return an error as an answer."""
    extra = dict(headers or {})
    status = status_of(error)
    if status == 401:
        extra["WWW-Authenticate"] = "Bearer"
    if status in (429, 503):
        extra.setdefault("Retry-After", "5")
    return Answer(problem_body(error, lang), status, extra)


def problem_body(error: CreditGraphError, lang: Lang) -> dict[str, str | list[str]]:
    """Return code, what, where, why, fix of an error; no number of a person."""
    told = explain(error, lang).as_dict()
    if isinstance(error, StoreError):
        # Places and what a store says of itself are the administrator's matter, in the log.
        told["where"] = ""
        told["why"] = "" if error.facts else told["why"]
    body: dict[str, str | list[str]] = {key: hidden_text(text) for key, text in told.items()}
    if error.code == "E602":
        body["successors"] = str(error.facts["successors"]).split(", ")
    return body
