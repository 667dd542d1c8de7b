"""Questions about a subject's risks, many at a time, and their answers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import (
    ConfigDict,
    Field,
    ValidationError,
    WrapValidator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from api.wire.days import Day, Moment
from api.wire.parts import (
    Answered,
    Asked,
    Card,
    Coverage,
    Finding,
    Key,
    ListingBody,
    Name,
    PastListing,
    SubjectId,
)
from api.wire.problem import Problem, Split

__all__ = ["About", "CheckAnswers", "CheckRequest", "Failed", "Faulty", "Question"]

_EXAMPLE: dict[str, Any] = {
    "queries": {"r1": {"identifier": "91520201XX0001011N"}},
    "as_of": "2026-11-01",
}


class Question(Asked):
    """Who is meant: by exactly one of identifier, name or subject id."""

    identifier: Name | None = Field(None, description="A unified social credit code or the like")
    name: Name | None = Field(None, description="The full name; a person is not found by it")
    subject: SubjectId | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        given = (self.identifier, self.name, self.subject)
        if sum(each is not None for each in given) != 1:
            raise PydanticCustomError("one_of", "exactly one of identifier, name, subject")
        return self


@dataclass(frozen=True, slots=True)
class Faulty:
    """An item of a batch that is not as it should be; the others are answered."""

    error: ValidationError


def _item(value: Any, read: Callable[[Any], Question]) -> Question | Faulty:
    try:
        return read(value)
    except ValidationError as error:
        return Faulty(error)


Item = Annotated[Question, WrapValidator(_item)]


class CheckRequest(Asked):
    """Questions under keys of the caller's own."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_EXAMPLE]})

    queries: Annotated[dict[Key, Item], Field(min_length=1, max_length=100)]
    as_of: Day | None = Field(None, description="Day asked about; today where not told")
    known_at: Moment | None = Field(None, description="Answer as was known then")


class Blocked(Answered):
    """What a negative rule stopped, and why."""

    rules: list[str]
    by: str
    listing: str
    text: str


class About(Answered):
    """All that may be told of a subject; a key the role is not told of is absent."""

    subject: Card | None
    sharing: list[str] | None = Field(None, description="Classes of sharing told of it")
    listings: list[ListingBody] | None = None
    own: list[Finding] | None = None
    linked: list[Finding] | None = None
    historical: list[PastListing] | None = None
    blocked: list[Blocked] | None = None
    statement: str | None


class Checked(About):
    """One answered question; several candidates: none was picked."""

    status: Literal[200]
    query_by: Literal["identifier", "name", "part"]
    candidates: list[Card]


class Failed(Answered):
    """One question that could not be answered, and why."""

    status: int
    error: Problem | Split


class CheckAnswers(Answered):
    """One answer for each key."""

    as_of: date
    responses: dict[str, Checked | Failed]
    coverage: Coverage
