"""The answer of `path`: every way between two subjects, each tie with its row."""

from datetime import date
from itertools import pairwise
from typing import Any

from api.asked import identify, unresolved
from api.check import Desk, candidate, coverage
from graph.errors import QueryError
from graph.paths import MOST_HOPS, Between, Bounds, Way, ways_between
from graph.sanctions.explain import tie_text
from graph.sanctions.findings import Step
from graph.texts import Lang, phrase
from loaders.name_list import Entry

__all__ = ["paths_of"]


def paths_of(desk: Desk, one: str, other: str, as_of: date, bounds: Bounds) -> dict[str, Any]:
    """Return the answer of `path` for two names, codes or ids.

    Raises:
        QueryError: E605 an end is empty, E607 too many hops.
    """
    if not one.strip() or not other.strip():
        raise QueryError("E605")
    if not 1 <= bounds.hops <= MOST_HOPS:
        raise QueryError("E607", hops=bounds.hops, limit=MOST_HOPS)
    ends = [identify(desk, Entry(each)) for each in (one, other)]
    first, last = (each.subject for each in ends)
    cover = coverage(desk.store.overview, desk.manifests, as_of)
    answer: dict[str, Any] = {
        "as_of": as_of.isoformat(),
        "hops": bounds.hops,
        "from": None if first is None else candidate(first),
        "to": None if last is None else candidate(last),
        "paths": [],
        "complete": False,
        "cut": [],
        "unresolved": [unresolved(desk, each) for each in ends if each.reason],
        "coverage": cover,
    }
    if first is not None and last is not None:
        between = ways_between(desk.store.facts, first.id, last.id, as_of, bounds)
        answer["paths"] = [_way(between, way, desk.lang) for way in between.ways]
        answer["complete"] = not between.cut
        answer["cut"] = list(between.cut)
    if not answer["paths"]:
        answer["statement"] = phrase(
            "nothing_found",
            desk.lang,
            as_of=as_of.isoformat(),
            departments=cover["departments"],
        )
    return answer


def _way(between: Between, way: Way, lang: Lang) -> dict[str, Any]:
    network = between.network
    steps: list[dict[str, Any]] = [
        {
            "from": network.id(one),
            "from_name": network.name(one),
            "to": network.id(other),
            "to_name": network.name(other),
            "ties": [_tie(between, index, lang) for index in ties],
        }
        for (one, other), ties in zip(pairwise(way.nodes), way.ties, strict=True)
    ]
    # A way is as sure as its least sure hop, a hop as its surest tie.
    sure = all(any(tie["identity"] == "strong" for tie in step["ties"]) for step in steps)
    return {"hops": len(steps), "identity": "strong" if sure else "suspected", "steps": steps}


def _tie(between: Between, index: int, lang: Lang) -> dict[str, Any]:
    network, tie = between.network, between.network.relation(index)
    ends = (network.source(index), network.target(index))
    sure = network.sure(index) and all(map(network.strong, ends))
    record = tie.records[0] if tie.records else None
    step = Step(tie.type, tie.source, tie.target, tie.since, tie.until, record, sure)
    return {
        "type": tie.type,
        "from": tie.source,
        "to": tie.target,
        "since": None if tie.since is None else tie.since.isoformat(),
        "until": None if tie.until is None else tie.until.isoformat(),
        "share": tie.share,
        "record": record,
        "identity": "strong" if sure else "suspected",
        "text": tie_text(step, {network.id(end): network.name(end) for end in ends}, lang),
    }
