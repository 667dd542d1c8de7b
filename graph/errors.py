"""The project's own errors: a stable code, the place, and the facts a message needs.

An error carries no prose. Its sentences (what, why, what to do) live in the bilingual
catalogue `graph/messages/*.yaml`, so that a page, a log and a console can each say it
in their own language.
"""

from collections.abc import Mapping

__all__ = ["CreditGraphError", "DataError", "QueryError", "StoreError", "UsageError"]


class CreditGraphError(Exception):
    """Anything the caller can act on; subclasses say who has to act.

    Args:
        code: Stable code, a key of the message catalogue, e.g. ``E203``.
        where: File, sheet, row, key or command the error is about; may be empty.
        facts: Values for the placeholders of the code's sentences. Never a full
            personal identifier.
    """

    def __init__(self, code: str, *, where: str = "", **facts: object) -> None:
        super().__init__(code, where, facts)
        self.code = code
        self.where = where
        self.facts: Mapping[str, object] = facts

    def __reduce__(self) -> tuple[object, ...]:
        # Exceptions pickle by their positional arguments, which the facts are not.
        return (_rebuilt, (type(self), self.code, self.where, dict(self.facts)))

    def __str__(self) -> str:
        facts = ", ".join(f"{key}={value}" for key, value in self.facts.items())
        return " ".join(part for part in (self.code, self.where, facts) if part)


def _rebuilt(
    kind: type[CreditGraphError], code: str, where: str, facts: Mapping[str, object]
) -> CreditGraphError:
    return kind(code, where=where, **facts)


class UsageError(CreditGraphError):
    """The command or setting is wrong; nothing was read or written."""


class DataError(CreditGraphError):
    """A file, manifest, rule or case cannot be used as a whole."""


class QueryError(CreditGraphError):
    """The question cannot be answered as put: unknown or ambiguous subject, bad date."""


class StoreError(CreditGraphError):
    """The store is missing, locked, full, newer than this program, or damaged."""
