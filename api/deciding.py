"""A reviewer's decision, from what it would do to what it did, in one transaction."""

import unicodedata
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from api.blast import Blast, When, blast_of
from api.session import Session
from api.steps import refresh_store
from api.tasks import open_task
from graph.errors import QueryError, UsageError
from graph.judgements import VERDICTS, JudgementRow, states
from graph.model import MentionId
from resolvers.review import (
    MODEL,
    Asked,
    evidence_digest,
    item,
    pairs_of,
    proposals,
    signed,
    speaker_for,
    tasks_of,
)

__all__ = ["Chosen", "Voice", "decide", "preview", "undo"]


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
        person, reason = (" ".join(unicodedata.normalize("NFKC", t).split()) for t in (by, why))
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
    session: Session, targets: Sequence[str], verdict: str, voice: Voice, *, dry: bool
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
    with _held(session, dry=dry):
        refresh_store(session.store, session.rulebook, session.today, session.now)
        case = _case(session, targets)
        row = voice.row(
            "judge",
            session.now,
            verdict=verdict,
            pairs=pairs_of(verdict, case.speakers, case.asked, whole=bool(case.task)),
            task=case.task,
            evidence=case.evidence,
            model=MODEL,
        )
        blast = _blast(session, [signed(row)])
        _refuse_contradictions(session, case, verdict, blast)
        fellow = _fellow(session.store.judgements.ledger(), row)
        if fellow is not None:
            row = voice.row("confirm", session.now, of=fellow.uid)
        elif blast.needs_two:
            row = replace(row, pending=True)
        row = signed(row)
        _write(session, [row])
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


def preview(session: Session, targets: Sequence[str], verdict: str) -> dict[str, Any]:
    """Return what a verdict would do, or why it would be refused; nothing is written."""
    nobody = Voice("", "")
    with session.store.judgements.trial():
        case = _case(session, targets)
        pairs = pairs_of(verdict, case.speakers, case.asked, whole=bool(case.task))
        row = nobody.row("judge", session.now, verdict=verdict, pairs=pairs)
        blast = _blast(session, [signed(row)])
        try:
            _refuse_contradictions(session, case, verdict, blast)
        except QueryError as error:
            return {"refused": session.told(error.code, error.facts)}
    return blast.body()


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which judgements to undo: by id, or all that fit every mark given.

    Attributes:
        day: ISO date in the installation's own time.
        reason: Code of a question they answered, e.g. `two_valid_ids`.
    """

    ids: tuple[str, ...] = ()
    person: str | None = None
    day: str | None = None
    reason: str | None = None
    verdict: str | None = None

    def of(self, ledger: Sequence[JudgementRow]) -> list[JudgementRow]:
        """Return the judgements chosen that are not undone.

        Raises:
            QueryError: E610 an id that is no judgement, E618 nothing is chosen or left.
        """
        state = states(ledger)
        unknown = [uid for uid in self.ids if uid not in state]
        if unknown:
            raise QueryError("E610", where=unknown[0])
        marks = (self.person, self.day, self.reason, self.verdict)
        if not self.ids and all(mark is None for mark in marks):
            raise QueryError("E618")
        found = [row for row in ledger if state.get(row.uid, "undone") != "undone"]
        chosen = [row for row in found if self._fits(row)]
        if not chosen:
            raise QueryError("E618")
        return chosen

    def _fits(self, row: JudgementRow) -> bool:
        reasons = {asked[0] for pair in row.pairs for asked in pair.answered}
        return (
            (not self.ids or row.uid in self.ids)
            and (self.person is None or row.by == self.person)
            and (self.day is None or row.at.astimezone().date().isoformat() == self.day)
            and (self.reason is None or self.reason in reasons)
            and (self.verdict is None or row.verdict == self.verdict)
        )


def undo(session: Session, chosen: Chosen, voice: Voice, *, dry: bool) -> dict[str, Any]:
    """Undo judgements; what would give or take a restriction takes a second person, too."""
    with _held(session, dry=dry):
        refresh_store(session.store, session.rulebook, session.today, session.now)
        ledger = session.store.judgements.ledger()
        state = states(ledger)
        waiting = {row.of: row for row in proposals(ledger) if row.action == "undo"}
        gone = chosen.of(ledger)
        rows, new = [], []
        for each in gone:
            before = waiting.get(each.uid)
            if before is None:
                new.append(signed(voice.row("undo", session.now, of=each.uid)))
            elif before.by != voice.by:
                rows.append(signed(voice.row("confirm", session.now, of=before.uid)))
        if not rows and not new:
            raise QueryError("E614", where=gone[0].uid)
        blast = _blast(session, [*rows, *new])
        if blast.needs_two:
            # A proposal changes nothing yet: to reject it takes nobody else.
            new = [signed(replace(row, pending=state[row.of] == "in_force")) for row in new]
        _write(session, [*rows, *new])
    return {
        "judgements": [each.uid for each in gone],
        "state": "proposed" if any(row.pending for row in new) else "undone",
        "by": voice.by,
        "written": not dry,
        "effect": blast.body(),
    }


def _held(session: Session, *, dry: bool) -> AbstractContextManager[None]:
    return session.store.judgements.trial() if dry else session.store.resolution.transaction()


def _blast(session: Session, rows: Sequence[JudgementRow]) -> Blast:
    when = When(session.today, session.now)
    return blast_of(session.store, session.rulebook, rows, when, session.lang)


def _write(session: Session, rows: Sequence[JudgementRow]) -> None:
    for row in rows:
        session.store.judgements.add(row)
    if any(not row.pending for row in rows):
        refresh_store(session.store, session.rulebook, session.today, session.now)


def _case(session: Session, targets: Sequence[str]) -> _Case:
    parties = list(dict.fromkeys(targets))
    if len(parties) == 1 and parties[0].startswith("t-"):
        task = open_task(session.store, parties[0])
        return _filed(session, {uid: uid for uid in task.subjects}, task.asked, task.id)
    if len(parties) < 2:
        raise QueryError("E620")
    subjects = {party: _subject(session, party) for party in parties}
    reviews = [each for task in tasks_of(session.store.resolution.reviews()) for each in task.asked]
    known = set(subjects.values())
    asked = tuple(e for e in reviews if e.subject in known and e.other in known)
    return _filed(session, subjects, asked, "")


def _subject(session: Session, party: str) -> str:
    if party.startswith("s-"):
        if session.store.finder.by_id(party) is not None:
            return party
        now = session.store.finder.successors(party)
        if now:
            raise QueryError("E602", where=party, successors=", ".join(now))
    found = session.store.judgements.subject_of(MentionId(party))
    if found is None:
        raise QueryError("E610", where=party)
    return found


def _filed(
    session: Session, subjects: Mapping[str, str], asked: Sequence[Asked], task: str
) -> _Case:
    members = {uid: session.store.finder.members(uid) for uid in set(subjects.values())}
    party_of = {subject: party for party, subject in subjects.items()}
    types = {each.type for each in asked}
    return _Case(
        task=task,
        speakers={
            party: speaker_for(members[subject], types) if party == subject else MentionId(party)
            for party, subject in subjects.items()
        },
        subjects=subjects,
        asked=tuple(
            replace(each, subject=party_of[each.subject], other=party_of[each.other])
            for each in asked
        ),
        evidence=evidence_digest(asked, members),
    )


def _refuse_contradictions(session: Session, case: _Case, verdict: str, blast: Blast) -> None:
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
    against = _against(session, case, verdict)
    if against is not None:
        raise QueryError("E612", where=against.uid, judgement=against.uid)
    raise QueryError("E611", where=case.task)


def _against(session: Session, case: _Case, verdict: str) -> JudgementRow | None:
    """Return a judgement in force that says the contrary of some of the parties."""
    ledger = session.store.judgements.ledger()
    state = states(ledger)
    rows = {row.uid: row for row in ledger if state.get(row.uid) == "in_force"}
    known = set(case.subjects.values())
    contrary = "different" if verdict == "same" else "same"
    for uid, one, other in session.store.judgements.placed():
        if uid in rows and rows[uid].verdict == contrary and one in known and other in known:
            return rows[uid]
    return None


def _fellow(ledger: Sequence[JudgementRow], row: JudgementRow) -> JudgementRow | None:
    """Return another person's proposal that says the same of the same evidence.

    Raises:
        QueryError: E614, this person has said so already.
    """
    state = states(ledger)
    same = [
        each
        for each in ledger
        if state.get(each.uid, "undone") != "undone"
        and (each.verdict, item(each), each.evidence) == (row.verdict, item(row), row.evidence)
    ]
    if any(each.by == row.by for each in same):
        raise QueryError("E614", where=same[0].uid)
    return next((each for each in same if state[each.uid] == "proposed"), None)
