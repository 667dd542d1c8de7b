"""Merge, review or separate: lines drawn where measured precision allows, never by feel."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from resolvers.evaluate import least

__all__ = ["MERGE", "REVIEW", "SEPARATE", "Line", "decide", "draw"]

Bits = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

SEPARATE: Final = 0
REVIEW: Final = 1
MERGE: Final = 2


@dataclass(frozen=True, slots=True)
class Line:
    """Where pairs of one stratum may be merged.

    Attributes:
        bits: Least weight; infinite where nothing measured allows a merge.
        precision: Of the labelled pairs from there on; None if there is no line.
        least: Lower end of its 95 % interval.
    """

    bits: float
    precision: float | None
    least: float


def draw(bits: Bits, same: Bools, stratum: Ints, target: float) -> dict[int, Line]:
    """Return for each stratum the lowest line whose precision is surely at least the target.

    Surely: the lower end of its 95 % interval. A stratum with too few labelled pairs to say so
    gets no line, and its pairs go to review.

    Args:
        bits: Weights of labelled pairs.
        same: Their labels.
        target: Between 0 and 1.
    """
    lines = {}
    for number in np.unique(stratum).tolist():
        mine = stratum == number
        order = np.argsort(-bits[mine], kind="stable")
        weights, right = bits[mine][order], np.cumsum(same[mine][order])
        # A line runs between weights, so pairs of one weight are taken together.
        ends = np.flatnonzero(np.r_[weights[1:] != weights[:-1], True])
        low = least(right[ends], ends + 1)
        sure = low >= target
        lines[number] = Line(np.inf, None, 0.0)
        if sure.any():
            end = int(ends[sure][-1])
            share = float(right[end] / (end + 1))
            lines[number] = Line(float(weights[end]), share, float(low[sure][-1]))
    return lines


def decide(bits: Bits, stratum: Ints, merge: Mapping[int, Line], review: float) -> Ints:
    """Return `MERGE`, `REVIEW` or `SEPARATE` for each pair.

    A stratum without a line is never merged.
    """
    known = {number: line.bits for number, line in merge.items()}
    bound = np.array([known.get(number, np.inf) for number in stratum.tolist()])
    decided = np.where(bits >= review, REVIEW, SEPARATE)
    return np.where((bits >= bound) & ~np.isneginf(bits), MERGE, decided).astype(np.int64)
