"""What an error looks like on the wire, and the errors any route may answer with."""

from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["PROBLEMS", "Problem", "Split", "problems"]


class Problem(BaseModel):
    """An error: a stable code, and four sentences in the language asked for."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "code": "E904",
                    "what": "Nobody says what the question about a person is for",
                    "where": "",
                    "why": "Persons are told of for a stated purpose only",
                    "fix": "Send the header X-Purpose with one of: licensing, procurement",
                }
            ]
        },
    )

    code: str = Field(pattern=r"^E\d{3}$")
    what: str
    where: str
    why: str
    fix: str


class Split(Problem):
    """A subject was split: whom its mentions belong to now."""

    successors: list[str]


_TOLD: Final = {
    308: "The id was superseded: follow Location",
    400: "The request cannot be read",
    401: "No key or token, or one that is not accepted",
    403: "The role may not, or a purpose is missing",
    404: "Nothing has this id",
    405: "Not by this method",
    409: "Contradicts what is there",
    410: "The subject was split",
    413: "The body is too large",
    415: "Not a type of body that is taken",
    422: "Values are not as they should be",
    429: "Too many requests",
    500: "A fault of the program",
    503: "The store is busy or cannot be used",
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return what OpenAPI tells of errors with these statuses."""
    return {
        status: {"model": Split if status == 410 else Problem, "description": _TOLD[status]}
        for status in statuses
    }


PROBLEMS: Final = problems(400, 401, 403, 413, 415, 422, 429, 500, 503)
"""Errors every guarded route may answer with."""
