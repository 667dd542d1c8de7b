"""How common values are, and features that tell agreement on a rare value from a common one."""

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from resolvers.distinct import codes
from resolvers.features import Feature, Levels
from resolvers.rows import Rows
from resolvers.scorecard import Rarity

__all__ = ["Frequencies", "by_rarity", "frequencies", "surprise"]

Bits = npt.NDArray[np.float64]

Frequencies = Mapping[str, float]
"""Bits of surprise of the values that are common enough to be told; '' is all others."""

# Fewer rows than this could point at one person, and tell little.
_FEWEST: Final = 3


def frequencies(column: pa.ChunkedArray, *, words: bool = False) -> dict[str, float]:
    """Return -log2 of the share of rows for each frequent value, or word of it.

    Cost: linear in rows; the answer has at most a fifth as many entries.
    """
    values = column.combine_chunks().drop_null()
    if words:
        values = pc.list_flatten(pc.utf8_split_whitespace(values))
    counted = values.value_counts()
    counts = counted.field("counts").to_numpy()
    often = counts >= _FEWEST
    told = counted.field("values").filter(pa.array(often)).to_pylist()
    total = max(column.length() - column.null_count, _FEWEST)
    bits = -np.log2(counts[often] / total)
    rest = -float(np.log2((_FEWEST - 1) / total))
    return {"": round(rest, 6)} | dict(sorted(zip(told, np.round(bits, 6).tolist(), strict=True)))


def surprise(known: Frequencies) -> Callable[[pa.Array], Bits]:
    """Return what tells the bits of each of many texts."""
    bits = np.array([*known.values(), known.get("", 0.0)])
    told = pa.array(list(known), pa.string())

    def bits_of(texts: pa.Array) -> Bits:
        found = pc.index_in(texts, told)
        return np.asarray(bits[pc.fill_null(found, -1).to_numpy(zero_copy_only=False)])

    return bits_of


def by_rarity(feature: Feature, rarity: Rarity, known: Frequencies) -> Feature:
    """Return the feature with each level from `rarity.since` on divided by rarity.

    The commoner of the two values counts: a typing error is rare, what it stands for need not be.
    """
    column = rarity.of or feature.columns[0]
    parts = len(rarity.steps) + 1
    told_by = surprise(known)

    def compare(left: Rows, right: Rows) -> Levels:
        levels = feature.compare(left, right)
        agreeing = np.flatnonzero(levels >= rarity.since)
        bits = np.minimum(
            _bits(left.column(column), agreeing, told_by),
            _bits(right.column(column), agreeing, told_by),
        )
        step = np.searchsorted(np.array(rarity.steps), bits, side="right")
        above = (levels[agreeing] - rarity.since).astype(np.int64)
        levels[agreeing] = (rarity.since + above * parts + step).astype(np.int8)
        return levels

    told = feature.levels[: rarity.since] + tuple(
        key for key in feature.levels[rarity.since :] for _ in range(parts)
    )
    columns = tuple(dict.fromkeys((*feature.columns, column)))
    return Feature(feature.name, columns, compare, told)


def _bits(
    column: pa.ChunkedArray, rows: npt.NDArray[np.int64], told_by: Callable[[pa.Array], Bits]
) -> Bits:
    texts, places = codes(column)
    return told_by(texts)[places[rows]]
