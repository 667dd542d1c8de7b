"""All features of many pairs: one small matrix of levels."""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from resolvers.features import Feature
from resolvers.rows import Rows

__all__ = ["Matrix", "coded", "compare"]

Ints = npt.NDArray[np.int64]
Matrix = npt.NDArray[np.int8]

# Pairs looked at together: bounds the memory that aligned rows take.
_CHUNK: Final = 1 << 20


def compare(features: Sequence[Feature], table: pa.Table, left: Ints, right: Ints) -> Matrix:
    """Return the level of every pair (row) on every feature (column).

    Args:
        left, right: Row numbers of the table, aligned.
    """
    levels = np.empty((len(left), len(features)), dtype=np.int8)
    if not features:
        return levels
    rows = table.select(sorted({name for feature in features for name in feature.columns}))
    for start in range(0, len(left), _CHUNK):
        part = slice(start, start + _CHUNK)
        one, other = (Rows(rows.take(pa.array(side[part]))) for side in (left, right))
        # Most of the work is outside the interpreter, so threads share it.
        with ThreadPoolExecutor() as pool:
            told = pool.map(lambda feature: feature.compare(one, other), features)  # noqa: B023
            levels[part] = np.column_stack(list(told))
    return levels


def coded(table: pa.Table, columns: Iterable[str]) -> pa.Table:
    """Return the table with columns of texts dictionary-encoded: equal ones are compared once."""
    for name in columns:
        column = table.column(name).combine_chunks().dictionary_encode()
        table = table.set_column(table.column_names.index(name), name, column)
    return table
