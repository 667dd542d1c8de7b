"""What must hold for any district: the evaluator agrees with a slow oracle and with the law."""

import json
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

from hypothesis import given, settings
from hypothesis import strategies as st

from graph.model import Bid, Listing, ListingEvent, RecordId, Relation, Subject, SubjectId
from graph.network import Network
from graph.sanctions.findings import finding_from
from graph.sanctions.propagate import Finding, Outcome, evaluate
from graph.sanctions.rulebook import load_rulebook
from tests.property.sanction_cases import (
    AS_OF,
    FIRMS,
    LISTED,
    PEOPLE,
    REST,
    District,
    districts,
    relation,
)
from tests.property.sanction_oracle import Oracle

BOOK = load_rulebook()
EVERY = LISTED + REST
T = TypeVar("T")


def outcome_of(district: District) -> Outcome:
    network = Network.of(district.subjects, district.relations)
    return evaluate(BOOK, network, district.listings, district.bids, as_of=AS_OF)


def restrictions(outcome: Outcome) -> set[tuple[object, ...]]:
    return {
        (each.rule, each.subject, each.measure, each.listing, each.scope)
        for each in outcome.findings
        if each.kind == "restriction"
    }


def _two_hops(district: District, subject: SubjectId) -> set[SubjectId]:
    """Everybody within two ties of a subject, those a near decision names, and co-bidders."""
    near = {subject, *(each.bidder for each in district.bids)}
    for _ in range(2):
        near |= {
            end
            for tie in district.relations
            if near & {tie.source, tie.target}
            for end in (tie.source, tie.target)
        }
        for each in district.listings:
            people = {*each.named, *each.facts["responsible_persons"]}
            people |= {*each.facts["personally_responsible"]}
            if each.subject in near or people & near:
                near |= {each.subject, *people}
    return near


def _about(outcome: Outcome, subject: SubjectId) -> list[Finding]:
    return [each for each in outcome.findings if each.subject == subject]


@settings(max_examples=400, deadline=None)
@given(districts())
def test_findings_are_those_of_the_oracle(district: District) -> None:
    found = {
        (each.rule, each.subject, each.kind, each.measure, each.listing, each.suspected)
        for each in outcome_of(district).findings
        if each.rule not in {"R13", "R15", "R16"}
    }
    assert found == Oracle(district).verdicts()


@settings(max_examples=800, deadline=None)
@given(districts(REST))
def test_findings_of_every_other_listing_are_those_of_the_oracle(district: District) -> None:
    found = {
        (each.rule, each.subject, each.kind, each.measure, each.listing, each.suspected)
        for each in outcome_of(district).findings
        if each.listing is not None
    }
    assert found == Oracle(district).verdicts()


@settings(max_examples=200, deadline=None)
@given(districts())
def test_bidders_found_tied_are_those_of_the_oracle(district: District) -> None:
    found = set()
    for each in outcome_of(district).findings:
        if each.rule == "R13":
            ends = {end for step in each.path for end in (step.source, step.target)}
            over = each.kind == "attention"
            first_after = each.since if over else each.until
            opened = None if first_after is None else first_after - timedelta(days=1)
            kind = "attention" if over else "restriction"  # where identities are strong
            rivals = (end for end in ends if end in FIRMS and end != each.subject)
            found |= {(each.subject, end, kind, opened) for end in rivals}
    assert found == Oracle(district).ties_between_bidders()


def _without(outcome: Outcome, rule: str) -> list[Finding]:
    return [each for each in outcome.findings if each.rule != rule]


@settings(max_examples=200, deadline=None)
@given(districts())
def test_hints_about_bidders_are_those_of_the_oracle(district: District) -> None:
    oracle = Oracle(district)
    outcome = outcome_of(district)
    for rule, types in (("R15", {"agent", "professional_at"}), ("R16", {"contact"})):
        found = [each for each in outcome.findings if each.rule == rule]
        pairs = {(step.target, each.subject) for each in found for step in each.path}
        assert {(a, b) for a, b in pairs if a != b} == oracle.hints_between_bidders(types)
        assert {each.kind for each in found} <= {"attention"}


@settings(max_examples=150, deadline=None)
@given(districts(EVERY), st.integers())
def test_order_of_input_makes_no_difference(district: District, seed: int) -> None:
    def shuffled(values: Sequence[T]) -> tuple[T, ...]:
        return tuple(random.Random(seed).sample(values, len(values)))  # noqa: S311

    other = District(
        subjects=shuffled(district.subjects),
        relations=shuffled(district.relations),
        listings=shuffled(district.listings),
        bids=shuffled(district.bids),
    )
    first, second = outcome_of(district), outcome_of(other)
    assert first == second
    assert [each.id for each in first.findings] == [each.id for each in second.findings]


def test_findings_alike_but_for_their_days_come_in_one_order() -> None:
    owner, owned = (Subject(SubjectId(uid), "enterprise", uid, True) for uid in ("f0", "f1"))
    days = (AS_OF - timedelta(days=300), AS_OF + timedelta(days=30))
    bids = [
        Bid("project", str(lot), each.id, day, sure=True)
        for lot in range(12)
        for each in (owner, owned)
        for day in days
    ]
    district = District(
        (owner, owned), (Relation("controller", owner.id, owned.id),), (), tuple(bids)
    )
    alike: dict[tuple[object, ...], list[str]] = defaultdict(list)
    for each in outcome_of(district).findings:
        alike[each.subject, each.scope, each.path].append(each.id)
    assert all(len(ids) == 2 for ids in alike.values())
    assert all(ids == sorted(ids) for ids in alike.values())


@settings(max_examples=150, deadline=None)
@given(
    districts(EVERY),
    st.lists(
        st.builds(
            Relation,
            st.sampled_from(["relative", "shares_phone", "shares_address"]),
            st.sampled_from(PEOPLE + FIRMS),
            st.sampled_from(PEOPLE + FIRMS),
        ),
        min_size=1,
        max_size=4,
    ),
)
def test_kin_and_shared_contacts_never_change_a_finding(
    district: District, near: list[Relation]
) -> None:
    more = outcome_of(replace(district, relations=(*district.relations, *near)))
    # R16 shows bidders with one phone or address, and that is all it does.
    assert {each.kind for each in more.findings if each.rule == "R16"} <= {"attention"}
    assert _without(more, "R16") == _without(outcome_of(district), "R16")


@settings(max_examples=150, deadline=None)
@given(districts(EVERY), st.sets(st.sampled_from(PEOPLE + FIRMS), min_size=1))
def test_weaker_identity_never_restricts_more(district: District, weakened: set[SubjectId]) -> None:
    subjects = tuple(
        replace(each, strong=each.strong and each.id not in weakened) for each in district.subjects
    )
    weaker = outcome_of(replace(district, subjects=subjects))
    assert restrictions(weaker) <= restrictions(outcome_of(district))
    for each in weaker.findings:
        if each.subject in weakened:
            assert each.suspected
            assert each.kind != "restriction"


@settings(max_examples=150, deadline=None)
@given(districts(EVERY))
def test_dropping_every_known_date_of_ties_never_restricts_more_by_post(
    district: District,
) -> None:
    undated = tuple(replace(each, since=None) for each in district.relations)
    found = outcome_of(replace(district, relations=undated))
    for each in found.findings:
        if each.listing is not None and each.kind == "restriction":
            assert not each.path, "a post of unknown beginning restricted somebody"


@settings(max_examples=150, deadline=None)
@given(districts(EVERY), st.sampled_from(["repaired", "withdrawn", "expired", "objected"]))
def test_a_listing_taken_back_leaves_nothing_behind(district: District, status: str) -> None:
    if not district.listings:
        return
    gone, *kept = district.listings
    # An objection without a day may be the one that was closed; this one is open.
    last = ListingEvent(status, AS_OF if status == "objected" else None, RecordId("r3"))
    taken_back = replace(gone, events=(*gone.events, last))
    after = outcome_of(replace(district, listings=(taken_back, *kept)))
    without = outcome_of(replace(district, listings=tuple(kept)))
    assert after.findings == without.findings
    assert all(row.by == "R50" for row in after.blocked if row.listing == gone.id)


@settings(max_examples=150, deadline=None)
@given(districts(EVERY), st.sampled_from(PEOPLE + FIRMS))
def test_the_neighbourhood_alone_gives_the_same_findings(
    district: District, subject: SubjectId
) -> None:
    near = _two_hops(district, subject)
    part = District(
        subjects=tuple(each for each in district.subjects if each.id in near),
        relations=tuple(each for each in district.relations if {each.source, each.target} <= near),
        listings=tuple(each for each in district.listings if each.subject in near),
        bids=tuple(each for each in district.bids if each.bidder in near),
    )
    assert _about(outcome_of(part), subject) == _about(outcome_of(district), subject)


@settings(max_examples=150, deadline=None)
@given(districts(EVERY))
def test_every_finding_can_be_defended(district: District) -> None:
    strong = {each.id for each in district.subjects if each.strong}
    for each in outcome_of(district).findings:
        assert each.basis, "no article"
        assert len(each.path) <= 2
        assert bool(each.missing) == (each.kind == "conditional" or each.suspected)
        if each.kind == "restriction":
            ends = {end for step in each.path for end in (step.source, step.target)}
            assert {each.subject, *ends} <= strong
            assert each.since is None or each.since <= AS_OF
            assert each.until is None or each.until > AS_OF
        assert finding_from(json.loads(json.dumps(each.body()))) == each


@settings(max_examples=100, deadline=None)
@given(districts(EVERY))
def test_nobody_is_both_reached_and_spared_by_one_listing(district: District) -> None:
    outcome = outcome_of(district)
    spared = [(row.listing, row.subject) for row in outcome.blocked]
    for row in outcome.blocked:
        # R48 shows a branch's record with its parent and says that nothing else reaches it.
        reaching = {
            each.rule
            for each in outcome.findings
            if (each.listing, each.subject) == (row.listing, row.subject)
        }
        assert reaching <= ({"R48"} & {row.by})
    assert len(spared) == len(set(spared)), "two rows for one subject"


@settings(max_examples=100, deadline=None)
@given(st.lists(relation(), max_size=8), st.sampled_from(["licence", "honour", "commitment"]))
def test_good_or_neutral_news_reaches_nobody(ties: list[Relation], kind: str) -> None:
    subjects = [
        *(Subject(each, "person", "安一", strong=True) for each in PEOPLE),
        *(Subject(each, "enterprise", "甲公司", strong=True) for each in FIRMS),
    ]
    news = [Listing(f"l{each}", each, kind, decision_date=AS_OF) for each in (*PEOPLE, *FIRMS)]
    outcome = evaluate(BOOK, Network.of(subjects, ties), news, [], as_of=AS_OF)
    assert outcome == Outcome((), ())
