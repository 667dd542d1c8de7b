"""Ways between subjects and bidders side by side, cut to what a caller may see."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from api.asked import MOST_CANDIDATES
from api.bidders import bidders_of
from api.check import readings
from api.paths import paths_of
from api.service.asking import Inquiry
from graph.errors import QueryError
from graph.lookup import name_key
from graph.model import Subject
from graph.paths import Bounds
from graph.texts import phrase
from loaders.name_list import Entry

__all__ = ["bidders_told", "paths_told", "the_one"]


def the_one(inquiry: Inquiry, text: str) -> Subject:
    """Return the one subject an id, code or name stands for.

    Raises:
        QueryError: E943 nobody the caller may see, E944 several, or only a part of the name.
        UsageError: E903 or E904, it is a person.
    """
    if text.startswith("s-"):
        return inquiry.locate(text)
    hits, how, _ = inquiry.search(text, MOST_CANDIDATES)
    if not hits:
        raise QueryError("E943")
    if len(hits) > 1 or how == "part" or (how == "name" and hits[0].kind == "person"):
        raise QueryError("E944", count=len(hits))
    inquiry.meant(hits[0].id)
    return hits[0]


def paths_told(inquiry: Inquiry, one: str, other: str, bounds: Bounds) -> dict[str, Any]:
    """Return every way between two subjects; outside the office of strong ties only."""
    ends = [the_one(inquiry, each) for each in (one, other)]
    answer = paths_of(inquiry.desk, ends[0].id, ends[1].id, inquiry.as_of, bounds)
    del answer["unresolved"]
    if not inquiry.view.inside:
        answer["paths"] = [_sure(path) for path in answer["paths"] if path["identity"] == "strong"]
    answer["statement"] = None if answer["paths"] else inquiry.statement(nobody=False)
    for path in answer["paths"]:
        for step in path["steps"]:
            inquiry.caller.trail.told((step["from"], step["to"]))
    return answer


def _sure(path: Mapping[str, Any]) -> dict[str, Any]:
    steps = [
        {**step, "ties": [tie for tie in step["ties"] if tie["identity"] == "strong"]}
        for step in path["steps"]
    ]
    return {**path, "steps": steps}


def bidders_told(inquiry: Inquiry, entries: Sequence[Entry], opened: date) -> dict[str, Any]:
    """Return bidders side by side; outside the office without anything suspected.

    Raises:
        UsageError: E942 the number of the tender is missing, E903 or E904 a bidder is a person.
        QueryError: E606, no party was named.
    """
    inquiry.view.demand_case()
    for entry in entries:
        found = readings(entry.code or entry.name)
        inquiry.note(found[0].value if found else entry.text)
        if found and found[0].personal:
            inquiry.caller.demand_person()
    answer = bidders_of(inquiry.desk, entries, opened)
    answer.setdefault("statement", None)
    if not inquiry.view.inside:
        answer = _without_doubt(inquiry, answer)
    for row in answer["bidders"]:
        inquiry.meant(row["subject"])
        inquiry.caller.trail.told([row["subject"]])
        for finding in row["findings"]:
            for step in finding["path"]:
                inquiry.caller.trail.told((step["from"], step["to"]))
    for pair in answer["pairs"]:
        for link in (*pair["ties"], *pair["indicators"]):
            for step in link["path"]:
                inquiry.caller.trail.told((step["from"], step["to"]))
    return answer


def _without_doubt(inquiry: Inquiry, answer: dict[str, Any]) -> dict[str, Any]:
    """Return an answer without weak subjects, suspected findings and suspected links."""
    lang = inquiry.caller.lang
    rows, unresolved = [], []
    for row in answer["bidders"]:
        if _exists(inquiry, row):
            rows.append(_sure_bidder(inquiry, row))
        else:
            unresolved.append(
                {
                    "query": row["query"],
                    "place": row["place"],
                    "reason": "unknown",
                    "why": phrase("bidders_unknown", lang),
                    "candidates": [],
                }
            )
    for each in answer["unresolved"]:
        shown = [hit for hit in each["candidates"] if hit["identity"] == "strong"]
        organisations = [hit for hit in shown if hit["kind"] != "person"]
        unresolved.append({**each, "candidates": organisations})
    there = {row["subject"] for row in rows}
    pairs = [
        {
            **pair,
            "ties": [link for link in pair["ties"] if not link["suspected"]],
            "indicators": [link for link in pair["indicators"] if not link["suspected"]],
        }
        for pair in answer["pairs"]
        if {pair["a"], pair["b"]} <= there
    ]
    return {**answer, "bidders": rows, "pairs": pairs, "unresolved": unresolved}


def _exists(inquiry: Inquiry, row: Mapping[str, Any]) -> bool:
    subject = inquiry.finder.by_id(row["subject"])
    if subject is None or not (subject.strong and inquiry.view.shows(subject)):
        return False
    if row["found_by"] != "name":
        return True
    key = name_key(row["query"])
    return bool(inquiry.view.named(inquiry.finder, [subject], lambda name: name_key(name) == key))


def _sure_bidder(inquiry: Inquiry, row: Mapping[str, Any]) -> dict[str, Any]:
    lang = inquiry.caller.lang
    findings = [each for each in row["findings"] if not each["suspected"]]
    kinds = {each["kind"] for each in findings if each["eligibility"]}
    eligible = "barred" if "restriction" in kinds else "verify" if kinds else "nothing_found"
    text = row["eligible_text"]
    if eligible != row["eligible"]:
        text = (
            inquiry.statement(nobody=False)
            if eligible == "nothing_found"
            else phrase(f"bidders_{eligible}", lang)
        )
    return {**row, "findings": findings, "eligible": eligible, "eligible_text": text}
