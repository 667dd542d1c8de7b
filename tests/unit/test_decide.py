"""Where lines between merge, review and separate are drawn."""

import numpy as np

from resolvers.decide import MERGE, REVIEW, SEPARATE, decide, draw


def test_the_line_is_the_lowest_that_is_surely_good_enough() -> None:
    bits = np.r_[np.full(500, 9.0), np.full(500, 6.0), np.full(100, 3.0)]
    same = np.r_[np.ones(1000, dtype=np.bool_), np.zeros(100, dtype=np.bool_)]
    (line,) = draw(bits, same, np.zeros(1100, dtype=np.int64), 0.99).values()
    assert line.bits == 6.0
    assert line.precision == 1.0
    assert line.least > 0.99


def test_a_stratum_with_few_labels_gets_no_line_whatever_they_say() -> None:
    bits, same = np.full(20, 50.0), np.ones(20, dtype=np.bool_)
    lines = draw(bits, same, np.zeros(20, dtype=np.int64), 0.99)
    assert lines[0].bits == np.inf
    assert decide(bits[:1], np.array([0]), lines, 1.0).tolist() == [REVIEW]


def test_decisions_by_stratum() -> None:
    bits = np.r_[np.full(900, 8.0), np.full(900, 8.0)]
    same = np.r_[np.ones(900, dtype=np.bool_), np.zeros(900, dtype=np.bool_)]
    lines = draw(bits, same, np.repeat([0, 1], 900), 0.99)
    asked = np.array([8.0, 8.0, 0.0, -np.inf, 7.9])
    found = decide(asked, np.array([0, 1, 0, 0, 0]), lines, 2.0)
    assert found.tolist() == [MERGE, REVIEW, SEPARATE, SEPARATE, REVIEW]


def test_a_stratum_never_measured_is_never_merged() -> None:
    assert decide(np.array([99.0]), np.array([5]), {}, 2.0).tolist() == [REVIEW]
