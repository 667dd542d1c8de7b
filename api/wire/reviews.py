"""The review desk on the wire: tasks, what there is to see, verdicts and what they do."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StringConstraints

from api.wire.days import Day
from api.wire.parts import Answered, Asked, Card
from api.wire.subjects import Mention
from graph.judgements import VERDICTS

__all__ = [
    "Agreements",
    "Decision",
    "DecisionAnswer",
    "Judgements",
    "Judging",
    "Queue",
    "ShownTask",
    "Undoing",
    "UndoingAnswer",
]

Verdict = Literal[VERDICTS]  # type: ignore[valid-type]
JudgementId = Annotated[str, StringConstraints(pattern=r"^j-[0-9a-f]{24}$")]
Party = Annotated[
    str,
    StringConstraints(pattern=r"^(s-[0-9a-f]{24}|[0-9a-f]{32}:[a-z_]{1,40}:[0-9]{1,3})$"),
]
Reason = Annotated[
    str,
    StringConstraints(
        max_length=1_000, pattern=r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$"
    ),
]
Line = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
_WHY = "统一社会信用代码与法定代表人一致"


def _example(body: dict[str, Any]) -> ConfigDict:
    return ConfigDict(extra="forbid", json_schema_extra={"examples": [body]})


class Decision(Asked):
    """A verdict on a task; who says so is the caller."""

    model_config = _example({"verdict": "unsure", "why": _WHY, "dry_run": True})

    verdict: Verdict
    why: Reason
    dry_run: bool = Field(False, description="Tell what it would do; nothing is written")


class Judging(Decision):
    """A verdict on parties picked by id; mentions of one subject: it is parted."""

    model_config = _example(
        {
            "parties": ["s-" + "0" * 24, "s-" + "1" * 24],
            "verdict": "different",
            "why": _WHY,
            "dry_run": True,
        }
    )

    parties: list[Party] = Field(min_length=2, max_length=60)


class Undoing(Asked):
    """Which judgements to undo: by id, or all that bear every mark given."""

    model_config = _example({"judgements": ["j-" + "0" * 24], "why": "复核有误", "dry_run": True})

    judgements: list[JudgementId] = Field(default_factory=list, max_length=500)
    person: Line | None = None
    day: Day | None = None
    reason: Line | None = None
    verdict: Verdict | None = None
    why: Reason
    dry_run: bool = False


class AskedPair(Answered):
    """One open question about two subjects."""

    subject: str
    other: str
    reason: str
    type: str
    text: str


class Reopened(Answered):
    """An earlier judgement on the same subjects, and what is new."""

    judgement: str
    at: datetime
    because: list[str]
    text: str


class Task(Answered):
    """Subjects that hang together by questions."""

    task: str
    state: Literal["open", "unsure", "proposed"]
    subjects: list[Card]
    questions: list[AskedPair]
    restrictions: int
    listings: int
    reopened: list[Reopened]


class Proposal(Answered):
    """What waits for a second person, who is not shown the verdict."""

    judgement: str
    action: Literal["judge", "undo"]
    by: str
    at: datetime
    task: str | None


class Queue(Answered):
    """Open tasks, the most harmful first."""

    tasks: list[Task]
    open: int
    states: dict[str, int]
    proposals: list[Proposal]


class Row(Answered):
    """A row's cells, personal numbers masked."""

    record: str
    source: str
    cells: dict[str, str]


class Side(Answered):
    """One subject of a task."""

    subject: Card | None
    mentions: list[Mention]
    rows: list[Row]


class JudgementBody(Answered):
    """A row of the ledger; the verdict of another's proposal is not shown."""

    judgement: str
    action: Literal["judge", "undo", "confirm"]
    of: str | None
    state: Literal["proposed", "in_force", "undone"] | None
    verdict: Verdict | None
    by: str
    at: datetime
    why: str
    task: str | None
    pairs: list[list[str]]
    reasons: list[str]
    evidence: str | None
    model: str | None


class Score(Answered):
    """How the comparison engine weighs two parties."""

    score: float
    decision: Literal["merge", "review", "separate"]
    why: str


class ShownTask(Task):
    """All there is to see about a task; the score only for who has judged it."""

    parties: list[Side]
    own: list[JudgementBody]
    score: Score | None


class Judgements(Answered):
    """The judgements made, the newest first."""

    judgements: list[JudgementBody]
    made: int


class NamedSubject(Answered):
    """A subject by id and name."""

    id: str
    name: str


class Merging(Answered):
    """Subjects that become one."""

    into: str
    name: str
    from_: list[NamedSubject] = Field(alias="from")


class Parting(Answered):
    """A subject that falls into several."""

    from_: str = Field(alias="from")
    name: str
    into: list[NamedSubject]


class Effect(Answered):
    """A finding that somebody gains or loses."""

    subject: str
    was: str
    name: str
    rule: str
    kind: Literal["restriction", "conditional", "attention"]
    measure: str
    scope: str | None
    listing: str | None
    suspected: bool
    text: str


class Blast(Answered):
    """Who merges and parts, who gains and loses which finding; whether it takes two people."""

    merge: list[Merging]
    part: list[Parting]
    gained: list[Effect]
    lost: list[Effect]
    two_people: bool


class DecisionAnswer(Answered):
    """What a verdict did; of a dry run what it would do, and nothing of others' verdicts."""

    judgement: str | None
    state: Literal["proposed", "in_force"] | None
    confirmed: bool | None
    task: str | None
    verdict: Verdict
    by: str
    written: bool
    effect: Blast


class UndoingAnswer(Answered):
    """What an undoing did or would do."""

    judgements: list[str]
    state: Literal["proposed", "undone"] | None
    by: str
    written: bool
    effect: Blast


class Count(Answered):
    """How often two reviewers said this and that."""

    one: Verdict
    other: Verdict
    count: int


class Agreement(Answered):
    """How far two reviewers agree on what both judged."""

    one: str
    other: str
    items: int
    agreed: int | float
    kappa: float | None
    counts: list[Count]


class Agreements(Answered):
    """Every two reviewers who judged the same."""

    agreements: list[Agreement]
