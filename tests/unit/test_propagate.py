"""Proofs and gates that a case file cannot express: records, weak rows, a book without R50."""

from dataclasses import replace
from datetime import date

import pyarrow as pa
import pytest

from graph.model import Bid, Listing, ListingEvent, RecordId, Relation, Subject, SubjectId
from graph.network import Network
from graph.sanctions.propagate import Outcome, evaluate
from graph.sanctions.rulebook import Rulebook, load_rulebook

AN, FIRM, OTHER = (SubjectId(each) for each in ("an", "firm", "other"))
SUBJECTS = [
    Subject(AN, "person", "安一", strong=True),
    Subject(FIRM, "enterprise", "甲公司", strong=True),
    Subject(OTHER, "enterprise", "乙公司", strong=True),
]
LED = Relation("legal_representative", AN, FIRM, date(2020, 1, 1), records=(RecordId("led"),))
LEADS = Relation("director", AN, OTHER, records=(RecordId("leads"),))
REVOKED = Listing(
    id="l1",
    subject=FIRM,
    kind="licence_revoked",
    violation_date=date(2024, 1, 1),
    decision_date=date(2024, 5, 1),
    facts={"personally_responsible": [AN]},
    records=(RecordId("decision"), RecordId("publication")),
)
WHOLE = load_rulebook()
# The rules these cases are about, with everything that stops them.
BOOK = replace(
    WHOLE,
    rules=tuple(rule for rule in WHOLE.rules if rule.id in ("R02", "R13", "R18") or rule.negative),
)
AS_OF = date(2025, 6, 1)


def judged(listing: Listing, book: Rulebook = BOOK) -> Outcome:
    network = Network.of(SUBJECTS, [LED, LEADS])
    return evaluate(book, network, [listing], [], as_of=AS_OF)


def test_a_proof_is_the_decision_then_the_ties_in_order() -> None:
    proofs = {each.subject: each.records for each in judged(REVOKED).findings}
    assert proofs == {
        AN: ("decision", "publication", "led"),
        FIRM: ("decision", "publication", "led"),
        OTHER: ("decision", "publication", "led", "leads"),
    }


def test_a_row_that_identifies_its_ends_weakly_makes_a_finding_suspected() -> None:
    subjects = pa.table(
        {
            "id": [str(each.id) for each in SUBJECTS],
            "kind": [each.kind for each in SUBJECTS],
            "name": [each.name for each in SUBJECTS],
            "strong": [each.strong for each in SUBJECTS],
        }
    )
    relations = pa.table(
        {
            "type": [LED.type],
            "source": [str(AN)],
            "target": [str(FIRM)],
            "since": pa.array([LED.since], pa.date32()),
            "until": pa.array([None], pa.date32()),
            "share": pa.array([None], pa.float64()),
            "record": ["led"],
            "strong": [False],
        }
    )
    network = Network.from_arrow(subjects, relations)
    findings = evaluate(BOOK, network, [REVOKED], [], as_of=AS_OF).findings
    assert {(each.subject, each.kind, each.suspected) for each in findings} == {
        (AN, "conditional", True),
        (FIRM, "attention", True),
    }


def test_what_was_taken_back_stays_so_even_in_a_book_without_negative_rules() -> None:
    positive = replace(BOOK, rules=BOOK.active)
    repaired = replace(REVOKED, events=(ListingEvent("repaired", date(2025, 6, 1)),))
    assert judged(repaired, positive) == Outcome((), ())
    assert judged(REVOKED, positive).findings == judged(REVOKED).findings


def test_a_repair_takes_back_from_its_own_day_on() -> None:
    later = replace(REVOKED, events=(ListingEvent("repaired", date(2025, 6, 2)),))
    assert judged(later).findings == judged(REVOKED).findings


def test_an_objection_pauses_until_it_is_turned_down() -> None:
    pending = (ListingEvent("objected", date(2025, 1, 1)),)
    assert judged(replace(REVOKED, events=pending)).findings == ()
    upheld = (*pending, ListingEvent("effective", date(2025, 6, 1)))
    assert judged(replace(REVOKED, events=upheld)).findings == judged(REVOKED).findings


def test_people_named_beside_the_party_have_findings_of_their_own() -> None:
    wages = replace(REVOKED, kind="wage_arrears", facts={}, named=(AN,))
    assert {(each.subject, each.role) for each in judged(wages).findings} == {
        (FIRM, "own"),
        (AN, "own"),
    }


OWNS = Relation("shareholder", FIRM, OTHER, date(2024, 1, 1), date(2025, 1, 1), 0.6)


def bidding(*opened: date | None, tie: Relation = OWNS) -> list[tuple[str, str, str]]:
    """Return what is said of the first firm when both bid, each opened on its day."""
    bids = [Bid("P", "", who, day) for who, day in zip((FIRM, OTHER), opened, strict=True)]
    findings = evaluate(BOOK, Network.of(SUBJECTS, [tie]), [], bids, as_of=AS_OF).findings
    assert {each.subject for each in findings} in ({FIRM, OTHER}, set())
    own = [each for each in findings if each.subject == FIRM]
    return [(each.kind, str(each.since), str(each.until)) for each in own]


@pytest.mark.parametrize(
    ("opened", "told"),
    [
        pytest.param(date(2023, 12, 31), None, id="before the share was bought"),
        pytest.param(date(2024, 1, 1), ("attention", "2024-01-02", "None"), id="first day"),
        pytest.param(date(2024, 12, 31), ("attention", "2025-01-01", "None"), id="last day"),
        pytest.param(date(2025, 1, 1), None, id="on the day it was sold"),
        pytest.param(None, None, id="unknown: judged today"),
    ],
)
def test_bidders_ties_are_those_of_the_day_of_opening(
    opened: date | None, told: tuple[str, str, str] | None
) -> None:
    assert bidding(opened, opened) == ([] if told is None else [told])


@pytest.mark.parametrize(
    ("opened", "told"),
    [
        (date(2025, 5, 31), ("attention", "2025-06-01", "None")),
        (AS_OF, ("restriction", "None", "2025-06-02")),
        (date(2025, 9, 1), ("restriction", "None", "2025-09-02")),
        (None, ("restriction", "None", "None")),
    ],
)
def test_joint_bidding_is_barred_to_the_opening_and_looked_at_afterwards(
    opened: date | None, told: tuple[str, str, str]
) -> None:
    held = replace(OWNS, until=None)
    assert bidding(opened, opened, tie=held) == [told]
    assert bidding(opened, None, tie=held) == [told]


def test_bids_of_two_openings_of_a_lot_are_no_rivals() -> None:
    assert bidding(date(2024, 2, 1), date(2024, 3, 1)) == []


def test_joint_bidding_is_judged_by_the_law_of_its_day() -> None:
    held = replace(OWNS, since=None, until=None)
    assert bidding(date(2012, 1, 31), date(2012, 1, 31), tie=held) == []
    assert bidding(date(2012, 2, 1), date(2012, 2, 1), tie=held)


def test_a_disabled_rule_yields_nothing() -> None:
    off = tuple(
        replace(rule, enabled=False, reason={"zh": "停用", "en": "off"})
        if rule.id == "R02"
        else rule
        for rule in BOOK.rules
    )
    assert judged(REVOKED, replace(BOOK, rules=off)) == Outcome((), ())


@pytest.mark.parametrize(
    ("filed", "tied"),
    [
        pytest.param([(OTHER, 0.6)], True, id="one filing"),
        pytest.param([(OTHER, 0.6), (OTHER, 0.6)], True, id="twice the same"),
        pytest.param([(OTHER, 0.6), (OTHER, 0.4)], False, id="two different ones"),
        pytest.param([(OTHER, 0.6), (OTHER, None)], True, id="one without a share"),
        pytest.param([(OTHER, 0.6), (AN, 0.6)], False, id="above the whole, half in doubt"),
        pytest.param([(OTHER, 0.9), (AN, 0.3)], True, id="above the whole, more than half left"),
        pytest.param([(OTHER, None)], False, id="unknown"),
        pytest.param([(OTHER, 0.5)], False, id="half"),
    ],
)
def test_direct_holding_is_read_from_all_filings_of_the_firm(
    filed: list[tuple[SubjectId, float | None]], tied: bool
) -> None:
    shares = [Relation("shareholder", owner, FIRM, share=share) for owner, share in filed]
    bids = [Bid("project", "lot", each) for each in (FIRM, OTHER)]
    found = evaluate(BOOK, Network.of(SUBJECTS, shares), [], bids, as_of=AS_OF).findings
    assert {each.subject for each in found if each.rule == "R13"} == (
        {FIRM, OTHER} if tied else set()
    )
