"""All features of many pairs: one small matrix of levels."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from resolvers.features import Feature

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
    for start in range(0, len(left), _CHUNK):
        part = slice(start, start + _CHUNK)
        for place, feature in enumerate(features):
            rows = table.select(list(feature.columns))
            one, other = rows.take(pa.array(left[part])), rows.take(pa.array(right[part]))
            levels[part, place] = feature.compare(one, other)
    return levels


def coded(table: pa.Table) -> pa.Table:
    """Return the table with texts dictionary-encoded, so that equal ones are compared once."""
    for place, field in enumerate(table.schema):
        if pa.types.is_string(field.type) or pa.types.is_large_string(field.type):
            column = table.column(place).combine_chunks().dictionary_encode()
            table = table.set_column(place, field.name, column)
    return table
