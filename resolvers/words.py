"""Names of several words in any order: which words are shared, and how telling those are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from rapidfuzz.distance import OSA, JaroWinkler

from resolvers.comparators import Judge
from resolvers.features import Levels
from resolvers.rarity import Frequencies

__all__ = ["Wordbook", "words"]

# How much of a word's surprise is shared, by how it is met. Initials could be anybody's.
_VARIANT: Final = 0.75
_MISSPELT: Final = 0.8
_ALIKE: Final = 0.5
_INITIAL: Final = 0.35
_CONFLICT: Final = 2.0
"""Bits of unmet words on both sides that make a name another name."""


@dataclass(frozen=True, slots=True)
class Wordbook:
    """What is known of words beforehand.

    Attributes:
        variants: Word -> numbers of the groups of names it is a form of.
        fillers: Words whose absence on one side means nothing: titles, particles.
    """

    variants: Mapping[str, frozenset[int]]
    fillers: frozenset[str]


def words(book: Wordbook, known: Frequencies, steps: Sequence[float]) -> Judge:
    """Return a judge of shared words: two levels for each step of shared bits.

    Of the two, the lower says that both sides also hold words the other lacks. Words are paired
    greedily, the most telling first.

    Args:
        known: Bits of surprise of words.
        steps: Rising.

    Cost: some microseconds for each distinct pair of names.
    """
    rest = known.get("", 0.0)
    likeness = lru_cache(maxsize=1 << 18)(lambda one, other: _likeness(one, other, book))

    def shared(one: str, other: str) -> tuple[float, float]:
        first, second = one.split(), other.split()
        met = []
        for i, word in enumerate(first):
            for j, twin in enumerate(second):
                like = likeness(*sorted((word, twin)))
                if like:
                    met.append((-like * min(known.get(word, rest), known.get(twin, rest)), i, j))
        bits, lone, others = _paired(met, len(first), len(second))
        unmet = (
            sum(known.get(text[k], rest) for k in left if text[k] not in book.fillers)
            for text, left in ((first, lone), (second, others))
        )
        return bits, min(unmet)

    def judge(left: Sequence[str], right: Sequence[str]) -> Levels:
        told = [shared(one, other) for one, other in zip(left, right, strict=True)]
        bits, unmet = np.array(told, dtype=np.float64).reshape(-1, 2).T
        step = np.searchsorted(np.array(steps), bits, side="right")
        return (1 + 2 * step + (unmet < _CONFLICT)).astype(np.int8)

    return judge


def _paired(
    met: list[tuple[float, int, int]], first: int, second: int
) -> tuple[float, set[int], set[int]]:
    """Return the bits of the words paired, and the places of those left over on both sides."""
    bits, lone, others = 0.0, set(range(first)), set(range(second))
    for gain, i, j in sorted(met):
        if i in lone and j in others:
            lone.discard(i)
            others.discard(j)
            bits -= gain
    return bits, lone, others


def _likeness(one: str, other: str, book: Wordbook) -> float:
    """Return from 0 to 1 how far two words are the same."""
    none: frozenset[int] = frozenset()
    shorter = min(len(one), len(other))
    if one == other:
        return 1.0
    if shorter == 1:
        return _INITIAL if one[0] == other[0] else 0.0
    if book.variants.get(one, none) & book.variants.get(other, none):
        return _VARIANT
    like = JaroWinkler.similarity(one, other)
    if shorter > 3 and (like >= 0.92 or OSA.distance(one, other, score_cutoff=1) <= 1):
        return _MISSPELT
    return _ALIKE if shorter > 4 and like >= 0.85 else 0.0
