"""Measures of a partition, beside what one counts by hand."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resolvers.evaluate import interval, joined, quality, recall_by_key, recall_of_keys


def test_by_hand() -> None:
    cluster = np.array([0, 0, 0, 1, 2])
    truth = np.array([7, 7, 8, 8, 9])
    found = quality(cluster, truth)
    assert (found.pairs, found.wrong, found.missed) == (3, 2, 1)
    assert found.precision.value == pytest.approx(1 / 3)
    assert found.recall.value == pytest.approx(1 / 2)
    assert found.bcubed_precision.value == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1 + 1) / 5)
    assert found.bcubed_recall.value == pytest.approx((1 + 1 + 1 / 2 + 1 / 2 + 1) / 5)


_partitions = st.integers(1, 9).flatmap(
    lambda n: st.tuples(
        *(st.lists(st.integers(0, 3), min_size=n, max_size=n) for _ in range(2)),
        st.lists(st.booleans(), min_size=n, max_size=n),
    )
)


@given(_partitions)
def test_pairs_of_a_stratum_are_those_that_touch_it(
    drawn: tuple[list[int], list[int], list[bool]],
) -> None:
    cluster, truth, inside = drawn
    found = quality(*(np.array(each) for each in drawn))
    touched = [(a, b) for a, b in combinations(range(len(truth)), 2) if inside[a] or inside[b]]
    made = {(a, b) for a, b in touched if cluster[a] == cluster[b]}
    real = {(a, b) for a, b in touched if truth[a] == truth[b]}
    assert (found.pairs, found.wrong) == (len(made), len(made - real))
    assert found.missed == len(real - made)
    for measure in (found.precision, found.recall, found.bcubed_precision, found.bcubed_recall):
        assert measure.value is None or 0 <= measure.low <= measure.value <= measure.high <= 1


def test_nothing_to_count_is_not_perfect() -> None:
    found = quality(np.array([0, 1]), np.array([0, 1]))
    assert found.precision.value is None
    assert found.precision.low == 0
    assert found.f1 is None


def test_a_few_right_pairs_promise_less_than_many() -> None:
    few, many = (interval(np.ones(n), np.ones(n)) for n in (10, 10_000))
    assert few.value == many.value == 1
    assert few.low < 0.75
    assert many.low > 0.999


def test_pairs_of_one_cluster_count_as_one_case() -> None:
    """A hundred pairs that stand or fall together say no more than one does."""
    together = interval(np.array([100.0, 0.0]), np.array([100.0, 100.0]))
    alone = interval(np.r_[np.ones(100), np.zeros(100)], np.ones(200))
    assert together.high - together.low > alone.high - alone.low


def test_joining_pairs_of_clusters() -> None:
    found = joined(np.array([0, 1, 2, 3]), np.array([[0, 2], [2, 3]]))
    assert found[0] == found[2] == found[3] != found[1]


def test_recall_of_blocking_by_key_and_together() -> None:
    truth = np.array([0, 0, 0, 1, 1])
    left, right = np.array([0, 0, 3, 0]), np.array([1, 2, 4, 3])
    shares = recall_by_key((left, right), np.array([0b01, 0b10, 0b11, 0b01]), truth, 2)
    assert shares == [0.5, 0.5, 0.75]
    assert recall_by_key((left[:0], right[:0]), left[:0], np.arange(3), 1) == [1.0, 1.0]


def test_pairs_are_counted_once_for_each_kind_of_key_and_over_other_rows() -> None:
    truth = np.array([0, 0, 0, 1, 1, -1])
    keys = {
        "code": (np.array([0, 1, 0, 1, 5]), np.array([7, 7, 8, 8, 7])),  # twice the same pair
        "name": (np.array([1, 2, 3]), np.array([7, 7, 7])),  # row 3 is another subject
    }
    found = recall_of_keys(keys, truth)
    assert found == {"code": 1 / 4, "name": 1 / 4, "*": 2 / 4, "chain": 3 / 4}
