"""Authorisations and tickets: tokens that open one thing for a while."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StringConstraints

from api.service.spoken import Purpose
from api.wire.parts import Answered, Asked, SubjectId

__all__ = [
    "Authorisation",
    "AuthorisationId",
    "AuthoriseRequest",
    "Revoked",
    "Ticket",
    "TicketId",
    "TicketRequest",
]

AuthorisationId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{24}$")]
TicketId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{12}$")]


def _example(body: dict[str, Any]) -> ConfigDict:
    return ConfigDict(extra="forbid", json_schema_extra={"examples": [body]})


class AuthoriseRequest(Asked):
    """Whom the party concerned allows to be asked about, what for, and for how long."""

    model_config = _example(
        {"subject": "s-029c2fb7c5e6d10283ae8c9f", "purpose": "own_record", "hours": 24}
    )

    subject: SubjectId
    purpose: Purpose
    hours: int = Field(24, ge=1, le=720)


class Authorisation(Answered):
    """Send the token in X-Authorisation; it is good once."""

    authorisation: str = Field(description="Id to revoke it by")
    token: str
    subject: str
    purpose: Purpose
    expires_at: datetime


class TicketRequest(Asked):
    """For how long the ticket is good."""

    model_config = _example({"hours": 8})

    hours: int = Field(8, ge=1, le=12)


class Ticket(Answered):
    """Give `address` to OpenRefine; whoever has it may ask what the public may."""

    ticket: str = Field(description="Id to revoke it by")
    address: str = Field(description="Path and query of the reconciliation service")
    expires_at: datetime


class Revoked(Answered):
    """It opens nothing any more."""

    id: str
    state: Literal["revoked"]
