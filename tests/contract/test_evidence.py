"""The `Evidence` port: batches, sightings, refused rows, withdrawal."""

import pytest

from graph.errors import QueryError
from graph.ports import Store
from tests.contract.rows import NOW, Party, Row, write


def firm(text: str, **more: object) -> Row:
    return Row(text, [Party("subject", "enterprise", text)], **more)  # type: ignore[arg-type]


def test_every_row_is_accepted_refused_or_repeated(store: Store) -> None:
    counts = write(store, "lists", [firm("a"), firm("b"), firm("a"), firm("c", refused="E301")])
    assert (counts.read, counts.accepted, counts.refused, counts.repeated) == (4, 2, 1, 1)


def test_a_file_loaded_twice_changes_nothing(store: Store) -> None:
    write(store, "lists", [firm("a")])
    before = (list(store.overview.clusters()), store.evidence.batches())
    write(store, "lists", [firm("a")])
    assert (list(store.overview.clusters()), store.evidence.batches()) == before


def test_a_row_seen_in_two_files_is_one_record_with_two_sightings(store: Store) -> None:
    write(store, "lists", [firm("a")], file="one.csv")
    write(store, "lists", [firm("a"), firm("b")], file="two.csv")
    clusters = list(store.overview.clusters())
    assert [(row[1], row[2]) for row in clusters] == [
        ("one.csv", 2),
        ("two.csv", 2),
        ("two.csv", 3),
    ]
    assert len({row[5] for row in clusters}) == 2


def test_a_failed_batch_leaves_nothing(store: Store) -> None:
    rows = [firm("a"), Row("b", [Party("subject", "enterprise", None)])]  # type: ignore[arg-type]
    with pytest.raises(Exception, match=r"NOT NULL|must be str"):
        write(store, "lists", rows)
    assert store.evidence.batches() == []
    assert store.overview.status()["records"] == 0


def test_withdrawing_a_batch_keeps_what_another_batch_also_states(store: Store) -> None:
    write(store, "lists", [firm("a"), firm("b")], file="one.csv")
    write(store, "lists", [firm("b")], file="two.csv")
    store.evidence.withdraw(store.evidence.batches()[0].uid, NOW)
    assert [row[5] for row in store.overview.clusters()] == [
        row[5] for row in store.overview.clusters() if row[1] == "two.csv"
    ]
    assert store.overview.status()["records"] == 1


def test_a_withdrawn_file_can_be_loaded_again(store: Store) -> None:
    write(store, "lists", [firm("a")])
    before = list(store.overview.clusters())
    store.evidence.withdraw(store.evidence.batches()[0].uid, NOW)
    assert list(store.overview.clusters()) == []
    write(store, "lists", [firm("a")])
    assert list(store.overview.clusters()) == before


def test_a_batch_cannot_be_withdrawn_twice(store: Store) -> None:
    write(store, "lists", [firm("a")])
    uid = store.evidence.batches()[0].uid
    store.evidence.withdraw(uid, NOW)
    with pytest.raises(QueryError, match="E601"):
        store.evidence.withdraw(uid, NOW)


def test_a_mended_row_is_linked_to_the_refused_one(store: Store) -> None:
    write(store, "lists", [firm("a", refused="E311")])
    refused = list(store.evidence.refused(None))
    counts = write(store, "lists", [firm("a!", mends=refused[0].id)], file="mended.csv")
    assert counts.mended == 1
    assert list(store.evidence.refused(None)) == []
    assert store.overview.status()["mended"] == 1


def test_withdrawing_the_mended_row_brings_the_refusal_back(store: Store) -> None:
    write(store, "lists", [firm("a", refused="E311")])
    link = next(iter(store.evidence.refused(None))).id
    write(store, "lists", [firm("a!", mends=link)], file="mended.csv")
    store.evidence.withdraw(store.evidence.batches()[-1].uid, NOW)
    assert [row.id for row in store.evidence.refused(None)] == [link]


def test_a_record_is_told_with_masked_personal_identifiers(store: Store) -> None:
    person = Party("subject", "person", "张某", [("id_card", "52020118900101123X")])
    write(store, "lists", [Row("p", [person])])
    record = next(store.overview.clusters())[5].partition(":")[0]
    told = store.evidence.record(record)
    assert told is not None
    shown = told["mentions"][0]["identifiers"][0]["value"]
    assert "18900101" not in shown
    assert store.evidence.record("00" * 16) is None
    assert store.evidence.record("not hexadecimal") is None
