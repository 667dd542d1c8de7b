"""A listing's status follows from what is told of it, whatever the order it is told in."""

from datetime import date
from itertools import permutations

import pytest

from graph.model import Listing, ListingEvent, RecordId, SubjectId

JAN, FEB, MAR, APR, MAY = (date(2026, month, 1) for month in range(1, 6))
ONE, OTHER = RecordId("one"), RecordId("other")


def told(status: str, on: date | None = None, record: RecordId = ONE) -> ListingEvent:
    return ListingEvent(status, on, record)


OBJECTION = (told("objected", FEB), told("effective", APR))


@pytest.mark.parametrize(
    ("events", "days"),
    [
        pytest.param((), {JAN: "effective"}, id="nothing told"),
        pytest.param(
            OBJECTION,
            {JAN: "effective", FEB: "objected", MAR: "objected", APR: "effective"},
            id="an objection pauses",
        ),
        pytest.param(
            (told("repaired", MAR, OTHER), *OBJECTION),
            {FEB: "objected", MAR: "repaired", APR: "repaired", MAY: "repaired"},
            id="a closed objection brings back nothing repaired",
        ),
        pytest.param(
            (told("expired", MAR, OTHER), *OBJECTION),
            {FEB: "objected", MAR: "expired", MAY: "expired"},
            id="nor anything moved out",
        ),
        pytest.param(
            (told("repaired", JAN, OTHER), told("objected", FEB)),
            {JAN: "repaired", FEB: "repaired"},
            id="an objection to what is repaired",
        ),
        pytest.param(
            (told("repaired", None, OTHER), *OBJECTION), {JAN: "repaired"}, id="undated repair"
        ),
        pytest.param(
            (told("expired", FEB), told("repaired", MAR, OTHER)),
            {FEB: "expired", APR: "repaired"},
            id="repaired after it ran out",
        ),
        pytest.param(
            (told("repaired", FEB), told("withdrawn", None, OTHER), told("effective", MAY)),
            {JAN: "withdrawn", MAR: "withdrawn", MAY: "withdrawn"},
            id="a decision withdrawn after its repair never was",
        ),
        pytest.param(
            (*OBJECTION, told("objected", MAR, OTHER)),
            {FEB: "objected", MAY: "objected"},
            id="another objection is still open",
        ),
        pytest.param(
            (*OBJECTION, told("objected", APR, OTHER)),
            {APR: "objected"},
            id="another is made on the day one is closed",
        ),
        pytest.param(
            (told("objected", FEB), told("effective", FEB)),
            {FEB: "effective"},
            id="made and closed on one day",
        ),
        pytest.param(
            (told("objected", None, OTHER), *OBJECTION),
            {JAN: "objected", MAR: "objected", APR: "effective"},
            id="an undated one is the one that was closed",
        ),
        pytest.param(
            (told("objected", FEB), told("effective", APR, OTHER)),
            {MAR: "objected", APR: "effective"},
            id="closed in a row that does not say which",
        ),
        pytest.param(
            (told("objected", FEB), told("effective", None, OTHER)),
            {FEB: "objected"},
            id="a closing without a day closes nothing dated",
        ),
        pytest.param(
            (told("effective", FEB, OTHER), told("objected", MAR)),
            {MAR: "objected"},
            id="made after a closing",
        ),
    ],
)
def test_a_status_does_not_depend_on_the_order_of_events(
    events: tuple[ListingEvent, ...], days: dict[date, str]
) -> None:
    for order in permutations(events):
        listing = Listing("l", SubjectId("s"), "penalty", events=order)
        assert {day: listing.status_on(day) for day in days} == days


@pytest.mark.parametrize("status", ["effective", "objected"])
def test_its_own_end_ends_it_under_objection_too(status: str) -> None:
    listing = Listing("l", SubjectId("s"), "penalty", until=MAR, events=(told(status, FEB),))
    assert [listing.status_on(day) for day in (FEB, MAR)] == [status, "expired"]
