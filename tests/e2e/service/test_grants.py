"""Every operation with every role: let in by the table of roles, or refused by its code."""

import re
from collections.abc import Iterator
from typing import Any, Final

import pytest

from api.service.roles import GRANTS, Permission, Role
from tests.e2e.service.conftest import House, Site, copied, serving
from tests.e2e.service.test_openapi import DOCUMENT, _resolved

P = Permission
NEEDED: Final = {
    "POST /v1/check": P.ASK,
    "POST /v1/match": P.ASK,
    "GET /v1/search": P.ASK,
    "GET /v1/subjects/{uid}": P.ASK,
    "GET /v1/subjects/{uid}/relations": P.ASK,
    "GET /v1/subjects/{uid}/findings": P.ASK,
    "GET /v1/subjects/{uid}/history": P.SUSPECTED,
    "GET /v1/subjects/{uid}/graph": P.ASK,
    "GET /v1/findings/{uid}": P.ASK,
    "POST /v1/simulate": P.SIMULATE,
    "GET /v1/paths": P.PERSONS,
    "POST /v1/bidders": P.BIDDERS,
    "GET /v1/rules": P.CATALOGUE,
    "GET /v1/rules/{rule}": P.CATALOGUE,
    "GET /v1/sources": P.CATALOGUE,
    "GET /v1/catalog": P.CATALOGUE,
    "GET /v1/changes": P.FEED,
    "POST /v1/records": P.PUSH,
    "POST /v1/listings/{listing}/objections": P.OBJECT,
    "POST /v1/listings/{listing}/repairs": P.OBJECT,
    "POST /v1/listings/{listing}/withdrawals": P.OBJECT,
    "GET /v1/reviews": P.REVIEW,
    "GET /v1/reviews/agreement": P.REVIEW,
    "GET /v1/reviews/{task}": P.REVIEW,
    "POST /v1/reviews/{task}/decision": P.REVIEW,
    "GET /v1/judgements": P.REVIEW,
    "POST /v1/judgements": P.REVIEW,
    "POST /v1/judgements/undo": P.REVIEW,
    "POST /v1/authorisations": P.AUTHORISE,
    "DELETE /v1/authorisations/{uid}": P.AUTHORISE,
    "POST /v1/reconciliation-tickets": P.ASK,
    "DELETE /v1/reconciliation-tickets/{uid}": P.ASK,
    "GET /reconcile": P.ASK,
    "POST /reconcile": P.ASK,
    "GET /reconcile/suggest/entity": P.ASK,
    "GET /reconcile/suggest/type": P.ASK,
    "GET /reconcile/suggest/property": P.ASK,
    "GET /reconcile/properties": P.ASK,
    "GET /reconcile/preview": P.ASK,
    "GET /v1/audit": P.AUDIT,
    "GET /metrics": P.METRICS,
}
# Nobody has to say who asks.
OPEN: Final = {"GET /healthz", "GET /readyz"}
OPERATIONS: Final = {
    f"{method.upper()} {path}": told
    for path, methods in DOCUMENT["paths"].items()
    for method, told in methods.items()
}
_SOUGHT: Final = {
    "GET /v1/search": {"q": "物流"},
    "GET /v1/paths": {"from": "甲公司", "to": "乙公司"},
    "GET /reconcile/preview": {"id": "s-" + "0" * 24},
}


@pytest.fixture(scope="module")
def written(house: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server that may be written to."""
    with serving(copied(house, tmp_path_factory.mktemp("granted"))) as site:
        yield site


def asked(site: Site, name: str, role: Role | None) -> Iterator[Any]:
    """Send a sound request of an operation with every type of body it takes."""
    method, _, path = name.partition(" ")
    for part in OPERATIONS[name].get("parameters", ()):
        path = path.replace(f"{{{part['name']}}}", _identifier(part["schema"]))
    content = OPERATIONS[name].get("requestBody", {}).get("content", {})
    with site.client(role, **{"X-Case-Number": "A-1"}) as client:
        for media in content or [""]:
            sent = _body(media, content)
            yield client.request(method, path, params=_SOUGHT.get(name), **sent)


def _body(media: str, content: dict[str, Any]) -> dict[str, Any]:
    if media == "application/json":
        return {"json": _resolved(content[media]["schema"])["examples"][0]}
    if media == "multipart/form-data":
        return {"files": {"file": ("l.txt", "甲公司".encode())}, "data": {"opened": "2026-11-01"}}
    return {"data": {"queries": '{"q": {"query": "物流"}}'}} if media else {}


def _identifier(schema: dict[str, Any]) -> str:
    """Return an id of the form a parameter asks for, of nothing there is."""
    pattern: str = schema.get("pattern", "")
    for form in ("s-" + "0" * 24, "l-" + "0" * 24, "t-" + "0" * 24, "0" * 32, "0" * 24, "0" * 12):
        if re.fullmatch(pattern, form):
            return form
    return "R02"


def test_the_table_names_every_operation() -> None:
    assert OPERATIONS.keys() == NEEDED.keys() | OPEN


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("name", sorted(NEEDED))
def test_an_operation_is_for_who_may_and_nobody_else(written: Site, name: str, role: Role) -> None:
    for answer in asked(written, name, role):
        if NEEDED[name] in GRANTS[role]:
            assert answer.status_code not in (401, 403), answer.text
            assert '"E90' not in answer.text  # what was sent was sound
        else:
            assert answer.status_code == 403
            assert answer.json()["code"] == "E903"


@pytest.mark.parametrize("name", sorted(NEEDED))
def test_without_a_key_an_operation_is_for_nobody(written: Site, name: str) -> None:
    for answer in asked(written, name, None):
        assert (answer.status_code, answer.json()["code"]) == (401, "E901")
