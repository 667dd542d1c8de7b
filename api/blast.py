"""What a judgement would do, told before it is done: who merges, who parts, who gains and loses.

The judgement is tried on the store itself, with the resolver and the rulebook that would run
after it, and taken back.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from api.steps import partition_of, resolve_store, touched
from graph.judgements import JudgementRow
from graph.model import MentionId, RecordId, SubjectId, mention_id
from graph.ports import Partition, Store
from graph.sanctions.explain import sentence
from graph.sanctions.findings import Finding, Outcome
from graph.sanctions.inquiry import assess_affected, assess_all, names_of
from graph.sanctions.rulebook import Rulebook
from graph.texts import Lang
from resolvers.judged import JUDGEMENT

__all__ = ["Blast", "When", "blast_of"]


@dataclass(frozen=True, slots=True)
class When:
    """The day findings are asked for, and the moment it is."""

    as_of: date
    now: datetime


@dataclass(frozen=True, slots=True)
class Blast:
    """What some rows of the ledger would change.

    Attributes:
        merges: Subject there would be -> the subjects it is made of, where several.
        parts: Subject there is -> the subjects it falls into, where several.
        gained: Findings a party would have and has not: `subject` it would be, `was` it is.
        lost: Findings a party has and would not have.
        subject_of: Mention looked at -> the subject it would belong to.
        doubts: Whether some judgement would join nothing, as another or what rows say of
            themselves contradicts it.
        names: Subject id -> name, of before and after.
    """

    merges: Mapping[str, tuple[str, ...]]
    parts: Mapping[str, tuple[str, ...]]
    gained: tuple[Mapping[str, Any], ...]
    lost: tuple[Mapping[str, Any], ...]
    subject_of: Mapping[MentionId, str]
    doubts: bool
    names: Mapping[str, str]

    @property
    def needs_two(self) -> bool:
        """Whether a restriction would be given or taken, which takes two people."""
        return any(each["kind"] == "restriction" for each in (*self.gained, *self.lost))

    def body(self) -> dict[str, Any]:
        """Return it as answers show it."""
        return {
            "merge": [
                {"into": uid, "name": self.names.get(uid, ""), "from": self._named(own)}
                for uid, own in sorted(self.merges.items())
            ],
            "part": [
                {"from": uid, "name": self.names.get(uid, ""), "into": self._named(own)}
                for uid, own in sorted(self.parts.items())
            ],
            "gained": list(self.gained),
            "lost": list(self.lost),
            "two_people": self.needs_two,
        }

    def _named(self, uids: Sequence[str]) -> list[dict[str, str]]:
        return [{"id": uid, "name": self.names.get(uid, "")} for uid in uids]


@dataclass(frozen=True, slots=True)
class _Side:
    """The store before or after.

    Attributes:
        concerned: Whose findings `outcome` holds; None is everyone.
    """

    found: Partition
    outcome: Outcome
    concerned: Collection[str] | None
    names: Mapping[str, str]


def blast_of(
    store: Store, rulebook: Rulebook, rows: Sequence[JudgementRow], when: When, lang: Lang
) -> Blast:
    """Return what rows of the ledger would change; nothing is written.

    Proposals are tried as if they were confirmed.

    Cost: as much as resolving and assessing all that hangs together with what is judged.
    """
    work = store.resolution
    with store.judgements.trial():
        resolve_store(store, when.now, full=False)
        held = work.judgements(None)
        for row in rows:
            store.judgements.add(replace(row, pending=False))
        scope = touched(work)
        mentions = work.mentions(scope)
        now = partition_of(work, scope, _within(held, scope))
        then = partition_of(work, scope, work.judgements(scope))
        before = _side(store, rulebook, now, when.as_of)
        work.apply(then, scope, when.now)
        after = _side(store, rulebook, then, when.as_of)
    return _compared(mentions, before, after, lang)


def _within(judgements: pa.Table, scope: pa.Array) -> pa.Table:
    both = pc.and_(
        pc.is_in(judgements.column("left"), scope), pc.is_in(judgements.column("right"), scope)
    )
    return judgements.filter(both)


def _side(store: Store, rulebook: Rulebook, found: Partition, as_of: date) -> _Side:
    own = {SubjectId(uid) for uid in found.subjects.column("id").to_pylist()}
    told = assess_affected(store.facts, rulebook, own, as_of)
    outcome, concerned = told or (assess_all(store.facts, rulebook, as_of), None)
    named = own | {SubjectId(uid) for finding in outcome.findings for uid in finding.subjects}
    return _Side(found, outcome, concerned, names_of(store.facts.subjects(named)))


def _compared(mentions: pa.Table, before: _Side, after: _Side, lang: Lang) -> Blast:
    ways = _ways(before.found, after.found)
    sources: dict[str, set[str]] = defaultdict(set)
    targets: dict[str, set[str]] = defaultdict(set)
    for was, becomes in ways:
        sources[becomes].add(was)
        targets[was].add(becomes)
    elsewhere = {each.subject for side in (before, after) for each in side.outcome.findings}
    elsewhere -= sources.keys() | targets.keys()
    for side in (before, after):
        if side.concerned is not None:
            elsewhere &= set(side.concerned)
    ways |= {(uid, uid) for uid in elsewhere}
    old, new = _by_subject(before.outcome), _by_subject(after.outcome)
    gained, lost = [], []
    for was, becomes in sorted(ways):
        had, has = old.get(was, {}), new.get(becomes, {})
        ends = {"subject": becomes, "was": was}
        gained += [_told(has[key], ends, after.names, lang) for key in sorted(has.keys() - had)]
        lost += [_told(had[key], ends, before.names, lang) for key in sorted(had.keys() - has)]
    return Blast(
        merges={uid: tuple(sorted(own)) for uid, own in sources.items() if len(own) > 1},
        parts={uid: tuple(sorted(own)) for uid, own in targets.items() if len(own) > 1},
        gained=tuple(gained),
        lost=tuple(lost),
        subject_of=_subject_of(mentions, after.found),
        doubts=bool(_doubts(after.found) - _doubts(before.found)),
        names={**before.names, **after.names},
    )


def _ways(before: Partition, after: Partition) -> set[tuple[str, str]]:
    """Return (subject it is, subject it would be) of every mention looked at."""
    joined = before.memberships.join(after.memberships, "mention", right_suffix="_after")
    pairs = (joined.column(name).to_pylist() for name in ("subject", "subject_after"))
    return set(zip(*pairs, strict=True))


def _by_subject(outcome: Outcome) -> Mapping[str, Mapping[tuple[str, ...], Finding]]:
    """Return findings by subject and by what they say, whatever subjects are called."""
    found: dict[str, dict[tuple[str, ...], Finding]] = defaultdict(dict)
    for each in outcome.findings:
        said = (each.rule, each.kind, each.measure, each.scope, each.since, each.until)
        key = tuple(str(part) for part in (*said, each.listing, each.suspected, each.missing))
        found[each.subject][key] = each
    return found


def _told(
    finding: Finding, ends: Mapping[str, str], names: Mapping[str, str], lang: Lang
) -> dict[str, Any]:
    return {
        **ends,
        "name": names.get(finding.subject, ""),
        "rule": finding.rule,
        "kind": finding.kind,
        "measure": finding.measure,
        "scope": finding.scope,
        "listing": finding.listing,
        "suspected": finding.suspected,
        "text": sentence(finding, names, lang),
    }


def _subject_of(mentions: pa.Table, found: Partition) -> dict[MentionId, str]:
    owner = dict(
        zip(*(found.memberships.column(n).to_pylist() for n in ("mention", "subject")), strict=True)
    )
    columns = (
        mentions.column(name).to_pylist() for name in ("mention", "record", "role", "ordinal")
    )
    return {
        mention_id(RecordId(record.hex()), role, ordinal): owner[key]
        for key, record, role, ordinal in zip(*columns, strict=True)
    }


def _doubts(found: Partition) -> set[bytes]:
    rows = found.reviews.filter(pc.field("type") == JUDGEMENT)
    return set(rows.column("key").to_pylist())
