"""What must hold of ownership on any graph: the oracle agrees, bounds, monotony, order."""

import random
from datetime import date
from fractions import Fraction

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from graph import schema
from graph.network import Network
from graph.sanctions.control import AT_LEAST_HALF, MORE_THAN_HALF, Ownership
from graph.sanctions.stakes import Threshold, least_share
from tests.property.control_oracle import Filing, Oracle

AS_OF = date(2026, 11, 1)
NODES = [f"n{number}" for number in range(6)]
# Percentages as registers state them: many at, just under and just over the thresholds.
SHARES = [None, *(Fraction(n, 100) for n in (1, 10, 20, 25, 30, 33, 40, 49, 50, 51, 60, 80, 100))]

filing = st.tuples(st.sampled_from(NODES), st.sampled_from(NODES), st.sampled_from(SHARES))
filings = st.lists(filing, max_size=14)
pairs = st.lists(st.tuples(st.sampled_from(NODES), st.sampled_from(NODES)), max_size=1)
owners = st.sets(st.sampled_from(NODES), min_size=1, max_size=2)
thresholds = st.sampled_from([AT_LEAST_HALF, MORE_THAN_HALF])


def subjects() -> pa.Table:
    rows = [{"id": each, "kind": "enterprise", "name": each, "strong": True} for each in NODES]
    return pa.Table.from_pylist(rows, schema.SUBJECTS)


def relations(filed: list[Filing], found: list[tuple[str, str]] | None = None) -> pa.Table:
    rows: list[dict[str, object]] = [
        {"type": "shareholder", "source": owner, "target": target, "strong": True}
        | {"share": None if share is None else float(share), "record": f"r{at}"}
        for at, (owner, target, share) in enumerate(filed)
    ]
    rows += [
        {"type": "controller", "source": owner, "target": target, "record": f"f{at}"}
        for at, (owner, target) in enumerate(found or [])
    ]
    return pa.Table.from_pylist(rows, schema.RELATIONS)


def ownership(filed: list[Filing], found: list[tuple[str, str]] | None = None) -> Ownership:
    return Ownership.of(subjects(), relations(filed, found), AS_OF)


@settings(max_examples=300)
@example([("n0", "n0", Fraction(1)), ("n1", "n0", Fraction(2, 5))], {"n1"})  # 1 - 1.4 + 0.4
@given(filings, owners)
def test_look_through_agrees_with_exact_fractions(filed: list[Filing], asked: set[str]) -> None:
    expected = {k: float(v) for k, v in Oracle(filed).look_through(asked).items()}
    assert ownership(filed).look_through(asked) == pytest.approx(expected)


@settings(max_examples=300)
@given(filings, pairs, owners, thresholds)
def test_cascade_agrees_with_the_oracle(
    filed: list[Filing], found: list[tuple[str, str]], asked: set[str], threshold: Threshold
) -> None:
    expected = Oracle(filed, found).cascade(asked, exceed=threshold.exceed)
    assert set(ownership(filed, found).cascade(asked, threshold)) == expected


@given(filings, pairs, thresholds)
def test_everybodys_control_is_each_ones(
    filed: list[Filing], found: list[tuple[str, str]], threshold: Threshold
) -> None:
    held = ownership(filed, found)
    told: dict[str, set[str]] = {each: set() for each in NODES}
    for row in held.controls(threshold).to_pylist():
        told[row["owner"]].add(row["organisation"])
    assert told == {each: set(held.cascade({each}, threshold)) for each in NODES}


@given(filings, pairs, owners, thresholds)
def test_a_proof_alone_gives_the_same_control(
    filed: list[Filing], found: list[tuple[str, str]], asked: set[str], threshold: Threshold
) -> None:
    held = ownership(filed, found)
    for target in held.cascade(asked, threshold):
        steps = held.proof(asked, target, threshold)
        shares: list[Filing] = [
            (each.owner, each.target, Fraction(each.least).limit_denominator(10_000))
            for each in steps
            if each.least is not None
        ]
        again = [(each.owner, each.target) for each in steps if "found" in each.flags]
        assert target in Oracle(shares, again).cascade(asked, exceed=threshold.exceed)


@given(filings)
def test_one_tie_is_read_as_all_are(filed: list[Filing]) -> None:
    network = Network(subjects(), relations(filed))
    held = ownership(filed)
    for target in NODES:
        node = network.node(target)
        assert node is not None
        read = {each.owner: each.least for each in held.stakes_in(target)}
        for tie in network.entering(node):
            least = least_share(network, tie, AS_OF)
            expected = read[network.id(network.source(tie))]
            assert (least is None) == (expected is None)
            assert least is None or least == pytest.approx(expected)


@given(filings)
def test_smallest_readings_never_sum_above_the_whole(filed: list[Filing]) -> None:
    held = ownership(filed)
    for target in NODES:
        stakes = held.stakes_in(target)
        assert sum(each.least or 0 for each in stakes) <= 1 + 1e-9
        assert all(each.least is None or each.least <= (each.most or 0) for each in stakes)


@given(filings, owners, filing)
def test_an_unknown_share_never_changes_an_answer(
    filed: list[Filing], asked: set[str], more: Filing
) -> None:
    unknown: Filing = (more[0], more[1], None)
    before, after = ownership(filed), ownership([*filed, unknown])
    assert after.look_through(asked) == before.look_through(asked)
    assert after.cascade(asked) == before.cascade(asked)


@given(filings, owners, filing)
def test_a_contradicting_filing_never_adds_control_by_others(
    filed: list[Filing], asked: set[str], more: Filing
) -> None:
    if more[0] in asked:
        return
    before = set(ownership(filed).cascade(asked))
    fresh = set(ownership([*filed, more]).cascade(asked)) - before
    # It may only add what its owner, being controlled, brings.
    assert not fresh or more[0] in before


@given(filings, owners, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(
    filed: list[Filing], asked: set[str], chance: random.Random
) -> None:
    mixed = list(filed)
    chance.shuffle(mixed)
    assert ownership(mixed).look_through(asked) == ownership(filed).look_through(asked)
    assert ownership(mixed).cascade(asked) == ownership(filed).cascade(asked)
