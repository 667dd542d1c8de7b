"""Who is tied to a subject within some hops: bounded, and honest about what was left out."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from api.analyst import frames
from api.analyst.extras import extra
from api.exports.extract import Tie, ties_of
from api.exports.values import tie_values
from api.exports.vocabulary import words
from graph.model import RELATION_TYPES, Subject, SubjectId
from graph.ports import CaseFacts
from graph.relations import ends

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

    from api.analyst.drawing import Picture
    from api.analyst.widget import GraphWidget

__all__ = ["Neighbourhood", "Reach", "neighbourhood_of"]

_IN_FORCE: Final = ("effective", "objected")


@dataclass(frozen=True, slots=True)
class Reach:
    """How much of a neighbourhood is read.

    Attributes:
        most: Subjects, the centre included; more than 150 nobody can read.
        types: Types of ties followed.
        ended: Ties that ended before the day, too.
    """

    most: int = 150
    types: Collection[str] = RELATION_TYPES
    ended: bool = True


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """A subject and those around it, the nearest first.

    Attributes:
        hops: Subject -> hops from the centre.
        risks: Subject -> adverse listings in force on the day.
        more: Subjects that were met and are not here.
    """

    centre: Subject
    as_of: date
    subjects: tuple[Subject, ...]
    ties: tuple[Tie, ...]
    hops: dict[str, int]
    risks: dict[str, int]
    more: int

    def ended(self, tie: Tie) -> bool:
        """Tell whether a tie no longer held on the day."""
        return tie.until is not None and tie.until <= self.as_of

    def table(self) -> "pd.DataFrame":
        """Return the ties as a frame: the picture's twin that can be read aloud and sorted."""
        names = {each.id: each.name for each in self.subjects}
        return frames.of_rows(
            {
                "from": names[SubjectId(tie.source)],
                "to": names[SubjectId(tie.target)],
                **tie_values(tie),
                "ended": self.ended(tie),
                "records": len(tie.records),
            }
            for tie in self.ties
        )

    def network(self) -> "nx.MultiDiGraph[str]":
        """Return a networkx graph: subject ids with kind, name, identity, hops and risks."""
        graph: Any = extra("networkx").MultiDiGraph(centre=self.centre.id)
        for each in self.subjects:
            graph.add_node(
                each.id,
                name=each.name,
                kind=each.kind,
                identity="strong" if each.strong else "weak",
                hops=self.hops[each.id],
                risks=self.risks.get(each.id, 0),
            )
        for tie in self.ties:
            told = tie_values(tie) | {"ended": self.ended(tie)}
            graph.add_edge(tie.source, tie.target, key=tie.id, **told)
        return graph  # type: ignore[no-any-return]

    def picture(self, lang: str = "zh") -> "Picture":
        """Return a still picture (SVG) with its legend."""
        from api.analyst.drawing import picture_of

        return picture_of(self, "en" if lang == "en" else "zh")

    def widget(self, lang: str = "zh") -> "GraphWidget":
        """Return a graph to drag, zoom and click; `selected` is the id last clicked."""
        extra("anywidget")
        from api.analyst.widget import widget_of

        return widget_of(self, "en" if lang == "en" else "zh")


def neighbourhood_of(
    facts: CaseFacts, centre: Subject, depth: int, as_of: date, reach: Reach
) -> Neighbourhood:
    """Return the neighbourhood of a subject; nobody is reached through whom is left out.

    Cost: reads the ties of everyone shown, one level at a time.
    """
    hops: dict[SubjectId, int] = {centre.id: 0}
    tables = [facts.relations(set())]
    left_out: set[SubjectId] = set()
    frontier = [centre.id]
    for level in range(1, depth + 1):
        tables.append(_wanted(facts.relations(set(frontier)), as_of, reach))
        met = _by_ties(tables[-1], ends(tables[-1]) - hops.keys())
        room = reach.most - len(hops)
        frontier, dropped = met[:room], met[room:]
        hops.update(dict.fromkeys(frontier, level))
        left_out.update(dropped)
    # Ties among the outermost, which nobody asked for yet.
    tables.append(_wanted(facts.relations(set(frontier)), as_of, reach))
    people = _subjects(facts, hops)
    strong = {each.id for each in people if each.strong}
    found = {
        tie.id: tie
        for tie in ties_of(pa.concat_tables(tables), strong)
        if tie.source in hops and tie.target in hops
    }
    return Neighbourhood(
        centre=centre,
        as_of=as_of,
        subjects=tuple(people),
        ties=tuple(found.values()),
        hops={str(uid): level for uid, level in hops.items()},
        risks=_risks(facts, hops, as_of),
        more=len(left_out - hops.keys()),
    )


def _wanted(relations: pa.Table, as_of: date, reach: Reach) -> pa.Table:
    day = pa.scalar(as_of)
    known = pc.is_in(relations.column("type"), value_set=pa.array(sorted(reach.types)))
    begun = pc.fill_null(pc.less_equal(relations.column("since"), day), True)
    going = pc.fill_null(pc.greater(relations.column("until"), day), True)
    kept = pc.and_(known, begun)
    return relations.filter(kept if reach.ended else pc.and_(kept, going))


def _by_ties(relations: pa.Table, met: set[SubjectId]) -> list[SubjectId]:
    """Return those met, by how many rows tie them here, then by id."""
    sides = (relations.column(side).to_pylist() for side in ("source", "target"))
    rows = Counter(uid for side in sides for uid in side if uid in met)
    return sorted(met, key=lambda uid: (-rows[uid], uid))


def _subjects(facts: CaseFacts, hops: dict[SubjectId, int]) -> list[Subject]:
    rows = facts.subjects(set(hops)).to_pylist()
    people = [
        Subject(SubjectId(row["id"]), row["kind"], row["name"] or "", row["strong"]) for row in rows
    ]
    return sorted(people, key=lambda each: (hops[each.id], each.id))


def _risks(facts: CaseFacts, hops: dict[SubjectId, int], as_of: date) -> dict[str, int]:
    harmless = words()["not_adverse"]
    counts = Counter(
        str(listing.subject)
        for listing in facts.listings(set(hops))
        if listing.kind not in harmless
        and listing.subject in hops
        and listing.status_on(as_of) in _IN_FORCE
        and ((listing.since or listing.decision_date) or as_of) <= as_of
    )
    return dict(sorted(counts.items()))
