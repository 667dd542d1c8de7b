"""The `Resolution` port: what waits, what is looked at again, what the partition becomes."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.steps import resolve_store, touched
from graph.errors import QueryError
from graph.ports import Store
from loaders.synthetic.codes import id_number, uscc
from tests.contract.rows import NOW, SEAL, Fresh, Party, Row, write
from tests.support.fixtures import NEO4J

LATER = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
U1, U2 = uscc("91", "XX000001"), uscc("91", "XX000002")


def row(text: str, *codes: tuple[str, str], name: str = "", kind: str = "enterprise") -> Row:
    return Row(text, [Party("subject", kind, name, codes)])


def members(store: Store) -> dict[str, str]:
    """Return mention id -> subject id."""
    return {line[5]: line[6] for line in store.overview.clusters()}


def picture(store: Store) -> dict[str, Any]:
    """Return all that is current about who is who; no history, no integer keys."""
    clusters = list(store.overview.clusters())
    uids = sorted({line[6] for line in clusters})
    return {
        "clusters": clusters,
        "subjects": store.facts.subjects(None).to_pylist(),
        "reviews": store.resolution.reviews().to_pylist(),
        "members": {uid: store.finder.members(uid) for uid in uids},
        "names": [
            [found.id for found in store.finder.by_name(name, 99)]
            for name in (*_NAMES, *_ALIKE)
            if name
        ],
        "keys": [
            [found.id for found in store.finder.by_keys([SEAL.key_of(kind, value)])]
            for kind in _TYPES
            for value in "123"
        ],
        "status": {
            name: value
            for name, value in store.overview.status().items()
            if name not in ("resolved_at", "batches", "refused")
        },
    }


def test_what_is_written_inside_a_transaction_is_resolved_in_it(store: Store) -> None:
    with store.resolution.transaction():
        write(store, "lists", [row("a"), row("b")])
        assert resolve_store(store, NOW, full=False).added == 2
        assert "resolve" not in store.overview.stale()
    (batch,) = store.evidence.batches()
    with store.resolution.transaction():
        store.evidence.withdraw(batch.uid, NOW)
        assert resolve_store(store, NOW, full=False).removed == 2
    assert members(store) == {}
    assert store.resolution.waiting() == 0


def test_what_is_written_together_is_kept_whole_or_not_at_all(store: Store) -> None:
    write(store, "lists", [row("a", name="甲")])
    resolve_store(store, NOW, full=False)
    before = picture(store)
    with pytest.raises(QueryError):
        _fail_together(store)
    assert (picture(store), len(store.evidence.batches())) == (before, 1)
    with store.resolution.together():
        with store.judgements.trial():
            write(store, "lists", [row("c", name="丙")])
            resolve_store(store, NOW, full=False)
            assert picture(store) != before
        assert picture(store) == before
        write(store, "lists", [row("b", name="乙")])
        resolve_store(store, NOW, full=False)
        both = picture(store)
    assert (picture(store), len(store.evidence.batches())) == (both, 2)
    assert store.resolution.waiting() == 0


def _fail_together(store: Store) -> None:
    with store.resolution.transaction(), store.resolution.together():
        write(store, "lists", [row("b", name="乙")])
        resolve_store(store, NOW, full=False)
        raise QueryError("E610")


def test_who_is_asked_about_in_a_trial_and_again_after_it_is_told_the_same(store: Store) -> None:
    write(store, "lists", [row("a", name="甲"), row("b", name="乙")])
    work = store.resolution
    own = work.mentions(None).column("mention").combine_chunks()
    one, other = own.slice(0, 1), own.slice(1, 1)
    first = work.mentions(one).to_pylist()
    with store.judgements.trial():
        second = work.mentions(other).to_pylist()
    assert work.mentions(other).to_pylist() == second != first


def test_what_is_loaded_waits_until_it_is_resolved(store: Store) -> None:
    assert store.resolution.waiting() == 0
    write(store, "lists", [row("a"), row("b")])
    assert store.resolution.waiting() == 2
    changes = resolve_store(store, NOW, full=False)
    assert (changes.added, changes.removed, store.resolution.waiting()) == (2, 0, 0)
    again = resolve_store(store, LATER, full=False)
    assert (again.added, again.removed) == (0, 0)


def test_resolving_everything_again_changes_nothing(store: Store) -> None:
    write(store, "lists", [row("a", ("uscc", U1)), row("b", ("uscc", U1))])
    resolve_store(store, NOW, full=False)
    before = picture(store)
    changes = resolve_store(store, LATER, full=True)
    assert (changes.added, changes.removed) == (0, 0)
    assert picture(store) == before


def test_a_withdrawn_row_waits_once(store: Store) -> None:
    write(store, "lists", [row("a")])
    store.evidence.withdraw(store.evidence.batches()[0].uid, NOW)
    assert store.resolution.waiting() == 1


def test_only_what_shares_an_identifier_is_looked_at_again(store: Store) -> None:
    write(store, "lists", [row("a", ("uscc", U1)), row("b", ("uscc", U2)), row("c")])
    resolve_store(store, NOW, full=False)
    write(store, "lists", [row("d", ("uscc", U1))], file="more.csv")
    again = touched(store.resolution)
    records = store.resolution.mentions(again).column("record").to_pylist()
    assert len(records) == 2
    ids = {line[5].partition(":")[0] for line in store.overview.clusters() if line[2] == 2}
    assert {record.hex() for record in records} == ids


def test_a_code_inside_a_code_joins(store: Store) -> None:
    write(store, "lists", [row("a", ("uscc", U1))])
    write(store, "other", [row("b", ("org_code", U1[8:17]))])
    resolve_store(store, NOW, full=False)
    assert len(set(members(store).values())) == 1


def test_the_operators_number_in_a_tax_id_makes_the_shop_no_person(store: Store) -> None:
    number = id_number(1, female=False)
    shop = row("shop", ("tax_id", number + "00"), kind="individual_business")
    write(store, "lists", [shop, row("person", ("id_card", number), kind="person")])
    resolve_store(store, NOW, full=False)
    assert len(set(members(store).values())) == 2
    assert store.resolution.reviews().num_rows == 0


def test_masked_codes_join_nobody(store: Store) -> None:
    rows = [row("a", ("uscc", U1)), row("b", ("uscc", U1))]
    for each in rows:
        each.parties[0].status = "masked"
    write(store, "lists", rows)
    resolve_store(store, NOW, full=False)
    assert len(set(members(store).values())) == 2


def test_superseded_ids_lead_to_their_successors(store: Store) -> None:
    write(store, "lists", [row("a", ("regno", "R1"))])
    resolve_store(store, NOW, full=False)
    old = next(iter(members(store).values()))
    write(store, "other", [row("b", ("regno", "R1"), ("uscc", U1))])
    resolve_store(store, LATER, full=False)
    new = set(members(store).values())
    assert old not in new
    assert store.finder.by_id(old) is None
    assert set(store.finder.successors(old)) == new
    assert store.finder.successors("s-unknown") == []


def test_a_split_subject_has_several_successors(store: Store) -> None:
    write(store, "lists", [row("a", ("regno", "R1")), row("b", ("regno", "R1"))])
    resolve_store(store, NOW, full=False)
    old = next(iter(members(store).values()))
    marked = Row("x", [Party("subject", "person", "张某", [("regno", "R1")])])
    write(store, "other", [marked])
    resolve_store(store, LATER, full=False)
    resolve_store(store, LATER, full=True)
    found = store.finder.successors(old)
    assert store.finder.by_id(old) is None
    assert set(found) < set(members(store).values())


def test_a_subject_that_comes_back_is_current_again(store: Store) -> None:
    write(store, "lists", [row("a", ("uscc", U1), name="甲厂")])
    resolve_store(store, NOW, full=False)
    before = picture(store)
    store.evidence.withdraw(store.evidence.batches()[0].uid, NOW)
    resolve_store(store, LATER, full=False)
    assert store.facts.subjects(None).num_rows == 0
    assert store.finder.by_name("甲厂", 9) == []
    write(store, "lists", [row("a", ("uscc", U1), name="甲厂")])
    resolve_store(store, LATER, full=False)
    assert picture(store) == before


def test_a_settled_dispute_is_closed(store: Store) -> None:
    write(store, "lists", [row("a", ("uscc", U1), ("regno", "R1"))])
    write(store, "other", [row("b", ("uscc", U2), ("regno", "R1"))])
    resolve_store(store, NOW, full=False)
    assert store.resolution.reviews().num_rows == 1
    assert {line[7] for line in store.overview.clusters()} == {"review"}
    store.evidence.withdraw(store.evidence.batches()[1].uid, NOW)
    resolve_store(store, LATER, full=False)
    assert store.resolution.reviews().num_rows == 0
    assert {line[7] for line in store.overview.clusters()} == {"separate"}


FIRM, SHORT = "贵州某某商贸有限公司", "某某商贸有限公司"


def told(text: str, name: str, head: str, *codes: tuple[str, str], address: str = "") -> Row:
    """Return a row of a body that names its representative."""
    traits = (("address", address),) if address else ()
    body = Party("subject", "enterprise", name, codes, traits=traits)
    tie = ("legal_representative", 1, 0, None, None)
    return Row(text, [body, Party("legal_representative", "person", head)], relations=[tie])


def owner(store: Store, name: str) -> set[str]:
    """Return the subjects of the mentions of bodies with a name."""
    found = store.finder.by_name(name, 99)
    return {each.id for each in found}


def test_a_row_without_a_code_finds_whom_it_is_like(store: Store) -> None:
    write(store, "register", [told("a", FIRM, "欧阳小明", ("uscc", U1))])
    resolve_store(store, NOW, full=False)
    write(store, "lists", [told("b", SHORT, "欧阳小明"), told("c", SHORT, "上官大山")])
    resolve_store(store, LATER, full=False)
    whole = picture(store)
    (firm,) = owner(store, FIRM)
    assert firm in owner(store, SHORT)
    assert len(owner(store, SHORT)) == 2
    resolve_store(store, LATER, full=True)
    assert picture(store) == whole


def test_a_body_that_comes_later_is_found_by_those_like_it(store: Store) -> None:
    write(store, "lists", [told("b", SHORT, "欧阳小明")])
    resolve_store(store, NOW, full=False)
    write(store, "register", [told("a", FIRM, "欧阳小明", ("uscc", U1))])
    resolve_store(store, LATER, full=False)
    assert owner(store, FIRM) == owner(store, SHORT)


def test_what_fits_two_equally_joins_neither_until_one_is_withdrawn(store: Store) -> None:
    write(store, "lists", [told("b", SHORT, "欧阳小明")])
    write(store, "register", [told("a", FIRM, "欧阳小明", ("uscc", U1))], file="a.csv")
    twin = told("t", f"云南{SHORT}", "欧阳小明", ("uscc", U2))
    write(store, "register", [twin], file="t.csv")
    resolve_store(store, NOW, full=False)
    assert len(owner(store, SHORT) | owner(store, FIRM)) == 2
    asked = store.resolution.reviews().to_pylist()
    assert [row["reason"] for row in asked if row["type"] == "likeness"] == ["fits_several"] * 2
    uid = next(b.uid for b in store.evidence.batches() if b.file == "t.csv")
    store.evidence.withdraw(uid, NOW)
    resolve_store(store, LATER, full=False)
    assert owner(store, FIRM) == owner(store, SHORT)


# One fixture serves all examples: it makes an empty store whenever it is called.
many = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
some = settings(many, max_examples=5)  # a server takes seconds for each
on_file = pytest.mark.parametrize("fresh", ["sqlite"], indirect=True)
on_server = pytest.mark.parametrize("fresh", [NEO4J], indirect=True)
_TYPES = ("uscc", "regno", "id_card")
_NAMES = (
    "",
    "某某有限公司",
    "某某有限公司水城分公司",
    "贵州某某商贸有限公司",
    "贵州某某商贸有限责任公司",
    "贵州丙丁餐饮有限公司",
    "贵州某某茶业有限公司",
    "某某商贸有限公司",
    "某谋商贸有限公司",
)
_TRAITS = (
    (),
    (("address", "六盘水市钟山区人民路1号"),),
    (("address", "六盘水市钟山区人民路9号"), ("founded", "2001-02-03")),
    (("phone", "1"), ("founded", "2001-02-03")),
)
_PEOPLE = ("王小明", "李晓红")
_ROLES = ("legal_representative", "director", "shareholder")
_ALIKE = (
    "贵州某某商贸有限公司",
    "某某商贸有限公司",
    "贵州丙丁餐饮有限公司",
    "丙丁餐饮有限公司",
)
_PAPERS = (
    ((), "valid"),
    ((("id_card", "1"),), "valid"),
    ((("id_card", "2"),), "valid"),
    ((("passport", "3"),), "valid"),
    ((("id_card", "1"), ("passport", "3")), "valid"),
)
_CARDS = (
    ((), "valid"),
    ((), "valid"),
    ((("id_card", "1"),), "valid"),
    ((("id_card", "2"),), "valid"),
    ((("id_card", "520201********0011"),), "masked"),
)
any_rows = st.lists(
    st.tuples(
        st.lists(
            st.tuples(st.sampled_from(_TYPES), st.sampled_from("123")), max_size=2, unique=True
        ),
        st.sampled_from(_NAMES),
        st.sampled_from(("enterprise", "enterprise", "enterprise", "person")),
        st.lists(
            st.tuples(st.sampled_from(_PEOPLE), st.sampled_from(_CARDS), st.sampled_from(_ROLES)),
            min_size=1,
            max_size=2,
        ),
        st.sampled_from(_TRAITS),
    ),
    min_size=1,
    max_size=8,
)
# Few firms under damaged names, held by people of one common name, known by this number or that:
# what one of them comes to gives another evidence.
hinging_rows = st.lists(
    st.tuples(
        st.lists(st.tuples(st.just("uscc"), st.sampled_from("12")), max_size=1),
        st.sampled_from(_ALIKE),
        st.just("enterprise"),
        st.lists(
            st.tuples(
                st.sampled_from(("王伟", "王伟", "李娜")),
                st.sampled_from(_PAPERS),
                st.sampled_from(_ROLES),
            ),
            min_size=1,
            max_size=2,
        ),
        st.sampled_from(_TRAITS),
    ),
    min_size=3,
    max_size=10,
)
drawn_rows = st.one_of(any_rows, hinging_rows)


def made(drawn: Sequence[Any]) -> list[Row]:
    """Return rows, of which those of bodies name a person in a post or an owner as well."""
    rows = []
    for place, (codes, name, kind, people, traits) in enumerate(drawn):
        if kind == "person":
            rows.append(Row(f"row {place}", [Party("subject", kind, name, codes)]))
            continue
        subject = Party("subject", kind, name, codes, traits=traits)
        others = [
            Party(f"{role} {number}", "person", person, card, status)
            for number, (person, (card, status), role) in enumerate(people)
        ]
        ties = [(role, number, 0, None, None) for number, (_, _, role) in enumerate(people, 1)]
        rows.append(Row(f"row {place}", [subject, *others], relations=ties))
    return rows


def _any_split_of_loads_in_any_order_gives_the_same_subjects(
    fresh: Fresh, drawn: Sequence[Any], data: st.DataObject
) -> None:
    rows = made(drawn)
    order = data.draw(st.permutations(range(len(rows))))
    places = data.draw(st.lists(st.integers(0, 3), min_size=len(rows), max_size=len(rows)))
    with fresh() as whole:
        for file in sorted(set(places)):
            own = [each for each, place in zip(rows, places, strict=True) if place == file]
            _load(whole, file, own, rows)
        resolve_store(whole, NOW, full=True)
        wanted = picture(whole)
    with fresh() as split:
        for file in dict.fromkeys(places[place] for place in order):
            own = [rows[place] for place in order if places[place] == file]
            _load(split, file, own, rows)
            if data.draw(st.booleans()):
                resolve_store(split, NOW, full=False)
        resolve_store(split, LATER, full=False)
        assert picture(split) == wanted
        resolve_store(split, LATER, full=True)
        assert picture(split) == wanted


def _a_withdrawn_batch_might_never_have_been_loaded(
    fresh: Fresh, kept: Sequence[Any], gone: Sequence[Any], resolved_between: bool
) -> None:
    stay = made(kept)
    leave = [*made(gone), *stay[:1]]
    for place, each in enumerate(leave[:-1]):
        each.text = f"gone {place}"
    with fresh() as never:
        write(never, "lists", stay, file="stay.csv")
        resolve_store(never, NOW, full=True)
        wanted = picture(never)
    with fresh() as store:
        write(store, "lists", leave, file="leave.csv")
        write(store, "lists", stay, file="stay.csv")
        if resolved_between:
            resolve_store(store, NOW, full=False)
        uid = next(b.uid for b in store.evidence.batches() if b.file == "leave.csv")
        store.evidence.withdraw(uid, NOW)
        resolve_store(store, LATER, full=False)
        assert picture(store) == wanted


def _load(store: Store, file: int, own: Sequence[Row], rows: Sequence[Row]) -> None:
    """Load a file whose rows keep their numbers wherever they stand in the split."""
    for each in own:
        each.number = rows.index(each) + 2
    write(store, "lists", own, file=f"{file}.csv")


@on_file
@many
@given(drawn_rows, st.data())
def test_any_split_of_loads_in_any_order_gives_the_same_subjects_in_a_file(
    fresh: Fresh, drawn: Sequence[Any], data: st.DataObject
) -> None:
    _any_split_of_loads_in_any_order_gives_the_same_subjects(fresh, drawn, data)


@on_server
@some
@given(drawn_rows, st.data())
def test_any_split_of_loads_in_any_order_gives_the_same_subjects_on_a_server(
    fresh: Fresh, drawn: Sequence[Any], data: st.DataObject
) -> None:
    _any_split_of_loads_in_any_order_gives_the_same_subjects(fresh, drawn, data)


@on_file
@many
@given(drawn_rows, drawn_rows, st.booleans())
def test_a_withdrawn_batch_might_never_have_been_loaded_in_a_file(
    fresh: Fresh, kept: Sequence[Any], gone: Sequence[Any], resolved_between: bool
) -> None:
    _a_withdrawn_batch_might_never_have_been_loaded(fresh, kept, gone, resolved_between)


@on_server
@some
@given(drawn_rows, drawn_rows, st.booleans())
def test_a_withdrawn_batch_might_never_have_been_loaded_on_a_server(
    fresh: Fresh, kept: Sequence[Any], gone: Sequence[Any], resolved_between: bool
) -> None:
    _a_withdrawn_batch_might_never_have_been_loaded(fresh, kept, gone, resolved_between)
