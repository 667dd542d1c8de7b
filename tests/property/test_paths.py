"""Paths agree with networkx on any graph, and say when they are not all."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import networkx as nx
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph import schema
from graph.model import Bid, Listing, SubjectId
from graph.paths import Between, Bounds, ways_between
from graph.ports import Reach, Ties, WaitingEvent

AS_OF = date(2026, 11, 1)
NODES = [SubjectId(f"n{number}") for number in range(7)]
A, B = NODES[0], NODES[1]
DAYS = [None, date(2020, 1, 1), AS_OF, date(2027, 1, 1)]
TYPES = ["director", "shareholder", "guarantor"]

tie = st.tuples(
    st.sampled_from(TYPES),
    st.sampled_from(NODES),
    st.sampled_from(NODES),
    st.sampled_from(DAYS),
    st.sampled_from(DAYS),
)
Tie = tuple[str, SubjectId, SubjectId, date | None, date | None]


@dataclass
class Facts:
    """Relations in a table, asked as a store is."""

    table: pa.Table

    def subjects(self, ids: Collection[SubjectId] | None) -> pa.Table:
        rows = [
            {"id": each, "kind": "enterprise", "name": each, "strong": True}
            for each in sorted(NODES if ids is None else ids)
        ]
        return pa.Table.from_pylist(rows, schema.SUBJECTS)

    def relations(self, ids: Collection[SubjectId] | None) -> pa.Table:
        if ids is None:
            return self.table
        asked = pa.array(sorted(ids), pa.string())
        touching = [
            pc.is_in(self.table.column(end), value_set=asked) for end in ("source", "target")
        ]
        return self.table.filter(pc.or_(*touching))

    def listings(
        self, ids: Collection[SubjectId] | None, kinds: Collection[str] | None = None
    ) -> list[Listing]:
        return []

    def bids(self, ids: Collection[SubjectId] | None) -> list[Bid]:
        return []

    def listing(self, uid: str) -> Listing | None:
        raise NotImplementedError

    def waiting_events(self) -> list[WaitingEvent]:
        return []

    def ties(self, ids: Collection[SubjectId], reach: Reach) -> Ties:
        raise NotImplementedError


def between(ties: list[Tie], bounds: Bounds) -> Between:
    rows = [
        {"type": kind, "source": one, "target": other, "since": since, "until": until}
        | {"record": f"r{at:02d}", "strong": True}
        for at, (kind, one, other, since, until) in enumerate(ties)
    ]
    facts = Facts(pa.Table.from_pylist(rows, schema.RELATIONS))
    return ways_between(facts, A, B, AS_OF, bounds)


def named(found: Between) -> list[tuple[str, ...]]:
    return [tuple(found.network.id(node) for node in way.nodes) for way in found.ways]


@given(st.lists(tie, max_size=16), st.integers(1, 5))
def test_every_simple_path_is_found_once_the_shortest_first(ties: list[Tie], hops: int) -> None:
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(NODES)
    for _, one, other, since, until in ties:
        if (since is None or since <= AS_OF) and (until is None or until > AS_OF):
            graph.add_edge(one, other)
    expected = sorted(
        (tuple(path) for path in nx.all_simple_paths(graph, A, B, cutoff=hops)),
        key=lambda path: (len(path), path),
    )
    found = between(ties, Bounds(hops=hops))
    assert named(found) == expected
    assert found.cut == ()


@given(st.lists(tie, max_size=16))
def test_a_hop_tells_every_tie_registered_on_the_day_once(ties: list[Tie]) -> None:
    found = between(ties, Bounds(hops=2))
    for way in found.ways:
        for told in way.ties:
            relations = [found.network.relation(index) for index in told]
            assert len({each.records for each in relations}) == len(relations)
            assert all(each.since is None or each.since <= AS_OF for each in relations)
            assert all(each.until is None or each.until > AS_OF for each in relations)


def through(count: int) -> list[Tie]:
    """Return ties that join the ends through so many others."""
    others = NODES[2 : 2 + count]
    return [("director", each, end, None, None) for each in others for end in (A, B)]


@pytest.mark.parametrize(
    ("bounds", "cut", "found"),
    [
        pytest.param(Bounds(hops=2), (), 5, id="all"),
        pytest.param(Bounds(hops=2, ways=5), (), 5, id="just as many as are told"),
        pytest.param(Bounds(hops=2, ways=4), ("ways",), 4, id="more than are told"),
        pytest.param(Bounds(hops=2, steps=3), ("steps",), 0, id="no steps left"),
        pytest.param(Bounds(hops=4, subjects=3), ("subjects",), 5, id="too many around"),
    ],
)
def test_a_bound_that_was_reached_is_named(
    bounds: Bounds, cut: tuple[str, ...], found: int
) -> None:
    answer = between(through(5), bounds)
    assert answer.cut == cut
    assert len(answer.ways) == found


def test_one_row_read_from_both_ends_is_one_tie_and_two_rows_are_two() -> None:
    twice: list[Tie] = [("director", A, B, None, None), ("director", A, B, None, None)]
    (way,) = between(twice, Bounds(hops=2)).ways
    assert [len(ties) for ties in way.ties] == [2]
