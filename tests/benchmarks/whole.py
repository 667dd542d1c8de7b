"""The whole rulebook over a whole invented network: the evaluator alone, no store."""

import resource
import time
from collections import Counter
from datetime import date, timedelta
from typing import Final

import numpy as np
import pyarrow as pa

from graph.model import LISTING_KINDS, Bid, Listing, RecordId, SubjectId
from graph.network import Network
from graph.sanctions.propagate import evaluate
from graph.sanctions.rulebook import load_rulebook

__all__ = ["whole"]

_AS_OF: Final = date(2026, 11, 1)
_MIB: Final = 1024
_POSTS: Final = (
    *("legal_representative", "director", "supervisor", "senior_manager", "shareholder"),
    *("person_in_charge", "finance_officer", "professional_at"),
)


def whole(subjects: int, relations: int, listings: int) -> None:
    """Time the building of the network and one evaluation of every rule on everything.

    Six of ten subjects are people; half of the ties have a known beginning, a third an end;
    listings are of every kind, on people and firms alike; as many bids as listings.
    """
    chance = np.random.default_rng(1)
    people, ties = _tables(subjects, relations, chance)
    started = time.perf_counter()
    network = Network(people, ties)
    _tell("network", started, f"{subjects} subjects, {relations} ties")
    names = people.column("id").to_pylist()
    listed = [_listing(place, names, chance) for place in range(listings)]
    bids = [
        Bid(f"P{place // 4}", "", SubjectId(names[int(each)]))
        for place, each in enumerate(chance.integers(subjects * 6 // 10, subjects, listings))
    ]
    rulebook = load_rulebook()
    started = time.perf_counter()
    outcome = evaluate(rulebook, network, listed, bids, as_of=_AS_OF)
    kinds = dict(sorted(Counter(each.kind for each in outcome.findings).items()))
    _tell("evaluate", started, f"{listings} listings, {listings} bids: {kinds}")


def _tell(what: str, started: float, told: str) -> None:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _MIB
    print(f"{what:<9} {time.perf_counter() - started:6.2f} s  {told}; peak {peak:.0f} MiB")


def _tables(
    subjects: int, relations: int, chance: np.random.Generator
) -> tuple[pa.Table, pa.Table]:
    persons = subjects * 6 // 10
    names = pa.array([f"s-{number}" for number in range(subjects)])
    kinds = pa.array(["person"] * persons + ["enterprise"] * (subjects - persons))
    strong = pa.array(chance.random(subjects) < 0.9)
    people = pa.table({"id": names, "kind": kinds, "name": names, "strong": strong})
    since = chance.integers(10_000, 20_000, relations)
    until = since + chance.integers(100, 5_000, relations)
    ties = pa.table(
        {
            "type": pa.array(_POSTS).take(pa.array(chance.integers(0, len(_POSTS), relations))),
            "source": names.take(pa.array(chance.integers(0, persons, relations))),
            "target": names.take(pa.array(chance.integers(persons, subjects, relations))),
            "since": _days(since, chance.random(relations) < 0.5),
            "until": _days(until, chance.random(relations) < 2 / 3),
            "share": pa.array(chance.random(relations), mask=chance.random(relations) < 0.5),
            "record": names.take(pa.array(chance.integers(0, subjects, relations))),
            "strong": pa.array(chance.random(relations) < 0.9),
        }
    )
    return people, ties


def _days(days: np.ndarray, unknown: np.ndarray) -> pa.Array:
    return pa.array(days.astype(np.int32), pa.int32(), mask=unknown).cast(pa.date32())


def _listing(place: int, names: list[str], chance: np.random.Generator) -> Listing:
    decided = _AS_OF - timedelta(days=int(chance.integers(1, 3_000)))
    party, responsible = (SubjectId(names[int(n)]) for n in chance.integers(0, len(names), 2))
    return Listing(
        id=f"l-{place}",
        subject=party,
        kind=LISTING_KINDS[place % len(LISTING_KINDS)],
        violation_date=decided - timedelta(days=200) if place % 3 else None,
        decision_date=decided,
        since=decided,
        named=(responsible,) if place % 5 == 0 else (),
        facts={"serious": bool(place % 2)},
        records=(RecordId(f"r{place}"),),
    )
