"""The description against the service itself, by requests made up from it, with every role.

CREDITGRAPH_FUZZ_EXAMPLES is how many requests are made up for each operation.
"""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import Case
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.core.result import Ok

from api.app import create_app
from api.service.config import read_service
from api.service.roles import Role
from api.settings import read_settings
from tests.e2e.service.conftest import House, Site, copied, serving
from tests.e2e.service.people import cast_of

EXAMPLES = int(os.environ.get("CREDITGRAPH_FUZZ_EXAMPLES", "3"))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
_OPEN = ("/healthz", "/readyz")
_SETTINGS = read_settings({}, {"CREDITGRAPH_STORE": "none.db"})
DOCUMENT = create_app(read_service(_SETTINGS, {})).openapi()
schema = schemathesis.openapi.from_dict(DOCUMENT)
OPERATIONS = {
    f"{each.method.upper()} {each.path}": each
    for each in (found.ok() for found in schema.get_all_operations() if isinstance(found, Ok))
}


@dataclass(frozen=True)
class Live:
    """A server that may be written to, and what its addresses may hold."""

    site: Site
    known: Mapping[str, str]


@pytest.fixture(scope="module")
def live(house: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    own = copied(house, tmp_path_factory.mktemp("fuzzed"))
    cast = cast_of(own)
    with own.store() as store:
        finding = next(iter(store.findings.current()))["id"]
        listing = store.facts.listings(None)[0].id
    with serving(own) as site:
        task = site.get("/v1/reviews").json()["tasks"][0]["task"]
        known = {
            "/v1/subjects/{uid}": cast.firm.id,
            "/v1/findings/{uid}": finding,
            "/v1/listings/{listing}": listing,
            "/v1/reviews/{task}": task,
            "/v1/rules/{rule}": "R01",
        }
        yield Live(site, known)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_no_answer_is_a_fault_or_undescribed(name: str, live: Live) -> None:
    """No 5xx, no status or shape that the description does not tell, whoever asks."""

    @given(case=OPERATIONS[name].as_strategy())
    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
    def asked(case: Case[Any]) -> None:
        for role in (None, *Role):
            secret = "" if role is None else live.site.house.secrets[role]
            headers = {"Authorization": f"Bearer {secret}"} if secret else {}
            for each in (case, *_with_known_ids(case, live.known)):
                each.call_and_validate(
                    base_url=live.site.url, headers=headers, checks=CHECKS, timeout=60
                )

    asked()


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_the_body_shown_is_one_that_can_be_read(name: str, live: Live) -> None:
    method, _, path = name.partition(" ")
    body = DOCUMENT["paths"][path][method.lower()].get("requestBody", {})
    told = body.get("content", {}).get("application/json")
    if told is None:
        pytest.skip("takes no JSON")
    for place, uid in live.known.items():
        path = path.replace(place, place[: place.index("{")] + uid)
    with live.site.client("officer", **{"X-Case-Number": "1"}) as client:
        for example in _resolved(told["schema"])["examples"]:
            answer = client.request(method, path, json=example)
            assert answer.status_code < 500, answer.text
            assert answer.json().get("code") not in ("E907", "E908"), answer.text


def _with_known_ids(case: Case[Any], known: Mapping[str, str]) -> Iterator[Case[Any]]:
    """Yield the case about something that is there."""
    for place, uid in known.items():
        if case.operation.path.startswith(place):
            path = dict.fromkeys(case.path_parameters, uid)
            yield case.operation.Case(
                method=case.method,
                path_parameters=path,
                query=case.query,
                headers=case.headers,
                body=case.body,
                media_type=case.media_type,
            )


def _operations() -> Iterator[tuple[str, Mapping[str, Any]]]:
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def test_every_operation_says_what_it_does_and_shows_how() -> None:
    for name, operation in _operations():
        assert operation["description"] or operation["summary"], name
        content = operation.get("requestBody", {}).get("content", {})
        for media, told in content.items():
            shape = _resolved(told["schema"])
            forms = media != "application/json"
            assert forms or shape.get("examples"), f"{name} shows no body"


def test_every_operation_behind_a_key_says_so() -> None:
    for name, operation in _operations():
        if name.partition(" ")[2] in _OPEN:
            continue
        assert operation.get("security"), name
        assert {"400", "401", "403", "422", "429", "503"} <= operation["responses"].keys(), name


def _resolved(shape: Mapping[str, Any]) -> Mapping[str, Any]:
    place = shape.get("$ref", "")
    found: Any = DOCUMENT
    for step in place.removeprefix("#/").split("/") if place else ():
        found = found[step]
    return found if place else shape


def test_the_page_of_the_description_asks_nobody_else(site: Site) -> None:
    page = site.get("/docs", None).text
    assert "http://" not in page.replace(site.url, "")
    assert "https://" not in page


def test_the_description_is_what_the_service_hands_out(site: Site) -> None:
    assert site.get("/openapi.json", None).json() == json.loads(json.dumps(DOCUMENT))
    assert DOCUMENT["openapi"].startswith("3.1")
    shapes = DOCUMENT["components"]["schemas"]
    # Two shapes of one name would be told apart by the places of our modules.
    assert not [name for name in shapes if "__" in name]
