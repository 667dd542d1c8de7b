"""The `CaseFacts` port: newest versions, what ended when, and who an event is about."""

from collections.abc import Sequence
from datetime import date
from itertools import permutations
from typing import Any

import pyarrow as pa
import pytest

from api.steps import resolve_store
from graph.model import Listing
from graph.ports import Reach, Store
from loaders.synthetic.codes import id_number, uscc
from tests.contract.rows import NOW, SEAL, Fresh, Party, Row, write

FIRM, OTHER = uscc("91", "XX000001"), uscc("91", "XX000002")
PERSON = id_number(1, female=False)
PENALTY = {"kind": "penalty", "authority": "某某局", "number": "某罚〔2021〕1号"}


def post(text: str, version: str | None, key: str | None = "post", **more: Any) -> Row:
    """Return a row saying that a person holds a post in a firm since a day."""
    return Row(
        text,
        [
            Party("legal_representative", "person", f"{text}某", [("id_card", PERSON)]),
            Party("subject", "enterprise", "某某有限公司", [("uscc", FIRM)]),
        ],
        key=key,
        version=version,
        relations=[("legal_representative", 0, 1, more.get("since"), more.get("until"))],
    )


def listed(text: str, code: str = FIRM, name: str = "某某有限公司", **more: Any) -> Row:
    told = PENALTY | more.pop("told", {})
    return Row(text, [Party("subject", "enterprise", name, [("uscc", code)])], listing=told, **more)


def event(text: str, status: str = "repaired", name: str = "某某有限公司", **more: Any) -> Row:
    codes = [("uscc", more.pop("code"))] if "code" in more else []
    case = (status, more.pop("on", "2022-01-01"), "某某局", more.pop("number", "某罚[2021]1号"))
    return Row(text, [Party("subject", "enterprise", name, codes)], events=[case], **more)


def resolved(store: Store, *files: Sequence[Row], source: str = "lists") -> Store:
    for place, rows in enumerate(files):
        write(store, source, rows, file=f"{place}.csv")
    resolve_store(store, NOW, full=False)
    return store


def spans(store: Store) -> list[tuple[date | None, date | None]]:
    rows = store.facts.relations(None).to_pylist()
    return sorted(((r["since"], r["until"]) for r in rows), key=str)


def only(store: Store) -> Listing:
    (listing,) = store.facts.listings(None)
    return listing


def test_a_statement_becomes_a_relation_between_subjects(store: Store) -> None:
    resolved(store, [post("a", "2020-01-01", since="2020-01-01")])
    (relation,) = store.facts.relations(None).to_pylist()
    subjects = {row["id"]: row["kind"] for row in store.facts.subjects(None).to_pylist()}
    assert relation["type"] == "legal_representative"
    assert (subjects[relation["source"]], subjects[relation["target"]]) == ("person", "enterprise")
    assert relation["strong"] is True
    assert (relation["since"], relation["until"]) == (date(2020, 1, 1), None)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_newest_version_by_its_own_dates_is_current(
    order: tuple[int, ...], fresh: Fresh
) -> None:
    rows = [
        listed("old", key="case", version="2021-01-01", told={"since": "2021-01-01"}),
        listed("new", key="case", version="2023-01-01", told={"since": "2023-01-01"}),
        listed("mid", key="case", version="2022-01-01", told={"since": "2022-01-01"}),
    ]
    with fresh() as store:
        resolved(store, *([rows[place]] for place in order))
        assert only(store).since == date(2023, 1, 1)
        (subject,) = store.facts.subjects(None).column("id").to_pylist()
        assert store.facts.listings({subject}) == store.facts.listings(None)


def test_versions_without_dates_follow_the_days_of_their_files(fresh: Fresh) -> None:
    rows = [
        ("one.csv", "2022-05-01", listed("a", key="case", told={"since": "2022-01-01"})),
        ("two.csv", "2023-05-01", listed("b", key="case", told={"since": "2023-01-01"})),
    ]
    for order in (rows, rows[::-1]):
        with fresh() as store:
            for file, day, row in order:
                write(store, "lists", [row], file=file, data_date=day)
            resolve_store(store, NOW, full=False)
            assert only(store).since == date(2023, 1, 1)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_superseded_relation_ends_when_the_newer_version_begins(
    order: tuple[int, int], fresh: Fresh
) -> None:
    rows = [
        post("old", "2020-01-01", since="2020-01-01"),
        post("new", "2023-01-01", since="2023-01-01"),
    ]
    with fresh() as store:
        resolved(store, *([rows[place]] for place in order))
        assert spans(store) == [
            (date(2020, 1, 1), date(2023, 1, 1)),
            (date(2023, 1, 1), None),
        ]
        ids = store.facts.subjects(None).column("id").to_pylist()
        for uid in ids:
            assert store.facts.relations({uid}).num_rows == 2


def test_withdrawing_the_newer_version_brings_the_older_back(store: Store) -> None:
    resolved(store, [post("old", "2020-01-01")], [post("new", "2023-01-01")])
    store.evidence.withdraw(store.evidence.batches()[1].uid, NOW)
    resolve_store(store, NOW, full=False)
    assert spans(store) == [(None, None)]


def test_rows_about_different_things_do_not_replace_each_other(store: Store) -> None:
    resolved(store, [post("a", "2020-01-01", key=None), post("b", "2023-01-01", key=None)])
    assert spans(store) == [(None, None), (None, None)]


def _full(store: Store, day: str, rows: Sequence[Row], part: str = "") -> None:
    file = f"{day}{part}.csv"
    write(store, "register", rows, file=file, data_date=day, delivery="full")


@pytest.mark.parametrize("backwards", [False, True])
def test_what_is_gone_from_a_later_full_file_ends_on_its_day(backwards: bool, fresh: Fresh) -> None:
    gone, stays = post("gone", None, key=None), post("stays", None, key=None)
    files = [("2021-01-01", [gone, stays]), ("2022-01-01", [stays]), ("2023-01-01", [stays])]
    with fresh() as store:
        for day, rows in files[::-1] if backwards else files:
            _full(store, day, rows)
        resolve_store(store, NOW, full=False)
        assert spans(store) == [(None, None), (None, date(2022, 1, 1))]


def test_a_listing_gone_from_a_later_full_file_ends_too(store: Store) -> None:
    _full(store, "2021-01-01", [listed("a"), listed("b", OTHER, "另一公司")])
    _full(store, "2022-01-01", [listed("b", OTHER, "另一公司")])
    resolve_store(store, NOW, full=False)
    ends = sorted(str(each.until) for each in store.facts.listings(None))
    assert ends == ["2022-01-01", "None"]


def test_a_withdrawn_full_file_ends_nothing(store: Store) -> None:
    _full(store, "2021-01-01", [post("a", None)])
    _full(store, "2022-01-01", [post("b", None, key="another")])
    store.evidence.withdraw(store.evidence.batches()[1].uid, NOW)
    resolve_store(store, NOW, full=False)
    assert spans(store) == [(None, None)]


def test_what_is_absent_from_an_incremental_file_goes_on(store: Store) -> None:
    write(store, "lists", [post("a", None)], file="1.csv", data_date="2021-01-01")
    write(store, "lists", [listed("b")], file="2.csv", data_date="2022-01-01")
    resolve_store(store, NOW, full=False)
    assert spans(store) == [(None, None)]


def office(text: str, whole: str | None, place: int) -> Row:
    """Return a full list's row about a firm of its own, of the office that keeps the list."""
    code = uscc("91", f"XX0000{place:02}")
    return listed(text, code, f"{text}公司", key=text, whole=whole)


def until(store: Store) -> dict[str, str]:
    """Return the end of each office's listing by the name of its party."""
    names = {row["id"]: row["name"] for row in store.facts.subjects(None).to_pylist()}
    for uid in names:
        alone = [item for item in store.facts.listings({uid}) if item.subject == uid]
        assert alone == [item for item in store.facts.listings(None) if item.subject == uid]
    return {names[item.subject][:-2]: str(item.until) for item in store.facts.listings(None)}


@pytest.mark.parametrize("backwards", [False, True])
def test_a_full_file_ends_only_what_its_own_office_said(backwards: bool, fresh: Fresh) -> None:
    a, b, c = office("a", "one", 1), office("b", "two", 2), office("c", "one", 3)
    files = [("2021-01-01", [a]), ("2022-01-01", [b]), ("2023-01-01", [c])]
    with fresh() as store:
        for day, rows in files[::-1] if backwards else files:
            _full(store, day, rows)
        resolve_store(store, NOW, full=False)
        assert until(store) == {"a": "2023-01-01", "b": "None", "c": "None"}


def test_a_row_without_office_ends_when_all_of_its_file_came_again(store: Store) -> None:
    one, two, none = office("a", "one", 1), office("b", "two", 2), office("c", None, 3)
    _full(store, "2021-01-01", [one, two, none])
    _full(store, "2022-01-01", [one])
    resolve_store(store, NOW, full=False)
    assert until(store) == {"a": "None", "b": "None", "c": "None"}
    _full(store, "2023-01-01", [one, two])
    resolve_store(store, NOW, full=False)
    assert until(store) == {"a": "None", "b": "None", "c": "2023-01-01"}


def test_an_empty_full_file_ends_what_can_only_be_of_its_office(store: Store) -> None:
    _full(store, "2021-01-01", [office("a", "one", 1)])
    _full(store, "2022-01-01", [])
    resolve_store(store, NOW, full=False)
    assert until(store) == {"a": "2022-01-01"}
    _full(store, "2021-06-01", [office("b", "two", 2)])
    resolve_store(store, NOW, full=False)
    assert until(store) == {"a": "None", "b": "None"}


def change(text: str, on: str | None, person: int, *, over: bool = False) -> Row:
    """Return a registered change: who came to a post on a day, or with `over` who left it."""
    number = id_number(person, female=False)
    tie = (None, on) if over else (on, None)
    return Row(
        text,
        [
            Party("legal_representative", "person", f"{text}某", [("id_card", number)]),
            Party("subject", "enterprise", "某某有限公司", [("uscc", FIRM)]),
        ],
        key=text,
        version=on,
        series="post",
        relations=[("legal_representative", 0, 1, *tie)],
    )


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_what_a_change_left_open_ends_with_the_next(order: tuple[int, ...], fresh: Fresh) -> None:
    rows = [
        change("a", "2020-01-01", 1),
        change("b", "2022-01-01", 2),
        change("c", "2024-01-01", 2, over=True),
    ]
    with fresh() as store:
        resolved(store, *([rows[place]] for place in order))
        expected = [
            (None, date(2024, 1, 1)),
            (date(2020, 1, 1), date(2022, 1, 1)),
            (date(2022, 1, 1), date(2024, 1, 1)),
        ]
        assert spans(store) == expected
        for uid in store.facts.subjects(None).column("id").to_pylist():
            found = store.facts.relations({uid}).to_pylist()
            assert all((row["since"], row["until"]) in expected for row in found)
        store.evidence.withdraw(store.evidence.batches()[order.index(1)].uid, NOW)
        resolve_store(store, NOW, full=False)
        assert spans(store) == [
            (None, date(2024, 1, 1)),
            (date(2020, 1, 1), date(2024, 1, 1)),
        ]


def test_a_change_without_a_day_left_nothing_open_beyond_the_last(store: Store) -> None:
    rows = [change("a", None, 1), change("b", "2020-01-01", 2), change("c", "2022-01-01", 3)]
    resolved(store, rows[:1])
    assert spans(store) == [(None, None)]
    resolved(store, rows[1:], source="more")
    assert spans(store) == [
        (None, date(2022, 1, 1)),
        (date(2020, 1, 1), date(2022, 1, 1)),
        (date(2022, 1, 1), None),
    ]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize(
    ("version", "day"), [(None, None), ("2020-01-01", "2021-01-01"), ("2020-01-01", None)]
)
def test_of_versions_nothing_orders_both_stand(
    order: tuple[int, int], version: str | None, day: str | None, fresh: Fresh
) -> None:
    ties = [post("a", version), post("b", version)]
    lists = [
        listed("c", key="case", version=version),
        listed("d", key="case", version=version, told={"events": [["withdrawn", None]]}),
    ]
    with fresh() as store:
        for place in order:
            rows = [ties[place], lists[place]]
            write(store, "lists", rows, file=f"{place}.csv", data_date=day)
        resolve_store(store, NOW, full=False)
        assert spans(store) == [(None, None), (None, None)]
        found = store.facts.listings(None)
        assert len({each.id for each in found}) == 2
        # Neither row is newer: what ends the listing in one ends it.
        assert [each.status_on(date(2022, 1, 1)) for each in found] == ["withdrawn"] * 2
        assert store.facts.listings({found[0].subject}) == found
        store.evidence.withdraw(store.evidence.batches()[0].uid, NOW)
        resolve_store(store, NOW, full=False)
        assert len(store.facts.listings(None)) == 1


@pytest.mark.parametrize("event_first", [False, True])
@pytest.mark.parametrize("status", ["repaired", "objected", "withdrawn"])
def test_an_event_finds_its_listing_whichever_arrives_first(
    event_first: bool, status: str, fresh: Fresh
) -> None:
    files = [("lists", listed("a")), ("repairs", event("r", status))]
    with fresh() as store:
        for source, row in files[::-1] if event_first else files:
            write(store, source, [row])
        resolve_store(store, NOW, full=False)
        assert only(store).status_on(date(2022, 6, 1)) == status
        assert len(only(store).records) == 2
        assert store.facts.waiting_events() == []


def test_an_event_finds_its_listing_by_code_under_another_name(store: Store) -> None:
    write(store, "lists", [listed("a")])
    write(store, "repairs", [event("r", name="某某公司", code=FIRM)])
    resolve_store(store, NOW, full=False)
    assert only(store).status_on(date(2022, 6, 1)) == "repaired"


@pytest.mark.parametrize(
    "stray",
    [
        event("r", name="另一公司", code=OTHER),
        event("r", number="某罚〔2021〕2号"),
    ],
)
def test_another_partys_or_decisions_repair_waits_and_repairs_nothing(
    store: Store, stray: Row
) -> None:
    write(store, "lists", [listed("a")])
    write(store, "repairs", [stray])
    resolve_store(store, NOW, full=False)
    assert only(store).status_on(date(2022, 6, 1)) == "effective"
    (waiting,) = store.facts.waiting_events()
    assert (waiting.status, waiting.on, waiting.authority) == (
        "repaired",
        date(2022, 1, 1),
        "某某局",
    )


def test_before_any_resolve_another_partys_repair_waits(store: Store) -> None:
    write(store, "lists", [listed("a")])
    write(store, "repairs", [event("r", name="另一公司")])
    assert len(store.facts.waiting_events()) == 1


def test_a_repair_in_a_decision_on_two_parties_reaches_its_own(store: Store) -> None:
    write(store, "lists", [listed("a"), listed("b", OTHER, "另一公司")])
    write(store, "repairs", [event("r")])
    resolve_store(store, NOW, full=False)
    statuses = [each.status_on(date(2022, 6, 1)) for each in store.facts.listings(None)]
    assert sorted(statuses) == ["effective", "repaired"]
    assert store.facts.waiting_events() == []


def test_a_corrected_repair_no_longer_counts(store: Store) -> None:
    write(store, "lists", [listed("a")])
    write(store, "repairs", [event("r", key="repair", version="2022-01-01")], file="1.csv")
    refused = Row("r2", [Party("subject", "enterprise", "某某有限公司")])
    refused.key, refused.version = "repair", "2022-02-01"
    write(store, "repairs", [refused], file="2.csv")
    resolve_store(store, NOW, full=False)
    assert only(store).status_on(date(2022, 6, 1)) == "effective"
    assert store.facts.waiting_events() == []
    assert store.facts.listings({only(store).subject}) == [only(store)]


def test_a_withdrawn_repair_no_longer_counts(store: Store) -> None:
    write(store, "lists", [listed("a")])
    write(store, "repairs", [event("r")])
    store.evidence.withdraw(store.evidence.batches()[1].uid, NOW)
    resolve_store(store, NOW, full=False)
    assert only(store).status_on(date(2022, 6, 1)) == "effective"


def test_a_listing_tells_who_is_named_and_what_it_says(store: Store) -> None:
    row = Row(
        "a",
        [
            Party("subject", "enterprise", "某某有限公司", [("uscc", FIRM)]),
            Party("responsible", "person", "张某", [("id_card", PERSON)]),
        ],
        listing=PENALTY
        | {
            "named": (1,),
            "facts": {"large_debt": True, "responsible": [1]},
            "decided": "2021-03-01",
            "violated": "2021-02-01",
            "events": [["repaired", "2021-04-01"]],
        },
    )
    resolved(store, [row])
    people = {row["kind"]: row["id"] for row in store.facts.subjects(None).to_pylist()}
    listing = only(store)
    assert listing.subject == people["enterprise"]
    assert listing.named == (people["person"],)
    assert listing.facts == {"large_debt": True, "responsible": [people["person"]]}
    assert (listing.decision_date, listing.violation_date) == (date(2021, 3, 1), date(2021, 2, 1))
    assert listing.status_on(date(2021, 3, 31)) == "effective"
    assert listing.status_on(date(2021, 4, 1)) == "repaired"
    assert store.facts.listings({people["person"]}) == [listing]


def test_only_the_kinds_asked_for_are_listed(store: Store) -> None:
    resolved(store, [listed("a"), listed("b", told={"kind": "honour"})])
    assert [each.kind for each in store.facts.listings(None, {"honour"})] == ["honour"]
    assert store.facts.listings(None, set()) == []


def test_bids_of_every_rival_in_a_project_are_told(store: Store) -> None:
    def bid(text: str, code: str, project: str) -> Row:
        party = Party("bidder", "enterprise", text, [("uscc", code)])
        return Row(text, [party], bid=(project, "1"))

    third = uscc("91", "XX000003")
    rows = [bid("a", FIRM, "p"), bid("b", OTHER, "p"), bid("c", third, "q")]
    resolved(store, rows)
    (one, *_) = store.finder.by_keys([SEAL.key_of("uscc", FIRM)])
    found = store.facts.bids({one.id})
    assert {each.project for each in found} == {"p"}
    assert len(found) == 2
    assert len(store.facts.bids(None)) == 3


def test_a_bid_tells_its_day_and_a_newer_version_replaces_it(store: Store) -> None:
    def bid(text: str, code: str, opened: str | None) -> Row:
        party = Party("bidder", "enterprise", code, [("uscc", code)])
        return Row(text, [party], key=code, version=opened, bid=("p", "1"), opened=opened)

    resolved(store, [bid("a", FIRM, "2021-01-01"), bid("b", OTHER, None)])
    resolved(store, [bid("c", FIRM, "2021-02-01")], source="lists")
    write(store, "lists", [bid("c", FIRM, "2021-02-01")], file="postponed.csv")
    resolve_store(store, NOW, full=False)
    days = sorted(str(each.opened) for each in store.facts.bids(None))
    assert days == ["2021-02-01", "None"]
    for uid in store.facts.subjects(None).column("id").to_pylist():
        assert store.facts.bids({uid}) == store.facts.bids(None)


def test_asking_about_nobody_tells_nothing(store: Store) -> None:
    resolved(store, [listed("a"), post("b", None)])
    assert store.facts.subjects(set()).num_rows == 0
    assert store.facts.relations(set()).num_rows == 0
    assert store.facts.listings(set()) == []
    assert store.facts.bids(set()) == []


def test_a_listing_is_found_by_its_id(store: Store) -> None:
    rows = [
        listed("a", key="case", version="2021-01-01"),
        listed("b", key="case", version="2022-01-01"),
        listed("keyless", told={"number": "另罚〔2021〕2号"}),
        listed("rival", key="undated", told={"number": "另罚〔2021〕3号"}),
        listed("other rival", key="undated", told={"number": "另罚〔2021〕3号"}),
        listed("somebody else's", code=OTHER, name="另一有限公司", key="else"),
    ]
    resolved(store, rows)
    found = store.facts.listings(None)
    assert len(found) == 5
    for each in found:
        assert store.facts.listing(each.id) == each
    for uid in ("l-" + "0" * 24, "l-", "s-" + "0" * 24, found[0].id + "0", ""):
        assert store.facts.listing(uid) is None


def _ties(store: Store, on: str, *codes: str, **wanted: Any) -> tuple[list[tuple[str, str]], bool]:
    asked = store.finder.by_keys([SEAL.key_of("uscc", code) for code in codes])
    reach = Reach(date.fromisoformat(on), **{"most": 99} | wanted)
    found = store.facts.ties({subject.id for subject in asked}, reach)
    names = {row["id"]: row["name"] for row in store.facts.subjects(None).to_pylist()}
    rows = found.relations.to_pylist()
    return sorted((names[row["source"]], names[row["target"]]) for row in rows), found.cut


def chain(store: Store) -> Store:
    """Return a store in which A owns B owns C owns D, B since 2020."""
    names = "ABCD"
    firms = [
        Party("subject", "enterprise", each, [("uscc", uscc("91", f"XX00000{place}"))])
        for place, each in enumerate(names, start=1)
    ]
    rows = [
        Row(f"{place}", firms[place : place + 2], relations=[("shareholder", 0, 1, since, None)])
        for place, since in enumerate(("2020-01-01", None, None))
    ]
    return resolved(store, rows)


def test_ties_that_touch_the_subjects_and_no_others(store: Store) -> None:
    chain(store)
    assert _ties(store, "2021-01-01", FIRM) == ([("A", "B")], False)
    assert _ties(store, "2021-01-01", OTHER) == ([("A", "B"), ("B", "C")], False)
    assert _ties(store, "2021-01-01", FIRM, OTHER) == ([("A", "B"), ("B", "C")], False)
    assert _ties(store, "2021-01-01") == ([], False)


def test_a_tie_counts_from_its_day_on(store: Store) -> None:
    chain(store)
    assert _ties(store, "2019-12-31", FIRM) == ([], False)
    assert _ties(store, "2020-01-01", FIRM) == ([("A", "B")], False)


def test_only_ties_of_the_types_asked_for(store: Store) -> None:
    chain(store)
    assert _ties(store, "2021-01-01", OTHER, types=["shareholder"], most=2)[1] is False
    assert _ties(store, "2021-01-01", OTHER, types=["director"]) == ([], False)


def test_ties_between_the_subjects_alone(store: Store) -> None:
    chain(store)
    assert _ties(store, "2021-01-01", FIRM, OTHER, between=True) == ([("A", "B")], False)
    assert _ties(store, "2021-01-01", OTHER, between=True) == ([], False)


def test_a_hub_is_answered_in_part_and_says_so(store: Store) -> None:
    chain(store)
    (every, cut), (first, more) = (_ties(store, "2021-01-01", OTHER, most=most) for most in (2, 1))
    assert (len(every), cut, len(first), more) == (2, False, 1, True)


def test_ties_come_in_one_order_and_the_first_of_them_are_the_same_ones(store: Store) -> None:
    def tie(text: str, kind: str, since: str | None, until: str | None) -> Row:
        firm = Party("subject", "enterprise", "某某有限公司", [("uscc", FIRM)])
        person = Party("legal_representative", "person", "张某", [("id_card", PERSON)])
        return Row(text, [person, firm], relations=[(kind, 0, 1, since, until)])

    days = [None, "2019-01-01", "2020-01-01"]
    rows = [
        tie(f"{kind} {since} {until}", kind, since, until)
        for kind in ("director", "chair", "senior_manager")
        for since in days
        for until in ("2030-01-01", None)
    ]
    resolved(store, rows)
    (firm,) = store.finder.by_keys([SEAL.key_of("uscc", FIRM)])
    every = store.facts.ties({firm.id}, Reach(date(2026, 11, 1), 99)).relations.to_pylist()
    shown = [(row["type"], str(row["since"] or ""), str(row["until"] or "")) for row in every]
    assert shown == sorted(shown)
    assert len(shown) == len(rows)
    some = store.facts.ties({firm.id}, Reach(date(2026, 11, 1), 4))
    assert (some.relations.to_pylist(), some.cut) == (every[:4], True)


def led(text: str, *codes: tuple[str, str]) -> Row:
    parties = [
        Party("legal_representative", "person", "张某", list(codes)),
        Party("subject", "enterprise", "某某有限公司", [("uscc", FIRM)]),
    ]
    return Row(text, parties, relations=[("legal_representative", 0, 1, None, None)])


def _rows(table: pa.Table) -> list[tuple[Any, ...]]:
    return sorted((row["record"], row["source"], row["strong"]) for row in table.to_pylist())


def test_each_row_of_a_tie_is_as_sure_as_it_is_in_evidence(store: Store) -> None:
    resolved(store, [led("with a number", ("id_card", PERSON)), led("by name")])
    (firm,) = store.finder.by_keys([SEAL.key_of("uscc", FIRM)])
    rows, sure = (
        _rows(store.facts.ties({firm.id}, Reach(date(2026, 11, 1), 99, sure=sure)).relations)
        for sure in (False, True)
    )
    assert rows == _rows(store.facts.relations(None))
    assert {strong for *_, strong in rows} == {True, False}
    assert sure == [row for row in rows if row[-1]]


def test_what_was_withdrawn_ties_nobody_even_before_it_is_resolved(store: Store) -> None:
    chain(store)
    (batch,) = store.evidence.batches()
    store.evidence.withdraw(batch.uid, NOW)
    assert store.overview.stale()
    assert _ties(store, "2021-01-01", OTHER) == ([], False)
