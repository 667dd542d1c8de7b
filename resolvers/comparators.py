"""Comparators any data can use; a scorecard names one and its steps for each feature.

All work on distinct pairs of values, so that two values that meet in a thousand pairs are
compared once.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from rapidfuzz import distance, process

from graph.identifier_forms import passes_check
from graph.identifiers import IdType
from resolvers.edits import ALIKE, SWAPPED
from resolvers.edits import edits as slips_of
from resolvers.features import Levels
from resolvers.regions import relation

__all__ = [
    "EDITS",
    "SIMILARITIES",
    "Judge",
    "codes",
    "dates",
    "edits",
    "ending",
    "exact",
    "overlap",
    "places",
    "prefix",
    "similar",
    "slips",
]

Judge = Callable[[Sequence[str], Sequence[str]], Levels]
"""Two lists of texts, aligned -> a level from 1 for each pair."""

SIMILARITIES: Final[dict[str, Any]] = {
    "jaro_winkler": distance.JaroWinkler.similarity,
    "indel": distance.Indel.normalized_similarity,
    "levenshtein": distance.Levenshtein.normalized_similarity,
    "damerau": distance.DamerauLevenshtein.normalized_similarity,
}
EDITS: Final[dict[str, Any]] = {
    "levenshtein": distance.Levenshtein.distance,
    "damerau": distance.OSA.distance,
}

_DATE: Final = 10
_YEAR: Final = 4


def exact() -> Judge:
    """Return a judge of equality: 1 different, 2 equal."""
    return lambda left, right: (1 + _equal(left, right)).astype(np.int8)


def similar(by: str, steps: Sequence[float]) -> Judge:
    """Return a judge of likeness from 0 to 1: a level more for each step reached, and for equality.

    Args:
        by: Key of `SIMILARITIES`.
        steps: Rising, below 1.
    """
    bounds = np.array(steps, dtype=np.float32)

    def judge(left: Sequence[str], right: Sequence[str]) -> Levels:
        found = process.cpdist(left, right, scorer=SIMILARITIES[by], dtype=np.float32, workers=-1)
        reached = 1 + np.searchsorted(bounds, found, side="right")
        return np.where(_equal(left, right), len(bounds) + 2, reached).astype(np.int8)

    return judge


def edits(by: str, steps: Sequence[float]) -> Judge:
    """Return a judge of single-character changes: a level more for each step kept within.

    Args:
        by: Key of `EDITS`.
        steps: Rising, e.g. 0, 1, 2.
    """
    most = int(max(steps))
    bounds = np.array(steps)

    def judge(left: Sequence[str], right: Sequence[str]) -> Levels:
        found = process.cpdist(
            left, right, scorer=EDITS[by], score_cutoff=most, dtype=np.int32, workers=-1
        )
        missed = np.searchsorted(bounds, found, side="left")
        return (1 + len(bounds) - missed).astype(np.int8)

    return judge


def prefix(steps: Sequence[float]) -> Judge:
    """Return a judge of codes that grow finer from the left, such as postcodes.

    A level more for each number of leading characters that agree, then one for codes that are a
    single character apart, then equality.

    Args:
        steps: Rising.
    """

    def judge(left: Sequence[str], right: Sequence[str]) -> Levels:
        level = np.ones(len(left), dtype=np.int8)
        for step in (int(each) for each in steps):
            level += _equal([text[:step] for text in left], [text[:step] for text in right])
        return _raised(level, _apart(left, right, 1), (1, 0), len(steps) + 2)

    return judge


def dates(years: int) -> Judge:
    """Return a judge of days written yyyy-mm-dd, mistyped ones included.

    Levels: 1 far apart, 2 within `years`, 3 the same year or the same month and day, 4 one
    character apart or day and month exchanged, 5 equal.
    """

    def judge(left: Sequence[str], right: Sequence[str]) -> Levels:
        first, second = _years(left), _years(right)
        apart = np.abs(first - second)
        level = np.where((apart <= years) & (first > 0) & (second > 0), 2, 1)
        level[(apart == 0) | _equal([day[4:] for day in left], [day[4:] for day in right])] = 3
        near = _apart(left, right, 1)
        turned = _equal([f"{day[:5]}{day[8:]}-{day[5:7]}" for day in left], right)
        level[(near == 1) | turned] = 4
        level[near == 0] = 5
        return level.astype(np.int8)

    return judge


def overlap(steps: Sequence[float]) -> Judge:
    """Return a judge of shared words, as a share of the shorter text's.

    A level more for each step reached, then one for texts two characters apart, then equality.

    Args:
        steps: Rising, up to 1.
    """
    bounds = np.array(steps)

    def share(one: str, other: str) -> float:
        first, second = set(one.split()), set(other.split())
        return len(first & second) / max(min(len(first), len(second)), 1)

    def judge(left: Sequence[str], right: Sequence[str]) -> Levels:
        found = np.fromiter(map(share, left, right), np.float64, len(left))
        level = (1 + np.searchsorted(bounds, found, side="right")).astype(np.int8)
        return _raised(level, _apart(left, right, 2), (2, 0), len(steps) + 2)

    return judge


def slips() -> Judge:
    """Return a judge of Chinese texts by the slips people make, as `resolvers.edits` tells them.

    Levels: 1 far apart, 2 another character, 3 one dropped, 4 two look- or sound-alikes,
    5 neighbours exchanged, 6 one look- or sound-alike, 7 equal.
    """

    def judge(left: Sequence[str], right: Sequence[str]) -> Levels:
        ones, others = (np.array(texts, dtype=object) for texts in (left, right))
        return 1 + slips_of(ones, others)

    return judge


def codes() -> Judge:
    """Return a judge of unified social credit codes (GB 32100-2015).

    Levels: 1 two codes whose check characters are right differ, 2 one that is wrong differs,
    3 one that is wrong is one character or one exchange away, 4 equal.
    """

    def judge(left: Sequence[str], right: Sequence[str]) -> Levels:
        ones, others = ([code.upper() for code in side] for side in (left, right))
        apart = _apart(ones, others, 1)
        level = np.full(len(ones), 4, dtype=np.int8)
        for place in np.flatnonzero(apart).tolist():
            both = _is_code(ones[place]) and _is_code(others[place])
            level[place] = 1 if both else 3 if apart[place] == 1 else 2
        return level

    return judge


@lru_cache(maxsize=1 << 18)
def _is_code(text: str) -> bool:
    return passes_check(IdType.USCC, text)


def ending() -> Judge:
    """Return a judge of names whose beginning may be left out, as a firm's region often is.

    Levels: 1 different, 2 the shorter is the end of the longer but for one character, 3 but for a
    look- or sound-alike or neighbours exchanged, 4 it is its end, 5 to 7 the same of the whole.
    """

    def judge(left: Sequence[str], right: Sequence[str]) -> Levels:
        shorter = [min(pair, key=len) for pair in zip(left, right, strict=True)]
        longer = [max(pair[::-1], key=len) for pair in zip(left, right, strict=True)]
        tails = [long[-len(short) :] for short, long in zip(shorter, longer, strict=True)]
        tail, whole = (_slipped(shorter, others) for others in (tails, longer))
        return np.where(whole > 0, 4 + whole, 1 + tail).astype(np.int8)

    return judge


def places() -> Judge:
    """Return a judge of region codes (GB/T 2260), several joined by `|` where a name is ambiguous.

    Levels: 1 different, 2 one lies in the other, 3 equal.
    """
    return lambda left, right: np.fromiter(map(relation, left, right), np.int8, len(left))


def _slipped(left: Sequence[str], right: Sequence[str]) -> Levels:
    """Return 3 for equal texts, 2 for look-alikes, 1 for one other character, else 0."""
    apart = _apart(left, right, 1)
    found = np.where(apart == 0, 3, np.where(apart == 1, 1, 0)).astype(np.int8)
    near = np.flatnonzero(apart == 1)
    ones, others = (
        np.array([side[place] for place in near.tolist()], dtype=np.object_)
        for side in (left, right)
    )
    how = slips_of(ones, others)
    found[near[(how == ALIKE) | (how == SWAPPED)]] = 2
    return found


def _equal(left: Sequence[str], right: Sequence[str]) -> npt.NDArray[np.bool_]:
    return np.fromiter((a == b for a, b in zip(left, right, strict=True)), np.bool_, len(left))


def _years(days: Sequence[str]) -> npt.NDArray[np.int64]:
    years = [int(day[:4]) if day[:4].isdecimal() else 0 for day in days]
    return np.array(years, dtype=np.int64)


def _apart(left: Sequence[str], right: Sequence[str], most: int) -> npt.NDArray[np.int32]:
    """Return single-character changes between texts, `most` + 1 for more."""
    return np.asarray(
        process.cpdist(
            left, right, scorer=EDITS["damerau"], score_cutoff=most, dtype=np.int32, workers=-1
        )
    )


def _raised(
    level: Levels, apart: npt.NDArray[np.int32], bounds: tuple[int, int], first: int
) -> Levels:
    """Return levels raised to `first` and the one after it where texts are within the bounds."""
    for above, bound in enumerate(bounds):
        level = np.where(apart <= bound, first + above, level).astype(np.int8)
    return level
