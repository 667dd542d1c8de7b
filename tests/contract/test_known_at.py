"""Old answers can be given again: a store read as it was known at a past moment."""

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from api.steps import propagate_store, refresh_store
from api.stores import open_store
from graph.ports import Reach, Store
from graph.sanctions.inquiry import assess_one
from graph.sanctions.rulebook import load_rulebook
from graph.secrecy import digest
from graph.store.sqlite import SqliteStore
from loaders.synthetic.codes import id_number, uscc
from tests.contract.judging import about, judge, mentions
from tests.contract.rows import ROWS_OF_ONE, SEAL, Opened, Party, Row, write

DAY = date(2026, 11, 1)
RULES = load_rulebook()
FIRM, OTHER = (uscc("91", f"XX00000{n}") for n in (1, 2))
PERSON = id_number(1, female=False)
RECORDS = [digest(source, text).hex() for source, text in ((b"lists", b"2026-04-01"),)]


def firm(name: str, code: str | None = FIRM) -> Party:
    return Party("subject", "enterprise", name, [("uscc", code)] if code else [])


def listed(text: str, *events: tuple[str, str | None]) -> Row:
    told = {"kind": "wage_arrears", "authority": "某局", "number": "1号", "violated": "2026-01-01"}
    listing = told | {"decided": "2026-03-01", "since": "2026-03-01", "events": events}
    return Row(text, [firm("某某一厂")], key="case", version=text[-10:], listing=listing)


def led(text: str) -> Row:
    head = Party("legal_representative", "person", "张某", [("id_card", PERSON)])
    ties = [("legal_representative", 1, 0, "2020-01-01", None)]
    return Row(text, [firm("某某一厂"), head], relations=ties)


Judging = Callable[[Store, datetime], object]


def told_apart(store: Store, at: datetime) -> None:
    judge(store, (mentions(store)[0], mentions(store)[-1]), "different", at=at)


def taken_back(store: Store, at: datetime) -> None:
    about(store, store.judgements.ledger()[0].uid, "undo", at=at)


class Office:
    """A store with a clock, and what it answered at each step."""

    def __init__(self, opened: Opened) -> None:
        self.opened, self.now = opened, datetime(2026, 11, 1, 8, tzinfo=UTC)
        self.answers: list[tuple[datetime, Any]] = []

    def step(
        self, source: str = "", *rows: Row, withdraw: str = "", says: Judging | None = None
    ) -> None:
        self.now += timedelta(minutes=1)
        with self.opened(None) as store:
            if says is not None:
                says(store, self.now)
            if rows:
                write(store, source, rows, file=f"{self.now:%H%M}.csv", at=self.now)
            for batch in store.evidence.batches():
                if batch.source == withdraw and not batch.withdrawn_at:
                    store.evidence.withdraw(batch.uid, self.now)
            refresh_store(store, RULES, DAY, self.now)
            propagate_store(store, RULES, DAY, self.now)
            self.answers.append((self.now, answer(store)))


def answer(store: Store) -> Any:
    """Return all that can be asked of a store, without recorded times."""
    subjects = store.facts.subjects(None).column("id").to_pylist()
    return {
        "clusters": list(store.overview.clusters()),
        "findings": [body["id"] for body in store.findings.current()],
        "fresh": {
            subject: [f.id for f in assess_one(store.facts, RULES, subject, DAY).outcome.findings]
            for subject in subjects
        },
        "relations": store.facts.relations(None).sort_by("record").to_pylist(),
        "listings": store.facts.listings(None),
        "ties": {
            subject: store.facts.ties({subject}, Reach(DAY, 9)).relations.to_pylist()
            for subject in subjects
        },
        "bids": store.facts.bids(None),
        "named": store.finder.search("某某一", 9),
        "called": store.finder.by_name("某某一厂", 9),
        "coded": store.finder.by_keys([SEAL.key_of("uscc", FIRM)]),
        "members": {subject: store.finder.members(subject) for subject in subjects},
        "subjects": [store.finder.by_id(subject) for subject in subjects],
        "reviews": store.resolution.reviews().num_rows,
        "batches": [(batch.file, batch.withdrawn_at) for batch in store.evidence.batches()],
        "records": [store.evidence.record(record) is None for record in RECORDS],
        "refused": list(store.evidence.refused(None)),
        "quality": store.overview.quality(),
        "codes": list(store.overview.codes()),
        "judged": store.judgements.ledger(),
        "placed": store.judgements.placed(),
        "in force": store.resolution.judgements(None).to_pylist(),
        "posts": store.resolution.posts(None).to_pylist(),
    }


@pytest.fixture(scope="module")
def office(opened: Opened) -> Office:
    office = Office(opened)
    office.step("lists", listed("2026-03-01"))
    office.step("register", led("post"))
    office.step("lists", listed("2026-04-01", ("repaired", "2026-04-01")))
    office.step("other", Row("x", [firm("某某一厂", OTHER)]), Row("y", [firm("某某一厂", None)]))
    office.step("tender", Row("bid", [firm("某某一厂")], bid=("project", "1")))
    office.step(says=told_apart)
    office.step("register", withdraw="register")
    office.step("register", led("post"))
    office.step("another", Row("z", [firm("某某一厂甲", OTHER), firm("某某一店")]))
    office.step(says=taken_back)
    office.step("lists", withdraw="lists")
    return office


def test_every_answer_ever_given_can_be_given_again(office: Office) -> None:
    assert len({str(told) for _, told in office.answers}) == len(office.answers)
    for at, told in office.answers:
        with office.opened(at) as store:
            assert answer(store) == told


def test_before_the_first_load_nothing_was_known(office: Office) -> None:
    with office.opened(datetime(2026, 1, 1, tzinfo=UTC)) as store:
        told = answer(store)
        assert all(told.pop("records"))
        assert not any(told.values())


def test_a_moment_is_the_same_whatever_its_offset(tmp_path: Path) -> None:
    path, loaded = tmp_path / "store.db", datetime(2026, 11, 1, 20, 0, tzinfo=UTC)
    with SqliteStore(path, SEAL) as store:
        write(store, "lists", ROWS_OF_ONE, at=loaded)
    china = timezone(timedelta(hours=8))
    for before, known in ((timedelta(minutes=1), 0), (-timedelta(minutes=1), 1)):
        moment = loaded - before
        for written in (moment, moment.astimezone(china), moment.replace(tzinfo=None)):
            with closing(open_store(path, SEAL, new=False, known_at=written)) as past:
                assert len(past.evidence.batches()) == known
