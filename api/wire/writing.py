"""What callers write: rows, objections, repairs and withdrawals; and what became of them."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StringConstraints

from api.wire.days import Day
from api.wire.parts import Answered, Asked
from api.wire.problem import Problem

__all__ = [
    "IDEMPOTENCY_KEY",
    "ListingAnswer",
    "Objection",
    "PushAnswer",
    "PushRequest",
    "Repair",
    "Withdrawal",
]

IDEMPOTENCY_KEY = r"^[!-~]{1,64}$"
Source = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,60}$")]
Heading = Annotated[
    str, StringConstraints(pattern=r"^[^\x00-\x1f]*\S[^\x00-\x1f]*$", max_length=200)
]
Cell = Annotated[str, StringConstraints(max_length=32_767)]
Line = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]*$", max_length=500)]
Id = Annotated[str, StringConstraints(max_length=64)]

_ROW: dict[str, Any] = {
    "CF_XDR_MC": "贵州乌蒙源物流有限公司",
    "CF_XDR_LB": "法人及非法人组织",
    "CF_WSH": "钟住建罚〔2026〕12号",
    "CF_CFLB": "罚款",
    "CF_NR_FK": "1.5",
    "CF_JDRQ": "2026-11-02",
    "CF_CFJG": "六盘水市钟山区住房和城乡建设局",
}


class PushRequest(Asked):
    """Rows of one feed, as a file of it would hold them."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"source": "penalty_v2", "rows": [_ROW]}]},
    )

    source: Source = Field(description="Id of the feed (`GET /v1/sources`)")
    rows: list[dict[Heading, Cell]] = Field(
        min_length=1,
        max_length=500,
        description="Heading of a column, as the feed or an alias has it -> cell as text",
    )


class PushedRow(Answered):
    """What became of one row."""

    row: int = Field(description="Its place among the rows sent, from 1")
    state: Literal["accepted", "refused", "repeated"]
    record: str | None
    subjects: list[str] = Field(description="Subjects its parties belong to, as far as may be told")
    error: Problem | None


class ChangedFinding(Answered):
    """A finding that appeared or was retracted."""

    finding: str
    subject: str
    rule: str
    kind: Literal["restriction", "conditional", "attention"]


class PushAnswer(Answered):
    """The fate of every row, and what followed from them."""

    source: str
    batch: str
    rows: list[PushedRow]
    accepted: int
    refused: int
    repeated: int
    unknown_columns: list[str]
    appeared: list[ChangedFinding]
    retracted: list[ChangedFinding]
    complete: bool = Field(description="False: more findings changed; see the feed of changes")
    waiting: list[Literal["resolve", "propagate"]] = Field(
        description="Steps that wait for the whole store, so that findings may still change"
    )


class ListingAnswer(PushAnswer):
    """The same of a row about a listing, and the listing's status now."""

    listing: str
    status: Literal["effective", "objected", "repaired", "withdrawn", "expired"]


def _example(body: dict[str, Any]) -> ConfigDict:
    return ConfigDict(extra="forbid", json_schema_extra={"examples": [body]})


class Objection(Asked):
    """An objection to a listing, and how it was closed once it was."""

    model_config = _example({"filed": "2026-11-20", "reason": "处罚决定书送达对象有误"})

    filed: Day
    reason: Line = ""
    result: Literal["upheld", "refused"] | None = None
    closed: Day | None = None


class Repair(Asked):
    """A decision on repairing a listing; one refused later takes an earlier one back."""

    model_config = _example(
        {"decided": "2026-11-20", "result": "granted", "number": "钟信修〔2026〕8号"}
    )

    decided: Day
    result: Literal["granted", "refused"] = "granted"
    applied: Day | None = None
    number: Line = Field("", description="Number of the decision on the repair")


class Withdrawal(Asked):
    """The authority took its decision back: it is void from the start."""

    model_config = _example({"decided": "2026-11-20", "reason": "复议撤销"})

    decided: Day
    reason: Line = ""
