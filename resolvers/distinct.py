"""Work on the distinct values of aligned columns: each pair of values is looked at once."""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from resolvers.features import Levels

__all__ = ["BOTH", "Ints", "Scores", "by_distinct_pairs", "codes"]

Ints = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float64]

ABSENT: Final = -1
BOTH: Final = 2
"""First level of agreement in a feature that knows only different and equal."""


def codes(column: pa.ChunkedArray | pa.Array) -> tuple[pa.Array, Ints]:
    """Return the distinct texts of a column, and each row's place among them, -1 for null."""
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    coded = pc.dictionary_encode(array)
    indices = pc.fill_null(coded.indices, ABSENT).to_numpy(zero_copy_only=False)
    return coded.dictionary, indices.astype(np.int64)


def by_distinct_pairs(
    left: pa.ChunkedArray,
    right: pa.ChunkedArray,
    judge: Callable[[Sequence[str], Sequence[str]], Levels],
    equal: int | None = None,
) -> Levels:
    """Return a level for every pair: 0 where a side is null, else what `judge` says.

    Args:
        judge: Takes two lists of texts, aligned; called once with distinct pairs.
        equal: Level of equal texts, if it is always the same: those are not asked about.
    """
    texts, one, other = _shared_codes(left, right)
    levels = np.zeros(len(one), dtype=np.int8)
    stated = (one >= 0) & (other >= 0)
    if equal is not None:
        levels[stated & (one == other)] = equal
        stated &= one != other
    told = np.flatnonzero(stated)
    if not len(told):
        return levels
    pair = one[told] * len(texts) + other[told]
    distinct, place = np.unique(pair, return_inverse=True)
    first, second = (
        texts.take(pa.array(part)).to_pylist() for part in np.divmod(distinct, len(texts))
    )
    judged = judge(first, second)
    levels[told] = judged[place]
    return levels


def _shared_codes(left: pa.ChunkedArray, right: pa.ChunkedArray) -> tuple[pa.Array, Ints, Ints]:
    first, second = (c.combine_chunks() for c in (left, right))
    same = pa.types.is_dictionary(first.type) and first.dictionary.equals(second.dictionary)
    if same:
        texts, one = codes(first)
        return texts, one, codes(second)[1]
    joined = pa.concat_arrays([_plain(first), _plain(second)])
    texts, both = codes(joined)
    return texts, both[: len(left)], both[len(left) :]


def _plain(array: pa.Array) -> pa.Array:
    return array.dictionary_decode() if pa.types.is_dictionary(array.type) else array
