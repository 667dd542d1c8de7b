"""Why: a merge, a finding, a row's fate. One id in, everything it rests on out."""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from api.batches import batch_body, batch_of
from api.check import Desk, candidate, event_body, listing_body
from api.ledger import judgement_bodies
from api.masking import hidden_text
from api.tasks import docket_of, people_of, waiting_body
from api.why import steps_body
from graph.errors import QueryError
from graph.identifiers import Status
from graph.model import SubjectId
from graph.ports import RefusedRow
from graph.sanctions.explain import blocked_sentence, sentence
from graph.sanctions.findings import Finding, finding_from
from graph.sanctions.inquiry import Surroundings, assess_one
from graph.texts import message, phrase

__all__ = ["explain"]

_HEX = re.compile(r"[0-9a-f]{32}")
_MENTION = re.compile(r"([0-9a-f]{32}):\w+:\d+")
_BATCH = re.compile(r"[0-9a-f]{16}")
_FULL = (Status.VALID.value, Status.REPAIRED.value)


def explain(desk: Desk, uid: str, as_of: date) -> dict[str, Any]:
    """Return what an id stands for and why.

    Args:
        uid: Of a subject, finding, listing, record, mention, batch, refused row, judgement or
            review task.

    Raises:
        QueryError: Nothing has this id, or it was split.

    """
    by_prefix: dict[str, Callable[[], dict[str, Any]]] = {
        "s-": lambda: _subject(desk, uid),
        "l-": lambda: _listing(desk, uid, as_of),
        "j-": lambda: _judgement(desk, uid),
        "t-": lambda: _task(desk, uid),
    }
    if uid[:2] in by_prefix:
        return by_prefix[uid[:2]]()
    if _BATCH.fullmatch(uid):
        return _batch(desk, uid)
    mention = _MENTION.fullmatch(uid)
    if mention or _HEX.fullmatch(uid):
        found = _finding(desk, uid, as_of)
        if found is not None:
            return found
        record = desk.record(mention[1] if mention else uid)
        if record is not None:
            return {"what": "record", **record}
    else:
        for row in desk.store.evidence.refused(uid.partition(":")[0]):
            if row.id == uid:
                return _refusal(desk, row)
    raise QueryError("E603", where=hidden_text(uid))


def _subject(desk: Desk, uid: str) -> dict[str, Any]:
    finder = desk.store.finder
    subject = finder.by_id(uid)
    if subject is None:
        successors = finder.successors(uid)
        if len(successors) == 1:
            return _subject(desk, successors[0]) | {"superseded": uid}
        if successors:
            raise QueryError("E602", where=uid, successors=", ".join(successors))
        raise QueryError("E603", where=uid)
    members = finder.members(subject.id)
    return {
        "what": "subject",
        "subject": candidate(subject),
        "mentions": members,
        "joined_by": _joined_by(members),
        "steps": steps_body(desk, subject.id),
        "judged": _judged(desk, uid),
        "reviews": [
            row
            for row in desk.store.resolution.reviews().drop_columns(["key"]).to_pylist()
            if uid in (row["subject"], row["other"])
        ],
    }


def _judged(desk: Desk, uid: str) -> list[dict[str, Any]]:
    """Return the judgements, not undone, that speak of the subject's mentions."""
    ledger = desk.store.judgements.ledger()
    about = {
        judgement for judgement, one, other in desk.store.judgements.placed() if uid in (one, other)
    }
    bodies = judgement_bodies((row for row in ledger if row.uid in about), ledger)
    return [body for body in bodies if body["state"] != "undone"]


def _judgement(desk: Desk, uid: str) -> dict[str, Any]:
    ledger = desk.store.judgements.ledger()
    row = next((each for each in ledger if each.uid == uid), None)
    if row is None:
        raise QueryError("E603", where=hidden_text(uid))
    placed = [
        {"subject": one, "other": other}
        for judgement, one, other in desk.store.judgements.placed()
        if judgement == uid
    ]
    body, *since = judgement_bodies([row, *(e for e in ledger if e.of == uid)], ledger)
    return {"what": "judgement", **body, "placed": placed, "since": since}


def _task(desk: Desk, uid: str) -> dict[str, Any]:
    waiting = docket_of(desk.store).find(uid)
    people = people_of(desk.store, waiting.task.subjects)
    return {"what": "task", **waiting_body(waiting, people, desk.lang)}


def _joined_by(members: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the identifiers that several mentions share: the ground of the merge."""
    holders: dict[tuple[str, str], list[str]] = defaultdict(list)
    for member in members:
        for identifier in member["identifiers"]:
            if identifier["status"] in _FULL:
                holders[identifier["type"], identifier["value"]].append(member["mention"])
    return [
        {"type": kind, "value": value, "mentions": mentions}
        for (kind, value), mentions in sorted(holders.items())
        if len(mentions) > 1
    ]


def _finding(desk: Desk, uid: str, as_of: date) -> dict[str, Any] | None:
    body = desk.store.findings.finding(uid)
    if body is None:
        return None
    finding = finding_from(body)
    names: dict[str, str] = {
        known.id: known.name
        for each in finding.subjects
        if (known := desk.store.finder.by_id(each)) is not None
    }
    around = assess_one(desk.store.facts, desk.rulebook, SubjectId(finding.subject), as_of)
    rule = desk.rulebook.rule(finding.rule)
    stands = any(found.id == uid for found in around.outcome.findings)
    return {
        "what": "finding",
        **body,
        "id": uid,
        "text": sentence(finding, names, desk.lang),
        "title": None if rule is None else rule.title[desk.lang],
        "stands": stands,
        "because": None if stands else _because(desk, finding, around, names),
        "evidence": desk.records(finding.records),
    }


def _because(desk: Desk, finding: Finding, around: Surroundings, names: Mapping[str, str]) -> str:
    """Return why a finding no longer stands: what a negative rule says of it, if one does."""
    for row in around.outcome.blocked:
        if row.listing == finding.listing and finding.rule in row.rules:
            return blocked_sentence(row, names, desk.lang)
    return phrase("ground_gone", desk.lang)


def _listing(desk: Desk, uid: str, as_of: date) -> dict[str, Any]:
    """Return a listing, its history, what was found because of it and what was not, and why."""
    listing = desk.store.facts.listing(uid)
    if listing is None:
        raise QueryError("E603", where=hidden_text(uid))
    party = desk.store.finder.by_id(listing.subject)
    around = assess_one(desk.store.facts, desk.rulebook, listing.subject, as_of)
    names = {} if party is None else {str(party.id): party.name}
    return {
        "what": "listing",
        **listing_body(listing, as_of),
        "subject": None if party is None else candidate(party),
        "events": [event_body(event) for event in listing.events],
        "findings": [
            {key: body[key] for key in ("id", "rule", "subject", "kind")}
            for body in desk.store.findings.current()
            if body["listing"] == uid
        ],
        "blocked": [
            blocked_sentence(row, names, desk.lang)
            for row in around.outcome.blocked
            if row.listing == uid
        ],
        "evidence": desk.records(listing.records),
    }


def _batch(desk: Desk, uid: str) -> dict[str, Any]:
    batch = batch_of(desk.store.evidence, uid)
    if batch is None:
        raise QueryError("E603", where=uid)
    refused = [row.id for row in desk.store.evidence.refused(uid)]
    return {"what": "batch", **batch_body(batch), "refused_rows": refused}


def _refusal(desk: Desk, row: RefusedRow) -> dict[str, Any]:
    return {
        "what": "refusal",
        "id": row.id,
        "source": row.source,
        "file": row.file,
        "sheet": row.sheet,
        "row": row.row,
        **message(row.code, row.facts, where=f"{row.file}:{row.row}", lang=desk.lang).as_dict(),
    }
