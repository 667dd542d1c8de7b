"""One subject's risks: found by identifier, id or name, assessed fresh, told with proofs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from api.masking import hidden_cells
from graph.errors import QueryError
from graph.identifiers import Identifier, IdType, full_readings, recognise
from graph.model import Listing, ListingEvent, Subject
from graph.ports import Finder, Overview, Store
from graph.sanctions.explain import sentence
from graph.sanctions.findings import Finding
from graph.sanctions.inquiry import Surroundings, assess_one
from graph.sanctions.rulebook import Rulebook
from graph.secrecy import Seal
from graph.texts import Lang, phrase
from loaders.manifest import Manifest

__all__ = [
    "Desk",
    "by_id",
    "by_identifiers",
    "candidate",
    "coverage",
    "coverage_of",
    "event_body",
    "find",
    "is_stale",
    "listing_body",
    "readings",
    "told",
]

_MOST_CANDIDATES = 50
_MOST_SIMILAR = 10
FoundBy = Literal["identifier", "name", "part"]
_EFFECTIVE = ("effective", "objected")
_TYPES = tuple(kind for kind in IdType if kind is not IdType.PRIPID)


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything needed to answer a question about a subject."""

    store: Store
    rulebook: Rulebook
    manifests: tuple[Manifest, ...]
    seal: Seal
    lang: Lang

    def check(self, query: str, as_of: date) -> dict[str, Any]:
        """Return the answer of `check`: subject, own, linked, historical, repaired, coverage.

        `historical` holds every listing no longer in force, `repaired` those of them repaired,
        each with the rules it would otherwise have met (`stopped`).

        Several hits, a person found by name alone, and what has the query only as a part of
        its name are listed as `candidates` and none is picked: a name alone never identifies.

        Raises:
            QueryError: E602 the id was split, E605 the query is empty.
        """
        if not query.strip():
            raise QueryError("E605")
        hits, how = find(self.store.finder, self.seal, query)
        cover = coverage(self.store.overview, self.manifests, as_of)
        answer: dict[str, Any] = {
            "query_by": how,
            "as_of": as_of.isoformat(),
            "subject": None,
            "candidates": [candidate(hit) for hit in hits],
            "listings": [],
            "own": [],
            "linked": [],
            "historical": [],
            "repaired": [],
            "blocked": [],
            "coverage": cover,
        }
        if len(hits) == 1 and _picked(hits[0], how):
            answer["candidates"] = []
            answer["subject"] = candidate(hits[0])
            around = assess_one(self.store.facts, self.rulebook, hits[0].id, as_of)
            answer |= self._told(around, as_of)
        told = any(answer[part] for part in ("own", "linked", "listings", "candidates"))
        if not told:
            answer["statement"] = phrase(
                "nobody_found" if answer["subject"] is None else "nothing_found",
                self.lang,
                as_of=as_of.isoformat(),
                departments=cover["departments"],
            )
        return answer

    def record(self, uid: str) -> dict[str, Any] | None:
        """Return a record as anyone may see it, None if there is none of this id."""
        record = self.store.evidence.record(uid)
        if record is None:
            return None
        manifest = next((m for m in self.manifests if m.source == record["source"]), None)
        return {**record, "cells": hidden_cells(record["cells"], manifest)}

    def records(self, uids: Iterable[str]) -> list[dict[str, Any]]:
        """Return those records that there are, in the order asked for."""
        return [record for uid in uids if (record := self.record(uid)) is not None]

    def _told(self, around: Surroundings, as_of: date) -> dict[str, Any]:
        findings, blocked = around.outcome.findings, around.outcome.blocked
        known = [item for item in around.listings if not _begins_after(item, as_of)]
        now = [item for item in known if item.status_on(as_of) in _EFFECTIVE]
        past = [
            listing_body(item, as_of)
            | {"stopped": [rule for row in blocked if row.listing == item.id for rule in row.rules]}
            for item in known
            if item.status_on(as_of) not in _EFFECTIVE
        ]
        return {
            "listings": [listing_body(item, as_of) for item in now],
            "own": [told(f, around.names, self.lang) for f in findings if f.role == "own"],
            "linked": [told(f, around.names, self.lang) for f in findings if f.role == "linked"],
            "historical": past,
            "repaired": [item for item in past if item["status"] == "repaired"],
            "blocked": [
                {"rule": spared.rule, "by": spared.by, "why": spared.why, "listing": spared.listing}
                for spared in blocked
            ],
        }


def _begins_after(listing: Listing, as_of: date) -> bool:
    begins = listing.since or listing.decision_date
    return begins is not None and begins > as_of


def _picked(hit: Subject, how: FoundBy) -> bool:
    return how == "identifier" or (how == "name" and hit.kind != "person")


def find(finder: Finder, seal: Seal, query: str) -> tuple[list[Subject], FoundBy]:
    """Return subjects for a query, and what found them: a code or id, a name, a part of one.

    Raises:
        QueryError: The id was split: its mentions now belong to several subjects.
    """
    text = query.strip()
    if text.startswith("s-"):
        return by_id(finder, text), "identifier"
    hits = by_identifiers(finder, seal, readings(text))
    if hits:
        return hits, "identifier"
    named = finder.by_name(text, _MOST_CANDIDATES)
    return (named, "name") if named else (finder.search(text, _MOST_SIMILAR), "part")


def by_id(finder: Finder, uid: str) -> list[Subject]:
    """Return the subject of an id, or the one that took its place; empty if there is none.

    Raises:
        QueryError: E602, the id was split.
    """
    found = finder.by_id(uid)
    if found is not None:
        return [found]
    successors = finder.successors(uid)
    if len(successors) > 1:
        raise QueryError("E602", where=uid, successors=", ".join(successors))
    return [hit for now in successors if (hit := finder.by_id(now)) is not None]


def by_identifiers(finder: Finder, seal: Seal, found: Iterable[Identifier]) -> list[Subject]:
    """Return subjects that hold any of the identifiers."""
    keys = [key for identifier in found for key in _keys(seal, identifier)]
    return finder.by_keys(keys) if keys else []


def readings(text: str) -> Sequence[Identifier]:
    """Return every reading of a text as a full identifier: 15 digits may be of several types."""
    guessed = recognise(text)
    if guessed is None:
        return []
    typed = full_readings(text, _TYPES)
    return list(dict.fromkeys([guessed, *typed] if guessed.full else typed))


def _keys(seal: Seal, identifier: Identifier) -> list[bytes]:
    own = [(identifier.type, identifier.value)]
    implied = [(kind, value) for kind, value in identifier.implied if kind is not IdType.ID_CARD]
    if identifier.type is IdType.USCC:
        # A firm known only by its organisation code is found by the code that holds it.
        own += implied
    return [seal.key_of(kind.value, value) for kind, value in own]


def candidate(subject: Subject) -> dict[str, Any]:
    """Return a subject as answers show it."""
    return {
        "id": subject.id,
        "kind": subject.kind,
        "name": subject.name,
        "identity": "strong" if subject.strong else "weak",
    }


def listing_body(listing: Listing, as_of: date) -> dict[str, Any]:
    """Return a listing as answers show it."""
    return {
        "id": listing.id,
        "kind": listing.kind,
        "status": listing.status_on(as_of),
        "authority": listing.authority,
        "decision_number": listing.decision_number,
        "violation_date": _text(listing.violation_date),
        "decision_date": _text(listing.decision_date),
        "since": _text(listing.since),
        "until": _text(listing.until),
        "records": list(listing.records),
    }


def event_body(event: ListingEvent) -> dict[str, Any]:
    """Return an event of a listing as answers show it."""
    return {"status": event.status, "on": _text(event.on), "record": event.record}


def told(finding: Finding, names: Mapping[str, str], lang: Lang) -> dict[str, Any]:
    """Return a finding as answers show it: its body, id, sentence and proof."""
    return finding.body() | {
        "id": finding.id,
        "text": sentence(finding, names, lang),
        "proof": proof(finding, names),
    }


def proof(finding: Finding, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the ordered steps that make a finding true: the listing's records, then the ties."""
    steps: list[dict[str, Any]] = []
    on_path = {step.record for step in finding.path}
    if finding.listing is not None:
        rows = [record for record in finding.records if record not in on_path]
        steps.append({"listing": finding.listing, "records": rows})
    steps.extend(
        {
            "type": step.type,
            "from": step.source,
            "from_name": names.get(step.source, ""),
            "to": step.target,
            "to_name": names.get(step.target, ""),
            "since": _text(step.since),
            "until": _text(step.until),
            "record": step.record,
        }
        for step in finding.path
    )
    return steps


def coverage(overview: Overview, manifests: Sequence[Manifest], as_of: date) -> dict[str, Any]:
    """Return which departments' data an answer rests on, how old it is, and what waits."""
    return coverage_of(overview.sources(), overview.stale(), manifests, as_of)


def coverage_of(
    rows: Iterable[Mapping[str, Any]],
    waiting: Sequence[str],
    manifests: Sequence[Manifest],
    as_of: date,
) -> dict[str, Any]:
    """Return the coverage of the rows of `Overview.sources` and the steps that wait."""
    known = {manifest.source: manifest for manifest in manifests}
    sources = []
    for row in rows:
        manifest = known.get(row["source"])
        if manifest is None:
            continue
        sources.append(
            {
                "source": row["source"],
                "department": dict(manifest.department),
                "rows": row["accepted"],
                "data_date": row["data_date"],
                "stale": is_stale(row["data_date"], manifest, as_of),
            }
        )
    return {
        "as_of": as_of.isoformat(),
        "departments": len({tuple(sorted(item["department"].items())) for item in sources}),
        "sources": sources,
        "stale": [item["source"] for item in sources if item["stale"]],
        "waiting": list(waiting),
    }


def is_stale(data_date: str | None, manifest: Manifest, as_of: date) -> bool:
    """Return whether a feed is older than its manifest allows; an undated one is."""
    if data_date is None:
        return True
    return (as_of - date.fromisoformat(data_date)).days > manifest.expectations.max_age_days


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
