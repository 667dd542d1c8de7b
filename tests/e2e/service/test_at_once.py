"""Questions by code answered without a thread: the same words, the same log, nothing stale."""

import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from api.service import pool
from api.service.roles import Role
from api.service.running import start
from graph.errors import StoreError
from graph.identifiers import IdType
from graph.sanctions.inquiry import assess_one
from graph.store.sqlite import database
from tests.e2e.service.conftest import NOW, House, Site, serving
from tests.e2e.service.test_audit import entries
from tests.e2e.service.test_writing import FIRM, HEAD, MARKET, PERSON, TAX, listing_of, pushed

DAY = NOW.date().isoformat()
ROLES = ("public", "department", "procurement", "reviewer", "officer", "auditor")


def check(site: Site, code: str, role: str = "department", **params: str) -> Any:
    with site.client(role, **{"X-Case-Number": "A-1"}) as client:
        answer = client.post(
            "/v1/check", json={"queries": {"q": {"identifier": code}}}, params=params
        )
    return answer.json()


def told(site: Site) -> tuple[int, bool]:
    """Return how many listings are told of the firm, and whether findings are."""
    answer = check(site, FIRM)["responses"]["q"]
    return len(answer.get("listings", ())), bool(answer.get("own"))


@pytest.fixture
def evaluated(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Subjects the evidence was asked about afresh, in order."""
    seen: list[str] = []

    def assess(facts: Any, rulebook: Any, subject: Any, as_of: Any) -> Any:
        seen.append(subject)
        return assess_one(facts, rulebook, subject, as_of)

    monkeypatch.setattr("api.service.asking.assess_one", assess)
    return seen


@pytest.fixture
def two_sites(own_house: House) -> Iterator[tuple[Site, Site]]:
    """Two servers on one store, as two processes of a service are."""
    with serving(own_house) as one, serving(own_house) as other:
        yield one, other


@pytest.mark.parametrize("role", ROLES)
def test_who_asks_plainly_is_told_what_the_route_tells(site: Site, role: str) -> None:
    with site.house.store() as store:
        codes = [code for _, kind, code in store.overview.codes() if kind == IdType.USCC.value]
    for code in [*codes[:12], "91520201XX0001011N", PERSON, "no code"]:
        plainly = check(site, code, role)
        # A language in the address is a parameter, which only the route reads.
        assert plainly == check(site, code, role, lang="en")


def test_both_ways_leave_the_same_entry(own_site: Site) -> None:
    pushed(own_site, "tax_serious", TAX)
    check(own_site, FIRM)
    check(own_site, FIRM, lang="en")
    *_, plainly, by_route = entries(own_site.house)
    for entry in (plainly, by_route):
        del entry["at"], entry["request"]
    assert plainly == by_route
    assert plainly["subjects"]
    assert plainly["case"] == "A-1"


def repaired(site: Site) -> None:
    with site.client("officer") as client:
        body = {"decided": DAY}
        answer = client.post(f"/v1/listings/{listing_of(site)}/withdrawals", json=body)
    assert answer.status_code == 200, answer.text


def withdrawn(site: Site) -> None:
    with site.house.store() as store:
        store.evidence.withdraw(store.evidence.batches()[-1].uid, NOW)


@pytest.mark.parametrize("end", [repaired, withdrawn])
def test_what_anybody_writes_is_in_the_next_answer_of_every_process(
    two_sites: tuple[Site, Site], evaluated: list[str], end: Callable[[Site], None]
) -> None:
    one, other = two_sites
    for site in two_sites:
        assert check(site, FIRM)["responses"]["q"]["subject"] is None
    pushed(one, "market_main", MARKET)
    pushed(one, "tax_serious", TAX)
    assert [told(site) for site in two_sites] == [(1, True), (1, True)]
    assert not evaluated  # findings kept have answered so far
    end(one)
    assert [told(site) for site in (other, one)] == [(0, False), (0, False)]


def test_a_question_that_takes_long_goes_to_a_thread(
    own_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    pushed(own_site, "tax_serious", TAX)
    before = check(own_site, FIRM, "officer")
    threads: list[str] = []

    def assess(facts: Any, rulebook: Any, subject: Any, as_of: Any) -> Any:
        threads.append(threading.current_thread().name)
        if len(threads) == 1:
            raise StoreError("E509")
        return assess_one(facts, rulebook, subject, as_of)

    monkeypatch.setattr("api.service.asking.assess_one", assess)
    assert check(own_site, FIRM, "officer") == before
    assert len(set(threads)) == 2
    last, again = entries(own_site.house)[-2:]
    assert (again["asked"], again["subjects"]) == (last["asked"], last["subjects"])


def test_reading_ends_when_others_have_waited_long_enough(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "_GLANCE_SECONDS", -1)
    monkeypatch.setattr(database, "_STEPS_UNASKED", 1)
    running = start(house.service, lambda: NOW)

    def read() -> None:
        with running.pool.glancing() as front:
            assert front is not None
            front.store.overview.status()

    try:
        with pytest.raises(StoreError, match="E509"):
            read()
    finally:
        running.close()


@pytest.mark.parametrize(
    ("headers", "params"),
    [
        pytest.param({"X-Purpose": "curiosity"}, {}, id="no-such-purpose"),
        pytest.param({"X-Case-Number": "钟山".encode()}, {}, id="case-not-encoded"),
        pytest.param({"X-Authorisation": "a b"}, {}, id="no-token"),
        pytest.param({}, {"lang": "fr"}, id="no-such-language"),
    ],
)
def test_what_a_request_says_of_itself_is_looked_into(
    site: Site, headers: dict[str, str], params: dict[str, str]
) -> None:
    with site.client("department") as client:
        body = {"queries": {"q": {"identifier": FIRM}}}
        answer = client.post("/v1/check", json=body, params=params, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "E908")


def test_a_person_is_told_of_for_a_purpose_only(own_site: Site) -> None:
    pushed(own_site, "tax_serious", TAX)
    with own_site.client(Role.DEPARTMENT, **{"X-Purpose": ""}) as client:
        answer = client.post("/v1/check", json={"queries": {"q": {"identifier": PERSON}}})
    assert answer.json()["responses"]["q"]["error"]["code"] == "E904"
    assert HEAD not in answer.text
    allowed = check(own_site, PERSON)["responses"]["q"]
    assert allowed["status"] == 200
    assert PERSON not in json.dumps(allowed)
