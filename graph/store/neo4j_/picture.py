"""What people browse: typed, dated relations between subjects, listings against them, names.

Derived from evidence and partition after every resolve, and read by no rule. A redrawing that was
interrupted is completed before the next resolve, whether anything waits or not.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import Any, Final

import pyarrow as pa

from graph.identifiers import PERSONAL
from graph.model import SubjectId
from graph.store.neo4j_.currency import currency
from graph.store.neo4j_.database import Database
from graph.store.neo4j_.facts import current_relations
from graph.store.neo4j_.view import View

__all__ = ["complete", "redraw"]

_CHUNK: Final = 20_000
_PERSONAL: Final = sorted(kind.value for kind in PERSONAL)

Tie = tuple[Any, ...]


def redraw(database: Database, view: View, touched: Collection[str] | None) -> None:
    """Bring the picture up to date with evidence and partition.

    Args:
        view: What was resolved; its `resolved_through` is how far the last resolve went.
        touched: Subjects the resolve looked at again; None is all.
    """
    ids = _scope(database, view, touched)
    _draw_relations(database, view, ids)
    _draw_listings(database, view, ids)
    around = ids
    if around is None:
        around = [uid for (uid,) in database.rows("subject_ids")]
    database.many("draw_names", around, _CHUNK)
    database.many("draw_codes", around, _CHUNK, personal=_PERSONAL)
    database.run("put_drawn", through=view.changes)


def complete(database: Database, view: View) -> None:
    """Draw anew what an interrupted resolve left undrawn."""
    if database.scalar("drawn_through") < view.resolved_through:
        redraw(database, view, None)


def _scope(database: Database, view: View, touched: Collection[str] | None) -> list[str] | None:
    """Return the subjects whose picture may have changed, None for all.

    A full file ends what it leaves out, wherever that stands; a newer version of a row ends
    what the older said, maybe of others.
    """
    since = view.since
    drawn: int = database.scalar("drawn_through")
    behind = drawn == 0 or drawn < view.resolved_through
    if touched is None or behind or database.scalar("full_files_changed", **since):
        return None
    siblings = {uid for (uid,) in database.rows("subjects_of_siblings", **since)}
    return sorted(siblings.union(touched))


def _draw_relations(database: Database, view: View, ids: list[str] | None) -> None:
    drawn: dict[Tie, list[str]] = {}
    surplus: list[list[str]] = []
    for row in _asked(database, "drawn", ids):
        *tie, records, strong, unsure, element = row
        known = (*map(_native, tie), tuple(records), strong, tuple(unsure))
        if known in drawn:
            surplus.append(drawn[known])
        drawn[known] = [tie[1], element]
    wanted = _ties(_relations(database, view, ids))
    surplus += [element for tie, element in drawn.items() if tie not in wanted]
    missing = [
        [*tie, list(records), strong, list(unsure)]
        for *tie, records, strong, unsure in sorted(wanted - drawn.keys(), key=str)
    ]
    database.many("erase_relations", surplus, _CHUNK)
    database.many("draw_relations", missing, _CHUNK)


def _relations(database: Database, view: View, ids: list[str] | None) -> pa.Table:
    asked = None if ids is None else [SubjectId(uid) for uid in ids]
    return current_relations(database, view, asked)


def _ties(relations: pa.Table) -> set[Tie]:
    """Return one tie for all rows that state the same, with the records that prove it.

    It is strong by its best record; a record in which an end is not surely known is unsure.
    """
    proofs: dict[Tie, dict[str, bool]] = defaultdict(dict)
    columns = [relations.column(name).to_pylist() for name in relations.column_names]
    for kind, source, target, since, until, share, record, sure in zip(*columns, strict=True):
        tie = (kind.upper(), source, target, since, until, share)
        proofs[tie][record] = sure or proofs[tie].get(record, False)
    return {
        (*tie, tuple(sorted(told)), any(told.values()), tuple(sorted(_unsure(told))))
        for tie, told in proofs.items()
    }


def _unsure(told: dict[str, bool]) -> Iterator[str]:
    return (record for record, sure in told.items() if not sure)


def _draw_listings(database: Database, view: View, ids: list[str] | None) -> None:
    drawn = set(_asked(database, "against", ids))
    found = list(_asked(database, "parties", ids, **view.values))
    records = None if ids is None else {record for *_, record in found}
    replaced = currency(database, view, records).replaced
    wanted = {(key, uid) for key, uid, record in found if record not in replaced}
    database.many("erase_against", [list(row) for row in sorted(drawn - wanted)], _CHUNK)
    database.many("draw_against", [list(row) for row in sorted(wanted - drawn)], _CHUNK)


def _asked(
    database: Database, what: str, ids: Sequence[str] | None, **values: Any
) -> Iterator[tuple[Any, ...]]:
    if ids is None:
        yield from database.rows(f"all_{what}", **values)
        return
    for start in range(0, len(ids), _CHUNK):
        yield from database.rows(f"some_{what}", rows=ids[start : start + _CHUNK], **values)


def _native(value: Any) -> Any:
    """Return a date of the driver as Python's."""
    return value.to_native() if hasattr(value, "to_native") else value
