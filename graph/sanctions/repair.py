"""The clocks of credit repair: from when one may apply, when publication ends by itself.

Source: 信用修复管理办法 (国家发展改革委令第36号, in force 2026-04-01); the terms are data.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from graph.sanctions.clauses import read_both_languages
from graph.sanctions.clock import add_months
from graph.sanctions.fields import Fields, read_mapping
from graph.sanctions.workdays import Deadline, add_working_days, shipped_table

__all__ = ["RepairClass", "RepairTerms", "TimeLimit", "load_repair_terms"]


@dataclass(frozen=True, slots=True)
class RepairClass:
    """How long decisions of one gravity are shown, in months from the day of the decision."""

    code: str
    text: Mapping[str, str]
    apply_after: int
    ends_after: int

    def window(self, decided: date) -> tuple[date, date]:
        """Return from when one may apply, and the first day it may no longer be shown."""
        return add_months(decided, self.apply_after), add_months(decided, self.ends_after)


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """Days within which an authority acts; working days where the text says so."""

    code: str
    text: Mapping[str, str]
    days: int
    working: bool
    mark: str

    def deadline(self, day: date) -> Deadline:
        """Return the last day of the limit, counted from the day after."""
        if self.working:
            return add_working_days(day, self.days, shipped_table())
        return Deadline(day + timedelta(days=self.days))


@dataclass(frozen=True, slots=True)
class RepairTerms:
    """Every class of gravity and every limit, in order of the file."""

    classes: tuple[RepairClass, ...]
    limits: tuple[TimeLimit, ...]


@cache
def load_repair_terms() -> RepairTerms:
    """Return the shipped terms.

    Raises:
        DataError: E701 to E704; `where` names the key.
    """
    content = read_mapping(files("graph") / "sanctions" / "repair.yaml")
    return read_repair_terms(content)


def read_repair_terms(content: Mapping[str, Any]) -> RepairTerms:
    """Return the terms a mapping states; an end before the beginning is refused (E704)."""
    fields = Fields(content, "repair.yaml")
    fields.only(("classes", "deadlines"))
    classes, limits = fields.inner("classes"), fields.inner("deadlines")
    return RepairTerms(
        classes=tuple(_class(code, classes.inner(code)) for code in fields.value("classes")),
        limits=tuple(_limit(code, limits.inner(code)) for code in fields.value("deadlines")),
    )


def _class(code: str, fields: Fields) -> RepairClass:
    fields.only(("text", "apply_after", "ends_after"))
    first = 0 if fields.value("apply_after") == 0 else fields.count("apply_after")
    last = fields.count("ends_after")
    if last < first:
        raise fields.fault("E704", "ends_after", value=last, allowed=f">= {first}")
    return RepairClass(code, read_both_languages(fields.inner("text")), first, last)


def _limit(code: str, fields: Fields) -> TimeLimit:
    fields.only(("text", "days", "working_days", "mark"))
    working = fields.has("working_days")
    return TimeLimit(
        code=code,
        text=read_both_languages(fields.inner("text")),
        days=fields.count("working_days" if working else "days"),
        working=working,
        mark=fields.code("mark", ("V", "K", "C")),
    )
