"""Components of few things are those of the same things among many."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from resolvers.components import components

_LONELY = 1_000
"""Things beside, enough that all are joined in another way."""


@given(st.integers(1, 30), st.data())
def test_few_are_numbered_as_they_are_among_many(size: int, data: st.DataObject) -> None:
    things = st.integers(0, size - 1)
    pairs = data.draw(st.lists(st.tuples(things, things), max_size=40))
    one, other = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    few = components(one, other, size)
    assert few.tolist() == components(one, other, size + _LONELY)[:size].tolist()
