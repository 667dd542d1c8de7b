"""The service on a Neo4j server: the same answers, and what is written takes effect at once."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from api.service.config import read_service
from api.settings import read_settings
from tests.e2e.conftest import Shell
from tests.e2e.service.conftest import House, Site, copied, serving
from tests.e2e.service.people import cast_of
from tests.e2e.service.test_writing import TAX, pushed, sent
from tests.support.fixtures import emptied, given_server

pytestmark = pytest.mark.neo4j


@pytest.fixture(scope="module")
def distant(
    request: pytest.FixtureRequest, house: House, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """The service on a server that holds a copy of the house's store."""
    server = given_server(request)
    emptied(server)
    own = copied(house, tmp_path_factory.mktemp("distant"))
    shell = Shell(own.folder, server=server)
    assert shell("copy", "--from", own.folder / "store.db", "--to", server.uri).code == 0
    environment = {
        "CREDITGRAPH_STORE": server.uri,
        "CREDITGRAPH_NEO4J_USER": server.user,
        "CREDITGRAPH_NEO4J_PASSWORD": server.password,
        "CREDITGRAPH_KEY_FILE": str(own.folder / "key"),
    }
    service = read_service(read_settings({}, environment), environment)
    with serving(own, replace(service, access=own.service.access, rate="100000/minute")) as site:
        yield site
    emptied(server)


@pytest.mark.parametrize("role", ["officer", "department", "public"])
def test_questions_are_answered_as_on_a_file(site: Site, distant: Site, role: str) -> None:
    cast = cast_of(site.house)
    paths = [
        f"/v1/subjects/{cast.firm.id}",
        f"/v1/subjects/{cast.firm.id}/relations",
        f"/v1/subjects/{cast.firm.id}/findings",
        f"/v1/subjects/{cast.firm.id}/graph?depth=2",
        "/v1/search?q=公司&limit=5",
        "/v1/rules/R18",
    ]
    for path in paths:
        ours, theirs = (each.get(path, role) for each in (distant, site))
        assert (ours.status_code, ours.json()) == (theirs.status_code, theirs.json()), path
    queries = {"queries": {"a": {"subject": cast.firm.id}, "b": {"name": cast.firm.name}}}
    ours, theirs = (each.post("/v1/check", queries, role).json() for each in (distant, site))
    assert ours["responses"] == theirs["responses"]


def test_it_says_that_it_is_ready(distant: Site) -> None:
    assert distant.get("/readyz", None).json() == {"status": "ready", "waiting": []}


def test_what_is_written_takes_effect_at_once(distant: Site) -> None:
    told = pushed(distant, "tax_serious", TAX)
    (row,) = told["rows"]
    assert (row["state"], told["waiting"]) == ("accepted", [])
    assert row["subjects"]
    assert told["appeared"]
    (subject,) = {each["subject"] for each in told["appeared"]} & set(row["subjects"])
    held = distant.get(f"/v1/subjects/{subject}/findings").json()
    assert held["own"]
    (listing,) = held["listings"]
    paused = sent(distant, listing["id"], "objections", filed="2026-11-10", reason="主体有误")
    assert (paused["status"], paused["rows"][0]["state"]) == ("objected", "accepted")
    assert distant.get(f"/v1/subjects/{subject}/findings").json()["own"] == []
