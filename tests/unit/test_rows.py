"""Rows that are compared, and what is read of them."""

import numpy as np
import pyarrow as pa
import pytest

from resolvers.rows import Levels, Rows


@pytest.mark.parametrize("size", [6, 3_000])
def test_rows_taken_say_what_the_table_says_there(size: int) -> None:
    said = [None if at % 3 == 0 else f"name {at % 5}" for at in range(size)]
    rows = Rows(pa.table({"name": pa.array(said, pa.string())}))
    taken = rows.take(np.array([4, 0, size - 1])).take(np.array([2, 0]))
    assert taken.texts("name").tolist() == [said[size - 1] or "", said[4]]
    assert taken.column("name").to_pylist() == [said[size - 1], said[4]]
    assert rows.texts("name").tolist() == [text or "" for text in said]


def test_none_taken_of_none_are_none() -> None:
    rows = Rows(pa.table({"name": pa.array([], pa.string())}))
    nothing = np.zeros(0, dtype=np.int64)
    assert rows.take(nothing).take(nothing).texts("name").tolist() == []


def test_a_rule_is_asked_once_of_the_same_two_and_again_of_others() -> None:
    rows = Rows(pa.table({"name": ["a", "b", "c"]}))
    left, right, other = (rows.take(np.array(places)) for places in ([0, 1], [0, 2], [1, 1]))
    asked = []

    def same(one: Rows, two: Rows) -> Levels:
        asked.append(two)
        return np.asarray(one.texts("name") == two.texts("name"), dtype=np.int8)

    assert left.beside(right, same).tolist() == [1, 0]
    assert left.beside(right, same).tolist() == [1, 0]
    assert left.beside(other, same).tolist() == [0, 1]
    assert len(asked) == 2
