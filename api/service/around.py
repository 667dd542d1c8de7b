"""Ties of a subject, and the subjects some ties away, as a caller may see them."""

from collections.abc import Collection, Iterator
from typing import Any, Final

import pyarrow as pa

from api.service.asking import Inquiry
from api.service.roles import Role
from api.service.view import PUBLISHED_TIES
from graph.model import Subject, SubjectId
from graph.ports import Reach, Ties
from graph.relations import ends

__all__ = ["neighbourhood", "ties_of"]

_MOST_EDGES: Final = 2_000
_ALL: Final = 10_000_000


def ties_of(
    inquiry: Inquiry, subject: Subject, types: Collection[str] | None
) -> list[dict[str, Any]]:
    """Return the ties of a subject registered on the day, sorted."""
    table = _registered(inquiry, {subject.id}, types, _ALL).relations
    people = _people(inquiry, ends(table))
    told = list(_told(inquiry, table, people))
    return sorted(told, key=_order)


def neighbourhood(
    inquiry: Inquiry, start: Subject, depth: int, types: Collection[str] | None, limit: int
) -> dict[str, Any]:
    """Return subjects within some ties, nearest first, and the ties between them.

    Beyond a person the ties are that person's own: they are followed only for who may ask
    about persons.
    """
    around = _Around(inquiry, start, limit)
    frontier, explored = {start.id}, 0
    for distance in range(1, depth + 1):
        if not frontier:
            break
        explored += len(frontier)
        fresh = around.add(_registered(inquiry, frontier, types, _MOST_EDGES), distance)
        closed = set() if inquiry.view.persons else around.persons(fresh)
        if closed and distance < depth:
            around.cut.add("persons")
        frontier = fresh - closed
    if len(frontier) > 1:  # nobody asked yet what ties the outermost to each other
        around.add(_registered(inquiry, frontier, types, _MOST_EDGES, between=True), depth)
    inquiry.caller.trail.told(around.found)
    return {
        "nodes": [card | {"depth": around.found[uid]} for uid, card in around.cards.items()],
        "edges": list(around.edges.values()),
        "explored": explored,
        "partial_results": bool(around.cut),
        "cut": sorted(around.cut),
    }


class _Around:
    """What is found around a subject, within bounds.

    Attributes:
        found: Subject -> ties away from the centre.
        cut: Why there may be more: `limit`, `ties`, `persons`.
    """

    def __init__(self, inquiry: Inquiry, centre: Subject, limit: int) -> None:
        self._inquiry, self._limit = inquiry, limit
        self.found: dict[str, int] = {centre.id: 0}
        self.cards: dict[str, dict[str, Any]] = {centre.id: inquiry.view.card(centre)}
        self.edges: dict[tuple[Any, ...], dict[str, Any]] = {}
        self.cut: set[str] = set()
        self._people: dict[str, Subject] = {centre.id: centre}

    def add(self, near: Ties, distance: int) -> set[SubjectId]:
        """Add ties, and return those who are found by them."""
        if near.cut:
            self.cut.add("ties")
        if unknown := ends(near.relations) - self._people.keys():
            self._people |= _people(self._inquiry, unknown)
        people, fresh = self._people, set[SubjectId]()
        for tie in sorted(_told(self._inquiry, near.relations, people), key=_order):
            new = [SubjectId(end) for end in (tie["from"], tie["to"]) if end not in self.found]
            if len(self.found) + len(new) > self._limit:
                self.cut.add("limit")
                continue
            for end in new:
                self.found[end], self.cards[end] = distance, self._inquiry.view.card(people[end])
            fresh.update(new)
            if len(self.edges) < _MOST_EDGES:
                self.edges[_order(tie)] = tie
            else:
                self.cut.add("ties")
        return fresh

    def persons(self, found: Collection[SubjectId]) -> set[SubjectId]:
        """Return those among subjects found who are persons."""
        return {each for each in found if self._people[each].kind == "person"}


def _registered(
    inquiry: Inquiry,
    ids: Collection[SubjectId],
    types: Collection[str] | None,
    most: int,
    *,
    between: bool = False,
) -> Ties:
    """Return ties of these subjects that exist for the caller on the day."""
    wanted: Collection[str] | None = types
    if inquiry.caller.role is Role.PUBLIC:
        wanted = PUBLISHED_TIES if types is None else PUBLISHED_TIES.intersection(types)
    reach = Reach(inquiry.as_of, most, wanted, sure=not inquiry.view.inside, between=between)
    return inquiry.store.facts.ties(ids, reach)


def _people(inquiry: Inquiry, ids: Collection[SubjectId]) -> dict[str, Subject]:
    rows = inquiry.store.facts.subjects(ids).to_pylist()
    return {row["id"]: Subject(**row) for row in rows}


def _told(
    inquiry: Inquiry, table: pa.Table, people: dict[str, Subject]
) -> Iterator[dict[str, Any]]:
    view = inquiry.view

    def named(uid: str) -> str:
        return view.name(people[uid].name, person=people[uid].kind == "person")

    for row in table.to_pylist():
        one, other = people.get(row["source"]), people.get(row["target"])
        if one is None or other is None:
            continue
        if not (view.inside or (one.strong and other.strong)):
            continue
        sure = row["strong"] and one.strong and other.strong
        yield {
            "type": row["type"],
            "from": one.id,
            "from_name": named(one.id),
            "to": other.id,
            "to_name": named(other.id),
            "since": None if row["since"] is None else row["since"].isoformat(),
            "until": None if row["until"] is None else row["until"].isoformat(),
            "share": row["share"],
            "record": row["record"],
            "identity": "strong" if sure else "suspected",
        }


def _order(tie: dict[str, Any]) -> tuple[str, ...]:
    return (tie["type"], tie["from"], tie["to"], tie["since"] or "", tie["record"] or "")
