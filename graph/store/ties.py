"""The first ties of some subjects, taken from relations as evidence states them."""

from collections.abc import Collection
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from graph.derived import Reach, Ties
from graph.model import SubjectId
from graph.relations import registered

__all__ = ["first_ties"]

_TIE: Final = ("type", "source", "target", "since", "until", "share")


def first_ties(relations: pa.Table, ids: Collection[SubjectId], reach: Reach) -> Ties:
    """Return the first ties of relations (`schema.RELATIONS`) that touch subjects, in order."""
    table = registered(relations, reach.on)
    if reach.between:
        known = pa.array(sorted(ids), pa.string())
        sides = (pc.is_in(table.column(end), value_set=known) for end in ("source", "target"))
        table = table.filter(pc.and_(*sides))
    if reach.types is not None:
        wanted = pa.array(sorted(reach.types), pa.string())
        table = table.filter(pc.is_in(table.column("type"), value_set=wanted))
    if reach.sure:
        table = table.filter(table.column("strong"))
    ties = [*zip(*(table.column(name).to_pylist() for name in _TIE), strict=True)]
    records = table.column("record").to_pylist()
    order = sorted(range(len(ties)), key=lambda row: (_rank(ties[row]), records[row]))
    first = [*dict.fromkeys(ties[row] for row in order)]
    kept = set(first[: reach.most])
    rows = pa.array([row for row in order if ties[row] in kept], pa.int64())
    return Ties(table.take(rows), len(first) > len(kept))


def _rank(tie: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return what orders a tie: a day or share not known comes first."""
    *ends, since, until, share = tie
    days = ("" if day is None else day.isoformat() for day in (since, until))
    return (*ends, *days, -1.0 if share is None else share)
