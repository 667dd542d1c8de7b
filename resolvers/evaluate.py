"""How good a partition is against a known truth: pairs, B-cubed, with honest intervals.

B-cubed (Bagga and Baldwin 1998) takes the mean over rows, so that one large cluster does not
decide all, as it does among pairs. Rows of one subject or one cluster stand and fall together:
intervals count such groups, not pairs, and need no random numbers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from resolvers.components import components
from resolvers.grouping import grouped, pairs_inside

__all__ = [
    "Ints",
    "Measure",
    "Quality",
    "interval",
    "joined",
    "quality",
    "recall_by_key",
    "recall_of_keys",
]

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[Any]
Ints = npt.NDArray[np.int64]

_Z: Final = 1.959963984540054
"""Of the normal distribution, for 95 percent."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A share with the 95 % interval it is likely to lie in; None if nothing was there to count."""

    value: float | None
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Quality:
    """What a partition gets right.

    Attributes:
        rows: Rows looked at.
        pairs: Pairs joined.
        wrong: Pairs joined that are two subjects.
        missed: Pairs of one subject that are not joined.
    """

    rows: int
    pairs: int
    wrong: int
    missed: int
    precision: Measure
    recall: Measure
    f1: float | None
    bcubed_precision: Measure
    bcubed_recall: Measure
    bcubed_f1: float | None


def quality(cluster: Ints, truth: Ints, inside: Bools | None = None) -> Quality:
    """Return how well clusters match the truth.

    Args:
        cluster, truth: A number for each row; equal numbers, one subject.
        inside: Rows of the stratum asked about; pairs count if either row is in it.

    Cost: sorting the rows.
    """
    chosen = np.ones(len(truth), dtype=np.bool_) if inside is None else inside
    cluster, truth = (np.unique(each, return_inverse=True)[1] for each in (cluster, truth))
    both = np.unique(cluster * (int(truth.max(initial=0)) + 1) + truth, return_inverse=True)[1]
    groups = _groups(cluster, truth)
    joined, actual, right = (_pairs(each, chosen, groups) for each in (cluster, truth, both))
    sizes = [np.bincount(each)[each] for each in (cluster, truth, both)]
    picked, count = groups[chosen], int(groups.max(initial=-1)) + 1
    rows = np.bincount(picked, minlength=count).astype(np.float64)
    share_right = np.bincount(picked, (sizes[2] / sizes[0])[chosen], count)
    share_found = np.bincount(picked, (sizes[2] / sizes[1])[chosen], count)
    precision, recall = interval(right, joined), interval(right, actual)
    cubed_precision, cubed_recall = interval(share_right, rows), interval(share_found, rows)
    return Quality(
        rows=int(chosen.sum()),
        pairs=int(joined.sum()),
        wrong=int(joined.sum() - right.sum()),
        missed=int(actual.sum() - right.sum()),
        precision=precision,
        recall=recall,
        f1=_harmonic(precision, recall),
        bcubed_precision=cubed_precision,
        bcubed_recall=cubed_recall,
        bcubed_f1=_harmonic(cubed_precision, cubed_recall),
    )


def recall_by_key(pairs: tuple[Ints, Ints], made_by: Ints, truth: Ints, keys: int) -> list[float]:
    """Return the share of all pairs of one subject that each blocking key makes, then all together.

    Args:
        made_by: Bit k is set where the k-th key made the pair.

    Returns:
        `keys` + 1 shares between 0 and 1; 1 where no two rows are one subject.
    """
    left, right = pairs
    _, sizes = np.unique(truth, return_counts=True)
    actual = int((sizes * (sizes - 1) // 2).sum())
    made = made_by[truth[left] == truth[right]]
    found = [int((made >> key & 1).sum()) for key in range(keys)]
    return [each / actual if actual else 1.0 for each in (*found, len(made))]


def recall_of_keys(keys: Mapping[str, tuple[Ints, Ints]], truth: Ints) -> dict[str, float]:
    """Return the share of all pairs of one subject that share a key of each kind.

    `*` is a key of any kind, and `chain` counts those that keys bring together over other rows of
    the subject, too: no clustering by these keys finds more.

    Args:
        keys: Rows and keys of each kind.
        truth: Number of each row's subject, -1 where it is not known.

    Cost: the pairs of one subject are laid out.
    """
    _, sizes = np.unique(truth[truth >= 0], return_counts=True)
    actual = int((sizes * (sizes - 1) // 2).sum())
    made = {name: _sharing(*each, truth) for name, each in keys.items()}
    made["*"] = np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *made.values()]))
    found = {name: len(pairs) for name, pairs in made.items()}
    part = components(made["*"] // len(truth), made["*"] % len(truth), len(truth))
    _, sizes = np.unique(part[truth >= 0], return_counts=True)
    found["chain"] = int((sizes * (sizes - 1) // 2).sum())
    return {name: pairs / actual if actual else 1.0 for name, pairs in found.items()}


def _sharing(rows: Ints, keys: Ints, truth: Ints) -> Ints:
    """Return the numbers of the pairs of rows that share a subject and a key."""
    inside = truth[rows] >= 0
    values, key = np.unique(keys[inside], return_inverse=True)
    told = np.unique(rows[inside] * max(len(values), 1) + key)
    rows, key = told // max(len(values), 1), told % max(len(values), 1)
    order, counts = grouped(np.arange(len(rows)), truth[rows] * max(len(values), 1) + key)
    return np.unique(pairs_inside(rows[order], counts, len(truth)))


def joined(cluster: Ints, pairs: Ints) -> Ints:
    """Return the clusters there would be if these pairs of clusters were one.

    Args:
        pairs: Two columns of cluster numbers.
    """
    size = int(max(cluster.max(initial=-1), pairs.max(initial=-1))) + 1
    ties = coo_array((np.ones(len(pairs), dtype=np.int8), (pairs[:, 0], pairs[:, 1])), (size, size))
    _, parts = connected_components(ties, directed=False)
    return np.asarray(parts[cluster], dtype=np.int64)


def interval(part: Numbers, whole: Numbers) -> Measure:
    """Return the share of the parts in the wholes, summed over independent groups.

    Wilson's interval, on as many cases as the spread between groups says there are; without any
    spread, on Kish's effective number of groups.
    """
    total = float(whole.sum())
    if total == 0:
        return Measure(None, 0.0, 1.0)
    share = float(part.sum()) / total
    spread = float(np.sum((part - share * whole) ** 2)) / total**2
    effective = total**2 / float(np.sum(whole**2))
    if spread > 0:
        effective = min(effective, share * (1 - share) / spread)
    low, high = _wilson(share, max(effective, 1.0))
    # Rounding may leave the share itself a hair outside.
    return Measure(share, min(float(low), share), max(float(high), share))


def _wilson(share: Floats | float, cases: Floats | float) -> tuple[Floats, Floats]:
    """Return both ends of Wilson's interval (1927)."""
    centre = share + _Z**2 / (2 * cases)
    reach = _Z * np.sqrt(share * (1 - share) / cases + _Z**2 / (4 * cases**2))
    scale = 1 + _Z**2 / cases
    return np.maximum((centre - reach) / scale, 0.0), np.minimum((centre + reach) / scale, 1.0)


def _groups(cluster: Ints, truth: Ints) -> Ints:
    """Return for each row the group of rows that are tied to it by cluster or by truth."""
    shift = int(cluster.max(initial=-1)) + 1
    size = shift + int(truth.max(initial=-1)) + 1
    ties = coo_array((np.ones(len(truth), dtype=np.int8), (cluster, truth + shift)), (size, size))
    _, parts = connected_components(ties, directed=False)
    return np.asarray(parts[cluster], dtype=np.int64)


def _pairs(label: Ints, chosen: Bools, groups: Ints) -> Numbers:
    """Return pairs with one label and a chosen row, by group."""
    size = int(label.max(initial=-1)) + 1
    everyone = np.bincount(label, minlength=size)
    others = np.bincount(label[~chosen], minlength=size)
    counts = (everyone * (everyone - 1) - others * (others - 1)) / 2
    of_label = np.zeros(size, dtype=np.int64)
    of_label[label] = groups
    return np.bincount(of_label, counts, int(groups.max(initial=-1)) + 1)


def _harmonic(one: Measure, other: Measure) -> float | None:
    if one.value is None or other.value is None:
        return None
    return 2 * one.value * other.value / (one.value + other.value) if one.value else 0.0
