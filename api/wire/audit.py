"""Entries of the audit log."""

from typing import Any

from api.wire.parts import Answered

__all__ = ["AuditEntry", "AuditPage"]


class AuditEntry(Answered):
    """One entry: who did what, told whom, when; sealed by `link`."""

    number: int
    link: str
    body: dict[str, Any]


class AuditPage(Answered):
    """Entries after a number, in order; go on from `next`."""

    entries: list[AuditEntry]
    next: int
