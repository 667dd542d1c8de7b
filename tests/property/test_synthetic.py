"""Whatever the seed and index: codes are right and distinct, damage is what it says."""

from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from graph.identifiers import IdType, Status, parse
from loaders.synthetic.chance import Lot, Weighted, hits, scatter
from loaders.synthetic.codes import body_of, id_number, org_code, registration_number, uscc
from loaders.synthetic.damage import damage_card, damage_cell, damage_code, damage_organisation
from loaders.synthetic.firms import DISTRICT_DATE, invent_organisation
from loaders.synthetic.people import invent_person
from loaders.synthetic.world import plan_for

seeds = st.integers(-(2**63), 2**63)
indices = st.integers(0, 5_000_000)


@given(index=indices, female=st.booleans())
@example(index=998, female=True)  # its number would end in zeros, as one that was cut off
def test_identity_numbers_pass_their_check_and_are_before_1900(index: int, female: bool) -> None:
    number = id_number(index, female=female)
    found = parse(IdType.ID_CARD, number)
    assert found is not None
    assert (found.status, found.value) == (Status.VALID, number)
    assert 1850 <= int(number[6:10]) <= 1899
    assert int(number[16]) % 2 == (0 if female else 1)
    # The last twenty sequence numbers are the scripted cast's.
    assert int(number[14:17]) <= 980


@given(index=indices)
def test_organisation_codes_pass_their_checks_and_start_xx(index: int) -> None:
    body = body_of(index)
    assert body.startswith("XX")
    # Bodies XX0..... are the scripted cast's.
    assert body[2] != "0"
    for kind, text in ((IdType.USCC, uscc("91", body)), (IdType.ORG_CODE, org_code(body))):
        found = parse(kind, text)
        assert found is not None
        assert found.status is Status.VALID
    number = parse(IdType.REGNO, registration_number(index, individual=False))
    assert number is not None
    assert number.status is Status.VALID


@given(start=indices)
def test_neighbouring_indices_have_codes_of_their_own(start: int) -> None:
    span = range(start, start + 200)
    assert len({body_of(index) for index in span}) == 200
    assert len({id_number(index, female=index % 2 == 0) for index in span}) == 200


@given(seed=seeds, index=indices)
def test_a_person_and_a_firm_are_the_same_whenever_asked(seed: int, index: int) -> None:
    plan = plan_for(1_000, seed)
    assert invent_person(seed, index) == invent_person(seed, index)
    place = index % max(span.stop for span in plan.spans.values())
    firm = invent_organisation(plan, place)
    assert firm == invent_organisation(plan, place)
    assert firm.established < DISTRICT_DATE
    assert not firm.owners or sum(share for _, share in firm.owners) == 100


@given(seed=seeds, index=indices)
def test_a_firm_has_the_head_and_name_of_the_day(seed: int, index: int) -> None:
    plan = plan_for(2_000, seed)
    firm = invent_organisation(plan, index % len(plan.spans["enterprise"]))
    assert firm.head_on(DISTRICT_DATE) == firm.head
    assert firm.name_on(DISTRICT_DATE) == firm.name
    if firm.renamed is not None:
        assert firm.name_on(firm.established) == firm.former != firm.name
    if firm.head_changed is not None:
        assert firm.head_on(date(1990, 1, 1)) == firm.head_before


@given(seed=seeds)
def test_no_two_firms_share_a_name(seed: int) -> None:
    plan = plan_for(3_000, seed)
    names = [invent_organisation(plan, index).name for index in plan.spans["enterprise"]]
    assert len(set(names)) == len(names)


@given(seed=seeds, share=st.floats(0, 1), stop=st.integers(0, 200_000))
@settings(max_examples=25)
def test_hits_rise_within_the_span_at_about_the_share(seed: int, share: float, stop: int) -> None:
    found = list(hits(seed, "feed", range(stop), share))
    assert found == sorted(set(found))
    assert all(0 <= place < stop for place in found)
    assert abs(len(found) - share * stop) < 5 * (stop * 0.25) ** 0.5 + 1


@given(seed=seeds, limits=st.lists(st.integers(1, 2**32), min_size=1, max_size=80))
def test_draws_stay_below_their_limits(seed: int, limits: list[int]) -> None:
    lot, again = Lot(seed, "thing", 1), Lot(seed, "thing", 1)
    for limit in limits:
        value = lot.below(limit)
        assert 0 <= value < limit
        assert again.below(limit) == value


@given(number=st.integers(0, 10**9))
def test_a_weighted_table_gives_one_of_its_texts(number: int) -> None:
    assert Weighted.read("甲 3, 乙 1").at(number) == ("甲" if number % 4 < 3 else "乙")


@given(space=st.integers(2, 500))
def test_scatter_visits_every_place_once(space: int) -> None:
    assert {scatter(index, space, 1_000_003) for index in range(space)} == set(range(space))


@pytest.mark.parametrize("how", ["full_width", "letters", "lower", "spaced_code"])
@given(index=indices)
def test_clerks_damage_to_a_code_can_be_read_back(how: str, index: int) -> None:
    code = uscc("91", body_of(index))
    found = parse(IdType.USCC, damage_cell(code, how, Lot(1, "row", index)))
    assert found is not None
    # A letter may fit in two places; then nothing is guessed.
    assert found.value == code or (how == "letters" and found.status is Status.INVALID)


@given(index=indices)
def test_spreadsheet_damage_leaves_no_full_number(index: int) -> None:
    number = id_number(index, female=False)
    lot = Lot(1, "row", index)
    damaged = damage_cell(number, "excel", lot)
    found = parse(IdType.ID_CARD, damaged)
    assert damaged == number or found is None or not found.full


@given(seed=seeds, index=indices)
def test_damage_never_makes_another_ones_number(seed: int, index: int) -> None:
    number, code = id_number(index, female=True), uscc("91", body_of(index))
    lot = Lot(seed, "row", index)
    for kind, text, damaged in (
        (IdType.ID_CARD, number, damage_card(number, lot)),
        (IdType.USCC, code, damage_code(code, lot)),
    ):
        found = parse(kind, damaged)
        assert found is None or not found.full or found.value == text


@given(seed=seeds, index=indices)
def test_a_damaged_name_is_never_empty(seed: int, index: int) -> None:
    plan = plan_for(1_000, seed)
    name = invent_organisation(plan, index % len(plan.spans["enterprise"])).name
    assert damage_organisation(name, Lot(seed, "row", index)).strip()
