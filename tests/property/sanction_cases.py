"""Random small districts for the properties of propagation."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from hypothesis import strategies as st

from graph.model import (
    LISTING_KINDS,
    Bid,
    Listing,
    ListingEvent,
    RecordId,
    Relation,
    Subject,
    SubjectId,
)

PEOPLE = [SubjectId(f"p{number}") for number in range(4)]
FIRMS = [SubjectId(f"f{number}") for number in range(4)]
ORGANISATIONS = ["enterprise", "individual_business", "branch", "social_organisation"]
TIES = [
    "legal_representative",
    "person_in_charge",
    "operator",
    "chair",
    "director",
    "supervisor",
    "senior_manager",
    "shareholder",
    "contact",
    "finance_officer",
    "professional_at",
    "agent",
]
DAYS = [date(2023, 12, 31), date(2024, 1, 1), date(2024, 7, 1), date(2025, 1, 1)]
AS_OF = date(2025, 6, 1)
LONG_AGO, LATER = date(2020, 6, 1), date(2026, 1, 1)
LISTED = [
    "court_defaulter",
    "licence_revoked",
    "closure_ordered",
    "tax_serious",
    "tax_grade_d",
    "wage_arrears",
    "market_serious",
    "food_permit_revoked",
    "seed_permit_revoked",
    "honour",
]
REST = sorted({*LISTING_KINDS} - {*LISTED})
WORDS = ["有期徒刑", "缓刑", "免予刑事处罚", "虐待", "拘役", "责令停产停业", "暂扣", "终身"]
WORDS += ["不予受理", "取缔", "虚假", "骗取许可", "隐瞒材料", "罚款"]
STATUSES = ["objected", "objected", "effective", "effective", "repaired", "expired", "withdrawn"]
TELLERS = [None, RecordId("r1"), RecordId("r2")]

maybe_day = st.none() | st.sampled_from(DAYS)
opened = st.sampled_from([None, date(2024, 7, 1), AS_OF, date(2025, 7, 1)])


@dataclass(frozen=True)
class District:
    """Everything one evaluation is given."""

    subjects: tuple[Subject, ...]
    relations: tuple[Relation, ...]
    listings: tuple[Listing, ...]
    bids: tuple[Bid, ...]


@st.composite
def subjects(draw: st.DrawFn) -> tuple[Subject, ...]:
    strong = st.sampled_from([True, True, True, False])
    names = st.sampled_from(["安一", "柏二"])
    people = [Subject(each, "person", draw(names), draw(strong)) for each in PEOPLE]
    kinds = st.sampled_from(ORGANISATIONS)
    return (*people, *(Subject(each, draw(kinds), f"公司{each}", draw(strong)) for each in FIRMS))


@st.composite
def relation(draw: st.DrawFn) -> Relation:
    target = draw(st.sampled_from(FIRMS))
    if draw(st.booleans()):
        source, kind = draw(st.sampled_from(PEOPLE)), draw(st.sampled_from(TIES))
    else:
        source = draw(st.sampled_from([each for each in FIRMS if each != target]))
        kind = draw(st.sampled_from(["shareholder", "controller", "branch_of"]))
    share = draw(st.sampled_from([None, 0.5, 0.51, 1.0])) if kind == "shareholder" else None
    return Relation(kind, source, target, draw(maybe_day), draw(maybe_day), share)


@st.composite
def listing(draw: st.DrawFn, number: int, kinds: list[str]) -> Listing:
    people = st.lists(st.sampled_from(PEOPLE), max_size=2, unique=True).map(tuple)
    facts: dict[str, Any] = {
        "large_debt": draw(st.sampled_from([None, True, False])),
        "personally_responsible": draw(people),
        "responsible_persons": draw(people),
        "serious": draw(st.sampled_from([None, True, False])),
        "penalty_type": draw(st.none() | st.sampled_from(WORDS)),
        "industry": draw(st.sampled_from([None, "安全评价", "公共安全"])),
        "amount_fen": draw(st.sampled_from([None, 199_999_999, 200_000_000])),
        "end_of_sentence": draw(st.sampled_from([None, LONG_AGO, *DAYS, AS_OF, LATER])),
        "liquidation_end": draw(st.sampled_from([None, LONG_AGO, *DAYS, AS_OF, LATER])),
    }
    event = st.builds(ListingEvent, st.sampled_from(STATUSES), maybe_day, st.sampled_from(TELLERS))
    return Listing(
        id=f"l{number}",
        subject=draw(st.sampled_from(PEOPLE + FIRMS)),
        kind=draw(st.sampled_from(kinds)),
        violation_date=draw(maybe_day),
        decision_date=draw(maybe_day),
        since=draw(maybe_day),
        until=draw(st.sampled_from([None, None, DAYS[2], date(2026, 1, 1)])),
        named=draw(people),
        facts={key: value for key, value in facts.items() if value is not None},
        events=tuple(draw(st.just([]) | st.lists(event, max_size=4))),
    )


@st.composite
def districts(draw: st.DrawFn, kinds: list[str] = LISTED) -> District:
    listings = [draw(listing(number, kinds)) for number in range(draw(st.integers(0, 3)))]
    bidders = draw(st.lists(st.sampled_from(FIRMS), max_size=4))
    return District(
        subjects=draw(subjects()),
        relations=tuple(draw(st.lists(relation(), max_size=10))),
        listings=tuple(listings),
        bids=tuple(Bid("project", "1", bidder, draw(opened)) for bidder in bidders),
    )
