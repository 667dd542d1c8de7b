"""The `Findings` port: what holds now, and what held."""

from datetime import UTC, datetime
from typing import Any

from graph.model import SubjectId
from graph.ports import Store
from tests.contract.rows import GROUND, NOW

LATER = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)


def body(uid: str, subject: str = "s-1") -> dict[str, Any]:
    return {
        "id": uid,
        "subject": subject,
        "rule": "R18",
        "kind": "restriction",
        "suspected": False,
        "text": "限制投标",
    }


def test_current_findings_are_told_in_order(store: Store) -> None:
    assert store.findings.newest() == 0
    changes = store.findings.replace({"f-2": body("f-2"), "f-1": body("f-1")}, NOW, GROUND)
    assert (changes.added, changes.removed) == (2, 0)
    assert list(store.findings.current()) == [body("f-1"), body("f-2")]


def test_asking_again_with_the_same_answer_changes_nothing(store: Store) -> None:
    store.findings.replace({"f-1": body("f-1")}, NOW, GROUND)
    changes = store.findings.replace({"f-1": body("f-1")}, LATER, GROUND)
    assert (changes.added, changes.removed) == (0, 0)
    found = store.findings.finding("f-1")
    assert found is not None
    assert (found["recorded_from"], found["recorded_to"]) == (NOW.isoformat(), None)


def test_a_finding_without_ground_is_closed_not_erased(store: Store) -> None:
    store.findings.replace({"f-1": body("f-1")}, NOW, GROUND)
    changes = store.findings.replace({}, LATER, GROUND)
    assert (changes.added, changes.removed) == (0, 1)
    assert list(store.findings.current()) == []
    found = store.findings.finding("f-1")
    assert found is not None
    assert found["text"] == "限制投标"
    assert (found["recorded_from"], found["recorded_to"]) == (NOW.isoformat(), LATER.isoformat())


def test_a_finding_may_come_back(store: Store) -> None:
    for bodies in ({"f-1": body("f-1")}, {}, {"f-1": body("f-1")}):
        store.findings.replace(bodies, NOW, GROUND)
    assert list(store.findings.current()) == [body("f-1")]
    found = store.findings.finding("f-1")
    assert found is not None
    assert found["recorded_to"] is None
    assert store.findings.finding("f-unknown") is None


def test_a_subjects_findings_are_those_that_hold_now(store: Store) -> None:
    bodies = {"f-2": body("f-2"), "f-1": body("f-1"), "f-3": body("f-3", "s-2")}
    store.findings.replace(bodies, NOW, GROUND)
    assert store.findings.of(SubjectId("s-1")) == [body("f-1"), body("f-2")]
    store.findings.replace({"f-2": body("f-2")}, LATER, GROUND)
    assert store.findings.of(SubjectId("s-1")) == [body("f-2")]
    assert store.findings.of(SubjectId("s-2")) == []
