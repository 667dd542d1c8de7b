"""Ownership and control worked out by hand: published examples, chains, rings, filings."""

from datetime import date

import pyarrow as pa
import pytest

from graph import schema
from graph.errors import DataError
from graph.sanctions.control import AT_LEAST_HALF, MORE_THAN_HALF, Ownership
from graph.sanctions.stakes import Stake

AS_OF = date(2026, 11, 1)
Holding = tuple[str, str, float | None]


def tie(owner: str, target: str, share: float | None, **more: object) -> dict[str, object]:
    """Return one filing as a row of `schema.RELATIONS`."""
    row = {"type": "shareholder", "source": owner, "target": target, "share": share}
    return row | {"record": f"{owner}-{target}", "strong": True} | more


def owned(*holdings: Holding | dict[str, object], names: dict[str, str] | None = None) -> Ownership:
    rows = [each if isinstance(each, dict) else tie(*each) for each in holdings]
    ids = sorted({str(row[end]) for row in rows for end in ("source", "target")})
    people = [
        {"id": each, "kind": "enterprise", "name": (names or {}).get(each, each), "strong": True}
        for each in ids
    ]
    return Ownership.of(
        pa.Table.from_pylist(people, schema.SUBJECTS),
        pa.Table.from_pylist(rows, schema.RELATIONS),
        AS_OF,
    )


# OFAC, FAQ 401 (indirect ownership) and FAQ 399 (several blocked persons together). X and Y are
# blocked; what is expected is the set of blocked entities.
EXAMPLES: list[tuple[str, list[Holding], set[str]]] = [
    ("chain of halves", [("X", "A", 0.5), ("A", "B", 0.5)], {"A", "B"}),
    (
        "two quarters through two halves",
        [("X", "A", 0.5), ("X", "B", 0.5), ("A", "C", 0.25), ("B", "C", 0.25)],
        {"A", "B", "C"},
    ),
    (
        "a direct tenth and forty through a half",
        [("X", "A", 0.5), ("X", "B", 0.1), ("A", "B", 0.4)],
        {"A", "B"},
    ),
    (
        "a quarter is lost through a quarter",
        [("X", "A", 0.5), ("X", "B", 0.25), ("A", "C", 0.25), ("B", "C", 0.25)],
        {"A"},
    ),
    (
        "quarters of two halves reach nothing",
        [("X", "A", 0.25), ("X", "B", 0.25), ("A", "C", 0.5), ("B", "C", 0.5)],
        set(),
    ),
    ("two blocked persons together", [("X", "A", 0.25), ("Y", "A", 0.25)], {"A"}),
    (
        "together, and through what they own together",
        [("X", "A", 0.25), ("Y", "A", 0.25), ("A", "B", 0.5)],
        {"A", "B"},
    ),
]


@pytest.mark.parametrize(
    ("holdings", "blocked"), [pytest.param(*each[1:], id=each[0]) for each in EXAMPLES]
)
def test_the_published_examples_of_the_fifty_percent_rule(
    holdings: list[Holding], blocked: set[str]
) -> None:
    assert set(owned(*holdings).cascade({"X", "Y"}, AT_LEAST_HALF)) == blocked


def test_more_than_half_is_more_than_half() -> None:
    ownership = owned(("X", "A", 0.5), ("X", "B", 0.51))
    assert set(ownership.cascade({"X"}, MORE_THAN_HALF)) == {"B"}


def test_shares_that_sum_to_half_reach_half_in_spite_of_rounding() -> None:
    tenths = [("X", f"A{n}", 1.0) for n in range(5)] + [(f"A{n}", "B", 0.1) for n in range(5)]
    ownership = owned(*tenths)
    assert "B" in ownership.cascade({"X"})
    assert "B" not in ownership.cascade({"X"}, MORE_THAN_HALF)


# Structures in the manner of beneficial-ownership data, with what can be worked out by hand.


def test_look_through_multiplies_along_each_way_and_adds_the_ways() -> None:
    ownership = owned(
        ("person", "holding", 0.8),
        ("person", "target", 0.1),
        ("holding", "middle", 0.5),
        ("holding", "target", 0.25),
        ("middle", "target", 0.5),
    )
    assert ownership.look_through({"person"}) == pytest.approx(
        {"holding": 0.8, "middle": 0.4, "target": 0.1 + 0.8 * 0.25 + 0.8 * 0.5 * 0.5}
    )
    assert ownership.cascade({"person"}) == pytest.approx(
        {"holding": 0.8, "middle": 0.5, "target": 0.85}
    )


def test_look_through_solves_a_cross_holding() -> None:
    # A and B hold half of each other: a = 1/2 + b/2, b = a/2, so P has two thirds and one third.
    ownership = owned(("P", "A", 0.5), ("B", "A", 0.5), ("A", "B", 0.5), ("Q", "B", 0.5))
    assert ownership.look_through({"P"}) == pytest.approx({"A": 2 / 3, "B": 1 / 3})
    assert ownership.look_through({"P", "Q"}) == pytest.approx({"A": 1.0, "B": 1.0})


def test_shares_in_itself_belong_to_the_other_owners_in_look_through() -> None:
    ownership = owned(("P", "A", 0.45), ("Q", "A", 0.45), ("A", "A", 0.1))
    assert ownership.look_through({"P"}) == pytest.approx({"A": 0.5})
    assert ownership.cascade({"P"}) == {}


def test_shares_in_itself_are_not_counted_to_whoever_controls_it() -> None:
    ownership = owned(("P", "A", 0.6), ("A", "A", 0.1), ("A", "B", 0.6))
    assert ownership.cascade({"P"}) == {"A": 0.6, "B": 0.6}
    shares = {row["organisation"]: row["share"] for row in ownership.controls().to_pylist()}
    assert shares == {"A": 0.6, "B": 0.6}


def test_a_ring_that_owns_only_itself_belongs_to_nobody() -> None:
    ring: list[Holding] = [("A", "B", 1.0), ("B", "C", 1.0), ("C", "A", 1.0)]
    ownership = owned(*ring, ("P", "D", 1.0))
    assert ownership.look_through({"P"}) == {"D": 1.0}
    assert ownership.look_through({"A"}) == pytest.approx({"B": 1.0, "C": 1.0})
    assert set(ownership.cascade({"A"})) == {"B", "C"}


def test_a_sliver_of_a_ring_is_all_that_can_be_traced() -> None:
    ownership = owned(("P", "A", 0.01), ("B", "A", 0.99), ("A", "B", 1.0))
    assert ownership.look_through({"P"}) == pytest.approx({"A": 1.0, "B": 1.0})
    assert ownership.cascade({"P"}) == {}


def test_a_long_chain_of_small_majorities_fades_by_multiplying_and_not_in_cascade() -> None:
    links: list[Holding] = [(f"N{n}", f"N{n + 1}", 0.51) for n in range(6)]
    ownership = owned(*links)
    assert ownership.look_through({"N0"})["N6"] == pytest.approx(0.51**6)
    assert ownership.cascade({"N0"}, MORE_THAN_HALF)["N6"] == 0.51


def test_a_finding_of_control_counts_whatever_the_share() -> None:
    found = tie("P", "A", None, type="controller", record="finding")
    ownership = owned(found, ("A", "B", 0.6))
    assert ownership.cascade({"P"}, MORE_THAN_HALF) == {"A": 0.0, "B": 0.6}
    assert [(each.owner, each.target, each.flags) for each in ownership.proof({"P"}, "B")] == [
        ("P", "A", ("found",)),
        ("A", "B", ()),
    ]
    assert ownership.look_through({"P"}) == {}


# What is filed


def stake(ownership: Ownership, owner: str, target: str) -> Stake:
    return next(each for each in ownership.stakes_in(target) if each.owner == owner)


def test_a_share_stated_twice_is_one_share() -> None:
    twice = tie("P", "A", 0.6, record="annual report")
    ownership = owned(("P", "A", 0.6), twice, ("Q", "A", 0.4))
    assert stake(ownership, "P", "A") == Stake(
        "P", "A", 0.6, 0.6, (), sure=True, records=("P-A", "annual report")
    )
    assert ownership.contradictory() == []


def test_different_filings_of_one_stake_count_as_the_smallest() -> None:
    ownership = owned(("P", "A", 0.6), tie("P", "A", 0.4, record="later"))
    told = stake(ownership, "P", "A")
    assert (told.least, told.most, told.flags) == (0.4, 0.6, ("differing",))
    assert ownership.contradictory() == ["A"]
    assert ownership.cascade({"P"}) == {}


@pytest.mark.parametrize(
    ("shares", "least"),
    [
        pytest.param((0.8, 0.4), (0.6, 0.2), id="one still has more than half"),
        pytest.param((0.6, 0.6), (0.4, 0.4), id="neither has"),
        pytest.param((0.6, 0.5), (0.5, 0.4), id="exactly half is left"),
        pytest.param((1.0, 1.0), (0.0, 0.0), id="nothing is left"),
    ],
)
def test_filings_above_the_whole_count_as_what_the_others_leave(
    shares: tuple[float, float], least: tuple[float, float]
) -> None:
    ownership = owned(("P", "A", shares[0]), ("Q", "A", shares[1]))
    for owner, share, left in zip("PQ", shares, least, strict=True):
        told = stake(ownership, owner, "A")
        assert told.least == pytest.approx(left)
        assert told.most == share  # what was filed is told as it was filed
        assert told.flags == ("over_100",)
    assert ownership.contradictory() == ["A"]
    held = ownership.look_through({"P"}).get("A", 0.0)
    assert held == pytest.approx(least[0])


def test_the_largest_filing_of_others_decides_what_is_left() -> None:
    ownership = owned(("P", "A", 0.5), ("Q", "A", 0.4), tie("Q", "A", 0.7, record="later"))
    assert stake(ownership, "P", "A").least == pytest.approx(0.3)


def test_an_unknown_share_is_told_and_counts_for_nothing() -> None:
    ownership = owned(("P", "A", None), ("Q", "A", 0.3))
    told = stake(ownership, "P", "A")
    assert (told.least, told.most, told.flags) == (None, None, ("unknown",))
    assert ownership.look_through({"P"}) == {}
    assert ownership.cascade({"P", "Q"}) == {}
    assert ownership.contradictory() == []


def test_whoever_holds_for_another_is_marked() -> None:
    ownership = owned(("P", "A", 0.6), ("Q", "A", 0.4), names={"P": "安一（代持）", "Q": "柏二"})
    assert stake(ownership, "P", "A").flags == ("nominee",)
    assert stake(ownership, "Q", "A").flags == ()


def test_only_what_is_registered_on_the_day_counts() -> None:
    ownership = owned(
        tie("P", "A", 1.0, until=AS_OF),
        tie("P", "B", 1.0, since=AS_OF),
        tie("P", "C", 1.0, since=date(2026, 11, 2)),
        tie("P", "D", 1.0, since=date(2020, 1, 1), until=date(2026, 11, 2)),
        tie("P", "E", 1.0),
    )
    assert set(ownership.cascade({"P"})) == {"B", "D", "E"}


def test_a_proof_names_every_stake_counted_and_no_other() -> None:
    ownership = owned(
        ("X", "A", 0.5),
        ("X", "B", 0.5),
        ("A", "C", 0.25),
        ("B", "C", 0.25),
        ("Z", "C", 0.5),
        ("C", "A", 0.1),
    )
    steps = [(each.owner, each.target) for each in ownership.proof({"X"}, "C")]
    assert steps == [("X", "A"), ("X", "B"), ("A", "C"), ("B", "C")]
    assert ownership.proof({"X"}, "Z") == []


def test_a_weakly_identified_end_is_not_sure() -> None:
    assert not stake(owned(tie("P", "A", 0.6, strong=False)), "P", "A").sure


def test_everybodys_control_at_once_and_nobodys() -> None:
    ownership = owned(("X", "A", 0.5), ("A", "B", 0.5), ("Y", "A", 0.5))
    assert ownership.controls().to_pylist() == [
        {"owner": "A", "organisation": "B", "share": 0.5},
        {"owner": "X", "organisation": "A", "share": 0.5},
        {"owner": "X", "organisation": "B", "share": 0.5},
        {"owner": "Y", "organisation": "A", "share": 0.5},
        {"owner": "Y", "organisation": "B", "share": 0.5},
    ]
    assert len(ownership.controls(MORE_THAN_HALF)) == 0
    assert owned(("X", "A", None)).controls().num_rows == 0
    assert ownership.look_through({"nobody"}) == {}
    assert ownership.stakes_in("nobody") == []


def test_an_end_that_is_no_subject_is_refused() -> None:
    people = pa.Table.from_pylist([], schema.SUBJECTS)
    filings = pa.Table.from_pylist([tie("P", "A", 0.5)], schema.RELATIONS)
    with pytest.raises(DataError, match="E744"):
        Ownership.of(people, filings, AS_OF)


def test_a_large_ring_is_solved_like_a_small_one() -> None:
    size = 1_500
    ring: list[Holding] = [(f"N{n}", f"N{n + 1}", 1.0) for n in range(size - 1)]
    ownership = owned(("P", "N0", 0.5), (f"N{size - 1}", "N0", 0.25), ("Q", "N0", 0.25), *ring)
    held = ownership.look_through({"P"})
    assert len(held) == size
    assert held[f"N{size - 1}"] == pytest.approx(2 / 3)
