"""A hand-written case: read strictly, judged by the rulebook, answered as JSON values."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from graph.model import Bid, Listing, Relation, Subject
from graph.network import Network
from graph.sanctions.casefields import CaseFields
from graph.sanctions.caseform import read_bids, read_listings, read_relations, read_subjects
from graph.sanctions.explain import blocked_sentence
from graph.sanctions.findings import Blocked, Finding, Outcome, cited_body, day_text, step_body
from graph.sanctions.propagate import evaluate
from graph.sanctions.rulebook import Rulebook
from graph.texts import Lang

__all__ = ["Case", "answer_body", "read_case", "read_listing", "simulate"]


@dataclass(frozen=True, slots=True)
class Case:
    """Everything a case file states; every id it points to is one of its subjects."""

    subjects: tuple[Subject, ...]
    relations: tuple[Relation, ...]
    listings: tuple[Listing, ...]
    bids: tuple[Bid, ...]


def read_case(data: object) -> Case:
    """Return the case a parsed JSON document describes.

    Each of the four lists may be absent. Dates, share, scope, facts, named and status may be
    absent or null. A subject whose identity is not said to be strong is suspected.

    Raises:
        DataError: E751 to E759; `where` names the place, e.g. ``listings[0].kind``.
    """
    fields = CaseFields(data, "")
    fields.only(("subjects", "relations", "listings", "bids"))
    subjects = read_subjects(fields)
    ids = frozenset(str(subject.id) for subject in subjects)
    return Case(
        subjects=subjects,
        relations=read_relations(fields, ids),
        listings=read_listings(fields, ids),
        bids=read_bids(fields, ids),
    )


def simulate(case: Case, rulebook: Rulebook, as_of: date, *, lang: Lang = "zh") -> dict[str, Any]:
    """Return what the rulebook says about a case on a day, without any store.

    Returns:
        as_of, rulebook (its digest), findings and blocked, as JSON values; one blocked row
        per subject and negative rule, its `why` a sentence in the language asked for.
    """
    network = Network.of(case.subjects, case.relations)
    outcome = evaluate(rulebook, network, case.listings, case.bids, as_of=as_of)
    names = {str(subject.id): subject.name for subject in case.subjects}
    return answer_body(outcome, names, rulebook, as_of, lang=lang)


def read_listing(data: object, known: Callable[[set[str]], Collection[str]]) -> Listing:
    """Return one listing as a case file writes it, about subjects known elsewhere.

    Args:
        data: A parsed JSON document; its id may be absent.
        known: Tells which of some ids exist.

    Raises:
        DataError: E751 to E759 as for a case.
    """
    given = {"id": "added", **data} if isinstance(data, dict) else data
    fields = CaseFields({"listings": [given]}, "")
    return read_listings(fields, known(_texts(given)))[0]


def _texts(value: object) -> set[str]:
    """Return every text in a JSON document: whatever id it points to is among them."""
    if isinstance(value, str):
        return {value}
    inner = value.values() if isinstance(value, dict) else value
    if not isinstance(inner, Iterable):
        return set()
    return {text for each in inner for text in _texts(each)}


def answer_body(
    outcome: Outcome, names: Mapping[str, str], rulebook: Rulebook, as_of: date, *, lang: Lang
) -> dict[str, Any]:
    """Return an outcome with the keys of the contract of `simulate`."""
    return {
        "as_of": as_of.isoformat(),
        "rulebook": rulebook.digest,
        "findings": [_finding(finding) for finding in outcome.findings],
        "blocked": [
            {
                "rule": row.rule,
                "subject": row.subject,
                "by": row.by,
                "why": blocked_sentence(row, names, lang),
            }
            for row in _one_per_subject(outcome.blocked)
        ],
    }


def _one_per_subject(rows: Iterable[Blocked]) -> Iterable[Blocked]:
    first: dict[tuple[str, str], Blocked] = {}
    for row in rows:
        first.setdefault((row.by, row.subject), row)
    return first.values()


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "subject": finding.subject,
        "kind": finding.kind,
        "measure": finding.measure,
        "since": day_text(finding.since),
        "until": day_text(finding.until),
        "listing": finding.listing,
        "path": [step_body(step) for step in finding.path],
        "basis": [cited_body(cited) for cited in finding.basis],
        "missing": list(finding.missing),
        "suspected": finding.suspected,
    }
