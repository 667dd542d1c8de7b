"""Learning a model from a table alone, without labels.

What chance agreement is (u) comes from random pairs; what agreement within a subject is (m)
from expectation maximisation on the pairs each blocking key makes, leaving out the features
that read what the key joined on: those pairs agree there by choice. The same rows and seed
give the same model to the bit, in whatever order the rows came.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from resolvers.blocking import Pairs
from resolvers.chance import chance_of, strangers_of
from resolvers.features import Feature
from resolvers.levels import Matrix
from resolvers.model import Rates

__all__ = ["Learned", "learn"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_ROUNDS: Final = 300
_STILL: Final = 1e-7
# No level is impossible: a rarer one than this has not been seen often enough to be sure of.
_LEAST: Final = 1e-3
# Pairs of either kind at a level from which on its rate is taken as it is.
_SETTLED: Final = 30
# Patterns counted in one table; more are sorted.
_SPAN: Final = 1 << 22
_DIGITS: Final = 12


@dataclass(frozen=True, slots=True)
class Learned:
    """Rates of each feature, in order, and log2 of the odds of a random pair."""

    rates: tuple[Rates, ...]
    prior: float


def learn(
    table: pa.Table,
    features: Sequence[Feature],
    pairs: tuple[Pairs, Matrix],
    held: Sequence[Sequence[bool]],
    chance: tuple[int, int],
) -> Learned:
    """Return the rates that explain the pairs best.

    Args:
        table: Standardised rows in their canonical order.
        pairs: Candidate pairs and their levels.
        held: For each blocking key, which features must not be learned from its pairs.
        chance: How many random pairs to look at, and the seed.
    """
    candidates, levels = pairs
    total = max(table.num_rows * (table.num_rows - 1) / 2, 1.0)
    sizes = [len(feature.levels) for feature in features]
    with ThreadPoolExecutor() as pool:
        random = list(pool.map(lambda feature: chance_of(table, feature, chance), features))
    met = [(0.0, (each.drawn + 0.5) * each.scale) for each in random]
    same = [_guess(size) for size in sizes]
    # Random pairs hold some pairs of one subject; the second round takes those out.
    for _ in range(3):
        other = [
            strangers_of(levels_of, rates, known)
            for levels_of, rates, known in zip(random, same, met, strict=True)
        ]
        same = _sessions(candidates, levels, held, other)
        bits = [
            _weights(m, u, np.minimum(matches * m, strangers))
            for m, u, (matches, strangers) in zip(same, other, met, strict=True)
        ]
        prior, posterior = _prior(levels, bits, total)
        met = _met(levels, posterior, sizes)
    rates = tuple(
        Rates(*(tuple(_kept(each)) for each in three))
        for three in zip(same, other, bits, strict=True)
    )
    return Learned(rates, *_kept(np.array([prior])))


def _met(levels: Matrix, posterior: Floats, sizes: Sequence[int]) -> list[tuple[float, Floats]]:
    """Return for each feature the candidates of one subject, and those of two at each level."""
    return [
        (
            float(posterior[levels[:, f] > 0].sum()),
            np.bincount(levels[:, f], 1 - posterior, size).astype(np.float64),
        )
        for f, size in enumerate(sizes)
    ]


def _kept(numbers: Floats) -> list[float]:
    """Return numbers as a model keeps them: short of the last bits, which are noise."""
    return [float(f"{number:.{_DIGITS}g}") for number in numbers.tolist()]


def _guess(size: int) -> Floats:
    """Return rates to start from: the higher the level, the likelier within a subject."""
    rising = 2.0 ** np.arange(size)
    rising[0] = 0
    return np.asarray(rising / rising.sum())


def _sessions(
    pairs: Pairs, levels: Matrix, held: Sequence[Sequence[bool]], other: Sequence[Floats]
) -> list[Floats]:
    """Return m of every feature: the mean over the keys it may be learned from."""
    sums = [np.zeros(len(each)) for each in other]
    for key, kept_out in enumerate(held):
        made = (pairs.keys >> key & 1) == 1
        if made.any():
            _session(levels[made], kept_out, other, sums)
    if not all(each.any() for each in sums):
        missing = [bool(each.any()) for each in sums]
        everything = [np.zeros(len(each)) for each in other]
        _session(levels, [False] * len(sums), other, everything)
        sums = [a if known else b for a, b, known in zip(sums, everything, missing, strict=True)]
    return [_shares(each) for each in sums]


def _session(
    levels: Matrix, held: Sequence[bool], other: Sequence[Floats], sums: list[Floats]
) -> None:
    """Add the expected pairs of one subject at each level, by EM over distinct patterns."""
    used = [f for f, kept_out in enumerate(held) if not kept_out]
    if not used or not len(levels):
        return
    patterns, _, number = _patterns(levels[:, used])
    same = [_guess(len(other[f])) for f in used]
    share, before = 0.5, -1.0
    for _ in range(_ROUNDS):
        log_odds = np.full(len(patterns), np.log2(share / (1 - share)))
        for place, f in enumerate(used):
            log_odds += _ratio(same[place], other[f])[patterns[:, place]]
        weight = _likely(log_odds) * number
        expected = [
            np.bincount(patterns[:, place], weight, len(other[f])) for place, f in enumerate(used)
        ]
        same = [_shares(each) for each in expected]
        share = float(np.clip(weight.sum() / number.sum(), 1e-6, 1 - 1e-6))
        if abs(share - before) < _STILL:
            break
        before = share
    for f, each in zip(used, expected, strict=True):
        sums[f] += each


def _patterns(levels: Matrix) -> tuple[Matrix, Ints, Ints]:
    """Return distinct rows, the place of each row among them, and how often each occurs."""
    sizes = [int(column.max(initial=0)) + 1 for column in levels.T]
    number = np.zeros(len(levels), dtype=np.int64)
    for size, column in zip(sizes, levels.T, strict=True):
        number = number * size + column
    span = int(np.prod(sizes, dtype=np.float64))
    if span > _SPAN:
        told, place, often = np.unique(number, return_inverse=True, return_counts=True)
    else:
        counts = np.bincount(number, minlength=span)
        told = np.flatnonzero(counts)
        places = np.zeros(span, dtype=np.int64)
        places[told] = np.arange(len(told))
        place, often = places[number], counts[told]
    patterns = np.array(np.unravel_index(told, sizes), dtype=np.int8).T
    return patterns.reshape(len(told), len(sizes)), place, often


def _shares(pairs: npt.NDArray[Any]) -> Floats:
    """Return shares of the levels that say something, each taken to occur at least a bit."""
    counts = pairs + 0.5
    counts[0] = 0
    return np.asarray(counts / counts.sum())


def _ratio(same: Floats, other: Floats) -> Floats:
    bits = np.zeros(len(same))
    bits[1:] = np.log2(same[1:] / other[1:])
    return bits


def _likely(log_odds: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp2(-np.clip(log_odds, -500, 500))))


def _weights(same: Floats, other: Floats, seen: Floats) -> Floats:
    """Return bits that do not fall from one level to the next without good evidence.

    Levels rise from contradiction to agreement, so a fall is noise as long as few pairs were
    seen: neighbouring levels out of order are pooled (isotonic regression), which also settles
    empty ones. No level bars by itself.

    Args:
        seen: Pairs known at each level, of the rarer kind.
    """
    pools: list[tuple[float, float, float, int]] = []
    for level in range(1, len(same)):
        pools.append((float(same[level]), float(other[level]), float(seen[level]), 1))
        while len(pools) > 1 and _out_of_order(pools[-2], pools[-1]):
            last, before = pools.pop(), pools.pop()
            pools.append(tuple(a + b for a, b in zip(before, last, strict=True)))  # type: ignore[arg-type]
    bits = np.array([np.log2(m / u) for m, u, _, levels in pools for _ in range(levels)])
    # What is nearly equal is worth no more than what is equal: slips between strangers are seen
    # only where another key makes the pair, so they look rarer than they are.
    above_same, above_other = (np.cumsum(each[:0:-1])[::-1] for each in (same, other))
    bits[:-1] = np.minimum(bits[:-1], np.log2(above_same[1:] / above_other[1:]))
    return np.asarray(np.r_[0.0, np.maximum(bits, np.log2(_LEAST))])


def _out_of_order(
    before: tuple[float, float, float, int], last: tuple[float, float, float, int]
) -> bool:
    falls = before[0] * last[1] > last[0] * before[1]
    return falls and min(before[2], last[2]) < _SETTLED


def _prior(levels: Matrix, bits: Sequence[Floats], total: float) -> tuple[float, Floats]:
    """Return log2 odds of a random pair, and how likely each candidate is one subject.

    The odds are those at which the candidates' likelihoods add up to the pairs they foretell.
    """
    patterns, place, number = _patterns(levels)
    weight = np.zeros(len(patterns))
    for f, each in enumerate(bits):
        weight += each[patterns[:, f]]
    prior = -np.log2(total)
    for _ in range(_ROUNDS):
        expected = float((_likely(weight + prior) * number).sum())
        found = float(np.log2(max(expected, 1) / total))
        if abs(found - prior) < _STILL:
            break
        prior = found
    return prior, _likely(weight + prior)[place]
