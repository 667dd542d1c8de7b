"""The Reconciliation API 0.2 on the wire: its words are not ours, but OpenRefine's."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel, StringConstraints, TypeAdapter

from api.wire.parts import Answered, SubjectId

__all__ = [
    "BATCH",
    "Batch",
    "Extended",
    "Extension",
    "Manifest",
    "Posted",
    "Proposed",
    "Query",
    "Suggested",
]

BATCH = 50
"""Queries a client sends at once."""
_Text = Annotated[str, StringConstraints(max_length=200)]


class _Read(BaseModel):
    # Clients may add what later versions of the protocol know.
    model_config = ConfigDict(extra="ignore")


class Entity(_Read):
    """A value that was reconciled before."""

    id: _Text
    name: _Text = ""


Value = _Text | bool | int | float | Entity


class Given(_Read):
    """What is known of the party beside its name."""

    pid: _Text
    v: Value | Annotated[list[Value], Field(max_length=20)]


class Query(_Read):
    """One party to be reconciled."""

    query: _Text = ""
    type: _Text | Annotated[list[_Text], Field(max_length=20)] | None = None
    limit: int = Field(5, ge=1, le=20)
    properties: list[Given] = Field(default_factory=list, max_length=20)


Batch = TypeAdapter(
    Annotated[dict[Annotated[str, StringConstraints(max_length=64)], Query], Field(max_length=100)]
)


class Wanted(_Read):
    """A property to be fetched."""

    id: _Text


class Extending(_Read):
    """Which properties of which subjects."""

    ids: list[SubjectId] = Field(max_length=100)
    properties: list[Wanted] = Field(max_length=20)


Extension = TypeAdapter(Extending)


class IdAndName(Answered):
    """An id and what it is called."""

    id: str
    name: str


class ReconciledBy(Answered):
    """Bits by which one feature speaks for the candidate."""

    id: str
    value: float


class ReconciledParty(Answered):
    """A subject the party may be."""

    id: str
    name: str
    description: str
    type: list[IdAndName]
    score: float = Field(description="Match weight in bits; higher is more likely the same")
    match: bool
    features: list[ReconciledBy]


class Result(Answered):
    """Candidates of one query, the best first."""

    result: list[ReconciledParty]


class Cell(Answered):
    """One value of a property."""

    str: str


class Extended(Answered):
    """Values of properties, by subject and property."""

    meta: list[IdAndName]
    rows: dict[str, dict[str, list[Cell]]]


class Posted(RootModel[Extended | dict[str, Result]]):
    """Results under the keys of the queries, or what extends the subjects asked about."""


class Suggestion(Answered):
    """What the typed text may stand for."""

    id: str
    name: str
    description: str | None = None
    notable: list[IdAndName] | None = None


class Suggested(Answered):
    """Suggestions, the best first."""

    result: list[Suggestion]


class Proposed(Answered):
    """Properties that may be fetched of subjects of a type."""

    type: str
    properties: list[IdAndName]


class View(Answered):
    """Where a subject is looked at."""

    url: str


class Preview(View):
    """Where a small page about a subject is, and its size."""

    width: int
    height: int


class Service(Answered):
    """Where another part of the service is."""

    service_url: str
    service_path: str


class Suggest(Answered):
    """Where typed text is completed."""

    entity: Service
    type: Service
    property: Service


class Extend(Answered):
    """Where properties that may be fetched are told."""

    propose_properties: Service
    property_settings: list[dict[str, Any]]


class Manifest(Answered):
    """What the service offers and where."""

    versions: list[Literal["0.2"]]
    name: str
    identifierSpace: str
    schemaSpace: str
    serviceVersion: str
    batchSize: int
    defaultTypes: list[IdAndName]
    view: View
    preview: Preview
    suggest: Suggest
    extend: Extend
