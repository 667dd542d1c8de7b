"""The `Findings` port again: whose findings a change in the evidence may change."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from api.steps import resolve_store
from graph.model import SubjectId
from graph.ports import Store
from loaders.synthetic.codes import uscc
from tests.contract.rows import GROUND, NOW, Party, Row, write

LATER = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
CODES = {name: uscc("91", f"XX00000{place}") for place, name in enumerate("甲乙丙")}
CASE = {"kind": "wage_arrears", "authority": "某局", "number": "1号"}


def firm(name: str) -> Party:
    return Party("subject", "enterprise", f"{name}某厂", [("uscc", CODES[name])])


def ids(store: Store, *names: str) -> set[SubjectId]:
    return {hit.id for name in names for hit in store.finder.by_name(f"{name}某厂", 9)}


@pytest.fixture
def settled(store: Store) -> Store:
    """Three firms, the first listed; the rulebook was asked, and nothing changed since."""
    more: dict[str, Any] = {"version": "2021-01-01", "series": "甲"}
    rows = [Row("a1", [firm("甲")], key="a", listing=CASE, **more)]
    write(store, "lists", rows, file="one.csv", data_date="2022-01-01")
    write(store, "lists", [Row("b", [firm("乙")]), Row("c", [firm("丙")])], file="two.csv")
    resolve_store(store, NOW, full=False)
    store.findings.replace({}, NOW, GROUND)
    return store


def test_nothing_waits_until_something_changes(settled: Store) -> None:
    assert settled.findings.waiting(GROUND) == frozenset()
    assert settled.findings.waiting("2026-11-02 rulebook") is None


def test_nobody_was_asked_about_in_a_new_store(store: Store) -> None:
    assert store.findings.waiting(GROUND) is None


def _new_row(store: Store) -> None:
    write(store, "more", [Row("d", [firm("乙")])])


def _correction(store: Store) -> None:
    row = Row("a2", [firm("乙")], key="a", version="2022-01-01", listing=CASE)
    write(store, "lists", [row], file="three.csv")


def _older_version(store: Store) -> None:
    write(store, "lists", [Row("a0", [firm("丙")], key="a", version="2020-01-01")], file="3.csv")


def _change_of_one_series(store: Store) -> None:
    party = Party("operator", "person", "丁某", [])
    tie = [("operator", 1, 0, "2022-01-01", None)]
    more: dict[str, Any] = {"version": "2022-01-01", "series": "甲"}
    write(store, "changes", [Row("s2", [firm("乙"), party], relations=tie, **more)])


def _event_by_name_alone(store: Store) -> None:
    party = Party("subject", "enterprise", "甲某厂")
    write(store, "repairs", [Row("e", [party], events=[("repaired", None, "某局", "1号")])])


def _withdrawal(store: Store) -> None:
    (batch,) = [each for each in store.evidence.batches() if each.file == "one.csv"]
    store.evidence.withdraw(batch.uid, LATER)


@pytest.mark.parametrize(
    ("change", "names"),
    [
        pytest.param(_new_row, "乙", id="a new row"),
        pytest.param(_correction, "甲乙", id="a correction, and whom it no longer names"),
        pytest.param(_older_version, "甲丙", id="an older version"),
        pytest.param(_change_of_one_series, "甲乙", id="what ends an earlier tie"),
        pytest.param(_event_by_name_alone, "甲", id="an event that names its party"),
        pytest.param(_withdrawal, "甲", id="a withdrawal"),
    ],
)
def test_whom_a_change_may_concern_waits(
    settled: Store, change: Callable[[Store], None], names: str
) -> None:
    before = ids(settled, *names)
    change(settled)
    resolve_store(settled, LATER, full=False)
    waiting = settled.findings.waiting(GROUND)
    assert waiting is not None
    assert before | ids(settled, *names) <= waiting
    assert not waiting & (ids(settled, *CODES) - ids(settled, *names))
    settled.findings.replace({}, LATER, GROUND, waiting)
    assert settled.findings.waiting(GROUND) == frozenset()


def test_a_repeated_row_counts_where_it_decides_between_versions(store: Store) -> None:
    """Of two undated rows the one seen last is current, so seeing the other again turns it."""
    rows = [Row("a1", [firm("甲")], key="a"), Row("a2", [firm("乙")], key="a")]
    for row, day in zip(rows, ("2022-01-01", "2023-01-01"), strict=True):
        write(store, "lists", [row], file=f"{day}.csv", data_date=day)
    resolve_store(store, NOW, full=False)
    store.findings.replace({}, NOW, GROUND)
    write(store, "lists", rows[:1], file="again.csv", data_date="2024-01-01")
    resolve_store(store, LATER, full=False)
    assert store.findings.waiting(GROUND) == frozenset(ids(store, "甲", "乙"))
    store.findings.replace({}, LATER, GROUND)
    (again,) = [batch for batch in store.evidence.batches() if batch.file == "again.csv"]
    store.evidence.withdraw(again.uid, LATER)
    resolve_store(store, LATER, full=False)
    assert store.findings.waiting(GROUND) == frozenset(ids(store, "甲", "乙"))


def test_a_bid_withdrawn_may_change_the_day_its_rivals_are_judged_by(store: Store) -> None:
    rows = [Row(name, [firm(name)], bid=("p", "1")) for name in "甲乙"]
    write(store, "bids", rows, file="one.csv")
    dated = Row("丙", [firm("丙")], bid=("p", "1"), opened="2022-01-01")
    write(store, "bids", [dated], file="two.csv")
    resolve_store(store, NOW, full=False)
    store.findings.replace({}, NOW, GROUND)
    (batch,) = [each for each in store.evidence.batches() if each.file == "two.csv"]
    store.evidence.withdraw(batch.uid, LATER)
    resolve_store(store, LATER, full=False)
    waiting = store.findings.waiting(GROUND)
    assert waiting is not None
    assert ids(store, "甲", "乙") <= waiting


def test_a_full_file_may_end_any_row_of_its_source(settled: Store) -> None:
    write(settled, "register", [Row("f", [firm("甲")])], delivery="full")
    resolve_store(settled, LATER, full=False)
    assert settled.findings.waiting(GROUND) is None


def test_a_full_resolve_leaves_everyone_to_be_looked_at(settled: Store) -> None:
    resolve_store(settled, LATER, full=True)
    assert settled.findings.waiting(GROUND) is None


class TestFeed:
    """Findings appear and are retracted in an order consumers can resume from."""

    def test_each_change_is_told_once_in_order(self, store: Store) -> None:
        finding = {"subject": "s-1", "rule": "R18", "kind": "restriction", "suspected": True}
        for bodies in ({"f-2": finding, "f-1": finding}, {"f-2": finding}, {"f-2": finding}):
            store.findings.replace(bodies, NOW, GROUND)
        told = store.findings.changes(0, 9)
        assert [(each.what, each.finding) for each in told] == [
            ("appeared", "f-1"),
            ("appeared", "f-2"),
            ("retracted", "f-1"),
        ]
        assert [each.cursor for each in told] == sorted({each.cursor for each in told})
        assert (told[2].subject, told[2].rule, told[2].kind) == ("s-1", "R18", "restriction")
        assert told[2].suspected
        assert told[2].at == NOW
        assert store.findings.changes(told[0].cursor, 1) == told[1:2]
        assert store.findings.changes(told[2].cursor, 9) == []
        assert store.findings.newest() == told[2].cursor

    def test_findings_out_of_scope_stay(self, store: Store) -> None:
        bodies = {
            f"f-{place}": {
                "subject": f"s-{place}",
                "rule": "R18",
                "kind": "restriction",
                "suspected": False,
            }
            for place in (1, 2)
        }
        store.findings.replace(bodies, NOW, GROUND)
        store.findings.replace({}, LATER, GROUND, {SubjectId("s-1"), SubjectId("s-9")})
        assert [body["id"] for body in store.findings.current()] == ["f-2"]
