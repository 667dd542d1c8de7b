"""The `Transfer` port: what one store hands over another takes in unchanged."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from api.steps import resolve_store
from graph.ports import Store
from graph.store.sqlite import SqliteStore
from graph.transfer import PARTS, content
from loaders.synthetic.codes import id_number, uscc
from tests.contract.judging import about, judge, mentions
from tests.contract.rows import GROUND, NOW, SEAL, Fresh, Party, Row, write
from tests.contract.test_findings import LATER, body
from tests.contract.test_resolution import picture

AT_LAST = LATER + timedelta(days=1)
FIRM, PERSON = uscc("91", "XX000001"), id_number(1, female=False)


def filled(store: Store) -> Store:
    """Return a store with something in every part of it."""
    people = [
        Party("legal_representative", "person", "张某", [("id_card", PERSON)]),
        Party(
            "subject",
            "enterprise",
            "贵州某某商贸有限公司",
            [("uscc", FIRM), ("regno", "R1")],
            traits=(("address", "人民路1号"), ("founded", "2001-02-03")),
        ),
    ]
    told: dict[str, Any] = {"kind": "penalty", "authority": "某某局", "number": "某罚〔2021〕1号"}
    told |= {"since": "2021-01-01", "named": (1,), "events": [["repaired", "2021-04-01"]]}
    tie = ("legal_representative", 0, 1, "2020-01-01", None)
    rows = [
        Row("a", people, key="a", version="2021-01-01", relations=[tie]),
        Row("b", people, listing=told),
        Row("c", people[1:], events=[("objected", "2022-01-01", "某某局", "某罚〔2021〕1号")]),
        Row("d", people[1:], bid=("project", "1"), opened="2021-06-01", series="d"),
        Row("e", [Party("subject", "enterprise", "e", [("regno", "R1")])]),
        Row("x", people, refused="E311"),
    ]
    write(store, "lists", rows, file="one.csv", data_date="2021-05-01")
    whole = [Row("gone", people, whole="某某局")]
    write(store, "other", whole, file="gone.csv", delivery="full")
    resolve_store(store, NOW, full=False)
    link = next(iter(store.evidence.refused(None))).id
    write(store, "lists", [Row("x!", people, mends=link), rows[0]], file="two.csv")
    gone = next(batch.uid for batch in store.evidence.batches() if batch.file == "gone.csv")
    store.evidence.withdraw(gone, NOW)
    write(store, "other", [Row("f", [Party("subject", "enterprise", "e", [("uscc", FIRM)])])])
    resolve_store(store, LATER, full=False)
    split = Row("g", [Party("subject", "person", "王某", [("regno", "R1")])])
    write(store, "other", [split], file="split.csv")
    resolve_store(store, LATER, full=True)
    store.findings.replace({"f-1": body("f-1"), "f-2": body("f-2")}, NOW, GROUND)
    store.findings.replace({"f-2": body("f-2")}, LATER, GROUND)
    renamed = Party("subject", "enterprise", "某某集团有限公司", people[1].identifiers)
    write(store, "register", [Row("renamed", [renamed], version="2022-01-01")])
    resolve_store(store, AT_LAST, full=False)
    one, other, *_ = mentions(store)
    said = judge(store, (one, other), "different", answered=(("fits_several", "regno", b"1" * 16),))
    about(store, about(store, said, "undo", pending=True), "confirm")
    resolve_store(store, AT_LAST, full=False)
    write(store, "other", [Row("waits", people[:1])], file="waits.csv")
    return store


def moved(giver: Store, taker: Store) -> None:
    with giver.transfer.handing_over(), taker.transfer.taking_over():
        for part in PARTS:
            for rows in giver.transfer.dump(part):
                taker.transfer.restore(part, rows)


def stopped(giver: Store, taker: Store) -> None:
    for part in PARTS[:8]:
        for rows in giver.transfer.dump(part):
            taker.transfer.restore(part, rows)
    raise ZeroDivisionError


def test_there_and_back_is_the_same_store(fresh: Fresh, tmp_path: Path) -> None:
    with SqliteStore(tmp_path / "first.db", SEAL) as first, fresh() as middle:
        filled(first)
        wanted = content(first.transfer)
        assert [part for part, (count, _) in wanted.items() if not count] == []
        assert middle.transfer.empty()
        moved(first, middle)
        assert content(middle.transfer) == wanted
        assert picture(middle) == picture(first)
        assert middle.resolution.waiting() == first.resolution.waiting() == 1
        with SqliteStore(tmp_path / "last.db", SEAL) as last:
            moved(middle, last)
            assert content(last.transfer) == wanted
            assert picture(last) == picture(first)
            assert last.resolution.waiting() == 1


def test_a_store_that_was_copied_lives_on_alike(fresh: Fresh, tmp_path: Path) -> None:
    with SqliteStore(tmp_path / "first.db", SEAL) as first, fresh() as copy:
        moved(filled(first), copy)
        more = [Row("more", [Party("subject", "enterprise", "m", [("uscc", FIRM)])])]
        for store in (first, copy):
            write(store, "lists", more, file="more.csv")
            store.evidence.withdraw(store.evidence.batches()[0].uid, LATER)
            resolve_store(store, LATER, full=False)
        assert picture(copy) == picture(first)
        assert copy.evidence.batches() == first.evidence.batches()


def test_a_store_filled_by_itself_is_not_empty(store: Store) -> None:
    assert store.transfer.empty()
    write(store, "lists", [Row("a", [Party("subject", "enterprise", "a")])])
    assert not store.transfer.empty()


def test_an_error_on_the_way_leaves_nothing_to_read(fresh: Fresh, tmp_path: Path) -> None:
    with SqliteStore(tmp_path / "first.db", SEAL) as first, fresh() as copy:
        filled(first)
        with pytest.raises(ZeroDivisionError), copy.transfer.taking_over():
            stopped(first, copy)
        assert copy.transfer.empty()
        moved(first, copy)
        assert content(copy.transfer) == content(first.transfer)
