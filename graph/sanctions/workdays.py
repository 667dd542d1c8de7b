"""Working days by the calendar of the State Council's notices, and honestly without it."""

from collections.abc import Set
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

import chinese_calendar

from graph.errors import DataError
from graph.sanctions.fields import Fields, read_mapping

__all__ = ["Deadline", "Table", "add_working_days", "shipped_table"]


@dataclass(frozen=True, slots=True)
class Table:
    """Days off and days worked in years the calendar library does not cover."""

    holidays: Set[date]
    workdays: Set[date]


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day of a term.

    Attributes:
        uncovered: Years counted Monday to Friday and by the office's own table only.
    """

    day: date
    uncovered: tuple[int, ...] = ()


def add_working_days(day: date, count: int, table: Table) -> Deadline:
    """Return the last day of a term of working days; the day itself is not counted (民法典 201).

    Args:
        day: The day the term begins to run.
        count: At least 1.
        table: Used for the years the calendar library does not know.
    """
    uncovered: set[int] = set()
    while count:
        day += timedelta(days=1)
        works, known = _works(day, table)
        count -= works
        if not known:
            uncovered.add(day.year)
    return Deadline(day, tuple(sorted(uncovered)))


def _works(day: date, table: Table) -> tuple[bool, bool]:
    """Return whether a day is a working day, and whether the calendar covers its year."""
    try:
        return bool(chinese_calendar.is_workday(day)), True
    except NotImplementedError:
        weekday = day.weekday() < 5
        return (weekday and day not in table.holidays) or day in table.workdays, False


@cache
def shipped_table() -> Table:
    """Return the office's own table.

    Raises:
        DataError: E701 to E705.
    """
    fields = Fields(read_mapping(files("graph") / "sanctions" / "holidays.yaml"), "holidays.yaml")
    fields.only(("holidays", "workdays"))
    return Table(_days(fields, "holidays"), _days(fields, "workdays"))


def _days(fields: Fields, key: str) -> frozenset[date]:
    days = []
    for text in fields.list(key):
        try:
            days.append(date.fromisoformat(text))
        except (TypeError, ValueError) as error:
            raise DataError("E705", where=f"{fields.place}: {key}", value=str(text)) from error
    return frozenset(days)
