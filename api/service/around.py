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
    found: dict[str, int] = {start.id: 0}
    cards: dict[str, dict[str, Any]] = {start.id: inquiry.view.card(start)}
    edges: dict[tuple[Any, ...], dict[str, Any]] = {}
    frontier, explored = {start.id}, 0
    cut: set[str] = set()
    for distance in range(1, depth + 1):
        if not frontier:
            break
        explored += len(frontier)
        near = _registered(inquiry, frontier, types, _MOST_EDGES)
        if near.cut:
            cut.add("ties")
        table = near.relations
        people = _people(inquiry, ends(table) | frontier)
        fresh: set[SubjectId] = set()
        for tie in sorted(_told(inquiry, table, people), key=_order):
            new = [end for end in (tie["from"], tie["to"]) if end not in found]
            if len(found) + len(new) > limit:
                cut.add("limit")
                continue
            for end in new:
                found[end], cards[end] = distance, inquiry.view.card(people[end])
                fresh.add(SubjectId(end))
            if len(edges) >= _MOST_EDGES:
                cut.add("ties")
            else:
                edges[_order(tie)] = tie
        closed = {each for each in fresh if people[each].kind == "person"}
        if closed and not inquiry.view.persons:
            if distance < depth:
                cut.add("persons")
            fresh -= closed
        frontier = fresh
    inquiry.caller.trail.told(found)
    return {
        "nodes": [card | {"depth": found[uid]} for uid, card in cards.items()],
        "edges": list(edges.values()),
        "explored": explored,
        "partial_results": bool(cut),
        "cut": sorted(cut),
    }


def _registered(
    inquiry: Inquiry, ids: Collection[SubjectId], types: Collection[str] | None, most: int
) -> Ties:
    """Return ties of these subjects that exist for the caller on the day."""
    wanted: Collection[str] | None = types
    if inquiry.caller.role is Role.PUBLIC:
        wanted = PUBLISHED_TIES if types is None else PUBLISHED_TIES.intersection(types)
    reach = Reach(inquiry.as_of, most, wanted, sure=not inquiry.view.inside)
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
