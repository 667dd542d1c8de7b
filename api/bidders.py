"""The answer of `bidders`: who may bid, who is tied to whom, and what is merely to be looked at."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations
from typing import Any

from api.asked import MOST_CANDIDATES, Found, identify, unresolved
from api.bidder_marks import marks_of
from api.check import Desk, candidate, coverage, told
from api.masking import hidden_text
from graph.errors import QueryError
from graph.model import Subject, SubjectId
from graph.sanctions.bidding import ELIGIBILITY, Bidding, assess_bidders
from graph.sanctions.explain import article_text, missing_text, tie_text
from graph.sanctions.findings import Finding, Step, cited_body, step_body
from graph.sanctions.stakes import NOMINEE, Stake
from graph.sanctions.tender import Link
from graph.texts import phrase
from loaders.name_list import Entry

__all__ = ["bidders_of"]

_MARKS = ("shared_phone", "shared_address", "same_price")


def bidders_of(desk: Desk, entries: Sequence[Entry], opened: date) -> dict[str, Any]:
    """Return the answer of `bidders` for parties as given and the day bids are opened.

    Nobody is guessed: an entry that fits several subjects, or a person by name alone, or nobody,
    is listed under `unresolved` with the candidates.

    Raises:
        QueryError: E606, no party was named.
    """
    if not entries:
        raise QueryError("E606")
    found = [identify(desk, entry) for entry in entries]
    subjects = {each.subject.id: each.subject for each in found if each.subject is not None}
    ids = list(subjects)
    marks = [
        mark
        for each in ids
        for mark in marks_of(desk.store.finder, desk.store.evidence, desk.manifests, each, opened)
    ]
    bidding = assess_bidders(desk.store.facts, desk.rulebook, ids, marks, opened)
    cover = coverage(desk.store.overview, desk.manifests, opened)
    statement = phrase(
        "nothing_found", desk.lang, as_of=opened.isoformat(), departments=cover["departments"]
    )
    stated = {why: len({mark.subject for mark in marks if mark.why == why}) for why in _MARKS}
    rows = [_bidder(desk, each, bidding, statement) for each in found if not each.reason]
    times = Counter(row["subject"] for row in rows)
    for row in rows:
        if times[row["subject"]] > 1:
            row["notes"].append(_note(desk, "repeated"))
    answer: dict[str, Any] = {
        "opened": opened.isoformat(),
        "bidders": rows,
        "pairs": _pairs(desk, subjects, bidding),
        "unresolved": [unresolved(desk, each) for each in found if each.reason],
        "coverage": cover
        | {
            "rules": [each for each in ELIGIBILITY if _active(desk, each)],
            "rules_missing": [each for each in ELIGIBILITY if not _active(desk, each)],
            "bidders_with": stated,
            "owners_unread": bidding.unread,
        },
    }
    if rows and not bidding.links and not any(bidding.findings.values()):
        answer["statement"] = statement
    return answer


def _active(desk: Desk, rule_id: str) -> bool:
    rule = desk.rulebook.rule(rule_id)
    return rule is not None and rule.enabled


def _bidder(desk: Desk, found: Found, bidding: Bidding, statement: str) -> dict[str, Any]:
    subject, entry = found.hits[0], found.entry
    findings = bidding.findings[subject.id]
    eligible = _eligible(findings)
    notes = []
    if entry.code and entry.name:
        known = desk.store.finder.by_name(entry.name, MOST_CANDIDATES)
        if subject.id not in {each.id for each in known}:
            notes.append(_note(desk, "name_differs"))
    notes += [_note(desk, doubt) for doubt in _doubts(desk, bidding.stakes[subject.id])]
    return {
        "query": hidden_text(entry.text),
        "place": entry.place,
        "found_by": found.by,
        "subject": subject.id,
        "name": subject.name,
        "kind": subject.kind,
        "identity": candidate(subject)["identity"],
        "eligible": eligible,
        "eligible_text": statement
        if eligible == "nothing_found"
        else phrase(f"bidders_{eligible}", desk.lang),
        "findings": [
            told(each, bidding.names, desk.lang) | {"eligibility": each.rule in ELIGIBILITY}
            for each in findings
        ],
        "notes": notes,
    }


def _doubts(desk: Desk, stakes: Sequence[Stake]) -> Iterator[str]:
    """Yield what is doubtful in the filings of a bidder's shares."""
    flags = {flag for stake in stakes for flag in stake.flags}
    if flags & {"differing", "over_100"}:
        yield "contradictory_filings"
    rows = (desk.store.evidence.record(each) for stake in stakes for each in stake.records)
    # The filing itself says so; the name the subject goes by may not.
    names = (mention["name"] for row in rows if row is not None for mention in row["mentions"])
    if "nominee" in flags or any(re.search(NOMINEE, name) for name in names):
        yield "nominee_owner"


def _note(desk: Desk, code: str) -> dict[str, str]:
    return {"code": code, "text": phrase(f"bidders_{code}", desk.lang)}


def _eligible(findings: Iterable[Finding]) -> str:
    """Return barred, verify or nothing_found; nobody is ever said to be without risk."""
    kinds = {each.kind for each in findings if each.rule in ELIGIBILITY}
    if "restriction" in kinds:
        return "barred"
    return "verify" if kinds else "nothing_found"


def _pairs(
    desk: Desk, subjects: Mapping[SubjectId, Subject], bidding: Bidding
) -> list[dict[str, Any]]:
    rows = []
    for one, other in combinations(subjects.values(), 2):
        links = bidding.links.get((one.id, other.id), [])
        bodies = [_link(desk, link, (one, other), bidding.names) for link in links]
        rows.append(
            {
                "a": one.id,
                "a_name": one.name,
                "b": other.id,
                "b_name": other.name,
                "ties": [body for body in bodies if body["kind"] != "attention"],
                "indicators": [body for body in bodies if body["kind"] == "attention"],
            }
        )
    return rows


def _link(
    desk: Desk, link: Link, pair: tuple[Subject, Subject], names: Mapping[str, str]
) -> dict[str, Any]:
    path = [_step(step, share, names) for step, share in zip(link.path, link.shares, strict=True)]
    steps = [step for step in path if "record" in step]
    return {
        "rule": link.rule,
        "kind": link.kind,
        "code": link.why,
        "why": _why(desk, link, pair, names),
        "path": path,
        "basis": [cited_body(each) for each in link.basis],
        "missing": list(link.missing),
        "suspected": link.suspected,
        "proof": steps or [{"records": list(link.records)}],
        "records": list(link.records),
    }


def _step(step: Step, share: float | None, names: Mapping[str, str]) -> dict[str, Any]:
    body = step_body(step)
    return {
        **body,
        "from_name": names.get(step.source, ""),
        "to_name": names.get(step.target, ""),
        "share": share,
    }


def _why(desk: Desk, link: Link, pair: tuple[Subject, Subject], names: Mapping[str, str]) -> str:
    """Return what is between two bidders: the fact, its ties, its article, what is missing."""
    lang, comma = desk.lang, phrase("list_separator", desk.lang)
    facts = {"a": pair[0].name, "b": pair[1].name, "who": "", "whom": "", "share": ""}
    if link.path:
        first, last = link.path[0], link.path[-1]
        shares = [share for share in link.shares if share is not None]
        facts |= {"who": names.get(first.source, ""), "whom": names.get(last.target, "")}
        facts["share"] = f"{shares[-1] * 100:.6g}%" if shares else ""
    told_parts = [phrase(f"bidders_{link.why}", lang, **(facts | dict(link.facts)))]
    if link.path:
        told_parts.append(comma.join(tie_text(step, names, lang) for step in link.path))
    if link.basis:
        basis = comma.join(article_text(each, lang) for each in link.basis)
        told_parts.append(phrase("bidders_basis", lang, rule=link.rule, basis=basis))
    if link.missing:
        missing = comma.join(missing_text(each, lang) for each in link.missing)
        told_parts.append(phrase("bidders_lacking", lang, missing=missing))
    if link.suspected:
        told_parts.append(phrase("finding_suspected", lang).strip())
    return phrase("bidders_full_stop", lang).join(told_parts)
