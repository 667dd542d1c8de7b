"""Answers about the service itself."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

__all__ = ["Health", "Readiness"]


class Health(BaseModel):
    """The process answers."""

    model_config = ConfigDict(extra="forbid")

    status: Literal["ok"]


class Readiness(BaseModel):
    """The store answers, or the code of why not; steps that wait to be run."""

    model_config = ConfigDict(extra="forbid")

    status: str
    waiting: list[Literal["resolve", "propagate"]]
