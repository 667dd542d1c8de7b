"""Which statements are current: newer versions of the same thing, and full files it left.

Of several deliveries of one thing, which is newest follows from the rows' own dates, then from
the dates of the files they stand in, then from content; never from load order.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from graph.store.neo4j_.database import Database
from graph.store.neo4j_.view import View

__all__ = ["Currency", "currency"]

_VERSIONS: Final = pa.schema(
    [
        ("record", pa.string()),
        ("natural", pa.string()),
        ("version", pa.int32()),
        ("seen", pa.int32()),
    ]
)
_BEFORE_ALL: Final = pa.scalar(-(2**31), pa.int32())
_ORDER: Final = [(name, "ascending") for name in ("natural", "version", "seen", "record")]


@dataclass(frozen=True, slots=True)
class Currency:
    """What of the evidence is superseded.

    Attributes:
        replaced: Record digest -> day its newer version begins, None where unknown.
        ended: Record digest -> day of the full file it is no longer in.
    """

    replaced: dict[str, int | None]
    ended: dict[str, int]

    def until(self, record: str, until: int | None) -> int | None:
        """Return the day from which a record's statement no longer holds, None if unknown."""
        days = (until, self.replaced.get(record), self.ended.get(record))
        return min((day for day in days if day is not None), default=None)


def currency(database: Database, view: View, digests: Collection[str] | None) -> Currency:
    """Return what is superseded among records (None: all)."""
    return Currency(_replaced(_versions(database, view, digests)), _ended(database, view, digests))


def _versions(database: Database, view: View, digests: Collection[str] | None) -> pa.Table:
    if digests is None:
        return database.table("all_versions", _VERSIONS, **view.values)
    return database.table("some_versions", _VERSIONS, digests=sorted(digests), **view.values)


def _replaced(versions: pa.Table) -> dict[str, int | None]:
    if versions.num_rows < 2:
        return {}
    keys = versions
    for place, name in ((2, "version"), (3, "seen")):  # unknown days come first
        keys = keys.set_column(place, name, pc.fill_null(versions.column(name), _BEFORE_ALL))
    ordered = versions.take(pc.sort_indices(keys, _ORDER))
    older, newer = ordered.slice(0, ordered.num_rows - 1), ordered.slice(1)
    same = pc.equal(older.column("natural"), newer.column("natural"))
    later = pc.greater(newer.column("version"), older.column("version"))
    day = pc.if_else(later, newer.column("version"), pa.scalar(None, pa.int32()))
    records = older.column("record").filter(same).to_pylist()
    return dict(zip(records, day.filter(same).to_pylist(), strict=True))


def _ended(database: Database, view: View, digests: Collection[str] | None) -> dict[str, int]:
    days: dict[str, set[int]] = defaultdict(set)
    numbers: dict[str, list[int]] = defaultdict(list)
    for source, day, number in database.rows("full_files", **view.values):
        days[source].add(day)
        numbers[source].append(number)
    ordered = {source: sorted(found) for source, found in days.items() if len(found) > 1}
    if not ordered:
        return {}
    values: dict[str, Any] = {
        "full": [number for source in ordered for number in numbers[source]],
        "latest": {source: found[-1] for source, found in ordered.items()},
    }
    if digests is None:
        rows = database.rows("all_last_seen", **values)
    else:
        rows = database.rows("some_last_seen", digests=sorted(digests), **values)
    return {
        record: ordered[source][bisect_right(ordered[source], seen)]
        for record, source, seen in rows
    }
