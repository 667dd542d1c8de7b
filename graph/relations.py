"""Questions to a table of relations (`schema.RELATIONS`): whom it ties, and what held on a day."""

from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from graph.model import SubjectId

__all__ = ["ends", "registered"]


def ends(relations: pa.Table) -> set[SubjectId]:
    """Return the subjects at both ends of relations."""
    found = {*pc.unique(relations.column("source")).to_pylist()}
    return found | {*pc.unique(relations.column("target")).to_pylist()}


def registered(relations: pa.Table, on: date) -> pa.Table:
    """Return the relations registered on a day; an unknown date never speaks against one."""
    day = pa.scalar(on)
    begun = pc.fill_null(pc.less_equal(relations.column("since"), day), True)
    going = pc.fill_null(pc.greater(relations.column("until"), day), True)
    return relations.filter(pc.and_(begun, going))
