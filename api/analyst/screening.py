"""A list of parties against the store: who each is, and how much there is to look at."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from api.asked import Found, identify
from api.check import Desk
from api.masking import hidden_text
from graph.sanctions.findings import Finding
from graph.sanctions.inquiry import assess_one
from graph.texts import phrase
from loaders.name_list import Entry

__all__ = ["screened"]

_KINDS = ("restriction", "conditional", "attention")


def screened(desk: Desk, entries: Iterable[Entry], as_of: date) -> list[dict[str, Any]]:
    """Return a row per entry; nobody is guessed, and nothing found is not free of risk.

    `restriction`, `conditional` and `attention` count findings that rest on strong identity,
    `linked` those of them that come over a tie, `suspected` what else there is to verify.
    """
    return [_row(desk, identify(desk, entry), as_of) for entry in entries]


def _row(desk: Desk, found: Found, as_of: date) -> dict[str, Any]:
    subject = found.subject
    row: dict[str, Any] = {
        "query": hidden_text(found.entry.text),
        "subject": None if subject is None else subject.id,
        "name": "" if subject is None else subject.name,
        "outcome": "unresolved",
        "why": phrase(f"bidders_{found.reason}", desk.lang) if found.reason else "",
        **dict.fromkeys((*_KINDS, "linked", "suspected"), 0),
        "rules": "",
    }
    if subject is None:
        return row
    findings = assess_one(desk.store.facts, desk.rulebook, subject.id, as_of).outcome.findings
    sure = [each for each in findings if not each.suspected]
    counts = {kind: sum(each.kind == kind for each in sure) for kind in _KINDS}
    return row | {
        "outcome": _outcome(sure, len(findings)),
        **counts,
        "linked": sum(each.role == "linked" for each in sure),
        "suspected": len(findings) - len(sure),
        "rules": " ".join(sorted({each.rule for each in sure})),
    }


def _outcome(sure: list[Finding], found: int) -> str:
    """Return the gravest kind found for certain, else suspected or nothing_found."""
    kinds = {each.kind for each in sure}
    gravest = next((kind for kind in _KINDS if kind in kinds), None)
    return gravest or ("suspected" if found else "nothing_found")
