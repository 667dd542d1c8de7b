"""CASE.json is read strictly and answered in the shape other systems rely on."""

import copy
import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from graph.errors import DataError
from graph.model import LISTING_KINDS, RELATION_TYPES, SUBJECT_KINDS, Bid
from graph.network import Network
from graph.sanctions.case import read_case, simulate
from graph.sanctions.propagate import evaluate
from graph.sanctions.rulebook import load_rulebook
from graph.sanctions.spared import NAMESAKES_TOLD

BOOK = load_rulebook()
AS_OF = date(2025, 6, 1)
CASE: dict[str, Any] = {
    "subjects": [
        {"id": "an", "kind": "person", "name": "安一", "identity": "strong"},
        {"id": "bo", "kind": "person", "name": "柏二", "identity": "suspected"},
        {"id": "F1", "kind": "enterprise", "name": "甲公司", "identity": "strong"},
        {"id": "F2", "kind": "enterprise", "name": "乙公司", "identity": "strong"},
    ],
    "relations": [
        {
            "type": "legal_representative",
            "from": "an",
            "to": "F1",
            "since": "2020-01-01",
            "until": None,
            "share": None,
        },
        {"type": "shareholder", "from": "F1", "to": "F2", "share": 1},
        {"type": "relative", "from": "an", "to": "bo"},
    ],
    "listings": [
        {
            "id": "l1",
            "subject": "F1",
            "kind": "licence_revoked",
            "violation_date": "2024-01-01",
            "decision_date": "2024-05-01",
            "since": None,
            "until": None,
            "status": "effective",
            "named": [],
            "scope": None,
            "facts": {"personally_responsible": ["an"], "amount_fen": 100, "serious": True},
        }
    ],
    "bids": [
        {"project": "P1", "lot": "1", "bidder": "F1"},
        {"project": "P1", "lot": "1", "bidder": "F2"},
    ],
}


def changed(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    case = copy.deepcopy(CASE)
    change(case)
    return case


def test_the_answer_has_the_keys_of_the_contract_and_is_json() -> None:
    answer = simulate(read_case(CASE), BOOK, AS_OF)
    assert list(answer) == ["as_of", "rulebook", "findings", "blocked"]
    assert answer["as_of"] == "2025-06-01"
    assert answer["rulebook"] == BOOK.digest
    for finding in answer["findings"]:
        assert list(finding) == [
            "rule",
            "subject",
            "kind",
            "measure",
            "since",
            "until",
            "listing",
            "path",
            "basis",
            "missing",
            "suspected",
        ]
    for row in answer["blocked"]:
        assert list(row) == ["rule", "subject", "by", "why"]
    assert json.loads(json.dumps(answer)) == answer


def test_the_answer_holds_what_the_rules_say() -> None:
    answer = simulate(read_case(CASE), BOOK, AS_OF)
    assert [(each["rule"], each["subject"], each["kind"]) for each in answer["findings"]] == [
        ("R02", "F1", "attention"),
        ("R02", "an", "restriction"),
        ("R11", "F1", "restriction"),
        ("R13", "F1", "restriction"),
        ("R13", "F2", "restriction"),
    ]
    barred = next(each for each in answer["findings"] if each["subject"] == "an")
    assert barred["path"] == [
        {
            "type": "legal_representative",
            "from": "an",
            "to": "F1",
            "since": "2020-01-01",
            "until": None,
            "identity": "strong",
        }
    ]
    assert (barred["since"], barred["until"]) == ("2024-05-01", "2027-05-01")
    assert [(row["by"], row["subject"]) for row in answer["blocked"]] == [("R47", "bo")]


def test_the_reason_comes_in_the_language_asked_for() -> None:
    case = read_case(CASE)
    assert "亲属" in simulate(case, BOOK, AS_OF)["blocked"][0]["why"]
    assert "relatives" in simulate(case, BOOK, AS_OF, lang="en")["blocked"][0]["why"]


def test_a_subject_spared_twice_by_one_rule_is_one_row() -> None:
    twice = changed(lambda case: case["listings"].append({**CASE["listings"][0], "id": "l2"}))
    blocked = simulate(read_case(twice), BOOK, AS_OF)["blocked"]
    assert [(row["by"], row["subject"]) for row in blocked] == [("R47", "bo")]


@pytest.mark.parametrize(("others", "told"), [(NAMESAKES_TOLD - 1, True), (NAMESAKES_TOLD, False)])
def test_namesakes_are_told_of_unless_the_name_is_everybodys(others: int, told: bool) -> None:
    people = [{"id": f"p{number}", "kind": "person", "name": "安一"} for number in range(others)]
    case = read_case(changed(lambda case: case["subjects"].extend(people)))
    blocked = simulate(case, BOOK, AS_OF)["blocked"]
    assert sum(row["subject"] != "bo" for row in blocked) == (others if told else 0)


def test_everything_optional_may_be_absent_or_null() -> None:
    case = read_case(
        {
            "subjects": [{"id": "F1", "kind": "enterprise"}],
            "listings": [{"id": "l1", "subject": "F1", "kind": "wage_arrears", "facts": None}],
            "bids": [{"project": "P1", "lot": None, "bidder": "F1"}],
            "relations": None,
        }
    )
    assert case.listings[0].decision_date is None
    assert case.bids == (Bid("P1", "", case.subjects[0].id),)
    assert read_case({}).subjects == ()


def test_an_identity_not_said_to_be_strong_is_suspected() -> None:
    case = read_case({"subjects": [{"id": "an", "kind": "person", "identity": None}]})
    assert not case.subjects[0].strong


@pytest.mark.parametrize("status", ["repaired", "withdrawn", "objected", "expired"])
def test_a_status_other_than_effective_holds_on_any_day(status: str) -> None:
    case = read_case(changed(lambda case: case["listings"][0].update(status=status)))
    for as_of in (date(2024, 5, 1), AS_OF, date(2027, 4, 30)):
        answer = simulate(case, BOOK, as_of)
        assert {each["rule"] for each in answer["findings"]} == {"R13"}
        assert {row["by"] for row in answer["blocked"]} == {"R50"}


def test_every_code_of_the_contract_is_accepted() -> None:
    case = read_case(
        {
            "subjects": [{"id": kind, "kind": kind} for kind in SUBJECT_KINDS],
            "relations": [
                {"type": type_, "from": "person", "to": "enterprise"} for type_ in RELATION_TYPES
            ],
            "listings": [
                {"id": kind, "subject": "enterprise", "kind": kind} for kind in LISTING_KINDS
            ],
        }
    )
    assert simulate(case, BOOK, AS_OF)["as_of"]


def test_a_listing_or_bid_about_a_stranger_is_an_error_not_a_silence() -> None:
    case = read_case(CASE)
    network = Network.of(case.subjects[:2], [])
    with pytest.raises(DataError, match="E745 l1 id=F1"):
        evaluate(BOOK, network, case.listings, [], as_of=AS_OF)
    with pytest.raises(DataError, match="E745 P1 id=F1"):
        evaluate(BOOK, network, [], case.bids, as_of=AS_OF)
