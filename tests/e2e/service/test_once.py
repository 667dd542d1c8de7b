"""One idempotency key sent at once by several: the work is done once, and all are told of it."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from api.service.gate import Gate
from api.steps import refresh_store
from graph.errors import StoreError
from tests.e2e.service.conftest import House, Site, serving
from tests.e2e.service.test_writing import TAX

BODY = {"source": "tax_serious", "rows": [TAX]}


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """When rows were written; each writing takes half a second."""
    moments: list[float] = []

    def slowly(*given: Any) -> Any:
        moments.append(time.monotonic())
        time.sleep(0.5)
        return refresh_store(*given)

    monkeypatch.setattr("api.service.writing.refresh_store", slowly)
    return moments


def send(site: Site, key: str = "k-1", body: Any = BODY) -> Any:
    with site.client("officer", **{"Idempotency-Key": key}) as client:
        return client.post("/v1/records", json=body)


@pytest.fixture
def sites(own_house: House) -> Iterator[list[Site]]:
    """Two servers on one store, as two processes of a service are."""
    with serving(own_house) as one, serving(own_house) as other:
        for site in (one, other):
            # What a route makes with its first request, two threads of a process make at once.
            assert send(site, "first", {"source": "nothing", "rows": [TAX]}).status_code == 422
        yield [one, other]


def test_what_is_sent_at_once_is_done_once(sites: list[Site], written: list[float]) -> None:
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(send, sites * 3))
    assert [answer.status_code for answer in answers] == [200] * 6
    assert len(written) == 1
    assert len({answer.text for answer in answers}) == 1
    assert answers[0].json()["accepted"] == 1
    replayed = [answer.headers.get("Idempotency-Replayed") for answer in answers]
    assert sorted(replayed, key=str) == [None] + ["true"] * 5


def test_another_body_under_the_key_at_work_is_refused(
    sites: list[Site], written: list[float]
) -> None:
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(send, sites[0])
        until = time.monotonic() + 30
        while not written:
            assert time.monotonic() < until
            time.sleep(0.01)
        other = send(sites[1], body={"source": "tax_serious", "rows": [TAX, TAX]})
        assert (other.status_code, other.json()["code"]) == (409, "E935")
        assert first.result(30).status_code == 200


def test_who_waits_too_long_is_told_and_may_send_anything_again(
    own_house: House, tmp_path: Path
) -> None:
    config = replace(own_house.service, seconds=1)
    access = config.access
    with serving(own_house, config) as site:
        with Gate(access.with_name(f"{access.name}.gate"), 1).held():
            late = send(site)
            assert (late.status_code, late.json()["code"]) == (503, "E503")
        assert send(site, body={"source": "tax_serious", "rows": [TAX, TAX]}).status_code == 200


def test_a_gate_opens_at_the_end_of_its_block(tmp_path: Path) -> None:
    one, other = Gate(tmp_path / "gate", 0.1), Gate(tmp_path / "gate", 0.1)
    with one.held():
        for gate in (one, other):
            with pytest.raises(StoreError, match="E503"), gate.held():
                pass
    with pytest.raises(KeyError), one.held():
        raise KeyError
    with other.held():
        pass
