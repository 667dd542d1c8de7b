"""Columns of tables as arrays, and rules asked once for each distinct pair."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from resolvers.features import Levels

__all__ = ["Texts", "by_pair", "lengths", "numbers", "texts"]

Texts = npt.NDArray[np.object_]


def texts(table: pa.Table, column: str) -> Texts:
    """Return a column of texts, null as ''; equal texts are one object."""
    coded = pc.dictionary_encode(pc.fill_null(table.column(column), "").combine_chunks())
    distinct: Texts = np.array(coded.dictionary.to_pylist(), dtype=object)
    return np.asarray(distinct[coded.indices.to_numpy()], dtype=object)


def numbers(table: pa.Table, column: str) -> npt.NDArray[np.float32]:
    """Return a column of numbers."""
    return np.asarray(table.column(column).to_numpy(), dtype=np.float32)


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
