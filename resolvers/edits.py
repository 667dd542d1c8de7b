"""How two texts differ by the slips people make, over whole columns."""

from typing import Final

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Indel
from rapidfuzz.process import cpdist

from resolvers.characters import alike
from resolvers.columns import lengths
from resolvers.rows import Texts

__all__ = ["ALIKE", "DROPPED", "EQUAL", "FAR", "OTHER", "SWAPPED", "TWICE", "edits", "edits_of"]

FAR: Final = 0
"""Two characters or more."""
OTHER: Final = 1
"""One character is another one."""
DROPPED: Final = 2
"""One character is missing on one side."""
TWICE: Final = 3
"""Two characters are others that sound or look alike."""
SWAPPED: Final = 4
"""Two neighbours changed places."""
ALIKE: Final = 5
"""One character is another one that sounds or looks alike."""
EQUAL: Final = 6


def edits(ones: Texts, others: Texts) -> npt.NDArray[np.int8]:
    """Return how each pair of texts differs; '' on one side or both is FAR.

    Cost: a microsecond a pair.
    """
    found = np.full(len(ones), FAR, dtype=np.int8)
    stated = (ones != "") & (others != "")
    same = ones == others
    found[stated & same] = EQUAL
    rest = np.flatnonzero(stated & ~same)
    gap = np.abs(lengths(ones[rest]) - lengths(others[rest]))
    even, uneven = rest[gap == 0], rest[gap == 1]
    if len(even):
        found[even] = _substituted(ones[even].astype(str), others[even].astype(str))
    if len(uneven):
        apart = cpdist(ones[uneven], others[uneven], scorer=Indel.distance, dtype=np.int32)
        found[uneven[apart == 1]] = DROPPED
    return found


def _substituted(left: npt.NDArray[np.str_], right: npt.NDArray[np.str_]) -> npt.NDArray[np.int8]:
    """Classify pairs of unequal texts of one length each."""
    found = np.full(len(left), FAR, dtype=np.int8)
    width = max(left.dtype.itemsize, right.dtype.itemsize) // 4
    a = left.astype(f"U{width}").view(np.uint32).reshape(len(left), width).astype(np.int64)
    b = right.astype(f"U{width}").view(np.uint32).reshape(len(right), width).astype(np.int64)
    differ = a != b
    count = differ.sum(axis=1)
    rows = np.flatnonzero(count <= 2)
    if not len(rows):
        return found
    count, differ = count[rows], differ[rows]
    first = differ.argmax(axis=1)
    last = width - 1 - differ[:, ::-1].argmax(axis=1)
    both, ends = np.r_[rows, rows], np.r_[first, last]
    close = alike(a[both, ends], b[both, ends]).reshape(2, -1).all(axis=0)
    swapped = (a[rows, first] == b[rows, last]) & (a[rows, last] == b[rows, first])
    once = np.where(close, ALIKE, OTHER)
    twice = np.where((last == first + 1) & swapped, SWAPPED, np.where(close, TWICE, FAR))
    found[rows] = np.where(count == 1, once, twice)
    return found


def edits_of(one: str, other: str) -> int:
    """Return `edits` of a single pair."""
    return int(edits(np.array([one], dtype=object), np.array([other], dtype=object))[0])
