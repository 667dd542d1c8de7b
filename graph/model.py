"""The words of the house as values: what a row states, what is resolved, what follows.

Dates are half-open (`since` is included, `until` is not); `None` is unknown and is never
read as yes. Shares are fractions of 1, money is in fen. The codes are a contract with
callers: data files, JSON and columns use exactly these.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, NewType

__all__ = [
    "CODES_OF_ORGANISATION",
    "FINDING_KINDS",
    "HEADS",
    "HIRED",
    "HOLDERS",
    "LISTING_KINDS",
    "LISTING_STATUSES",
    "OWNERS",
    "POSTS",
    "RELATION_TYPES",
    "SUBJECT_KINDS",
    "Bid",
    "Listing",
    "ListingEvent",
    "MentionId",
    "RecordId",
    "Relation",
    "Subject",
    "SubjectId",
    "mention_id",
]

RecordId = NewType("RecordId", str)
MentionId = NewType("MentionId", str)
SubjectId = NewType("SubjectId", str)

SUBJECT_KINDS: Final = (
    "enterprise",
    "individual_business",
    "branch",
    "cooperative",
    "rural_collective",
    "social_organisation",
    "public_institution",
    "government_body",
    "law_firm",
    "person",
    "foreign_office",
)
CODES_OF_ORGANISATION: Final = frozenset(SUBJECT_KINDS) - {"person"}

# Person or owner first: `legal_representative: person -> organisation`.
RELATION_TYPES: Final = (
    "legal_representative",
    "person_in_charge",
    "operator",
    "executive_partner",
    "chair",
    "director",
    "supervisor",
    "senior_manager",
    "shareholder",
    "controller",
    "branch_of",
    "successor_of",
    "guarantor",
    "professional_at",
    "finance_officer",
    "contact",
    "agent",
    "shares_phone",
    "shares_address",
    "relative",
)

# In these a person's name tells who is meant: a body has few, and knows them.
POSTS: Final = (
    "legal_representative",
    "person_in_charge",
    "operator",
    "executive_partner",
    "chair",
    "director",
    "supervisor",
    "senior_manager",
    "finance_officer",
)

# Who stands for a body: one at a time, by its register.
HEADS: Final = ("legal_representative", "person_in_charge", "operator", "executive_partner")

# Kept by agencies for hundreds of firms.
HIRED: Final = ("finance_officer",)

# Who owns a body: often many, and of one family.
OWNERS: Final = ("shareholder", "controller")

# Whoever stands in any of these beside a body says something of who it is.
HOLDERS: Final = (*POSTS, *OWNERS)

LISTING_KINDS: Final = (
    "court_defaulter",
    "consumption_limit",
    "licence_revoked",
    "closure_ordered",
    "registration_annulled",
    "bankruptcy",
    "conviction",
    "tax_serious",
    "tax_grade_d",
    "tax_grade_a",
    "tax_arrears",
    "wage_arrears",
    "market_serious",
    "abnormal_operation",
    "procurement_serious",
    "procurement_ban",
    "bid_ban",
    "work_safety_serious",
    "work_safety_accident",
    "construction_safety",
    "food_permit_revoked",
    "food_conviction",
    "drug_penalty",
    "cosmetics_device_penalty",
    "environment_fraud",
    "fire_service_fraud",
    "entertainment_permit_revoked",
    "travel_permit_revoked",
    "social_org_revoked",
    "medical_insurance_fraud",
    "accounting_fraud",
    "seed_permit_revoked",
    "sme_payment_arrears",
    "penalty",
    "licence",
    "honour",
    "commitment",
)

LISTING_STATUSES: Final = ("effective", "objected", "repaired", "withdrawn", "expired")

FINDING_KINDS: Final = ("restriction", "conditional", "attention")


def mention_id(record: RecordId, role: str, ordinal: int) -> MentionId:
    """Return the contract id of a mention: record id, role and ordinal (from 0)."""
    return MentionId(f"{record}:{role}:{ordinal}")


@dataclass(frozen=True, slots=True)
class Subject:
    """A resolved party.

    Attributes:
        strong: Its identity rests on a full valid identifier or a reviewer's word.
    """

    id: SubjectId
    kind: str
    name: str
    strong: bool


@dataclass(frozen=True, slots=True)
class Relation:
    """A typed, dated tie between two subjects, person or owner first."""

    type: str
    source: SubjectId
    target: SubjectId
    since: date | None = None
    until: date | None = None
    share: float | None = None
    records: tuple[RecordId, ...] = ()


@dataclass(frozen=True, slots=True)
class ListingEvent:
    """A change of a listing's status; `on` is None when it holds on every date."""

    status: str
    on: date | None
    record: RecordId | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """A penalty, list entry, court entry or honour about one party.

    Attributes:
        named: Subjects the decision itself names beside the party.
        weakly: Those of party and named whom the row tells by a name alone.
        facts: Values of the fact codes (`large_debt`, `personally_responsible`, ...).
        events: In any order; `status_on` says what they make of the listing.
    """

    id: str
    subject: SubjectId
    kind: str
    authority: str = ""
    decision_number: str = ""
    violation_date: date | None = None
    decision_date: date | None = None
    since: date | None = None
    until: date | None = None
    scope: str | None = None
    named: tuple[SubjectId, ...] = ()
    weakly: frozenset[SubjectId] = frozenset()
    facts: Mapping[str, Any] = field(default_factory=dict)
    events: tuple[ListingEvent, ...] = ()
    records: tuple[RecordId, ...] = ()

    def status_on(self, as_of: date) -> str:
        """Return the status on a day, whatever the order of the events.

        A withdrawal voids from the start. A repair and an expiry are final: what is told about
        an objection afterwards does not bring the listing back. An event without a day holds
        on every day.
        """
        if any(event.status == "withdrawn" for event in self.events):
            return "withdrawn"
        told = [event for event in self.events if event.on is None or event.on <= as_of]
        statuses = {event.status for event in told}
        if "repaired" in statuses:
            return "repaired"
        # A decision under objection still runs out on its own date.
        if "expired" in statuses or (self.until is not None and self.until <= as_of):
            return "expired"
        return "objected" if _pending(told) else "effective"


def _pending(events: Sequence[ListingEvent]) -> bool:
    """Return whether an objection is still open; `effective` is the closing of one.

    A row closes the objection it tells of, one without a day included; a closing in a row that
    dates no objection closes all made before it. Two objections may overlap, and the end of
    one is not the end of the other.
    """
    made = [event for event in events if event.status == "objected"]
    closed = [event for event in events if event.status == "effective"]
    dated = {event.record for event in made if event.on is not None}

    def ended(one: ListingEvent, closing: ListingEvent) -> bool:
        if one.record == closing.record:
            return (closing.on or date.min) >= (one.on or date.min)
        if closing.on is None:
            return False
        return one.on is None or (closing.record not in dated and closing.on >= one.on)

    return any(not any(ended(one, closing) for closing in closed) for one in made)


@dataclass(frozen=True, slots=True)
class Bid:
    """One bidder's offer for one lot of one project; `opened` is None when unknown.

    Attributes:
        sure: The row tells the bidder by more than a name.
    """

    project: str
    lot: str
    bidder: SubjectId
    opened: date | None = None
    sure: bool = True
