"""What is derived from evidence and crosses between engines and stores, as values."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

import pyarrow as pa

from graph.model import SubjectId

__all__ = ["Change", "Changes", "Partition", "Reach", "Ties", "WaitingEvent"]


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
class Reach:
    """Which ties are asked for.

    Attributes:
        on: The day on which they are registered.
        most: So many at most, in order; rows that state the same are one tie.
        types: Relation types; None is all.
        sure: Rows in which both parties are surely known, and no others.
        between: Ties between two of the subjects, and no others.
    """

    on: date
    most: int
    types: Collection[str] | None = None
    sure: bool = False
    between: bool = False


@dataclass(frozen=True, slots=True)
class Ties:
    """Ties by type, source, target and days (`schema.RELATIONS`, a row per record).

    Attributes:
        cut: There are more than were asked for; these are the first.
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
