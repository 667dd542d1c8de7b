"""An invented district's shares, and the time it takes to ask who controls what."""

import resource
import time
from datetime import date
from typing import Final

import numpy as np
import pyarrow as pa

from graph.sanctions.control import MORE_THAN_HALF, Ownership

__all__ = ["measure"]

_AS_OF: Final = date(2026, 11, 1)
_MIB: Final = 1024


def measure(subjects: int, filings: int, listed: int) -> None:
    """Time the reading of the filings, one look-through and cascade, and everybody's control."""
    people, ties = _district(subjects, filings)
    started = time.perf_counter()
    ownership = Ownership.of(people, ties, _AS_OF)
    _tell("read", started, f"{filings} filings of {subjects} subjects")
    chance = np.random.default_rng(2)
    owners = people.column("id").take(chance.choice(subjects, listed, replace=False)).to_pylist()
    started = time.perf_counter()
    held = ownership.look_through(owners)
    _tell("look-through", started, f"{listed} owners together hold some of {len(held)}")
    started = time.perf_counter()
    controlled = ownership.cascade(owners, MORE_THAN_HALF)
    _tell("cascade", started, f"they control {len(controlled)}")
    started = time.perf_counter()
    pairs = ownership.controls(MORE_THAN_HALF)
    _tell("everybody", started, f"{len(pairs)} owners and organisations they control")
    started = time.perf_counter()
    for owner in owners[:100]:
        ownership.look_through({owner})
    _tell("one owner", started, "a hundred times")


def _tell(what: str, started: float, told: str) -> None:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _MIB
    print(f"{what:<13} {time.perf_counter() - started:6.2f} s  {told}; peak {peak:.0f} MiB")


def _district(subjects: int, filings: int) -> tuple[pa.Table, pa.Table]:
    """Return people and firms with shares: holdings above their firms, some rings among them.

    Six of ten subjects are people. One owner in seven is a firm, mostly one numbered not far
    below what it owns; one in a thousand of these points back. Shares of a firm sum to 100 %,
    except in one firm in a hundred, and one filing in fifty states none.
    """
    chance = np.random.default_rng(1)
    persons = subjects * 6 // 10
    firms = subjects - persons
    targets = np.sort(chance.integers(0, firms, filings))
    by_firm = chance.random(filings) < 1 / 7
    near = targets - 1 - chance.geometric(0.02, filings)
    back = chance.random(filings) < 0.001
    near = np.where(back, targets + chance.integers(1, 50, filings), near)
    by_firm &= (near >= 0) & (near < firms)
    owners = np.where(by_firm, persons + near, chance.integers(0, persons, filings))
    weights = chance.pareto(0.7, filings) + 0.05
    sums = np.bincount(targets, weights, minlength=firms)
    over = np.where(chance.random(firms) < 0.01, 1.3, 1.0)
    shares = np.round(weights / sums[targets] * over[targets], 4)
    unknown = (chance.random(filings) < 0.02) | (shares > 1)
    names = pa.array([f"XX{number}" for number in range(subjects)])
    kinds = pa.array(["person"] * persons + ["enterprise"] * firms)
    strong = pa.array(np.ones(subjects, dtype=bool))
    people = pa.table({"id": names, "kind": kinds, "name": names, "strong": strong})
    nothing = pa.nulls(filings, pa.date32())
    ties = pa.table(
        {
            "type": pa.array(["shareholder"]).take(pa.array(np.zeros(filings, dtype=np.int32))),
            "source": names.take(pa.array(owners)),
            "target": names.take(pa.array(persons + targets)),
            "since": nothing,
            "until": nothing,
            "share": pa.array(shares, mask=unknown),
            "record": names.take(pa.array(persons + targets)),
            "strong": pa.array(np.ones(filings, dtype=bool)),
        }
    )
    return people, ties
