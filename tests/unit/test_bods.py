"""Beneficial-ownership files (BODS 0.4) give the shares and the control worked out by hand."""

from datetime import date

import pytest

from graph.sanctions.control import AT_LEAST_HALF, MORE_THAN_HALF
from tests.unit.bods import ownership_of

TODAY = date(2026, 11, 1)


def test_an_owner_through_a_holding_company() -> None:
    """60 % of a holding with 80 %: 0.48 looked through, but the whole 80 % are controlled."""
    ownership = ownership_of("indirect", TODAY)
    assert ownership.look_through({"owner"}) == pytest.approx({"holding": 0.6, "target": 0.48})
    assert ownership.cascade({"owner"}) == pytest.approx({"holding": 0.6, "target": 0.8})
    assert ownership.cascade({"other"}) == {}


def test_an_interest_told_with_its_components_counts_once() -> None:
    shares = ownership_of("indirect", TODAY).look_through({"owner", "other"})
    assert shares["target"] == pytest.approx(0.48 + 0.20)


def test_joint_owners_and_votes_that_are_no_shares() -> None:
    """Half of `left` is no majority, votes are no shares; together the two own everything."""
    ownership = ownership_of("joint", TODAY)
    assert ownership.cascade({"first"}, MORE_THAN_HALF) == {}
    assert ownership.cascade({"first"}, AT_LEAST_HALF) == pytest.approx(
        {"left": 0.5, "target": 0.5}
    )
    assert ownership.cascade({"second"}, MORE_THAN_HALF) == pytest.approx({"right": 1.0})
    assert ownership.look_through({"second"}) == pytest.approx(
        {"left": 0.5, "right": 1.0, "target": 0.5 * 0.3 + 0.25}
    )
    both = ownership.look_through({"first", "second"})
    assert both == pytest.approx({"left": 1.0, "right": 1.0, "target": 0.75})


def test_ranges_count_by_their_lower_end_and_a_share_unsaid_for_nothing() -> None:
    ownership = ownership_of("ranges", TODAY)
    assert ownership.look_through({"most"}) == pytest.approx({"target": 0.5})
    assert ownership.look_through({"some"}) == pytest.approx({"target": 0.25})
    assert ownership.look_through({"unsaid"}) == {}
    assert ownership.cascade({"most"}, MORE_THAN_HALF) == {}


@pytest.mark.parametrize(
    ("on", "owner"),
    [
        (date(2018, 12, 31), None),
        (date(2019, 1, 1), "seller"),
        (date(2024, 5, 31), "seller"),
        (date(2024, 6, 1), "buyer"),
    ],
)
def test_who_controls_follows_the_dates(on: date, owner: str | None) -> None:
    ownership = ownership_of("changed", on)
    controlling = [each for each in ("seller", "buyer", "left") if ownership.cascade({each})]
    assert controlling == ([] if owner is None else [owner])


def test_a_closed_record_and_an_owner_nobody_can_name_state_nothing() -> None:
    ownership = ownership_of("changed", TODAY)
    assert ownership.look_through({"left"}) == {}
    everybody = {"seller", "buyer", "left"}
    assert ownership.look_through(everybody) == pytest.approx({"target": 0.7})
