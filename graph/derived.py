"""What is derived from evidence and crosses between engines and stores, as values."""

from dataclasses import dataclass
from datetime import date, datetime

import pyarrow as pa

from graph.model import SubjectId

__all__ = ["Change", "Changes", "Neighbourhood", "Partition", "WaitingEvent"]


@dataclass(frozen=True, slots=True)
class Partition:
    """The engine's answer for a set of mentions, in the shapes of `graph.schema`."""

    memberships: pa.Table
    subjects: pa.Table
    keys: pa.Table
    traces: pa.Table
    meetings: pa.Table
    reviews: pa.Table


@dataclass(frozen=True, slots=True)
class Changes:
    """How much a derived step changed."""

    added: int = 0
    removed: int = 0


@dataclass(frozen=True, slots=True)
class WaitingEvent:
    """A repair, objection or withdrawal whose listing has not arrived."""

    record: str
    status: str
    on: date | None
    authority: str
    decision_number: str


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """Ties around a subject (`schema.RELATIONS`, a row per record).

    Attributes:
        cut: There are more ties than were asked for; these are some of them.
    """

    relations: pa.Table
    cut: bool


@dataclass(frozen=True, slots=True)
class Change:
    """A finding that appeared or was retracted.

    Attributes:
        cursor: Its place in the feed; greater is later, there may be gaps.
        what: `appeared` or `retracted`.
    """

    cursor: int
    at: datetime
    what: str
    finding: str
    subject: SubjectId
    rule: str
    kind: str
    suspected: bool
