"""The `Overview` port: counts, what waits, and every mention's cluster."""

from pathlib import Path

from api.steps import resolve_store
from graph.ports import Store
from graph.store.sqlite import SqliteStore
from loaders.synthetic.codes import id_number, uscc
from tests.contract.rows import GROUND, NOW, SEAL, Fresh, Party, Row, write

FIRM = uscc("91", "XX000001")


def row(text: str, *codes: tuple[str, str], **more: object) -> Row:
    return Row(text, [Party("subject", "enterprise", text, codes)], **more)  # type: ignore[arg-type]


def test_an_empty_store_waits_for_nothing(store: Store) -> None:
    status = store.overview.status()
    assert status["stale"] == []
    assert status["records"] == status["mentions"] == status["findings"] == 0
    assert status["subjects"] == {}
    assert list(store.overview.clusters()) == []
    assert store.overview.sources() == store.overview.quality() == []


def test_steps_wait_until_they_are_run(store: Store) -> None:
    write(store, "lists", [row("a")])
    assert store.overview.stale() == ["resolve", "propagate"]
    resolve_store(store, NOW, full=False)
    assert store.overview.stale() == ["propagate"]
    store.findings.replace({}, NOW, GROUND)
    assert store.overview.stale() == []
    store.evidence.withdraw(store.evidence.batches()[0].uid, NOW)
    assert store.overview.stale() == ["resolve", "propagate"]


def test_the_version_is_another_whenever_somebody_else_wrote(fresh: Fresh, tmp_path: Path) -> None:
    """A store that cannot tell says so: then nothing may be kept."""
    with fresh() as store:
        before = store.overview.version()
        if before is None:
            return
        assert store.overview.version() == before
        with SqliteStore(tmp_path / "0.db", SEAL) as other:
            write(other, "lists", [row("a")])
        after = store.overview.version()
        assert after != before
        assert store.overview.version() == after


def test_codes_are_each_told_once_and_a_persons_masked(store: Store) -> None:
    person = id_number(7, female=False)
    who = Party("legal_representative", "person", "田一", (("id_card", person),))
    write(
        store,
        "lists",
        [
            row("a", ("uscc", FIRM), ("pripid", "P1")),
            Row("b", [Party("subject", "enterprise", "a", (("uscc", FIRM),)), who]),
            row("c"),
        ],
    )
    assert list(store.overview.codes()) == []
    resolve_store(store, NOW, full=False)
    told = list(store.overview.codes())
    assert told == sorted(told)
    assert sorted((kind, code) for _, kind, code in told) == [
        ("id_card", person[:6] + "*" * 8 + person[-4:]),
        ("pripid", "P1"),
        ("uscc", FIRM),
    ]


def test_a_code_in_dispute_is_told_of_nobody(store: Store) -> None:
    other = uscc("91", "XX000002")
    write(
        store,
        "lists",
        [
            row("a", ("uscc", FIRM), ("pripid", "P1")),
            row("b", ("uscc", other), ("pripid", "P1")),
        ],
    )
    resolve_store(store, NOW, full=False)
    assert {(kind, code) for _, kind, code in store.overview.codes()} == {
        ("uscc", FIRM),
        ("uscc", other),
    }


def test_before_any_resolve_everyone_is_their_own_subject(store: Store) -> None:
    write(store, "lists", [row("a", ("uscc", FIRM)), row("b", ("uscc", FIRM))])
    lines = list(store.overview.clusters())
    assert [line[6] for line in lines] == [line[5] for line in lines]
    assert {line[7] for line in lines} == {"separate"}


def test_clusters_tell_every_sighting_in_order_with_its_decision(store: Store) -> None:
    write(store, "lists", [row("a", ("uscc", FIRM)), row("b")], file="2.csv")
    write(store, "lists", [row("b"), row("c", ("uscc", FIRM))], file="1.csv")
    resolve_store(store, NOW, full=False)
    lines = list(store.overview.clusters())
    assert [line[:5] for line in lines] == [
        ("lists", "1.csv", 2, "subject", 0),
        ("lists", "1.csv", 3, "subject", 0),
        ("lists", "2.csv", 2, "subject", 0),
        ("lists", "2.csv", 3, "subject", 0),
    ]
    assert [line[7] for line in lines] == ["separate", "merge", "merge", "separate"]
    assert lines[1][6] == lines[2][6]


def test_counts_leave_out_what_was_withdrawn(store: Store) -> None:
    write(store, "lists", [row("a"), row("x", refused="E311")], file="1.csv")
    write(store, "lists", [row("b"), row("y", refused="E311")], file="2.csv")
    link = next(iter(store.evidence.refused(None))).id
    write(store, "lists", [row("mended", mends=link)], file="3.csv")
    resolve_store(store, NOW, full=False)
    status = store.overview.status()
    assert (status["records"], status["refused"], status["mended"]) == (3, 1, 1)
    assert status["subjects"] == {"enterprise": 3}
    store.evidence.withdraw(link.partition(":")[0], NOW)
    resolve_store(store, NOW, full=False)
    status = store.overview.status()
    assert (status["records"], status["refused"], status["mended"]) == (2, 1, 0)
    assert status["batches"] == 2


def test_quality_tells_refusals_and_identifier_health_by_source(store: Store) -> None:
    masked = Row("m", [Party("subject", "enterprise", "m", [("uscc", "9152************")])])
    masked.parties[0].status = "masked"
    rows = [row("a", ("uscc", FIRM)), masked, row("x", refused="E311"), row("a", ("uscc", FIRM))]
    write(store, "lists", rows, data_date="2024-05-01")
    write(store, "other", [row("b")])
    lists, other = store.overview.quality()
    assert lists["source"] == "lists"
    assert lists["data_date"] == "2024-05-01"
    counts = [lists[name] for name in ("read", "accepted", "refused", "repeated")]
    assert counts == [4, 2, 1, 1]
    assert lists["refusals"] == {"E311": 1}
    assert lists["identifiers"] == {"uscc": {"masked": 1, "valid": 1}}
    assert (other["refusals"], other["identifiers"], other["data_date"]) == ({}, {}, None)
