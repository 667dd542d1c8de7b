"""Connected components of numbered things."""

from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

__all__ = ["NEUTRAL", "components", "range_within"]

Ints = npt.NDArray[np.int64]

NEUTRAL: Final = -1
"""A point on which a mention says nothing."""
_FEW: Final = 500
"""Things and pairs that are followed sooner than a sparse matrix is made of them."""


def components(one: Ints, other: Ints, size: int) -> Ints:
    """Return the component number of each of `size` things, joined pairwise.

    Components are numbered in the order of their first things.
    """
    if size + len(one) <= _FEW:
        return _of_few(one, other, size)
    joined = coo_array((np.ones(len(one), dtype=np.int8), (one, other)), shape=(size, size))
    _, labels = connected_components(joined, directed=False)
    return np.asarray(labels, dtype=np.int64)


def _of_few(one: Ints, other: Ints, size: int) -> Ints:
    first = list(range(size))
    for low, high in zip(one.tolist(), other.tolist(), strict=True):
        while first[low] != low:
            low = first[low]
        while first[high] != high:
            high = first[high]
        first[max(low, high)] = min(low, high)
    labels: list[int] = []
    count = 0
    for place, before in enumerate(first):
        labels.append(count if before == place else labels[before])
        count += before == place
    return np.array(labels, dtype=np.int64)


def range_within(groups: Ints, said: Ints) -> tuple[Ints, Ints]:
    """Return the least and greatest value said in each group, on every point.

    A group that says nothing has the greatest possible least and `NEUTRAL` as the greatest.
    """
    size = int(groups.max()) + 1
    low = np.full((len(said), size), np.iinfo(np.int64).max)
    high = np.full((len(said), size), NEUTRAL, dtype=np.int64)
    for row, values in enumerate(said):
        spoken = values != NEUTRAL
        np.minimum.at(low[row], groups[spoken], values[spoken])
        np.maximum.at(high[row], groups[spoken], values[spoken])
    return low, high
