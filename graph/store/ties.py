"""Ties registered on a day, as many as are asked for."""

from datetime import date
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["first_ties"]

_TIE: Final = ["type", "source", "target", "since", "until", "share"]


def first_ties(relations: pa.Table, on: date, most: int) -> tuple[pa.Table, bool]:
    """Return the rows of the first ties registered on a day, and whether some are left out.

    Rows that state the same are one tie.
    """
    day = pa.scalar(on, pa.date32())
    begun = pc.fill_null(pc.less_equal(relations.column("since"), day), True)
    lasting = pc.fill_null(pc.greater(relations.column("until"), day), True)
    held = relations.filter(pc.and_(begun, lasting))
    ties: dict[tuple[object, ...], None] = {}
    keep = []
    for tie in zip(*(held.column(name).to_pylist() for name in _TIE), strict=True):
        keep.append(tie in ties or len(ties) < most)
        if keep[-1]:
            ties[tie] = None
    return held.filter(pa.array(keep, pa.bool_())), not all(keep)
