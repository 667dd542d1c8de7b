"""A partition put into the graph: what differs from what is there, and nothing else.

Mentions that belonged to nobody join first, some thousands in a transaction: until all have,
the store says what it says while rows wait to be resolved. Everything that changes what was
said already (moves, ends, disputes, reviews) is one last transaction, which also says how far
the evidence is resolved. So a stop at any moment leaves a partition that is true as far as it
goes, and the next resolve completes it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import pyarrow as pa

from graph.ports import Changes, Partition
from graph.store.neo4j_.database import Database
from graph.store.neo4j_.view import View
from graph.store.neo4j_.work import Work

__all__ = ["label_of", "put_partition"]

_CHUNK: Final = 20_000
_ASKED: Final = 50_000
_NAMED: Final = 50_000

Row = list[Any]


def label_of(kind: str) -> str:
    """Return the label of a subject kind: `individual_business` is `IndividualBusiness`."""
    return "".join(part.capitalize() for part in kind.split("_"))


@dataclass
class _Difference:
    """What a partition adds to the graph, and what it changes there."""

    new_subjects: list[Row] = field(default_factory=list)
    new_members: list[Row] = field(default_factory=list)
    new_keys: list[Row] = field(default_factory=list)
    changed_subjects: list[Row] = field(default_factory=list)
    left: list[int] = field(default_factory=list)
    moved_members: list[Row] = field(default_factory=list)
    changed_keys: list[Row] = field(default_factory=list)
    dropped_keys: list[Row] = field(default_factory=list)
    new_traces: list[Row] = field(default_factory=list)
    dropped_traces: list[Row] = field(default_factory=list)
    new_meetings: list[Row] = field(default_factory=list)
    dropped_meetings: list[Row] = field(default_factory=list)
    ending: list[str] = field(default_factory=list)
    closed: list[Row] = field(default_factory=list)
    opened: list[Row] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)


def put_partition(
    database: Database, partition: Partition, scope: pa.Array | None, now: str, view: View
) -> tuple[Changes, set[str]]:
    """Make the partition current for the mentions in scope (None: all).

    Returns:
        What changed, and the subjects looked at: those that were and those that are.
    """
    affected = _Affected(database, view, _list(scope))
    # Both whom a mention leaves and whom it joins are affected.
    database.write(affected.mark)
    made = _difference(database, partition, scope)
    # A subject nobody new belongs to is born of moves alone, so with them.
    met = {row[1] for row in made.new_members}
    late = {row[0] for row in made.new_subjects} - met
    _join(database, made, now)
    database.many("hold_keys", [row for row in made.new_keys if row[0] not in late], _CHUNK)
    for name, rows in (("put_traces", made.new_traces), ("put_meetings", made.new_meetings)):
        database.many(name, [row for row in rows if row[0] not in late], _CHUNK)

    def change(work: Work) -> None:
        for name, rows in (
            ("add_subjects", [row for row in made.new_subjects if row[0] in late]),
            ("change_subjects", made.changed_subjects),
            ("leave", made.left),
            ("join", made.moved_members),
            ("drop_keys", made.dropped_keys),
            ("hold_keys", made.changed_keys + [row for row in made.new_keys if row[0] in late]),
            ("drop_traces", made.dropped_traces),
            ("put_traces", [row for row in made.new_traces if row[0] in late]),
            ("drop_meetings", made.dropped_meetings),
            ("put_meetings", [row for row in made.new_meetings if row[0] in late]),
            ("end_subjects", made.ending),
            ("close_reviews", made.closed),
            ("open_reviews", made.opened),
        ):
            if rows:
                work.run(name, rows=rows, now=now)
        affected.mark(work)
        work.run("resolved", through=view.changes, now=now)

    database.write(change)
    moved = len(made.left)
    changes = Changes(added=len(made.new_members) + len(made.moved_members), removed=moved)
    return changes, made.seen


class _Affected:
    """Whose findings may change by a resolve: see the statement `affect`.

    Args:
        scope: The mentions looked at again; None is all.
    """

    def __init__(self, database: Database, view: View, scope: list[int] | None) -> None:
        self._mentions = scope
        # To name so many one by one would take longer than to look at everyone again.
        self._everyone = scope is None or len(scope) > _NAMED
        self._records: list[str] = []
        if not self._everyone:
            rows = database.rows("changed_records", **view.since)
            self._records = [digest for (digest,) in rows]

    def mark(self, work: Work) -> None:
        """Note them in the transaction of the caller."""
        if self._everyone:
            work.run("affect_everyone")
        else:
            work.run("affect", records=self._records, mentions=self._mentions)


def _join(database: Database, made: _Difference, now: str) -> None:
    """Let mentions that belonged to nobody join, with the subjects they are the first of."""
    described = {row[0]: row for row in made.new_subjects}
    for start in range(0, len(made.new_members), _CHUNK):
        members = made.new_members[start : start + _CHUNK]
        met = dict.fromkeys(row[1] for row in members)
        subjects = [described.pop(uid) for uid in met if uid in described]

        def join(work: Work, subjects: list[Row] = subjects, members: list[Row] = members) -> None:
            work.run("add_subjects", rows=subjects, now=now)
            work.run("join", rows=members, now=now)

        database.write(join)


def _difference(database: Database, partition: Partition, scope: pa.Array | None) -> _Difference:
    made = _Difference()
    was = {
        mention: (subject, strong)
        for mention, subject, strong in _asked(database, "memberships", _list(scope))
    }
    near = {subject for subject, _ in was.values()}
    made.seen = near.union(partition.subjects.column("id").to_pylist())
    _members(made, was, partition)
    _subjects(made, database, partition, scope is None)
    _ends(made, near, partition)
    _keys(made, database, partition, None if scope is None else near)
    _traces(made, database, partition, None if scope is None else near)
    _meetings(made, database, partition, None if scope is None else near)
    _reviews(made, database, partition, None if scope is None else near)
    return made


def _members(made: _Difference, was: Mapping[int, tuple[str, bool]], partition: Partition) -> None:
    kept: set[int] = set()
    for mention, subject, strong in _rows(partition.memberships):
        before = was.get(mention)
        if before is None:
            made.new_members.append([mention, subject, strong])
        elif before != (subject, strong):  # how sure it was is history, too
            made.moved_members.append([mention, subject, strong])
        else:
            kept.add(mention)
    made.left += sorted(was.keys() - kept)


def _subjects(
    made: _Difference, database: Database, partition: Partition, everything: bool
) -> None:
    ids = None if everything else partition.subjects.column("id").to_pylist()
    known = {row[0]: row[1:] for row in _asked(database, "described", ids)}
    for uid, kind, name, strong in _rows(partition.subjects):
        row = [uid, kind, name, strong, label_of(kind)]
        if uid not in known:
            made.new_subjects.append(row)
        elif known[uid] != (kind, name, strong, True):
            made.changed_subjects.append(row)


def _ends(made: _Difference, near: set[str], partition: Partition) -> None:
    made.ending += sorted(near.difference(partition.subjects.column("id").to_pylist()))


def _keys(
    made: _Difference, database: Database, partition: Partition, near: set[str] | None
) -> None:
    named = partition.keys.column("subject").to_pylist()
    ids = None if near is None else sorted(near.union(named))
    known = {
        (subject, key): disputed for subject, _, key, disputed in _asked(database, "held", ids)
    }
    for subject, kind, key, disputed in _rows(partition.keys):
        row = [subject, kind, key.hex(), disputed]
        before = known.pop((subject, key.hex()), None)
        if before is None:
            made.new_keys.append(row)
        elif before != disputed:
            made.changed_keys.append(row)
    made.dropped_keys += [[subject, key] for subject, key in sorted(known)]


def _traces(
    made: _Difference, database: Database, partition: Partition, near: set[str] | None
) -> None:
    wanted = {(subject, key.hex()) for subject, key in _rows(partition.traces)}
    ids = None if near is None else sorted(near.union(subject for subject, _ in wanted))
    known = set(_asked(database, "traced", ids))
    made.new_traces += [list(row) for row in sorted(wanted - known)]
    made.dropped_traces += [list(row) for row in sorted(known - wanted)]


def _meetings(
    made: _Difference, database: Database, partition: Partition, near: set[str] | None
) -> None:
    wanted = {(subject, key): known for subject, key, known in _rows(partition.meetings)}
    ids = None if near is None else sorted(near.union(subject for subject, _ in wanted))
    held = {(subject, key): known for subject, key, known in _asked(database, "met", ids)}
    made.new_meetings += [
        [*pair, known] for pair, known in sorted(wanted.items()) if held.get(pair) != known
    ]
    made.dropped_meetings += [list(pair) for pair in sorted(held.keys() - wanted.keys())]


def _reviews(
    made: _Difference, database: Database, partition: Partition, near: set[str] | None
) -> None:
    # A pair belongs to the scope if either side was looked at again.
    if near is None:
        known = set(database.rows("all_reviews"))
    else:
        known = set(database.rows("reviews_of", ids=sorted(near)))
    asked = {(*row[:4], row[4].hex()) for row in _rows(partition.reviews)}
    made.closed += [list(row) for row in sorted(known - asked)]
    made.opened += [list(row) for row in sorted(asked - known)]


def _asked(database: Database, what: str, keys: Sequence[Any] | None) -> list[tuple[Any, ...]]:
    if keys is None:
        return database.rows(f"all_{what}")
    found: list[tuple[Any, ...]] = []
    for start in range(0, len(keys), _ASKED):
        found += database.rows(f"some_{what}", rows=keys[start : start + _ASKED])
    return found


def _list(scope: pa.Array | None) -> list[int] | None:
    return None if scope is None else scope.to_pylist()


def _rows(table: pa.Table) -> list[tuple[Any, ...]]:
    return list(zip(*(column.to_pylist() for column in table.columns), strict=True))
