"""The four lists of a case file as values of the model."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, Final

from graph.model import (
    LISTING_KINDS,
    LISTING_STATUSES,
    RELATION_TYPES,
    SUBJECT_KINDS,
    Bid,
    Listing,
    ListingEvent,
    Relation,
    Subject,
    SubjectId,
)
from graph.sanctions.casefields import CaseFields

__all__ = ["read_bids", "read_listings", "read_relations", "read_subjects"]

_PEOPLE: Final = ("personally_responsible", "responsible_persons")
_TRUTHS: Final = ("large_debt", "serious")
_TEXTS: Final = ("industry", "penalty_type")
_DATES: Final = ("established", "end_of_sentence", "liquidation_end")
_FACTS: Final = (*_PEOPLE, *_TRUTHS, *_TEXTS, *_DATES, "amount_fen")
_LISTING: Final = (
    "id",
    "subject",
    "kind",
    "violation_date",
    "decision_date",
    "since",
    "until",
    "status",
    "named",
    "scope",
    "facts",
)


def read_subjects(case: CaseFields) -> tuple[Subject, ...]:
    """Return the subjects; identity is strong only where the case says so."""
    seen: set[str] = set()
    subjects = []
    for each in case.objects("subjects"):
        each.only(("id", "kind", "name", "identity"))
        strength = each.optional("identity")
        if strength is not None:
            strength = each.code("identity", ("strong", "suspected"))
        subjects.append(
            Subject(
                id=SubjectId(_unique(each, seen)),
                kind=each.code("kind", SUBJECT_KINDS),
                name=each.optional_text("name") or "",
                strong=strength == "strong",
            )
        )
    return tuple(subjects)


def read_relations(case: CaseFields, ids: Collection[str]) -> tuple[Relation, ...]:
    """Return the relations, person or owner first as in the model."""
    relations = []
    for each in case.objects("relations"):
        each.only(("type", "from", "to", "since", "until", "share"))
        since, until = each.period()
        relations.append(
            Relation(
                type=each.code("type", RELATION_TYPES),
                source=SubjectId(each.subject("from", ids)),
                target=SubjectId(each.subject("to", ids)),
                since=since,
                until=until,
                share=each.share("share"),
            )
        )
    return tuple(relations)


def read_listings(case: CaseFields, ids: Collection[str]) -> tuple[Listing, ...]:
    """Return the listings; a status other than effective holds on every day."""
    seen: set[str] = set()
    listings = []
    for each in case.objects("listings"):
        each.only(_LISTING)
        since, until = each.period()
        status = "effective"
        if each.optional("status") is not None:
            status = each.code("status", LISTING_STATUSES)
        listings.append(
            Listing(
                id=_unique(each, seen),
                subject=SubjectId(each.subject("subject", ids)),
                kind=each.code("kind", LISTING_KINDS),
                violation_date=each.day("violation_date"),
                decision_date=each.day("decision_date"),
                since=since,
                until=until,
                scope=each.optional_text("scope"),
                named=tuple(SubjectId(one) for one in each.subjects("named", ids)),
                facts=_facts(each, ids),
                events=() if status == "effective" else (ListingEvent(status, None),),
            )
        )
    return tuple(listings)


def read_bids(case: CaseFields, ids: Collection[str]) -> tuple[Bid, ...]:
    """Return the bids; a project without lots has the lot ''."""
    bids = []
    for each in case.objects("bids"):
        each.only(("project", "lot", "bidder"))
        bids.append(
            Bid(
                project=each.text("project"),
                lot=each.optional_text("lot") or "",
                bidder=SubjectId(each.subject("bidder", ids)),
            )
        )
    return tuple(bids)


def _unique(each: CaseFields, seen: set[str]) -> str:
    value = each.text("id")
    if value in seen:
        raise each.fault("E756", "id", value=value)
    seen.add(value)
    return value


def _facts(listing: CaseFields, ids: Collection[str]) -> Mapping[str, Any]:
    if listing.optional("facts") is None:
        return {}
    fields = CaseFields(listing.optional("facts"), f"{listing.place}.facts")
    fields.only(_FACTS)
    facts: dict[str, Any] = {}
    for keys, read in _readers(fields, ids):
        for key in keys:
            if fields.optional(key) is not None:
                facts[key] = read(key)
    return facts


def _readers(
    fields: CaseFields, ids: Collection[str]
) -> tuple[tuple[tuple[str, ...], Callable[[str], Any]], ...]:
    return (
        (_PEOPLE, lambda key: fields.subjects(key, ids)),
        (_TRUTHS, lambda key: _typed(fields, key, bool)),
        (_TEXTS, fields.text),
        (_DATES, fields.day),
        (("amount_fen",), lambda key: _typed(fields, key, int)),
    )


def _typed(fields: CaseFields, key: str, kind: type) -> object:
    value = fields.optional(key)
    # In Python True is an int; in a case file it is not an amount.
    if type(value) is not kind:
        raise fields.wrong(key, value, kind.__name__)
    return value
