"""The table of what is told: role by endpoint by field, of all that tells of anything."""

from dataclasses import dataclass
from typing import Any

from api.service.roles import Role
from tests.e2e.service.test_writing import TAX

__all__ = ["DRY", "FIELDS", "OTHERS", "Field", "check"]

ASKERS = (Role.PUBLIC, Role.DEPARTMENT, Role.PROCUREMENT, Role.REVIEWER, Role.OFFICER)
OFFICE = (Role.REVIEWER, Role.OFFICER)
KNOWING = (Role.DEPARTMENT, *OFFICE)
BUYERS = (Role.DEPARTMENT, Role.PROCUREMENT, *OFFICE)
WRITERS = (Role.DEPARTMENT, Role.OFFICER)
NOBODY: tuple[Role, ...] = ()


@dataclass(frozen=True)
class Field:
    """A field of an answer: where it is asked for, and who is told it.

    Attributes:
        ask: Method and address; `{firm}` and the like stand for ids and names.
        key: Steps down to the field, joined by dots.
        body: What is sent; a form where `form` says so.
        case: The request names the number of a case.
        some: Told means that there is something in it.
    """

    ask: str
    key: str
    told: tuple[Role, ...]
    body: Any = None
    form: bool = False
    case: bool = False
    some: bool = False


def check(**question: str) -> dict[str, Any]:
    return {"queries": {"q": question}}


def reconciling(text: str) -> dict[str, Any]:
    return {"queries": {"q": {"query": text}}}


def fetching(uid: str) -> dict[str, Any]:
    return {"extend": {"ids": [uid], "properties": [{"id": "names"}]}}


def bidders(*named: str, **more: str) -> dict[str, Any]:
    return {
        "opened": "2026-11-01",
        "bidders": [*({"name": name} for name in named), *([more] if more else [])],
    }


DRY = {"verdict": "same", "why": "查登记档案", "dry_run": True}
CASE = {
    "case": {
        "subjects": [{"id": "p1", "kind": "person", "name": "张三", "identity": "strong"}],
        "listings": [
            {"id": "l1", "subject": "p1", "kind": "court_defaulter", "since": "2026-01-05"}
        ],
    }
}
LISTING = {
    "listing": {"id": "l1", "subject": "{firm}", "kind": "court_defaulter", "since": "2026-01-05"}
}
_Q = "responses.q."

FIELDS = (
    Field("GET /v1/subjects/{firm}", "names", ASKERS),
    Field("GET /v1/subjects/{firm}", "identifiers", ASKERS),
    Field("GET /v1/subjects/{firm}", "mentions", OFFICE),
    Field("GET /v1/subjects/{firm}/relations", "relations", ASKERS),
    Field("GET /v1/subjects/{firm}/findings", "own", ASKERS),
    Field("GET /v1/subjects/{firm}/findings", "linked", ASKERS),
    Field("GET /v1/subjects/{firm}/findings", "listings", ASKERS),
    Field("GET /v1/subjects/{firm}/findings", "historical", OFFICE),
    Field("GET /v1/subjects/{firm}/findings", "blocked", OFFICE),
    Field("GET /v1/subjects/{firm}/history", "listings", OFFICE),
    Field("GET /v1/subjects/{firm}/graph", "nodes", ASKERS),
    Field("GET /v1/search?q=公司", "results", ASKERS, some=True),
    Field("GET /v1/search?q=公司&kind=person", "results", NOBODY, some=True),
    Field("GET /v1/search?q={person_name}&kind=person", "results", OFFICE, some=True),
    Field("GET /v1/subjects/{person}", "names", KNOWING),
    Field("GET /v1/subjects/{person}", "identifiers", KNOWING),
    Field("GET /v1/subjects/{person}/findings", "own", KNOWING),
    Field("GET /v1/subjects/{person}/relations", "relations", KNOWING),
    Field("GET /v1/subjects/{person}/graph", "nodes", KNOWING),
    Field("GET /v1/subjects/{doubtful}", "names", OFFICE),
    Field("GET /v1/subjects/{doubtful}/findings", "own", OFFICE),
    Field("GET /v1/subjects/{doubtful}/graph", "nodes", OFFICE),
    Field("GET /v1/subjects/{weak}", "names", OFFICE),
    Field("GET /v1/findings/{finding}", "text", ASKERS),
    Field("GET /v1/findings/{finding}", "evidence.0.department", ASKERS),
    Field("GET /v1/findings/{finding}", "evidence.0.cells", OFFICE),
    Field("GET /v1/findings/{finding}", "evidence.0.mentions", OFFICE),
    Field("GET /v1/paths?from={firm}&to={person}", "paths", KNOWING),
    Field("GET /v1/changes", "changes", OFFICE),
    Field("GET /v1/changes", "changes", KNOWING, case=True),
    Field("GET /v1/rules", "rules", tuple(Role)),
    Field("GET /v1/rules/R02", "content", tuple(Role)),
    Field("GET /v1/sources", "sources", tuple(Role)),
    Field("GET /v1/catalog", "datasets", tuple(Role)),
    Field("GET /v1/audit", "entries", (Role.AUDITOR,)),
    Field("GET /v1/reviews", "tasks", OFFICE, some=True),
    Field("GET /v1/reviews/agreement", "agreements", OFFICE),
    Field("GET /v1/reviews/{task}", "parties", OFFICE, some=True),
    Field("GET /v1/reviews/{task}", "score", NOBODY),
    Field("GET /v1/judgements", "judgements", OFFICE, some=True),
    Field("GET /reconcile/suggest/entity?prefix={firm_name}", "result", ASKERS, some=True),
    Field("GET /reconcile/suggest/entity?prefix={person_name}", "result", NOBODY, some=True),
    Field("POST /v1/check", f"{_Q}subject", ASKERS, check(subject="{firm}")),
    Field("POST /v1/check", f"{_Q}own", ASKERS, check(subject="{firm}"), some=True),
    Field("POST /v1/check", f"{_Q}linked", ASKERS, check(subject="{firm}")),
    Field("POST /v1/check", f"{_Q}listings", ASKERS, check(subject="{firm}")),
    Field("POST /v1/check", f"{_Q}historical", OFFICE, check(subject="{firm}")),
    Field("POST /v1/check", f"{_Q}blocked", OFFICE, check(subject="{firm}")),
    Field("POST /v1/check", f"{_Q}subject", ASKERS, check(name="{firm_name}")),
    Field("POST /v1/check", f"{_Q}subject", KNOWING, check(subject="{person}")),
    Field("POST /v1/check", f"{_Q}own", KNOWING, check(subject="{person}"), case=True, some=True),
    Field("POST /v1/check", f"{_Q}subject", KNOWING, check(identifier="{number}")),
    Field("POST /v1/check", f"{_Q}candidates", OFFICE, check(name="{person_name}"), some=True),
    Field("POST /v1/check", f"{_Q}subject", NOBODY, check(name="{person_name}")),
    Field("POST /v1/check", f"{_Q}subject", OFFICE, check(subject="{doubtful}")),
    Field("POST /v1/check", f"{_Q}subject", OFFICE, check(subject="{weak}")),
    Field("POST /v1/check", f"{_Q}subject", OFFICE, check(name="{weak_name}")),
    Field("POST /v1/match", f"{_Q}results", ASKERS, check(name="{firm_name}"), some=True),
    Field("POST /v1/match", f"{_Q}results.0.features", ASKERS, check(name="{firm_name}")),
    Field("POST /v1/match", f"{_Q}results", NOBODY, check(name="{person_name}"), some=True),
    Field("POST /v1/match", f"{_Q}results", OFFICE, check(name="{weak_name}"), some=True),
    Field("POST /v1/bidders", "bidders", OFFICE, bidders("{firm_name}")),
    Field("POST /v1/bidders", "bidders.0", BUYERS, bidders("{firm_name}"), case=True),
    Field("POST /v1/bidders", "bidders.0", OFFICE, bidders("{weak_name}"), case=True),
    Field("POST /v1/bidders", "bidders.0", KNOWING, bidders(code="{number}"), case=True),
    Field("POST /v1/bidders", "bidders.0", NOBODY, bidders("{person_name}"), case=True),
    Field("POST /v1/simulate", "findings", KNOWING, CASE, some=True),
    Field("POST /v1/simulate", "findings", OFFICE, LISTING, some=True),
    Field("POST /v1/records", "rows.0.record", WRITERS, {"source": "tax_serious", "rows": [TAX]}),
    Field("POST /v1/listings/{listing}/objections", "status", WRITERS, {"filed": "2026-11-02"}),
    Field("POST /v1/listings/{listing}/repairs", "status", WRITERS, {"decided": "2026-11-02"}),
    Field("POST /v1/listings/{listing}/withdrawals", "status", WRITERS, {"decided": "2026-11-02"}),
    Field("POST /v1/reviews/{task}/decision", "effect", OFFICE, DRY),
    Field("POST /v1/reviews/{task}/decision", "judgement", NOBODY, DRY),
    Field("POST /v1/judgements", "effect", OFFICE, {"parties": ["{firm}", "{weak}"], **DRY}),
    Field("POST /v1/judgements", "state", NOBODY, {"parties": ["{firm}", "{weak}"], **DRY}),
    Field(
        "POST /v1/judgements/undo",
        "effect",
        OFFICE,
        {"judgements": ["{judgement}"], "why": "重查", "dry_run": True},
    ),
    Field(
        "POST /v1/authorisations",
        "token",
        (Role.OFFICER,),
        {"subject": "{person}", "purpose": "own_record"},
        case=True,
    ),
    Field("POST /v1/reconciliation-tickets", "address", ASKERS, {"hours": 1}),
    Field("POST /reconcile", "q.result", ASKERS, reconciling("{firm_name}"), form=True, some=True),
    Field(
        "POST /reconcile", "q.result", NOBODY, reconciling("{person_name}"), form=True, some=True
    ),
    Field("POST /reconcile", "q.result", OFFICE, reconciling("{weak_name}"), form=True, some=True),
    Field(
        "POST /reconcile",
        "rows.{firm}.names.0",
        ASKERS,
        fetching("{firm}"),
        form=True,
    ),
    Field(
        "POST /reconcile",
        "rows.{weak}.names.0",
        OFFICE,
        fetching("{weak}"),
        form=True,
    ),
)
# What tells of no subject: states, words of the protocol, pages and texts that are not JSON.
OTHERS = {
    "GET /healthz",
    "GET /readyz",
    "GET /metrics",
    "GET /reconcile",
    "GET /reconcile/suggest/type",
    "GET /reconcile/suggest/property",
    "GET /reconcile/properties",
    "GET /reconcile/preview",
    "DELETE /v1/authorisations/{uid}",
    "DELETE /v1/reconciliation-tickets/{uid}",
}
