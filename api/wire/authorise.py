"""Authorisations: tokens that open one question about one subject."""

from datetime import datetime

from pydantic import Field

from api.service.spoken import Purpose
from api.wire.parts import Answered, Asked, SubjectId

__all__ = ["Authorisation", "AuthoriseRequest"]


class AuthoriseRequest(Asked):
    """Whom the party concerned, or the law, allows to be asked about, and what for."""

    subject: SubjectId
    purpose: Purpose
    hours: int = Field(24, ge=1, le=720)


class Authorisation(Answered):
    """Send the token in X-Authorisation; it is good once."""

    token: str
    subject: str
    purpose: str
    expires_at: datetime
