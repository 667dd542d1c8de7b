"""Rows that share a value, and the pairs they make."""

import numpy as np
import numpy.typing as npt

__all__ = ["grouped", "pairs_inside"]

Ints = npt.NDArray[np.int64]


def grouped(rows: Ints, values: Ints) -> tuple[Ints, Ints]:
    """Return rows in order of value, ascending within one value, and how many have each."""
    order = rows[np.argsort(values[rows], kind="stable")]
    ordered = values[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if len(order) else order
    return order, np.diff(np.r_[starts, len(order)])


def pairs_inside(rows: Ints, counts: Ints, size: int) -> Ints:
    """Return all pairs of rows of one group as left * size + right, left < right.

    A row is paired with each of those that follow it in its group.
    """
    ends = np.repeat(np.cumsum(counts), counts)
    following = ends - np.arange(len(rows)) - 1
    left = np.repeat(np.arange(len(rows)), following)
    starts = np.repeat(np.cumsum(following) - following, following)
    right = left + 1 + np.arange(len(left)) - starts
    return np.asarray(rows[left] * size + rows[right])
