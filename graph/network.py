"""Subjects and their ties as columns: one immutable network for a district or a neighbourhood.

A tie is asked about in two ways, and unknown dates answer them differently.

*Registered on a day* (`posts`, `holders`; every `as_of` read): a tie without `since` counts from
the beginning and one without `until` has not ended. A register shows what is in force now and
often omits when it began; nothing heavier than "look at this" may rest on a past day alone.

*Held on a past day* (`held`): asked about the day of a violation, where the answer can bar a
person. An unknown `since` answers UNKNOWN, never YES: a current registration does not prove
that the post was held then. An unknown `until` is a tie never reported ended, thus still held.
"""

from collections.abc import Collection, Iterable
from datetime import date
from enum import Enum
from functools import cache
from itertools import pairwise
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graph.errors import DataError
from graph.model import RELATION_TYPES, SUBJECT_KINDS, RecordId, Relation, Subject, SubjectId

__all__ = ["Held", "Network"]

_EPOCH: Final = date(1970, 1, 1).toordinal()
_ALWAYS: Final = -(2**31)  # an unknown `since`
_NEVER: Final = 2**31 - 1  # an unknown `until`

_Ints = npt.NDArray[np.int32]


class Held(Enum):
    """Whether a tie held on a day; UNKNOWN is never read as YES."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Network:
    """Interned subjects (nodes) and ties (indexes) with adjacency in both directions.

    Nodes and indexes are positions in the tables given and mean nothing outside this network.

    Cost: about 4 s and 600 MB for 1 M subjects with 3 M ties; a neighbour look-up takes
    microseconds and does not depend on the size of the network.
    """

    def __init__(self, subjects: pa.Table, relations: pa.Table) -> None:
        ids = subjects.column("id").combine_chunks()
        self._ids: list[str] = ids.to_pylist()
        self._nodes = dict(zip(self._ids, range(len(self._ids)), strict=True))
        if len(self._nodes) != len(self._ids):
            raise DataError("E741", id=_first_repeated(self._ids))
        self._names = subjects.column("name").combine_chunks()
        self._kinds = _coded(subjects.column("kind"), SUBJECT_KINDS, "E742")
        self._strong = bytes(_truths(subjects.column("strong")))

        self._types = _coded(relations.column("type"), RELATION_TYPES, "E743")
        sources = _ends(relations.column("source"), ids)
        targets = _ends(relations.column("target"), ids)
        self._source_of, self._target_of = sources.data, targets.data
        self._since = _days(relations.column("since"), _ALWAYS).data
        self._until = _days(relations.column("until"), _NEVER).data
        self._shares = relations.column("share").combine_chunks()
        self._records = relations.column("record").combine_chunks()
        sure = relations.column_names.count("strong") == 1
        self._sure = bytes(_truths(relations.column("strong"))) if sure else None

        count = len(self._ids)
        self._leaving, self._leaving_at = _adjacency(sources, count)
        self._entering, self._entering_at = _adjacency(targets, count)

    @classmethod
    def from_arrow(cls, subjects: pa.Table, relations: pa.Table) -> "Network":
        """Return the network of two tables.

        Args:
            subjects: id, kind, name (strings), strong (bool). Unique ids.
            relations: type, source, target, since, until (date32), share (fraction), record,
                and optionally strong (bool): both ends rest on strong identity in this row.
                Both ends must be among the subjects.

        Raises:
            DataError: E741 to E744, an id twice, an unknown code, or an end that is no subject.
        """
        return cls(subjects, relations)

    @classmethod
    def of(cls, subjects: Iterable[Subject], relations: Iterable[Relation]) -> "Network":
        """Return the network of values; of several records of one tie, the least is its proof."""
        people = list(subjects)
        ties = list(relations)
        return cls(
            pa.table(
                {
                    "id": pa.array([each.id for each in people], pa.string()),
                    "kind": pa.array([each.kind for each in people], pa.string()),
                    "name": pa.array([each.name for each in people], pa.string()),
                    "strong": pa.array([each.strong for each in people], pa.bool_()),
                }
            ),
            pa.table(
                {
                    "type": pa.array([each.type for each in ties], pa.string()),
                    "source": pa.array([each.source for each in ties], pa.string()),
                    "target": pa.array([each.target for each in ties], pa.string()),
                    "since": pa.array([each.since for each in ties], pa.date32()),
                    "until": pa.array([each.until for each in ties], pa.date32()),
                    "share": pa.array([each.share for each in ties], pa.float64()),
                    "record": pa.array([_proof(each) for each in ties], pa.string()),
                }
            ),
        )

    def __len__(self) -> int:
        return len(self._ids)

    # Subjects

    def node(self, subject: str) -> int | None:
        """Return the node of a subject id, None when it is not in this network."""
        return self._nodes.get(subject)

    def id(self, node: int) -> SubjectId:
        """Return the subject id of a node."""
        return SubjectId(self._ids[node])

    def kind(self, node: int) -> str:
        """Return the subject kind of a node."""
        return SUBJECT_KINDS[self._kinds[node]]

    def name(self, node: int) -> str:
        """Return the name of a node, '' when unknown."""
        return self._names[node].as_py() or ""

    def strong(self, node: int) -> bool:
        """Tell whether a node's identity rests on a full identifier or a reviewer's word."""
        return self._strong[node] == 1

    def subject(self, node: int) -> Subject:
        """Return a node as a value."""
        return Subject(self.id(node), self.kind(node), self.name(node), self.strong(node))

    def people_named(self, names: Collection[str]) -> dict[str, list[int]]:
        """Return the persons bearing each name, one pass over all subjects."""
        wanted = pa.array(sorted(name for name in names if name), pa.string())
        hits = pc.index_in(self._names, value_set=wanted)
        person = SUBJECT_KINDS.index("person")
        bearers: dict[str, list[int]] = {}
        for node in np.flatnonzero(hits.is_valid().to_numpy(zero_copy_only=False)).tolist():
            if self._kinds[node] == person:
                bearers.setdefault(self.name(node), []).append(node)
        return bearers

    # Ties

    def relation(self, index: int) -> Relation:
        """Return a tie as a value."""
        record = self._records[index].as_py()
        return Relation(
            type=RELATION_TYPES[self._types[index]],
            source=self.id(self._source_of[index]),
            target=self.id(self._target_of[index]),
            since=_as_date(self._since[index]),
            until=_as_date(self._until[index]),
            share=self.share(index),
            records=() if record is None else (RecordId(record),),
        )

    def source(self, index: int) -> int:
        """Return the node a tie leaves: the person or owner."""
        return self._source_of[index]

    def target(self, index: int) -> int:
        """Return the node a tie enters."""
        return self._target_of[index]

    def share(self, index: int) -> float | None:
        """Return the stated share (fraction of 1), None when unknown."""
        share: float | None = self._shares[index].as_py()
        return share

    def sure(self, index: int) -> bool:
        """Tell whether the row stating a tie identifies both its ends strongly."""
        return self._sure is None or self._sure[index] == 1

    def entering(self, node: int, types: Collection[str] | None = None) -> list[int]:
        """Return the ties into a node: who holds posts or shares in it."""
        return self._ties(self._entering, self._entering_at, node, types)

    def leaving(self, node: int, types: Collection[str] | None = None) -> list[int]:
        """Return the ties out of a node: the posts and shares it holds."""
        return self._ties(self._leaving, self._leaving_at, node, types)

    def _ties(
        self, order: memoryview, starts: memoryview, node: int, types: Collection[str] | None
    ) -> list[int]:
        first, last = starts[node], starts[node + 1]
        if first == last:
            return []
        found: list[int] = order[first:last].tolist()
        if types is None:
            return found
        mask, codes = _mask(types if isinstance(types, tuple) else tuple(types)), self._types
        return [index for index in found if mask >> codes[index] & 1]

    def holders(self, node: int, types: Collection[str], on: date) -> list[int]:
        """Return the ties of these types into a node registered on a day."""
        day = _day(on)
        return [index for index in self.entering(node, types) if self._registered(index, day)]

    def posts(self, node: int, types: Collection[str], on: date) -> list[int]:
        """Return the ties of these types out of a node registered on a day."""
        day = _day(on)
        return [index for index in self.leaving(node, types) if self._registered(index, day)]

    def _registered(self, index: int, day: int) -> bool:
        return self._since[index] <= day < self._until[index]

    def held(self, index: int, on: date) -> Held:
        """Tell whether a tie held on a past day; an unknown beginning answers UNKNOWN."""
        since, day = self._since[index], _day(on)
        if day >= self._until[index] or since > day:
            return Held.NO
        return Held.UNKNOWN if since == _ALWAYS else Held.YES

    def since(self, index: int) -> date | None:
        """Return when a tie began, None when unknown."""
        return _as_date(self._since[index])

    def until(self, index: int) -> date | None:
        """Return the first day a tie no longer held, None when unknown or still held."""
        return _as_date(self._until[index])


def _proof(relation: Relation) -> str | None:
    # Several rows may state one tie; which is cited must not depend on their order.
    return min(relation.records, default=None)


def _day(day: date) -> int:
    """Return a date as days since 1970-01-01, the unit of the columns."""
    return day.toordinal() - _EPOCH


def _as_date(day: int) -> date | None:
    return None if day in (_ALWAYS, _NEVER) else date.fromordinal(day + _EPOCH)


@cache
def _mask(types: tuple[str, ...]) -> int:
    return sum(1 << RELATION_TYPES.index(each) for each in set(types))


def _first_repeated(ids: list[str]) -> str:
    ordered = sorted(ids)
    return next(each for each, after in pairwise(ordered) if each == after)


def _coded(column: pa.ChunkedArray, codes: tuple[str, ...], error: str) -> bytes:
    """Return one byte per value, its position in `codes`."""
    positions = pc.index_in(column.combine_chunks(), value_set=pa.array(codes, pa.string()))
    if positions.null_count:
        strange = pc.filter(column.combine_chunks(), positions.is_null())[0].as_py()
        raise DataError(error, value=strange)
    return bytes(positions.cast(pa.uint8()).to_numpy())


def _ends(column: pa.ChunkedArray, ids: pa.Array) -> _Ints:
    nodes = pc.index_in(column.combine_chunks(), value_set=ids)
    if nodes.null_count:
        strange = pc.filter(column.combine_chunks(), nodes.is_null())[0].as_py()
        raise DataError("E744", id=strange)
    return np.ascontiguousarray(nodes.to_numpy(), dtype=np.int32)


def _days(column: pa.ChunkedArray, unknown: int) -> _Ints:
    days = column.combine_chunks().cast(pa.int32()).fill_null(unknown)
    return np.ascontiguousarray(days.to_numpy(), dtype=np.int32)


def _truths(column: pa.ChunkedArray) -> npt.NDArray[np.uint8]:
    # A missing answer about identity is no strong identity.
    flags = column.combine_chunks().fill_null(False).cast(pa.uint8())
    return np.ascontiguousarray(flags.to_numpy(), dtype=np.uint8)


def _adjacency(nodes: _Ints, count: int) -> tuple[memoryview, memoryview]:
    """Return ties grouped by node and where each node's group starts (count + 1 offsets)."""
    order: _Ints = np.argsort(nodes, kind="stable").astype(np.int32)
    starts: npt.NDArray[Any] = np.zeros(count + 1, dtype=np.int64)
    np.cumsum(np.bincount(nodes, minlength=count), out=starts[1:])
    return order.data, starts.data
