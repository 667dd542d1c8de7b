"""How weighed pairs become clusters."""

import numpy as np
import numpy.typing as npt
import pytest

from resolvers import agglomerate as module
from resolvers.agglomerate import agglomerate, barred, neighbourhoods, pairs_within

Ints = npt.NDArray[np.int64]


def _ints(*values: int) -> Ints:
    return np.array(values, dtype=np.int64)


def _clusters(weights: dict[tuple[int, int], float], count: int, merge: float) -> list[int]:
    """Return clusters of one neighbourhood; pairs not told weigh -20."""
    labels = np.zeros(count, dtype=np.int64)
    left, right = pairs_within(labels)
    pairs = zip(left.tolist(), right.tolist(), strict=True)
    bits = np.array([weights.get(pair, -20.0) for pair in pairs])
    (found,) = agglomerate(labels, bits, [merge])
    return [int(first) for first in found]


def test_one_strong_tie_does_not_chain_two_groups() -> None:
    groups = {(0, 1): 9.0, (2, 3): 9.0, (1, 2): 8.0}
    assert _clusters(groups, 4, 0.0) == [0, 0, 2, 2]


def test_a_weak_tie_inside_a_strong_group_is_carried() -> None:
    assert _clusters({(0, 1): 9.0, (1, 2): 9.0, (0, 2): -4.0}, 3, 0.0) == [0, 0, 0]


def test_a_veto_holds_through_others() -> None:
    weights = {(0, 1): 30.0, (1, 2): 20.0, (0, 2): -np.inf}
    assert _clusters(weights, 3, 0.0) == [0, 0, 2]


def test_best_ties_come_first() -> None:
    weights = {(0, 1): 5.0, (1, 2): 6.0, (0, 2): -np.inf}
    assert _clusters(weights, 3, 0.0) == [0, 1, 1]


def test_neighbourhoods_follow_ties_and_name_their_first_row() -> None:
    pairs = (_ints(1, 2, 4), _ints(2, 5, 6))
    found = neighbourhoods(pairs, np.array([1.0, 1.0, -1.0]), 7, (0.0, 100))
    assert found.tolist() == [0, 1, 1, 3, 4, 1, 6]


def test_a_crowded_neighbourhood_is_cut_at_its_weakest_ties() -> None:
    pairs = (_ints(0, 1, 2, 4), _ints(1, 2, 3, 5))
    bits = np.array([9.0, 1.0, 9.0, 1.0])
    assert neighbourhoods(pairs, bits, 6, (0.0, 2)).tolist() == [0, 0, 2, 2, 4, 4]


def test_rows_that_speak_differently_on_a_point_are_barred() -> None:
    points = np.array([[1, 1, 2, -1], [-1, 3, -1, 4]])
    found = barred(points, _ints(0, 0, 0, 1), _ints(1, 2, 3, 3))
    assert found.tolist() == [False, True, False, True]


def test_no_rows() -> None:
    labels = np.zeros(0, dtype=np.int64)
    assert agglomerate(labels, np.zeros(0), [0.0])[0].tolist() == []


@pytest.mark.parametrize("line", [-5.0, 0.0, 4.0])
def test_small_neighbourhoods_built_together_are_as_those_built_one_by_one(
    line: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = np.random.Generator(np.random.PCG64(3))
    sizes = np.repeat(np.arange(3, 12), 20)
    labels = np.repeat(np.cumsum(sizes) - sizes, sizes)
    bits = chance.normal(0, 10, int((sizes * (sizes - 1) // 2).sum()))
    bits[chance.random(len(bits)) < 0.1] = -np.inf
    (together,) = agglomerate(labels, bits, [line])
    monkeypatch.setattr(module, "_SMALL", 0)
    (alone,) = agglomerate(labels, bits, [line])
    assert np.array_equal(together, alone)
