"""The shipped rulebook is sound, its digest honest, its dates counted by the calendar."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from graph.model import Listing, SubjectId
from graph.sanctions.clock import Clock, add_years, period
from graph.sanctions.rule import Duration
from graph.sanctions.rulebook import load_rulebook
from tests.unit.rule_files import Content, a_folder, shipped, write

IDS = [f"R{number:02}" for number in range(1, 51)]


# What ships


def test_every_rule_of_the_catalogue_is_there_in_order() -> None:
    assert [rule.id for rule in load_rulebook().rules] == IDS


def test_each_rule_says_when_its_law_began_and_shows_its_mark() -> None:
    for rule in load_rulebook().rules:
        assert rule.bases
        assert rule.mark
        assert set(rule.title) == {"zh", "en"}


def test_a_rule_marked_c_ships_only_as_attention() -> None:
    doubtful = [rule for rule in load_rulebook().rules if "C" in rule.mark and rule.enabled]
    assert {rule.kind for rule in doubtful} <= {"attention", "negative"}


def test_predecessors_of_company_law_and_tax_rules_follow_without_a_gap() -> None:
    book = load_rulebook()
    for rule_id, law in (("R02", "公司法"), ("R19", "食品安全法"), ("R35", "种子法")):
        rule = book.rule(rule_id)
        assert rule is not None
        versions = sorted(
            (basis for basis in rule.bases if basis.law == law), key=lambda basis: basis.since
        )
        assert [basis.until for basis in versions[:-1]] == [basis.since for basis in versions[1:]]
        assert versions[-1].until is None


def test_relations_of_interest_are_those_some_rule_walks() -> None:
    walked = load_rulebook().relations_of_interest()
    assert {"legal_representative", "director", "shareholder", "relative", "branch_of"} <= walked
    assert not walked & {"guarantor", "successor_of"}


def test_listings_of_interest_hold_no_good_news() -> None:
    kinds = load_rulebook().listings_of_interest()
    assert "court_defaulter" in kinds
    assert not kinds & {"honour", "licence", "commitment", "tax_grade_a"}


def test_an_unknown_rule_id_is_nobody() -> None:
    assert load_rulebook().rule("R99") is None


def test_the_digest_is_of_the_content_not_of_the_layout(tmp_path: Path) -> None:
    folder = a_folder(tmp_path)

    def digest(change: Callable[[Content], object], order: int) -> str:
        content = shipped("R10")
        change(content)
        ordered = dict(list(content.items())[::order])
        write(folder, "R10", ordered)
        return load_rulebook(folder).digest

    plain = digest(lambda _: None, 1)
    assert digest(lambda _: None, -1) == plain
    assert digest(lambda rule: rule.update(version=2), 1) != plain
    assert len(plain) == 64
    assert load_rulebook().digest == load_rulebook().digest != plain


# Dates


@pytest.mark.parametrize(
    ("day", "years", "expected"),
    [
        pytest.param(date(2024, 3, 1), 3, date(2027, 3, 1), id="plain"),
        pytest.param(date(2024, 2, 29), 3, date(2027, 3, 1), id="leap-to-plain-year"),
        pytest.param(date(2024, 2, 29), 4, date(2028, 2, 29), id="leap-to-leap-year"),
        pytest.param(date(9998, 1, 1), 5, date.max, id="beyond-the-calendar"),
    ],
)
def test_years_are_added_by_the_calendar(day: date, years: int, expected: date) -> None:
    assert add_years(day, years) == expected


def test_a_listing_that_ends_itself_ends_a_longer_bar() -> None:
    five = Duration("years", 5, anchors=("decision_date",))
    listing = Listing(
        "l", SubjectId("s"), "penalty", decision_date=date(2024, 1, 1), until=date(2025, 1, 1)
    )
    span = period([five], listing, Clock.of(listing, date(2024, 6, 1)))
    assert span is not None
    assert span.until == date(2025, 1, 1)


def test_a_clock_without_decision_runs_from_the_day_of_effect() -> None:
    listing = Listing("l", SubjectId("s"), "penalty", since=date(2024, 1, 1))
    clock = Clock.of(listing, date(2025, 1, 1))
    assert clock.decision == clock.effective == date(2024, 1, 1)
