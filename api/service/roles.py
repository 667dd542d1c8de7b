"""Who may do what: one table of roles and permissions; what is not in it is refused."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

__all__ = ["GRANTS", "SHARES", "Permission", "Role"]


class Role(StrEnum):
    """What a key or token lets its holder be."""

    PUBLIC = "public"
    DEPARTMENT = "department"
    PROCUREMENT = "procurement"
    REVIEWER = "reviewer"
    OFFICER = "officer"
    AUDITOR = "auditor"
    ADMIN = "admin"


class Permission(StrEnum):
    """One thing that may be done."""

    ASK = "ask"  # organisations: match, search, check, subjects, ties, findings
    PERSONS = "persons"  # a person by full number or id, with the purpose told
    NAMES = "names"  # a person by name alone
    SUSPECTED = "suspected"  # suspected findings, weak rows, merges not reviewed
    BIDDERS = "bidders"
    SIMULATE = "simulate"
    CATALOGUE = "catalogue"  # rules, sources, data dates
    FEED = "feed"  # the feed of changes
    PUSH = "push"  # records of a source
    OBJECT = "object"  # objections and repairs
    REVIEW = "review"  # tasks and judgements
    AUTHORISE = "authorise"  # give tokens for one query
    AUDIT = "audit"
    METRICS = "metrics"


_P = Permission
_OFFICE: Final = frozenset({_P.ASK, _P.PERSONS, _P.CATALOGUE, _P.BIDDERS, _P.SIMULATE, _P.FEED})

GRANTS: Final[Mapping[Role, frozenset[Permission]]] = {
    Role.PUBLIC: frozenset({_P.ASK, _P.CATALOGUE}),
    Role.DEPARTMENT: _OFFICE | {_P.PUSH, _P.OBJECT},
    Role.PROCUREMENT: frozenset({_P.ASK, _P.CATALOGUE, _P.BIDDERS}),
    Role.REVIEWER: _OFFICE | {_P.NAMES, _P.SUSPECTED, _P.REVIEW},
    Role.OFFICER: _OFFICE | {_P.NAMES, _P.SUSPECTED, _P.REVIEW, _P.PUSH, _P.OBJECT, _P.AUTHORISE},
    Role.AUDITOR: frozenset({_P.CATALOGUE, _P.AUDIT}),
    Role.ADMIN: frozenset({_P.CATALOGUE, _P.METRICS}),
}

WRITING: Final = frozenset({_P.PUSH, _P.OBJECT, _P.REVIEW, _P.AUTHORISE})
"""What may change something: such a request is not given up once it is under way."""

# Classes of sharing (graph/sanctions/sharing.yaml) a role is told of. `government` asks for the
# number of the case, except inside the office itself; `authorised` for a token, from anybody.
SHARES: Final[Mapping[Role, frozenset[str]]] = {
    Role.PUBLIC: frozenset({"public"}),
    Role.DEPARTMENT: frozenset({"public", "government"}),
    Role.PROCUREMENT: frozenset({"public", "government"}),
    Role.REVIEWER: frozenset({"public", "government", "authorised"}),
    Role.OFFICER: frozenset({"public", "government", "authorised"}),
    Role.AUDITOR: frozenset(),
    Role.ADMIN: frozenset(),
}
