"""What takes too long ends with an answer that says so, and when to try again."""

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from graph.sanctions.inquiry import assess_one
from graph.store.sqlite import database
from tests.e2e.service.conftest import House, Site, serving
from tests.e2e.service.people import cast_of
from tests.e2e.service.test_audit import entries


def slowly(monkeypatch: pytest.MonkeyPatch, seconds: float) -> threading.Event:
    """Let evaluating a subject wait before it reads the store; return what tells it has begun."""
    begun = threading.Event()

    def assess(*given: Any) -> Any:
        begun.set()
        time.sleep(seconds)
        return assess_one(*given)

    monkeypatch.setattr("api.service.asking.assess_one", assess)
    return begun


def refusal(answer: Any) -> str:
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    problem = answer.json()
    assert problem["fix"]
    assert problem["where"] == ""
    code: str = problem["code"]
    return code


def test_a_question_that_reads_for_too_long_is_stopped(
    own_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    slowly(monkeypatch, 1.2)
    monkeypatch.setattr(database, "_STEPS_UNASKED", 1)
    firm = cast_of(own_house).firm.id
    with serving(own_house, replace(own_house.service, seconds=1)) as site:
        assert refusal(site.get(f"/v1/subjects/{firm}/findings")) == "E509"
        # The reader it had is free again.
        assert site.get(f"/v1/subjects/{firm}").status_code == 200


def test_who_gets_no_turn_is_told_so(own_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, firm = slowly(monkeypatch, 3), cast_of(own_house).firm.id
    one_reader = replace(own_house.service, seconds=1, readers=1)
    with serving(own_house, one_reader) as site, ThreadPoolExecutor(1) as pool:
        pool.submit(site.get, f"/v1/subjects/{firm}/findings")
        assert begun.wait(30)
        assert refusal(site.get(f"/v1/subjects/{firm}")) == "E509"


def test_a_request_that_takes_too_long_beside_its_question_is_ended(
    own_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.service.guard._BEYOND_SECONDS", 0)
    with serving(own_house, replace(own_house.service, seconds=1)) as site:
        assert "E934" in half_sent(site)
        assert site.get("/v1/sources").status_code == 200
    assert entries(own_house) == []


def half_sent(site: Site) -> str:
    """Send half a body, and return what is answered to it."""
    port = int(site.url.rpartition(":")[2])
    head = (
        "POST /v1/check HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {next(iter(site.house.secrets.values()))}\r\n"
        "Content-Length: 50\r\nConnection: close\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
        line.sendall(head.encode() + b'{"queries": ')
        return b"".join(iter(lambda: line.recv(65_536), b"")).decode()
