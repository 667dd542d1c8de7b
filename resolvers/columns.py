"""Columns of tables as arrays, and rules asked once for each distinct pair."""

from collections.abc import Callable
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from resolvers.rows import Levels, Texts

__all__ = ["among", "by_pair", "distinct_pairs", "equals", "lengths", "places"]

Ints = npt.NDArray[np.int64]


@cache
def _scalar(value: str | int) -> pa.Scalar:
    # Made once each: Arrow looks for an optional package whenever it makes one.
    return pa.scalar(value)


def equals(column: pa.ChunkedArray, text: str) -> npt.NDArray[np.bool_]:
    """Return which rows of a column without nulls hold a text."""
    return np.asarray(pc.equal(column, _scalar(text)).to_numpy())


def among(column: pa.ChunkedArray, texts: tuple[str, ...]) -> npt.NDArray[np.bool_]:
    """Return which rows of a column hold one of some texts."""
    return np.asarray(pc.is_in(column, value_set=_texts(texts)).to_numpy())


@cache
def _texts(values: tuple[str, ...]) -> pa.Array:
    return pa.array(values, pa.string())


def places(asked: pa.ChunkedArray, among: pa.Array | pa.ChunkedArray) -> npt.NDArray[np.int64]:
    """Return where each key asked about first stands among others, -1 where it does not."""
    found = pc.fill_null(pc.index_in(asked, among).cast(pa.int64()), _scalar(-1))
    return np.asarray(found.to_numpy(), dtype=np.int64)


def distinct_pairs(ones: Ints, others: Ints) -> tuple[Ints, Ints, Ints]:
    """Return the two sides of distinct pairs, in order, and each row's place among them.

    Args:
        ones, others: Numbers from 0 on, aligned.
    """
    size = int(others.max(initial=0)) + 1
    found, place = np.unique(ones * size + others, return_inverse=True)
    return found // size, found % size, place


def lengths(column: Texts) -> npt.NDArray[np.int64]:
    """Return the length of every text."""
    return np.fromiter(map(len, column), dtype=np.int64, count=len(column))


def by_pair(ones: Texts, others: Texts, rule: Callable[[str, str], int]) -> Levels:
    """Return a rule's level for every pair; the rule is asked once for each distinct pair."""
    known: dict[tuple[str, str], int] = {}
    found = np.zeros(len(ones), dtype=np.int8)
    for at, pair in enumerate(zip(ones.tolist(), others.tolist(), strict=True)):
        level = known.get(pair)
        if level is None:
            level = known[pair] = rule(*pair)
        found[at] = level
    return found
