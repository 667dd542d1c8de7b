"""Ways between subjects, and bidders of one tender side by side."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from api.wire.days import Day, Moment
from api.wire.parts import Answered, Asked, Card, Coverage, SubjectKind

__all__ = ["Bidder", "BiddersAnswer", "BiddersRequest", "PathsAnswer"]

_EXAMPLE: dict[str, Any] = {
    "opened": "2026-11-01",
    "bidders": [{"name": "贵州腾岳市政工程有限公司"}, {"name": "六盘水腾辉园林绿化有限公司"}],
}


class WayStep(Answered):
    """One hop: the two subjects and every tie between them."""

    from_: str = Field(alias="from")
    from_name: str
    to: str
    to_name: str
    ties: list[dict[str, Any]]


class Way(Answered):
    """One way from one subject to the other."""

    hops: int
    identity: Literal["strong", "suspected"]
    steps: list[WayStep]


class PathsAnswer(Answered):
    """Ways between two subjects, the shortest first; `cut` names bounds that were reached."""

    as_of: date
    hops: int
    from_: Card = Field(alias="from")
    to: Card
    paths: list[Way]
    complete: bool
    cut: list[Literal["subjects", "ways", "steps"]]
    coverage: Coverage
    statement: str | None


class Bidder(Asked):
    """One party as the bid names it."""

    name: Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x1f\x7f-\x9f]*$")] = ""
    code: Annotated[str, Field(max_length=64, pattern=r"^[^\x00-\x1f\x7f-\x9f]*$")] = ""


class BiddersRequest(Asked):
    """The bidders of one tender and the day bids are opened."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_EXAMPLE]})

    opened: Day
    bidders: Annotated[list[Bidder], Field(min_length=1, max_length=100)]
    known_at: Moment | None = None


class BidderRow(Answered):
    """A bidder, whether it may bid, and why."""

    query: str
    place: str
    found_by: Literal["code", "id", "name"]
    subject: str
    name: str
    kind: SubjectKind
    identity: Literal["strong", "weak"]
    eligible: Literal["barred", "verify", "nothing_found"]
    eligible_text: str
    findings: list[dict[str, Any]]
    notes: list[dict[str, Any]]


class Pair(Answered):
    """Two bidders and what is between them."""

    a: str
    a_name: str
    b: str
    b_name: str
    ties: list[dict[str, Any]]
    indicators: list[dict[str, Any]]


class Unresolved(Answered):
    """A bidder that stands for nobody certain."""

    query: str
    place: str
    reason: Literal["unknown", "unknown_code", "ambiguous", "person_by_name", "split", "unreadable"]
    why: str
    candidates: list[Card]


class BiddersAnswer(Answered):
    """Bidders, every two of them, and who could not be told."""

    opened: date
    bidders: list[BidderRow]
    pairs: list[Pair]
    unresolved: list[Unresolved]
    coverage: dict[str, Any]
    statement: str | None
