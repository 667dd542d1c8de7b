"""Parties to be matched with subjects, many at a time, and the candidates."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, ValidationError, WrapValidator

from api.wire.check import Failed, Faulty
from api.wire.parts import Answered, Asked, Card, Key, Name

__all__ = ["MatchAnswers", "MatchRequest", "Party"]

_EXAMPLE: dict[str, Any] = {"queries": {"r1": {"name": "贵州乌蒙源物流公司"}}, "limit": 3}


class Party(Asked):
    """An organisation as somebody wrote it."""

    name: Name
    identifier: Name | None = Field(None, description="Its unified social credit code")
    representative: Name | None = Field(None, description="Name of its legal representative")


def _item(value: Any, read: Callable[[Any], Party]) -> Party | Faulty:
    try:
        return read(value)
    except ValidationError as error:
        return Faulty(error)


class MatchRequest(Asked):
    """Parties under keys of the caller's own."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_EXAMPLE]})

    queries: Annotated[
        dict[Key, Annotated[Party, WrapValidator(_item)]], Field(min_length=1, max_length=100)
    ]
    limit: int = Field(5, ge=1, le=50)
    threshold: float | None = Field(
        None, ge=-100, le=100, description="Least match weight in bits of what is told"
    )


class Feature(Answered):
    """What one feature says of a pair; the weights of all sum to the score."""

    feature: str
    weight: float = Field(description="Bits; above nothing speaks for the same")
    text: str


class Candidate(Card):
    """A subject a party may be."""

    score: float = Field(description="Match weight in bits; higher is more likely the same")
    decision: Literal["merge", "review", "separate"]
    features: list[Feature]


class Matched(Answered):
    """The candidates of one party, the best first."""

    status: Literal[200]
    results: list[Candidate]
    total: int


class MatchAnswers(Answered):
    """One answer for each key."""

    responses: dict[str, Matched | Failed]
    limit: int
