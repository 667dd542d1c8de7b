"""Which pairs meet, and that none is lost without a word."""

import pyarrow as pa
import pytest

from resolvers.blocking import BlockingKey, Pairs, block


def _table(**columns: list[str | None]) -> pa.Table:
    return pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()})


def _made(pairs: Pairs) -> list[tuple[int, int]]:
    return list(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True))


def test_equal_values_meet_and_nulls_meet_nobody() -> None:
    table = _table(name=["a", "b", "a", None, None])
    assert _made(block(table, [BlockingKey("name", ("name",))])) == [(0, 2)]


def test_all_expressions_of_a_key_must_agree() -> None:
    table = _table(name=["a", "a", "a"], town=["x", "y", "x"])
    key = BlockingKey("both", ("name", "upper(town)"))
    assert _made(block(table, [key])) == [(0, 2)]


def test_a_pair_of_two_keys_comes_once_and_says_so() -> None:
    table = _table(name=["a", "a", "c"], town=["x", "x", "x"])
    pairs = block(table, [BlockingKey("name", ("name",)), BlockingKey("town", ("town",))])
    assert _made(pairs) == [(0, 1), (0, 2), (1, 2)]
    assert pairs.keys.tolist() == [0b11, 0b10, 0b10]
    assert [report.only for report in pairs.report] == [0, 2]


def test_a_large_block_is_cut_by_the_next_expression_and_the_rest_is_counted() -> None:
    table = _table(name=["a"] * 5, town=["x", "x", "y", "y", None])
    (report,) = block(table, [BlockingKey("name", ("name",), ("town",), limit=3)]).report
    assert (report.possible, report.made, report.lost) == (10, 2, 8)


def test_a_block_too_large_after_the_last_cut_is_reported_as_lost() -> None:
    table = _table(name=["a"] * 5, town=["x"] * 5)
    pairs = block(table, [BlockingKey("name", ("name",), ("town",), limit=4)])
    assert _made(pairs) == []
    assert pairs.report[0].lost == 10


def test_two_sources_meet_each_other_only() -> None:
    table = _table(name=["a", "a", "a"], side=["1", "1", "2"])
    apart = pa.array([0, 0, 1]).to_numpy()
    pairs = block(table, [BlockingKey("name", ("name",))], apart)
    assert _made(pairs) == [(0, 2), (1, 2)]
    assert (pairs.report[0].possible, pairs.report[0].barred) == (3, 1)


@pytest.mark.parametrize("rows", [0, 1])
def test_too_few_rows_make_no_pair(rows: int) -> None:
    pairs = block(_table(name=["a"] * rows), [BlockingKey("name", ("name",))])
    assert _made(pairs) == []
    assert pairs.report[0].possible == 0


def test_an_expression_cannot_read_files(tmp_path: object) -> None:
    expression = f"(SELECT max(content) FROM read_text('{tmp_path}/*'))"  # noqa: S608
    with pytest.raises(Exception, match="disabled"):
        block(_table(name=["a", "a"]), [BlockingKey("file", (expression,))])
