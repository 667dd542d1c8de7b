"""Parts of answers that several routes share, and the texts requests may hold."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from graph.model import LISTING_KINDS, LISTING_STATUSES, RELATION_TYPES, SUBJECT_KINDS

__all__ = [
    "Answered",
    "Asked",
    "Card",
    "Coverage",
    "Finding",
    "HexId",
    "Key",
    "ListingBody",
    "Name",
    "PastListing",
    "SubjectId",
    "SubjectKind",
    "Tie",
]

_SAID = r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$"
Name = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=_SAID)]
"""A name or code: one line, not blank."""
Key = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.-]+$")]
"""The caller's own key of an item."""
SubjectId = Annotated[str, StringConstraints(pattern=r"^s-[0-9a-f]{24}$")]
HexId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
SubjectKind = Literal[SUBJECT_KINDS]  # type: ignore[valid-type]
_ListingKind = Literal[LISTING_KINDS]  # type: ignore[valid-type]
_Status = Literal[LISTING_STATUSES]  # type: ignore[valid-type]
_TieType = Literal[RELATION_TYPES]  # type: ignore[valid-type]
_Identity = Literal["strong", "weak"]


class Asked(BaseModel):
    """A body sent by a caller; what is not described is refused."""

    model_config = ConfigDict(extra="forbid")


class Answered(BaseModel):
    """A body the service answers with; it holds what is described and nothing else."""

    model_config = ConfigDict(extra="forbid")


class Card(Answered):
    """A subject in short."""

    id: str
    kind: SubjectKind
    name: str
    identity: _Identity


class ListingBody(Answered):
    """A penalty, list entry, court entry or honour."""

    id: str
    kind: _ListingKind
    status: _Status
    authority: str
    decision_number: str
    violation_date: date | None
    decision_date: date | None
    since: date | None
    until: date | None
    records: list[str]


class Event(Answered):
    """What became of a listing; no day: it holds on every day."""

    status: _Status
    on: date | None
    record: str | None


class PastListing(ListingBody):
    """A listing with its history."""

    events: list[Event]


class Tie(Answered):
    """One registered tie, person or owner first."""

    type: _TieType
    from_: str = Field(alias="from")
    from_name: str
    to: str
    to_name: str
    since: date | None
    until: date | None
    share: float | None
    record: str | None
    identity: Literal["strong", "suspected"]


class Step(Answered):
    """One tie of a finding's path."""

    type: _TieType
    from_: str = Field(alias="from")
    to: str
    since: date | None
    until: date | None
    identity: Literal["strong", "suspected"]
    record: str | None = None


class Cited(Answered):
    """An article of law in one version."""

    law: str
    article: str
    version: str


class Finding(Answered):
    """What one rule says about one subject, with its proof."""

    id: str
    rule: str
    version: int
    subject: str
    kind: Literal["restriction", "conditional", "attention"]
    role: Literal["own", "linked"]
    measure: str
    scope: str | None
    since: date | None
    until: date | None
    listing: str | None
    path: list[Step]
    basis: list[Cited]
    missing: list[str]
    suspected: bool
    records: list[str]
    text: str
    proof: list[dict[str, Any]]


class Department(Answered):
    """The name of a department."""

    zh: str
    en: str


class CoveredSource(Answered):
    """One source an answer rests on."""

    source: str
    department: Department
    rows: int
    data_date: date | None
    stale: bool


class Coverage(Answered):
    """Which departments' data an answer rests on, how old it is, and what waits."""

    as_of: date
    departments: int
    sources: list[CoveredSource]
    stale: list[str]
    waiting: list[Literal["resolve", "propagate"]]
