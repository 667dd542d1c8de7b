"""A subject, its ties, findings, history and neighbourhood."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import Path, Query
from pydantic import Field

from api.wire.check import About
from api.wire.days import Day, Moment
from api.wire.parts import (
    Answered,
    Card,
    Coverage,
    PastListing,
    SubjectId,
    SubjectKind,
    Tie,
)
from graph.model import RELATION_TYPES

__all__ = [
    "AsOf",
    "Findings",
    "History",
    "KnownAt",
    "Neighbourhood",
    "Relations",
    "SearchAnswer",
    "SubjectBody",
    "TieTypes",
    "Uid",
]

Uid = Annotated[
    SubjectId, Path(description="Id of a subject", examples=["s-029c2fb7c5e6d10283ae8c9f"])
]
AsOf = Annotated[Day | None, Query(description="Day asked about; today where not told")]
KnownAt = Annotated[Moment | None, Query(description="Answer as was known then")]
TieTypes = Annotated[
    list[Literal[RELATION_TYPES]] | None,  # type: ignore[valid-type]
    Query(description="Only ties of these types; repeat for several"),
]


class IdentifierBody(Answered):
    """A code a subject is known by; a person's is masked."""

    type: str
    status: Literal["valid", "repaired", "masked", "truncated", "invalid"]
    value: str


class Mention(Answered):
    """One naming of the subject in one row."""

    mention: str
    record: str
    role: str
    kind: SubjectKind
    name: str
    source: str
    strong: bool
    identifiers: list[IdentifierBody]


class SubjectBody(Card):
    """A subject and what its rows call it; mentions only where the role sees rows."""

    names: list[str]
    identifiers: list[IdentifierBody]
    sources: list[str]
    mentions: list[Mention] | None = None


class Relations(Answered):
    """Ties registered on a day."""

    subject: Card
    as_of: date
    relations: list[Tie]
    total: int
    limit: int
    offset: int


class Findings(About):
    """What may be told of a subject on a day."""

    as_of: date
    coverage: Coverage


class History(Answered):
    """Everything ever listed about a subject, with what became of it, and judgements."""

    subject: Card
    as_of: date
    listings: list[PastListing]
    judgements: list[dict[str, Any]]


class Node(Card):
    """A subject of a neighbourhood and how many ties away it is."""

    depth: int


class Neighbourhood(Answered):
    """Subjects within some ties; whether all of them are there, and if not, why."""

    subject: str
    as_of: date
    depth: int
    nodes: list[Node]
    edges: list[Tie]
    explored: int = Field(description="Subjects whose ties were read")
    partial_results: bool
    cut: list[Literal["limit", "persons", "ties"]] = Field(
        description="limit: more subjects than asked for; ties: more ties than are told; "
        "persons: not looked beyond persons, whom the role or a missing purpose closes"
    )


class SearchAnswer(Answered):
    """Subjects found, the best first."""

    query_by: Literal["identifier", "name", "part"]
    results: list[Card]
    limit: int
    partial_results: bool = Field(description="There are more than are told")


class FindingChange(Answered):
    """A finding that appeared or was retracted."""

    cursor: int
    at: datetime
    what: Literal["appeared", "retracted"]
    finding: str
    subject: str
    rule: str
    kind: Literal["restriction", "conditional", "attention"]
    suspected: bool
