"""What a person or script sees of an error: its sentences and an exit code, never a trace."""

from typing import Final

from api.exits import BACKEND, USAGE, WHOLE_FILE_REFUSED
from api.output import Output
from graph.errors import CreditGraphError, DataError, QueryError, StoreError, UsageError
from graph.texts import Lang, explain, phrase

__all__ = ["exit_code", "tell"]

_EXITS: Final[dict[type[CreditGraphError], int]] = {
    UsageError: USAGE,
    QueryError: USAGE,
    DataError: WHOLE_FILE_REFUSED,
    StoreError: BACKEND,
}


def exit_code(error: CreditGraphError) -> int:
    """Return the exit code of an error by who has to act."""
    return next(code for kind, code in _EXITS.items() if isinstance(error, kind))


def tell(error: CreditGraphError, out: Output, lang: Lang, *, json: bool) -> int:
    """Tell an error on stderr, or as one JSON document, and return its exit code."""
    told = explain(error, lang)
    if json:
        out.document({"error": told.as_dict()})
    else:
        out.say(phrase("error_line", lang, code=told.code, what=told.what))
        if told.where:
            out.say(phrase("error_where", lang, where=told.where))
        out.say(phrase("why_and_fix", lang, why=told.why, fix=told.fix))
    return exit_code(error)
