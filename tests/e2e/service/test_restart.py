"""Killed under load and started again: what was answered is there, and can be sent again."""

import threading
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest

from api.steps import propagate_store
from graph.sanctions.rulebook import load_rulebook
from tests.e2e.service.conftest import House, Site
from tests.e2e.service.process import killed, started
from tests.e2e.service.test_writing import TAX

WRITERS, ANSWERS = 4, 8


class Writer(threading.Thread):
    """Pushes rows one by one, each under a key of its own, until nobody answers."""

    def __init__(self, site: Site, number: int, enough: threading.Event) -> None:
        super().__init__()
        self.site, self.number, self.enough = site, number, enough
        self.answers: dict[str, Any] = {}
        self.other: list[int] = []

    def run(self) -> None:
        with self.site.client("officer") as client, suppress(httpx2.TransportError):
            for turn in range(1_000):
                key = f"{self.number}-{turn}"
                answer = send(client, key)
                if answer.status_code != 200:
                    self.other.append(answer.status_code)
                    continue
                self.answers[key] = answer.json()
                if len(self.answers) >= ANSWERS // WRITERS:
                    self.enough.set()


def send(client: httpx2.Client, key: str) -> httpx2.Response:
    row = TAX | {"决定书文号": f"钟税稽罚〔2026〕{key}号"}
    headers = {"Idempotency-Key": key}
    return client.post(
        "/v1/records", json={"source": "tax_serious", "rows": [row]}, headers=headers
    )


@pytest.fixture
def own_house(own_house: House) -> House:
    """A house propagated today: beside findings of another day, those of a push wait."""
    now = datetime.now(UTC)
    with own_house.store() as store:
        propagate_store(store, load_rulebook(), now.astimezone().date(), now)
    return own_house


@pytest.mark.slow
@pytest.mark.parametrize("processes", [1, 2])
def test_no_accepted_write_is_lost(own_house: House, processes: int) -> None:
    with started(own_house, processes) as first:
        enough = threading.Event()
        writers = [Writer(first.site, number, enough) for number in range(WRITERS)]
        for writer in writers:
            writer.start()
        assert enough.wait(240)
        killed(first.process)
        for writer in writers:
            writer.join(120)
    answers = {key: told for writer in writers for key, told in writer.answers.items()}
    assert len(answers) >= 2
    # A busy machine may refuse some for want of time: then nothing was promised.
    assert {status for writer in writers for status in writer.other} <= {503}
    with own_house.store() as store:
        for told in answers.values():
            (row,) = told["rows"]
            record = store.evidence.record(row["record"])
            assert record is not None
            assert record["active"]
        assert store.overview.stale() == []
    with own_house.access() as access:
        assert access.verify()[2] is None
    with started(own_house) as second, second.site.client("officer") as client:
        for key, told in answers.items():
            again = send(client, key)
            assert again.json() == told
            assert again.headers["Idempotency-Replayed"] == "true"
        late = send(client, "late")
        while late.status_code == 503:  # told to come again: under its key nothing is done twice
            late = send(client, "late")
        assert late.json()["rows"][0]["state"] in ("accepted", "repeated")
