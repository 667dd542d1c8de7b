"""What an unknown fact means: it leaves a question open, means no, or stops nothing."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from graph.model import Listing, SubjectId
from graph.sanctions.clock import Clock, Period, period
from graph.sanctions.conditions import Condition, Conditions
from graph.sanctions.rule import Duration

SERIOUS = Condition("serious", True)
WORDS = Condition("penalty_type", ("吊销", "取缔"))
AMOUNT = Condition("amount_fen", 100)


@pytest.mark.parametrize(
    ("condition", "facts", "met"),
    [
        pytest.param(SERIOUS, {}, None, id="truth-unknown"),
        pytest.param(SERIOUS, {"serious": None}, None, id="truth-null"),
        pytest.param(SERIOUS, {"serious": True}, True, id="true"),
        pytest.param(SERIOUS, {"serious": False}, False, id="false"),
        pytest.param(Condition("serious", False), {"serious": False}, True, id="wanted-false"),
        pytest.param(WORDS, {"penalty_type": "依法取缔"}, True, id="one-of-the-words"),
        pytest.param(WORDS, {"penalty_type": "罚款"}, False, id="none-of-the-words"),
        pytest.param(AMOUNT, {"amount_fen": 100}, True, id="amount-reached"),
        pytest.param(AMOUNT, {"amount_fen": 99}, False, id="amount-below"),
        pytest.param(AMOUNT, {"amount_fen": 0}, False, id="no-amount-is-an-amount"),
    ],
)
def test_a_condition_is_met_not_met_or_unknown(
    condition: Condition, facts: Mapping[str, Any], met: bool | None
) -> None:
    assert condition.met(facts) is met


@pytest.mark.parametrize(
    ("conditions", "unknown", "yes", "no"),
    [
        pytest.param(Conditions(needed=(SERIOUS,)), ("serious",), (), None, id="needed"),
        pytest.param(Conditions(only=(SERIOUS,)), None, (), None, id="only"),
        pytest.param(Conditions(unless=(SERIOUS,)), (), None, (), id="unless"),
    ],
)
def test_an_unknown_fact_asks_refuses_or_passes(
    conditions: Conditions, unknown: object, yes: object, no: object
) -> None:
    assert conditions.lacking({}) == unknown
    assert conditions.lacking({"serious": True}) == yes
    assert conditions.lacking({"serious": False}) == no


def _span(durations: list[Duration], as_of: date, **values: Any) -> Period | None:
    listing = Listing("l", SubjectId("s"), "penalty", **values)
    return period(durations, listing, Clock.of(listing, as_of))


BAN = Duration("decision", years=1, at_most=3, anchors=("since", "decision_date"))
DECIDED = {"decision_date": date(2024, 1, 1)}


@pytest.mark.parametrize(
    ("as_of", "until", "expected"),
    [
        (date(2024, 12, 31), None, Period(date(2024, 1, 1), date(2025, 1, 1))),
        (date(2025, 1, 1), None, Period(date(2024, 1, 1), date(2027, 1, 1), ("until",))),
        (date(2025, 1, 1), date(2026, 1, 1), Period(date(2024, 1, 1), date(2026, 1, 1))),
        (date(2025, 1, 1), date(2031, 1, 1), Period(date(2024, 1, 1), date(2027, 1, 1))),
    ],
)
def test_a_term_the_decision_sets_is_certain_no_longer_than_the_law_makes_it(
    as_of: date, until: date | None, expected: Period
) -> None:
    assert _span([BAN], as_of, until=until, **DECIDED) == expected


def test_a_ban_of_unknown_day_lacks_it() -> None:
    assert _span([BAN], date(2025, 1, 1)) == Period(None, None, ("since",))


def test_of_two_clocks_the_one_running_counts_and_an_unknown_second_one_is_not_asked_for() -> None:
    clocks = [
        Duration("years", years=1, anchors=("decision_date",)),
        Duration("years", years=1, anchors=("end_of_sentence",)),
    ]
    late = {"facts": {"end_of_sentence": date(2025, 6, 1)}} | DECIDED
    first = Period(date(2024, 1, 1), date(2025, 1, 1))
    assert _span(clocks, date(2024, 6, 1), **late) == first
    assert _span(clocks, date(2025, 6, 1), **late) == Period(date(2025, 6, 1), date(2026, 6, 1))
    assert _span(clocks, date(2025, 6, 1), **DECIDED) == first


def test_a_clock_of_later_law_does_not_run_for_an_earlier_act() -> None:
    ten = Duration("years", 10, anchors=("decision_date",), law_from=date(2026, 8, 15))
    decided = {"decision_date": date(2026, 9, 1)}
    assert _span([ten], date(2026, 10, 1), violation_date=date(2026, 8, 14), **decided) is None
    assert _span([ten], date(2026, 10, 1), violation_date=date(2026, 8, 15), **decided)
