"""Who asks, for what, and in which language: fixed before a route runs."""

from dataclasses import dataclass, field
from typing import Final, Literal, get_args

from api.service.roles import GRANTS, SHARES, Permission, Role
from api.service.trail import Trail
from graph.errors import UsageError
from graph.texts import Lang

__all__ = ["OFFICE", "PURPOSES", "Caller", "Purpose"]

Purpose = Literal[
    "licensing",
    "procurement",
    "subsidy",
    "appointment",
    "supervision",
    "honours",
    "review",
    "own_record",
]
"""What a question about a person may be for."""
PURPOSES: Final[tuple[str, ...]] = get_args(Purpose)
OFFICE: Final = frozenset({Role.REVIEWER, Role.OFFICER})
"""The credit office itself: its cases are the tasks it works on."""


@dataclass(frozen=True, slots=True)
class Caller:
    """The holder of a key or token, and what this one request says of itself.

    Attributes:
        name: Id of the key, or issuer and subject of a token; never a person's name.
        purpose: One of PURPOSES, '' when none was told.
        case: Number of the case or errand the question belongs to, '' when none was told.
        token: Of an authorisation, as sent; used up by an answer about the subject it is for.
        authorised: Subject an authorisation of this request opens, '' without one.
        trail: What the request told, for the audit log.
    """

    name: str
    role: Role
    lang: Lang
    request: str
    purpose: str = ""
    case: str = ""
    token: str = ""
    authorised: str = ""
    trail: Trail = field(default_factory=Trail)

    def may(self, permission: Permission) -> bool:
        """Tell whether the role grants a permission."""
        return permission in GRANTS[self.role]

    def demand(self, permission: Permission) -> None:
        """Refuse unless the role grants a permission.

        Raises:
            UsageError: E903.
        """
        if not self.may(permission):
            raise UsageError("E903", role=self.role.value, permission=permission.value)

    def demand_person(self) -> None:
        """Refuse to tell of a person unless role and purpose allow it.

        Raises:
            UsageError: E903 the role may not, E904 no purpose was told.
        """
        self.demand(Permission.PERSONS)
        if not self.purpose:
            raise UsageError("E904", purposes=", ".join(PURPOSES))

    def told_of(self, sharing: str, subject: str) -> bool:
        """Tell whether findings of a class of sharing about a subject may be told."""
        if sharing == "public":
            return "public" in SHARES[self.role]
        if self.authorised == subject and self.role not in (Role.AUDITOR, Role.ADMIN):
            return True
        if self.role in OFFICE:
            return True
        return sharing in SHARES[self.role] and sharing == "government" and bool(self.case)
