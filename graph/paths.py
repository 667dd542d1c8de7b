"""Every way from one subject to another over ties registered on a day, within bounds.

What was not looked at is said: an answer without paths and with a cut is not "no path".
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

import pyarrow as pa

from graph.model import SubjectId
from graph.network import Network
from graph.ports import CaseFacts
from graph.relations import ends, registered

__all__ = ["MOST_HOPS", "Between", "Bounds", "Way", "ways_between"]

MOST_HOPS: Final = 6
"""Over more hops everybody is tied to everybody."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far and how much is looked at.

    Attributes:
        hops: Ties of a way, at most.
        ways: Ways told, the shortest first.
        subjects: Subjects whose ties are read, from each end.
        steps: Steps tried while looking for ways.
    """

    hops: int = 4
    ways: int = 100
    subjects: int = 5_000
    steps: int = 200_000


@dataclass(frozen=True, slots=True)
class Way:
    """One way: the subjects passed, and between each two all ties registered on the day.

    Attributes:
        nodes: From the first subject to the last.
        ties: One entry for each hop: indexes of the network.
    """

    nodes: tuple[int, ...]
    ties: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Between:
    """The ways found, and which bound was reached: subjects, ways or steps."""

    network: Network
    ways: tuple[Way, ...]
    cut: tuple[str, ...]


def ways_between(
    facts: CaseFacts, one: SubjectId, other: SubjectId, as_of: date, bounds: Bounds
) -> Between:
    """Return every way between two subjects on a day that passes nobody twice.

    Ties of any type and direction count, dated ones only while registered. Shortest ways come
    first, those of a length by the ids of whom they pass.

    Cost: reads the surroundings of both ends, half the hops from each.
    """
    near, cut_one = _surroundings(facts, one, as_of, (bounds.hops + 1) // 2, bounds.subjects)
    far, cut_other = _surroundings(facts, other, as_of, bounds.hops // 2, bounds.subjects)
    relations = pa.concat_tables([*near, *far]).combine_chunks()
    people = facts.subjects({one, other, *ends(relations)})
    network = Network(people, relations)
    cut = {"subjects"} if cut_one or cut_other else set()
    start, end = network.node(one), network.node(other)
    found: list[Way] = []
    if start is not None and end is not None and start != end:
        search = _Search(_adjacent(network), start, end, bounds)
        for way in search.ways():
            if len(found) == bounds.ways:
                cut.add("ways")
                break
            found.append(way)
        cut |= {"steps"} if search.steps < 0 else set()
    return Between(network, tuple(found), tuple(sorted(cut)))


def _surroundings(
    facts: CaseFacts, start: SubjectId, as_of: date, levels: int, most: int
) -> tuple[list[pa.Table], bool]:
    """Return the ties met within some hops of a subject, and whether a bound stopped reading."""
    known: set[SubjectId] = {start}
    frontier = {start}
    # The empty question gives an empty table of the right shape.
    tables = [facts.relations(set())]
    for _ in range(levels):
        if len(known) > most:
            return tables, True
        tables.append(registered(facts.relations(frontier), as_of))
        frontier = ends(tables[-1]) - known
        known |= frontier
    return tables, False


Adjacent = Mapping[int, Mapping[int, tuple[int, ...]]]


def _adjacent(network: Network) -> Adjacent:
    """Return for each node its neighbours by id, each with the ties between, each stated once."""
    found: dict[int, dict[int, dict[object, int]]] = {}
    for node in range(len(network)):
        for index in network.leaving(node):
            target = network.target(index)
            if target == node:
                continue
            tie = network.relation(index)
            # The same row may have been read from both ends.
            for one, other in ((node, target), (target, node)):
                found.setdefault(one, {}).setdefault(other, {}).setdefault(tie, index)
    return {
        node: {
            other: tuple(sorted(ties.values(), key=lambda index: _text(network, index)))
            for other, ties in sorted(others.items(), key=lambda item: network.id(item[0]))
        }
        for node, others in found.items()
    }


def _text(network: Network, index: int) -> tuple[str, ...]:
    tie = network.relation(index)
    return (tie.type, tie.source, str(tie.since), str(tie.until), *tie.records)


class _Search:
    """Depth-first, one length after the other, never where the end is out of reach."""

    def __init__(self, adjacent: Adjacent, start: int, end: int, bounds: Bounds) -> None:
        self._adjacent, self._start, self._end = adjacent, start, end
        self._bounds, self.steps = bounds, bounds.steps
        self._distance = self._distances()

    def ways(self) -> Iterator[Way]:
        """Yield ways by length, then by whom they pass, until the steps are used up."""
        for length in range(1, self._bounds.hops + 1):
            for nodes in self._of(length, (self._start,)):
                ties = tuple(self._adjacent[one][other] for one, other in pairwise(nodes))
                yield Way(nodes, ties)

    def _of(self, length: int, passed: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        left = length - len(passed) + 1
        for node in self._adjacent.get(passed[-1], ()):
            self.steps -= 1
            if self.steps < 0:
                return
            if node == self._end:
                if left == 1:
                    yield (*passed, node)
            elif node not in passed and self._distance.get(node, left) < left:
                yield from self._of(length, (*passed, node))

    def _distances(self) -> dict[int, int]:
        found = {self._end: 0}
        frontier: Collection[int] = [self._end]
        for distance in range(1, self._bounds.hops + 1):
            fresh = {other for node in frontier for other in self._adjacent.get(node, ())}
            frontier = fresh - found.keys()
            found.update(dict.fromkeys(frontier, distance))
        return found
