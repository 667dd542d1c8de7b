"""How often rows of two subjects agree by chance (u), from random pairs and from all equal ones."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from resolvers.distinct import codes
from resolvers.features import Feature
from resolvers.levels import Matrix, compare

__all__ = ["Chance", "chance_of", "strangers_of"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Chance:
    """How many of all pairs of a table are at each level of a feature.

    Attributes:
        equal: Pairs at each level whose values are equal, counted.
        drawn: Pairs with different values at each level among the random ones.
        scale: Pairs that one random pair stands for.
    """

    equal: Floats
    drawn: Floats
    scale: float


def chance_of(table: pa.Table, feature: Feature, chance: tuple[int, int]) -> Chance:
    """Return levels of all pairs: counted where values are equal, sampled where they differ."""
    size, seed = chance
    rows = table.select(sorted(set(feature.columns)))
    count = table.num_rows
    if count < 2:
        return Chance(np.zeros(len(feature.levels)), np.zeros(len(feature.levels)), 1.0)
    alike, number, group = _alike(rows, feature)
    equal = np.bincount(alike, number * (number - 1) / 2, len(feature.levels))
    generator = np.random.Generator(np.random.PCG64(seed))
    left = generator.integers(0, count, size)
    right = (left + generator.integers(1, count, size)) % count
    differ = group[left] != group[right]
    left, right = left[differ], right[differ]
    drawn = np.bincount(compare([feature], rows, left, right)[:, 0], minlength=len(equal))
    return Chance(
        equal.astype(np.float64), drawn.astype(np.float64), count * (count - 1) / 2 / size
    )


def _alike(rows: pa.Table, feature: Feature) -> tuple[Matrix, Floats, Ints]:
    """Return the level and number of each distinct row's pairs with its equals; group of rows."""
    group, *others = (codes(rows.column(name))[1] + 1 for name in rows.column_names)
    for place in others:
        _, group = np.unique(group * (rows.num_rows + 1) + place, return_inverse=True)
    _, first, number = np.unique(group, return_index=True, return_counts=True)
    several = number > 1
    shown = first[several]
    return compare([feature], rows, shown, shown)[:, 0], number[several].astype(float), group


def strangers_of(chance: Chance, same: Floats, met: tuple[float, Floats]) -> Floats:
    """Return u: levels of all pairs less those of one subject.

    What the random pairs show too seldom to be told is taken from the candidates instead: they
    hold about all pairs that agree to such a degree.

    Args:
        met: Expected candidates of one subject, and candidates of two subjects at each level.
    """
    matches, strangers = met
    all_equal = np.maximum(chance.equal - matches * same, 0)
    sure = np.maximum(chance.drawn - np.sqrt(chance.drawn), 0) * chance.scale
    counts = np.maximum(all_equal + sure, strangers)
    # As far as the number of matches can be known.
    doubt = np.sqrt(np.minimum(chance.equal, matches * same))
    counts = np.maximum(counts, 3 * doubt + 0.5)
    counts[0] = 0
    return np.asarray(counts / counts.sum())
