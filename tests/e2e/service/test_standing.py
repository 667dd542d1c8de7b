"""Findings kept answer as the evidence does afresh; where it changed, they are not used."""

import json
from dataclasses import replace
from typing import Any

import pytest

from api.service.asking import Inquiry, asking
from api.service.caller import Caller
from api.service.roles import Role
from api.service.running import Running, start
from api.steps import propagate_store
from graph.model import Subject
from graph.sanctions.rulebook import load_rulebook
from tests.e2e.service.conftest import NOW, House

CALLER = Caller("key", Role.DEPARTMENT, "en", "request", purpose="licensing", case="A-1")


def everyone(house: House) -> list[Subject]:
    with house.store() as store:
        return [Subject(**row) for row in store.facts.subjects(None).to_pylist() if row["strong"]]


def told(inquiry: Inquiry, subjects: list[Subject]) -> dict[str, dict[str, Any]]:
    return {each.id: inquiry.about(each) for each in subjects}


def test_what_is_kept_is_what_the_evidence_says(house: House) -> None:
    subjects = everyone(house)
    running = start(house.service, lambda: NOW)
    try:
        with asking(running, CALLER) as inquiry:
            assert inquiry.settled
            kept = told(inquiry, subjects)
            afresh = told(replace(inquiry, past=True), subjects)
    finally:
        running.close()
    assert json.dumps(kept, sort_keys=True) == json.dumps(afresh, sort_keys=True)
    assert sum(len(each["own"]) + len(each["linked"]) for each in kept.values()) > 30


@pytest.fixture
def running(own_house: House) -> Any:
    running = start(own_house.service, lambda: NOW)
    yield running
    running.close()


def test_nothing_kept_is_used_on_another_day_or_while_something_waits(
    own_house: House, running: Running
) -> None:
    with asking(running, CALLER, NOW.date().replace(day=1)) as inquiry:
        assert not inquiry.settled
    with own_house.store() as store:
        batch = store.evidence.batches()[0].uid
        store.evidence.withdraw(batch, NOW)
    with asking(running, CALLER) as inquiry:
        assert not inquiry.settled
    with own_house.store() as store:
        propagate_store(store, load_rulebook(), NOW.date(), NOW)
    with asking(running, CALLER) as inquiry:
        assert not inquiry.settled  # resolve still waits
