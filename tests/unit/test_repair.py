"""Clocks of repair and working days: counted as the code says, and honest where it is silent."""

from datetime import date
from typing import Any

import pytest

from graph.errors import DataError
from graph.sanctions.clock import add_months
from graph.sanctions.repair import load_repair_terms, read_repair_terms
from graph.sanctions.workdays import Deadline, Table, add_working_days, shipped_table

NOTHING = Table(frozenset(), frozenset())


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        pytest.param(date(2026, 4, 1), 3, date(2026, 7, 1), id="plain"),
        pytest.param(date(2026, 12, 15), 1, date(2027, 1, 15), id="over-the-year"),
        pytest.param(date(2026, 1, 31), 1, date(2026, 3, 1), id="no-31-february"),
        pytest.param(date(2026, 10, 31), 1, date(2026, 12, 1), id="no-31-november"),
        pytest.param(date(2027, 11, 30), 3, date(2028, 3, 1), id="no-30-february-in-a-leap-year"),
        pytest.param(date(2026, 4, 1), 0, date(2026, 4, 1), id="at-once"),
        pytest.param(date(9999, 12, 31), 1, date.max, id="beyond-the-calendar"),
    ],
)
def test_months_are_added_by_the_calendar(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


def test_each_gravity_has_its_own_window_from_the_day_of_the_decision() -> None:
    windows = {each.code: each.window(date(2026, 5, 1)) for each in load_repair_terms().classes}
    assert windows == {
        "minor": (date(2026, 5, 1), date(2026, 8, 1)),
        "general": (date(2026, 8, 1), date(2027, 5, 1)),
        "serious": (date(2027, 5, 1), date(2029, 5, 1)),
    }


def test_limits_count_from_the_day_after() -> None:
    limits = {each.code: each for each in load_repair_terms().limits}
    # 2026-09-30 is a Wednesday; the National Day holiday runs to 7 October, 10 October is worked.
    handled = limits["repair_handled"].deadline(date(2026, 9, 30))
    assert handled == Deadline(date(2026, 10, 20))
    removed = limits["withdrawn_penalty_removed"].deadline(date(2026, 9, 30))
    assert removed.day == date(2026, 10, 3)
    assert limits["repair_handled"].mark == "C"


@pytest.mark.parametrize(
    ("change", "where"),
    [
        pytest.param({"ends_after": 2, "apply_after": 3}, "ends_after", id="ends-too-soon"),
        pytest.param({"ends_after": 0}, "ends_after", id="never-shown"),
        pytest.param({"apply_after": "x"}, "apply_after", id="no-number"),
    ],
)
def test_terms_that_cannot_be_are_refused_by_key(change: dict[str, Any], where: str) -> None:
    sound = {"text": {"zh": "轻微", "en": "minor"}, "apply_after": 0, "ends_after": 3}
    content = {"classes": {"minor": sound | change}, "deadlines": {}}
    with pytest.raises(DataError, match="E704") as refused:
        read_repair_terms(content)
    assert refused.value.where == f"repair.yaml: classes.minor.{where}"


def test_holidays_and_days_worked_instead_are_those_of_the_notice() -> None:
    # Spring Festival 2026: off from 15 to 23 February, worked on 14 and 28 February.
    assert add_working_days(date(2026, 2, 13), 1, NOTHING) == Deadline(date(2026, 2, 14))
    assert add_working_days(date(2026, 2, 14), 1, NOTHING) == Deadline(date(2026, 2, 24))


def test_a_year_the_calendar_does_not_cover_is_counted_and_named() -> None:
    # 2027-01-04 is a Monday.
    assert add_working_days(date(2027, 1, 4), 5, NOTHING) == Deadline(date(2027, 1, 11), (2027,))
    across = add_working_days(date(2026, 12, 30), 3, NOTHING)
    assert across.uncovered == (2027,)
    assert add_working_days(date(2026, 12, 28), 2, NOTHING).uncovered == ()


def test_the_offices_own_table_counts_where_the_calendar_is_silent() -> None:
    table = Table(frozenset({date(2027, 1, 5)}), frozenset({date(2027, 1, 9)}))
    assert add_working_days(date(2027, 1, 4), 5, table) == Deadline(date(2027, 1, 11), (2027,))
    assert add_working_days(date(2027, 1, 4), 1, table).day == date(2027, 1, 6)
    assert add_working_days(date(2027, 1, 8), 1, table).day == date(2027, 1, 9)
    assert shipped_table() == NOTHING
