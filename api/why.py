"""Why mentions are one subject, or not: steps, vetoes, and what two tellings say side by side."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from api.check import Desk, candidate
from api.masking import hidden_text
from api.steps import given_of
from graph.errors import QueryError
from graph.model import MentionId, RecordId, SubjectId, mention_id
from graph.texts import Lang, phrase

if TYPE_CHECKING:
    from resolvers.telling import Comparison, Growth, Step

__all__ = ["pair_body", "steps_body"]

_SEVERAL: Final = 12
"""Mentions of a step told by id; of more the number is told."""


def steps_body(desk: Desk, uid: SubjectId) -> list[dict[str, Any]]:
    """Return the steps by which a subject's mentions became one, in order."""
    if len(desk.store.resolution.members([uid])) == 1:
        return []
    told = _Told(desk, [uid])
    return [told.step(each) for each in told.growth.steps(told.keys[0], desk.lang)]


def pair_body(desk: Desk, one: str, other: str) -> dict[str, Any]:
    """Return why two subjects or mentions are one, or why they are not.

    Raises:
        QueryError: E603, nothing has such an id; E602, it was split.
    """
    ends = [_subject_of(desk, each) for each in (one, other)]
    told = _Told(desk, ends)
    sides = [
        told.mention(each) if ":" in each else keys
        for each, keys in zip((one, other), told.keys, strict=True)
    ]
    together = ends[0] == ends[1]
    compared = told.compared(sides)
    return {
        "what": "pair",
        "one": together,
        "subject": _candidate(desk, ends[0]),
        "other": _candidate(desk, ends[1]),
        "forbidden": [] if together else told.forbidden(sides),
        "reviews": [] if together else _asked(desk, ends),
        "compared": compared,
        "features": [] if compared is None else compared.pop("features"),
        "steps": told.steps(sides) if together else [],
    }


def _subject_of(desk: Desk, uid: str) -> SubjectId:
    finder = desk.store.finder
    if ":" in uid:
        found = desk.store.judgements.subject_of(MentionId(uid))
    else:
        subject = finder.by_id(uid)
        successors = [] if subject else finder.successors(uid)
        if len(successors) > 1:
            raise QueryError("E602", where=uid, successors=", ".join(successors))
        found = subject.id if subject else next(iter(successors), None)
    if found is None:
        raise QueryError("E603", where=hidden_text(uid))
    return found


def _candidate(desk: Desk, uid: SubjectId) -> Mapping[str, Any] | None:
    subject = desk.store.finder.by_id(uid)
    return None if subject is None else candidate(subject)


def _asked(desk: Desk, ends: Sequence[SubjectId]) -> list[dict[str, str]]:
    reviews = desk.store.resolution.reviews()
    one, other = sorted(ends)
    both = pc.and_(
        pc.equal(reviews.column("subject"), str(one)), pc.equal(reviews.column("other"), str(other))
    )
    return [
        {"type": row["type"], "code": row["reason"], "text": phrase(row["reason"], desk.lang)}
        for row in reviews.filter(both).to_pylist()
    ]


class _Told:
    """What is known of some subjects and of all they hang together with."""

    def __init__(self, desk: Desk, subjects: Sequence[SubjectId]) -> None:
        # Imported here: the grammar of names would slow down every other question.
        from resolvers.telling import growth_of

        work = desk.store.resolution
        self._desk, self._work = desk, work
        own = [work.members([uid]) for uid in subjects]
        self.keys = [each.to_pylist() for each in own]
        scope = work.connected_mentions(pa.concat_arrays(own))
        self._judgements = work.judgements(scope)
        given = given_of(work, scope, self._judgements)
        self.growth: Growth = growth_of(given)
        self._given = given
        columns = (given.mentions.column(n) for n in ("mention", "record", "role", "ordinal"))
        self._ids = {
            key: mention_id(RecordId(record.hex()), role, ordinal)
            for key, record, role, ordinal in zip(*(c.to_pylist() for c in columns), strict=True)
        }

    @property
    def _lang(self) -> Lang:
        return self._desk.lang

    def mention(self, uid: str) -> list[int]:
        """Return the store's key of a mention, as a list of one."""
        return [key for key, own in self._ids.items() if own == uid]

    def steps(self, sides: Sequence[Sequence[int]]) -> list[dict[str, Any]]:
        """Return the steps that brought two groups of mentions together."""
        wanted = sorted({key for side in sides for key in side})
        return [self.step(each) for each in self.growth.steps(wanted, self._lang)]

    def step(self, step: "Step") -> dict[str, Any]:
        """Return a step as told."""
        parts = [
            [self._ids[key] for key in part] if len(part) <= _SEVERAL else len(part)
            for part in step.parts
        ]
        body: dict[str, Any] = {
            "by": step.by,
            "text": phrase(f"step_{step.by}", self._lang, round=step.round),
            "joined": parts,
        }
        if step.compared is not None:
            body["compared"] = self._compared(step.compared)
        return body

    def compared(self, sides: Sequence[Sequence[int]]) -> dict[str, Any] | None:
        """Return the most alike tellings of two groups."""
        from resolvers.telling import best_of

        both = pa.array(sorted({key for side in sides for key in side}), pa.int64())
        inside = pc.is_in(self._given.mentions.column("mention"), both)
        mentions = self._given.mentions.filter(inside)
        found = best_of(self.growth, mentions, self._work.shown(both), sides, self._lang)
        return None if found is None else self._compared(found)

    def _compared(self, found: "Comparison") -> dict[str, Any]:
        return {
            "left": self._ids[found.left],
            "right": self._ids[found.right],
            "weight": round(found.weight, 2),
            "decision": found.decision,
            "features": [
                {"feature": name, "weight": weight, "text": text}
                for name, weight, text in found.features
            ],
        }

    def forbidden(self, sides: Sequence[Sequence[int]]) -> list[dict[str, str]]:
        """Return what keeps two groups apart whatever else agrees."""
        codes = [*self.growth.forbidden(sides)]
        left, right = (pa.array(list(side), pa.int64()) for side in sides)
        rows = self._judgements.filter(pc.equal(self._judgements.column("verdict"), "different"))
        for one, other in ((left, right), (right, left)):
            met = pc.and_(pc.is_in(rows.column("left"), one), pc.is_in(rows.column("right"), other))
            if pc.any(met).as_py():
                codes.append("judged_different")
        if self.growth.persons(sides):
            codes.append("persons_by_name")
        return [{"code": code, "text": phrase(code, self._lang)} for code in dict.fromkeys(codes)]
