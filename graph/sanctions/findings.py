"""What the rules yield: findings with their proof, and what negative rules stopped.

Values only. A finding's id is a digest of its content, so the same facts under the same
rules give the same id on any machine, in any order of loading.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

__all__ = ["Blocked", "Cited", "Finding", "Outcome", "Step", "finding_from"]


@dataclass(frozen=True, slots=True, order=True)
class Cited:
    """One article of one version of a law, as a finding cites it."""

    law: str
    article: str
    version: str


@dataclass(frozen=True, slots=True)
class Step:
    """One tie of a proof, written as registered: from person or owner to organisation.

    Attributes:
        strong: Both ends, and the row stating the tie, rest on strong identity.
    """

    type: str
    source: str
    target: str
    since: date | None
    until: date | None
    record: str | None
    strong: bool = True


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule says about one subject, and everything that makes it true.

    Attributes:
        kind: restriction, conditional or attention.
        scope: Trade or project it is confined to; None when the measure itself confines it.
        since: First day it applies; None when unknown.
        until: First day it no longer applies; None when open or unknown.
        listing: The listing it follows from; None when it follows from bids alone.
        path: Ties from the listed party to the subject; empty when the subject itself is
            listed or named in the decision.
        missing: Codes of what would have to be known to make it more than conditional.
        suspected: Some identity on the way is not strong; for reviewers only.
        records: Ids of the rows relied on, the listing's first, then along the path.
    """

    rule: str
    version: int
    subject: str
    kind: str
    measure: str
    scope: str | None
    since: date | None
    until: date | None
    listing: str | None
    path: tuple[Step, ...]
    basis: tuple[Cited, ...]
    missing: tuple[str, ...]
    suspected: bool
    records: tuple[str, ...]

    @property
    def role(self) -> str:
        """`own` when the subject itself is listed or named, else `linked`."""
        return "linked" if self.path else "own"

    @property
    def subjects(self) -> frozenset[str]:
        """Everyone it speaks of: whom it reaches, and the ends of its ties."""
        ends = (end for step in self.path for end in (step.source, step.target))
        return frozenset((self.subject, *ends))

    @property
    def id(self) -> str:
        """Return the digest of the content, 32 hexadecimal digits."""
        text = json.dumps(self.body(), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    def body(self) -> dict[str, Any]:
        """Return the finding as JSON values; `finding_from` is its inverse."""
        return {
            "rule": self.rule,
            "version": self.version,
            "subject": self.subject,
            "kind": self.kind,
            "measure": self.measure,
            "scope": self.scope,
            "since": day_text(self.since),
            "until": day_text(self.until),
            "listing": self.listing,
            "path": [step_body(step) for step in self.path],
            "basis": [cited_body(cited) for cited in self.basis],
            "missing": list(self.missing),
            "suspected": self.suspected,
            "records": list(self.records),
        }


@dataclass(frozen=True, slots=True)
class Blocked:
    """A subject a negative rule kept others from reaching.

    Attributes:
        rules: The rules stopped, those first that could bar somebody; never empty.
        by: The negative rule.
        why: Code of the reason; its sentence is `blocked_<why>` of the catalogue.
        listing: The listing that would have reached the subject.
    """

    rules: tuple[str, ...]
    subject: str
    by: str
    why: str
    listing: str

    @property
    def rule(self) -> str:
        """The first of the rules stopped."""
        return self.rules[0]


@dataclass(frozen=True, slots=True)
class Outcome:
    """All findings and all blocked rows of one evaluation, each in a fixed order."""

    findings: tuple[Finding, ...]
    blocked: tuple[Blocked, ...]


def finding_from(body: Mapping[str, Any]) -> Finding:
    """Return the finding a stored body describes; keys beyond the body's own are ignored."""
    return Finding(
        rule=body["rule"],
        version=body["version"],
        subject=body["subject"],
        kind=body["kind"],
        measure=body["measure"],
        scope=body["scope"],
        since=_day(body["since"]),
        until=_day(body["until"]),
        listing=body["listing"],
        path=tuple(
            Step(
                type=step["type"],
                source=step["from"],
                target=step["to"],
                since=_day(step["since"]),
                until=_day(step["until"]),
                record=step.get("record"),
                strong=step.get("identity", "strong") == "strong",
            )
            for step in body["path"]
        ),
        basis=tuple(Cited(each["law"], each["article"], each["version"]) for each in body["basis"]),
        missing=tuple(body["missing"]),
        suspected=body["suspected"],
        records=tuple(body["records"]),
    )


def step_body(step: Step) -> dict[str, Any]:
    """Return a tie with the keys of a case file; the record only where one is known."""
    body = {
        "type": step.type,
        "from": step.source,
        "to": step.target,
        "since": day_text(step.since),
        "until": day_text(step.until),
        "identity": "strong" if step.strong else "suspected",
    }
    return body if step.record is None else {**body, "record": step.record}


def cited_body(cited: Cited) -> dict[str, str]:
    """Return a cited article as JSON values."""
    return {"law": cited.law, "article": cited.article, "version": cited.version}


def day_text(day: date | None) -> str | None:
    """Return a date as JSON writes it."""
    return None if day is None else day.isoformat()


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
