"""The rulebook, the sources, what changed, and what a case would yield."""

from datetime import date, datetime
from typing import Any, Literal, Self

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from api.wire.days import Day
from api.wire.parts import Answered, Asked, Department
from api.wire.subjects import FindingChange

__all__ = [
    "Catalogue",
    "Changes",
    "FindingExplained",
    "RuleContent",
    "Rules",
    "SimulateRequest",
    "Simulated",
    "Sources",
]

_EXAMPLE: dict[str, Any] = {
    "case": {
        "subjects": [{"id": "p1", "kind": "person", "name": "张三", "identity": "strong"}],
        "listings": [
            {"id": "l1", "subject": "p1", "kind": "court_defaulter", "since": "2026-01-05"}
        ],
    },
    "as_of": "2026-11-01",
}


class RuleBody(Answered):
    """What identifies a rule, and its articles with those in force marked."""

    id: str
    version: int
    kind: str
    mark: str
    enabled: bool
    title: dict[str, str]
    reason: dict[str, str]
    awaits: dict[str, str]
    note: dict[str, str]
    listings: list[str]
    measure: str | None
    bases: list[dict[str, Any]]


class RuleContent(RuleBody):
    """A rule in full: everything it says, and the same as text."""

    rulebook: str
    content: dict[str, Any]
    text: str


class Rules(Answered):
    """The rulebook; its digest changes with any rule."""

    rulebook: str
    as_of: date
    rules: list[RuleBody]


class SourceRow(Answered):
    """A feed the installation knows; `rows` None: nothing was ever delivered."""

    source: str
    title: Department
    department: Department
    rows: int | None
    data_date: date | None
    loaded_at: datetime | None
    stale: bool


class Sources(Answered):
    """Every feed, delivered or not."""

    as_of: date
    sources: list[SourceRow]


class Catalogue(Answered):
    """Which data and which law answers rest on; the ETag changes with either."""

    version: str
    rulebook: str
    updated_at: datetime | None
    resolved_at: datetime | None
    propagated_at: datetime | None
    index_stale: bool = Field(description="Loads wait to be resolved or propagated")
    waiting: list[Literal["resolve", "propagate"]]
    datasets: list[SourceRow]


class Changes(Answered):
    """How findings changed after a cursor; go on from `next`."""

    changes: list[FindingChange]
    next: int


class SimulateRequest(Asked):
    """A hand-written case, or one more listing to try on the store; nothing is written."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_EXAMPLE]})

    case: dict[str, Any] | None = None
    listing: dict[str, Any] | None = None
    as_of: Day | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.case is None) == (self.listing is None):
            raise PydanticCustomError("case_or_listing", "either case or listing")
        return self


class Simulated(Answered):
    """What the rulebook says of it."""

    as_of: date
    rulebook: str
    findings: list[dict[str, Any]]
    blocked: list[dict[str, Any]]


class EvidenceRow(Answered):
    """A row a finding rests on; its cells only where the role sees rows."""

    record: str
    source: str
    department: Department | None
    cells: dict[str, str] | None = None
    sightings: list[dict[str, Any]] | None = None
    mentions: list[dict[str, Any]] | None = None


class FindingExplained(Answered):
    """A finding, whether it stands, and what it rests on."""

    id: str
    rule: str
    version: int
    title: str | None
    subject: str
    kind: Literal["restriction", "conditional", "attention"]
    measure: str
    scope: str | None
    since: date | None
    until: date | None
    listing: str | None
    path: list[dict[str, Any]]
    basis: list[dict[str, Any]]
    missing: list[str]
    suspected: bool
    records: list[str]
    recorded_from: datetime
    recorded_to: datetime | None
    text: str
    stands: bool
    because: str | None
    evidence: list[EvidenceRow]
