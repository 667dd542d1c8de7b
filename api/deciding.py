"""A reviewer's decision, from what it would do to what it did, in one transaction."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from api.blast import Blast, When, blast_of
from api.steps import kept_together, refresh_store
from api.tasks import open_task
from api.working import Working
from graph.errors import QueryError, UsageError
from graph.judgements import VERDICTS, JudgementRow, states
from graph.model import MentionId
from resolvers.review import (
    MODEL,
    Asked,
    asked_in,
    evidence_digest,
    item,
    pairs_of,
    person_name,
    signed,
    speaker_for,
)

__all__ = ["Voice", "decide", "held", "preview", "said_before", "tried", "written"]


@dataclass(frozen=True, slots=True)
class Voice:
    """Who says so, and why."""

    by: str
    why: str

    @classmethod
    def of(cls, by: str, why: str) -> "Voice":
        """Return a voice with a name and a reason.

        Raises:
            UsageError: E613 nobody, E615 no reason.
        """
        person, reason = person_name(by), " ".join(why.split())
        if not person:
            raise UsageError("E613")
        if not reason:
            raise UsageError("E615")
        return cls(person, reason)

    def row(self, action: str, at: datetime, **said: Any) -> JudgementRow:
        """Return a row of the ledger in this voice, not yet signed."""
        return JudgementRow("", action, self.by, at, self.why, **said)


@dataclass(frozen=True, slots=True)
class _Case:
    """What is to be judged.

    Attributes:
        task: Its id; '' where the reviewer picked the parties.
        speakers: Party -> the mention a judgement on it is filed under.
        subjects: Party -> the subject it is, or is part of.
        asked: The open questions between the parties.
        evidence: Digest of what there is to see.
    """

    task: str
    speakers: Mapping[str, MentionId]
    subjects: Mapping[str, str]
    asked: tuple[Asked, ...]
    evidence: str


def decide(
    work: Working, targets: Sequence[str], verdict: str, voice: Voice, *, dry: bool
) -> dict[str, Any]:
    """Judge a task, or subjects and mentions picked by id; return what it did or would do.

    What would give or take a restriction is proposed first; it counts once another person,
    who is not shown the proposal's verdict, says the same of the same evidence.

    Raises:
        QueryError: E610 E616 E620 for the targets, E619 for the verdict, E611 where evidence
            contradicts `same`, E612 where a judgement in force does, E614 where this person
            has said so already, E617 where too many are to differ.
    """
    if verdict not in VERDICTS:
        raise QueryError("E619", where=verdict)
    with held(work, dry=dry):
        case, row, blast = _weighed(work, targets, verdict, voice)
        _refuse_contradictions(work, case, verdict, blast)
        fellow = _fellow(work, case, row)
        if fellow is not None:
            row = voice.row("confirm", work.now, of=fellow.uid)
        elif blast.needs_two:
            row = replace(row, pending=True)
        row = signed(row)
        written(work, [row])
    state = "proposed" if row.pending else "in_force"
    return {
        "judgement": (fellow or row).uid,
        "state": state,
        "confirmed": fellow is not None,
        "task": case.task or None,
        "verdict": verdict,
        "by": voice.by,
        "written": not dry,
        "effect": blast.body(),
    }


def preview(work: Working, targets: Sequence[str], verdict: str) -> dict[str, Any]:
    """Return what a verdict would do, or why it would be refused; nothing is written."""
    with held(work, dry=True):
        case, _, blast = _weighed(work, targets, verdict, Voice("", ""))
        try:
            _refuse_contradictions(work, case, verdict, blast)
        except QueryError as error:
            return {"refused": work.told(error.code, error.facts)}
    return blast.body()


def _weighed(
    work: Working, targets: Sequence[str], verdict: str, voice: Voice
) -> tuple[_Case, JudgementRow, Blast]:
    """Return what is to be judged, the judgement, not signed yet, and what it would change."""
    refresh_store(work.store, work.rulebook, work.today, work.now)
    case = _case(work, targets)
    row = voice.row(
        "judge",
        work.now,
        verdict=verdict,
        pairs=pairs_of(verdict, case.speakers, case.asked, whole=bool(case.task)),
        task=case.task,
        evidence=case.evidence,
        model=MODEL,
    )
    return case, row, tried(work, [signed(row)])


def said_before(work: Working, task: str, verdict: str) -> bool:
    """Return whether this reviewer has a judgement of this task, not undone, that says so."""
    ledger = work.store.judgements.ledger()
    state = states(ledger)
    person = person_name(work.reviewer).casefold()
    mine = {
        row.uid if row.action == "judge" else row.of
        for row in ledger
        if row.by.casefold() == person and row.action != "undo"
    }
    return any(
        row.uid in mine
        and (row.task, row.verdict) == (task, verdict)
        and state[row.uid] != "undone"
        for row in ledger
    )


def held(work: Working, *, dry: bool) -> AbstractContextManager[None]:
    """Hold the store for a decision as one step; a dry run is taken back at its end."""
    if dry:
        return work.store.judgements.trial()
    return kept_together(work.store, work.rulebook, work.today, lambda: work.now)


def tried(work: Working, rows: Sequence[JudgementRow]) -> Blast:
    """Return what rows of the ledger would change."""
    when = When(work.today, work.now)
    return blast_of(work.store, work.rulebook, rows, when, work.lang)


def written(work: Working, rows: Sequence[JudgementRow]) -> None:
    """Add rows to the ledger, and let subjects and findings follow those that count."""
    for row in rows:
        work.store.judgements.add(row)
    if any(not row.pending for row in rows):
        refresh_store(work.store, work.rulebook, work.today, work.now)


def _case(work: Working, targets: Sequence[str]) -> _Case:
    parties = list(dict.fromkeys(targets))
    if len(parties) == 1 and parties[0].startswith("t-"):
        task = open_task(work.store, parties[0])
        return _filed(work, {uid: uid for uid in task.subjects}, task.asked, task.id)
    if len(parties) < 2:
        raise QueryError("E620")
    subjects = {party: _subject(work, party) for party in parties}
    known = set(subjects.values())
    reviews = asked_in(work.store.resolution.reviews())
    asked = tuple(e for e in reviews if e.subject in known and e.other in known)
    return _filed(work, subjects, asked, "")


def _subject(work: Working, party: str) -> str:
    if party.startswith("s-"):
        if work.store.finder.by_id(party) is not None:
            return party
        now = work.store.finder.successors(party)
        if now:
            raise QueryError("E602", where=party, successors=", ".join(now))
    found = work.store.judgements.subject_of(MentionId(party))
    if found is None:
        raise QueryError("E610", where=party)
    return found


def _filed(work: Working, subjects: Mapping[str, str], asked: Sequence[Asked], task: str) -> _Case:
    members = {uid: work.store.finder.members(uid) for uid in set(subjects.values())}
    party_of = {subject: party for party, subject in subjects.items()}
    types = {each.type for each in asked}
    speakers = {
        party: speaker_for(members[subject], types) if party == subject else MentionId(party)
        for party, subject in subjects.items()
    }
    if len(set(speakers.values())) < len(speakers):
        raise QueryError("E620")
    return _Case(
        task=task,
        speakers=speakers,
        subjects=subjects,
        asked=tuple(
            replace(each, subject=party_of[each.subject], other=party_of[each.other])
            for each in asked
        ),
        evidence=evidence_digest(asked, members),
    )


def _refuse_contradictions(work: Working, case: _Case, verdict: str, blast: Blast) -> None:
    """Refuse what would not hold: a judgement that joins nothing helps nobody.

    Raises:
        QueryError: E611 by what rows say of themselves, E612 by another judgement.
    """
    if verdict == "unsure":
        return
    becomes = {blast.subject_of[mention] for mention in case.speakers.values()}
    torn = verdict == "same" and (len(becomes) > 1 or bool(blast.parts))
    if not blast.doubts and not torn:
        return
    against = _against(work, case, verdict)
    if against is not None:
        raise QueryError("E612", where=against.uid, judgement=against.uid)
    raise QueryError("E611", where=case.task)


def _against(work: Working, case: _Case, verdict: str) -> JudgementRow | None:
    """Return a judgement in force that says the contrary of some of the parties."""
    ledger = work.store.judgements.ledger()
    state = states(ledger)
    rows = {row.uid: row for row in ledger if state.get(row.uid) == "in_force"}
    known = set(case.subjects.values())
    contrary = "different" if verdict == "same" else "same"
    for uid, one, other in work.store.judgements.placed():
        if uid in rows and rows[uid].verdict == contrary and one in known and other in known:
            return rows[uid]
    return None


def _fellow(work: Working, case: _Case, row: JudgementRow) -> JudgementRow | None:
    """Return another person's proposal that says the same of the same evidence.

    Raises:
        QueryError: E614, this person has said so already.
    """
    ledger = work.store.judgements.ledger()
    state = states(ledger)
    alike = _alike(work, case, row, ledger)
    same = [
        each
        for each in ledger
        if state.get(each.uid, "undone") != "undone"
        and (each.verdict, each.evidence) == (row.verdict, row.evidence)
        and each.uid in alike
    ]
    if any(each.by.casefold() == row.by.casefold() for each in same):
        raise QueryError("E614", where=same[0].uid)
    return next((each for each in same if state[each.uid] == "proposed"), None)


def _alike(
    work: Working, case: _Case, row: JudgementRow, ledger: Sequence[JudgementRow]
) -> set[str]:
    """Return the judgements about the same mentions, or the same subjects by other mentions."""
    subject_of = {mention: case.subjects[party] for party, mention in case.speakers.items()}
    own = {frozenset((subject_of[pair.one], subject_of[pair.other])) for pair in row.pairs}
    placed: dict[str, set[frozenset[str]]] = defaultdict(set)
    for uid, one, other in work.store.judgements.placed():
        placed[uid].add(frozenset((one, other)))
    found = {each.uid for each in ledger if item(each) == item(row)}
    if all(len(ends) == 2 for ends in own):
        found |= {uid for uid, ends in placed.items() if ends == own}
    return found
