"""What holds of matching, whatever the rows, their order and their number."""

import random
from dataclasses import replace

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from resolvers.agglomerate import agglomerate, pairs_within
from resolvers.blocking import BlockingKey, block
from resolvers.link import Linked, link
from tests.unit.tables import CARD, crowd

_TABLE, _ = crowd(40, seed=11)
_SMALL = replace(CARD, sample=2_000)


def _partition(found: Linked) -> set[frozenset[str]]:
    parts: dict[int, set[str]] = {}
    for key, first in zip(found.keys.to_pylist(), found.cluster.tolist(), strict=True):
        parts.setdefault(first, set()).add(key)
    return {frozenset(part) for part in parts.values()}


@settings(max_examples=15, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(1, 6))
def test_order_and_chunks_change_neither_model_nor_partition(
    chance: random.Random, chunks: int
) -> None:
    rows = chance.sample(range(_TABLE.num_rows), _TABLE.num_rows)
    cuts = sorted(chance.choices(range(len(rows) + 1), k=chunks - 1))
    pieces = [
        _TABLE.take(pa.array(rows[start:end], pa.int64()))
        for start, end in zip([0, *cuts], [*cuts, len(rows)], strict=True)
    ]
    mixed, plain = link(pa.concat_tables(pieces), _SMALL, 5), link(_TABLE, _SMALL, 5)
    assert mixed.model == plain.model
    assert _partition(mixed) == _partition(plain)
    assert np.array_equal(mixed.bits, plain.bits)


@settings(max_examples=15, deadline=None)
@given(st.sampled_from(("given", "last", "birth", "town")), st.integers(0, 5))
def test_a_veto_only_ever_parts(veto: str, seed: int) -> None:
    table, _ = crowd(40, seed=seed)
    free = link(table, _SMALL, 5)
    bound = link(table, replace(_SMALL, vetoes=(veto,)), 5, free.model)
    said = dict(zip(table["id"].to_pylist(), table[veto].to_pylist(), strict=True))
    for part in _partition(bound):
        assert len({said[key] for key in part} - {None}) <= 1
    free_keys = {key: part for part in _partition(free) for key in part}
    connected = _joined(free, bound)
    assert all(part <= connected[key] for part in _partition(bound) for key in part)
    assert set(free_keys) == set(connected)


def _joined(*answers: Linked) -> dict[str, set[str]]:
    """Return for each key all keys any chain of the answers' candidate ties leads to."""
    reach: dict[str, set[str]] = {key: {key} for key in answers[0].keys.to_pylist()}
    names = answers[0].keys.to_pylist()
    first = answers[0]
    for one, other, bits in zip(first.left, first.right, first.bits, strict=True):
        if bits >= _SMALL.limits.connect and reach[names[one]] is not reach[names[other]]:
            both = reach[names[one]] | reach[names[other]]
            for key in both:
                reach[key] = both
    return reach


_weights = st.integers(2, 7).flatmap(
    lambda n: st.tuples(
        st.just(n),
        st.lists(
            st.one_of(st.integers(-9, 9).map(float), st.just(-np.inf)),
            min_size=n * (n - 1) // 2,
            max_size=n * (n - 1) // 2,
        ),
    )
)


@given(_weights, st.integers(-4, 4))
def test_no_barred_pair_shares_a_cluster_and_clusters_hold_on_the_mean(
    drawn: tuple[int, list[float]], merge: int
) -> None:
    count, bits = drawn
    labels = np.zeros(count, dtype=np.int64)
    clusters = agglomerate(labels, np.array(bits), [float(merge)])[0]
    left, right = pairs_within(labels)
    inside = clusters[left] == clusters[right]
    assert not np.isneginf(np.array(bits)[inside]).any()
    for first in set(clusters.tolist()):
        mine = inside & (clusters[left] == first)
        assert first == np.flatnonzero(clusters == first)[0]
        if mine.any():
            assert np.array(bits)[mine].mean() >= merge - 1e-9 * 20


_cells = st.lists(
    st.tuples(*(st.sampled_from(("a", "b", "c", None)) for _ in range(3))), max_size=14
)


@given(_cells, st.integers(1, 5))
def test_the_report_accounts_for_every_pair(
    cells: list[tuple[str | None, ...]], limit: int
) -> None:
    names = ("x", "y", "z")
    columns = {n: pa.array([row[i] for row in cells], pa.string()) for i, n in enumerate(names)}
    keys = [BlockingKey("xy", ("x",), ("y",), limit), BlockingKey("z", ("z",), (), limit)]
    pairs = block(pa.table(columns), keys)
    made = set(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True))
    assert sorted(made) == list(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True))
    for place, (report, column) in enumerate(zip(pairs.report, (0, 2), strict=True)):
        equal = {
            (a, b)
            for b in range(len(cells))
            for a in range(b)
            if cells[a][column] is not None and cells[a][column] == cells[b][column]
        }
        mine = {
            p
            for p, mask in zip(sorted(made), pairs.keys.tolist(), strict=True)
            if mask >> place & 1
        }
        assert mine <= equal
        assert report.possible == len(equal)
        assert report.possible == report.made + report.barred + report.lost
        assert report.made == len(mine)
        sizes = {v: sum(row[column] == v for row in cells) for v in "abc"}
        small = {pair for pair in equal if sizes[str(cells[pair[0]][column])] <= limit}
        assert small <= mine
