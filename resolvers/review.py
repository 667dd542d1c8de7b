"""What reviewers are asked, what they may answer, and how far they agree.

Questions come as pairs of subjects; a task is all that hangs together, so that nobody answers
the same thing twice. Values only: no store, no clock.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any, Final

import numpy as np
import pyarrow as pa

from graph.errors import QueryError
from graph.judgements import JudgedPair, JudgementRow, Question, states
from graph.model import MentionId
from graph.secrecy import digest
from resolvers.components import components

__all__ = [
    "LARGEST",
    "MODEL",
    "Asked",
    "Task",
    "asked_in",
    "evidence_digest",
    "item",
    "pairs_of",
    "person_name",
    "proposals",
    "signed",
    "speaker_for",
    "tasks_of",
]

MODEL: Final = "identifiers-1"
"""Version of the engine that asks."""

LARGEST: Final = 60
"""Most subjects judged different at once: more than anybody can look through."""

_HEX: Final = 24
_FULL: Final = ("valid", "repaired")


@dataclass(frozen=True, slots=True, order=True)
class Asked:
    """One open review pair."""

    subject: str
    other: str
    reason: str
    type: str
    key: bytes

    @property
    def question(self) -> Question:
        """What is asked, wherever the two subjects are."""
        return self.reason, self.type, self.key


@dataclass(frozen=True, slots=True)
class Task:
    """Subjects that hang together by questions.

    Attributes:
        id: `t-` and a digest of what is asked: it changes with the questions.
    """

    id: str
    subjects: tuple[str, ...]
    asked: tuple[Asked, ...]


def asked_in(reviews: pa.Table) -> list[Asked]:
    """Return open review pairs (`schema.REVIEWS`) as values."""
    return [Asked(*row.values()) for row in reviews.to_pylist()]


def tasks_of(reviews: pa.Table) -> list[Task]:
    """Return the tasks in open review pairs (`schema.REVIEWS`), by id."""
    asked = asked_in(reviews)
    if not asked:
        return []
    names = sorted({uid for each in asked for uid in (each.subject, each.other)})
    place = {uid: number for number, uid in enumerate(names)}
    ends = np.array([(place[each.subject], place[each.other]) for each in asked], dtype=np.int64)
    part = components(ends[:, 0], ends[:, 1], len(names)).tolist()
    together: dict[int, list[Asked]] = defaultdict(list)
    for each, (one, _) in zip(asked, ends.tolist(), strict=True):
        together[part[one]].append(each)
    return sorted((_task(rows) for rows in together.values()), key=lambda task: task.id)


def _task(rows: Iterable[Asked]) -> Task:
    asked = tuple(sorted(rows))
    content = [
        digest(e.subject.encode(), e.other.encode(), e.reason.encode(), e.type.encode(), e.key)
        for e in asked
    ]
    return Task(
        id="t-" + digest(b"task", *content).hex()[:_HEX],
        subjects=tuple(sorted({uid for each in asked for uid in (each.subject, each.other)})),
        asked=asked,
    )


def evidence_digest(asked: Iterable[Asked], members: Mapping[str, Sequence[Any]]) -> str:
    """Return the digest of what a reviewer goes by: the questions, names and identifiers.

    One more row that says what others say already is no new evidence.

    Args:
        members: Subject -> its mentions, as `Finder.members` tells them.
    """
    questions = sorted(digest(e.reason.encode(), e.type.encode(), e.key) for e in asked)
    said = {
        digest(
            mention["kind"].encode(),
            mention["name"].encode(),
            *(f"{i['type']} {i['status']} {i['value']}".encode() for i in mention["identifiers"]),
        )
        for mentions in members.values()
        for mention in mentions
    }
    return digest(digest(*questions), digest(*sorted(said))).hex()


def speaker_for(members: Sequence[Mapping[str, Any]], types: Collection[str]) -> MentionId:
    """Return the mention a judgement on a subject is filed under.

    It holds an identifier of the types asked about, in full, where any does: where clusters
    move, the judgement stays with what it was about.
    """

    def order(member: Mapping[str, Any]) -> tuple[bool, bool, str]:
        held = {each["type"] for each in member["identifiers"] if each["status"] in _FULL}
        return (not held & set(types), not held, member["mention"])

    return MentionId(min(members, key=order)["mention"])


def pairs_of(
    verdict: str, speakers: Mapping[str, MentionId], asked: Sequence[Asked], *, whole: bool
) -> tuple[JudgedPair, ...]:
    """Return the pairs a verdict on some subjects speaks of.

    `same` ties all to the first; otherwise every two that share what was asked, or every two
    if the reviewer picked them.

    Args:
        speakers: Subject (or mention) judged -> the mention it is filed under.
        whole: The subjects are a whole task's, not picked by the reviewer.

    Raises:
        QueryError: E617, more than `LARGEST`.
    """
    names = sorted(speakers)
    holders: dict[tuple[str, bytes], set[str]] = defaultdict(set)
    for each in asked:
        holders[each.type, each.key] |= {each.subject, each.other}
    if verdict == "same":
        chosen = [(names[0], other) for other in names[1:]]
    elif len(names) > LARGEST:
        raise QueryError("E617", subjects=len(names), limit=LARGEST)
    else:
        chosen = [
            pair
            for pair in combinations(names, 2)
            if not whole or any(group.issuperset(pair) for group in holders.values())
        ]
    found = {}
    for one, other in chosen:
        ends = sorted((speakers[one], speakers[other]))
        questions = {
            each.question for each in asked if {one, other} <= holders[each.type, each.key]
        }
        found[ends[0], ends[1]] = JudgedPair(ends[0], ends[1], tuple(sorted(questions)))
    return tuple(found[ends] for ends in sorted(found))


def signed(row: JudgementRow) -> JudgementRow:
    """Return a row of the ledger with its id, a digest of what it says."""
    said = (
        *(row.action, row.by, row.at.isoformat(), row.why, row.of, str(row.pending), row.verdict),
        *(f"{pair.one} {pair.other}" for pair in row.pairs),
    )
    return replace(row, uid="j-" + digest(*(part.encode() for part in said)).hex()[:_HEX])


def person_name(text: str) -> str:
    """Return a reviewer's name in one way of writing it."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def item(row: JudgementRow) -> frozenset[str]:
    """Return what a judgement is about: the mentions it names, whatever the verdict."""
    return frozenset(mention for pair in row.pairs for mention in (pair.one, pair.other))


def proposals(ledger: Sequence[JudgementRow]) -> list[JudgementRow]:
    """Return the judgements and undoings that wait for another person, oldest first."""
    state = states(ledger)
    confirmed = {row.of for row in ledger if row.action == "confirm"}
    return [
        row
        for row in ledger
        if state.get(row.uid) == "proposed"
        or (
            row.action == "undo"
            and row.pending
            and row.uid not in confirmed
            and state.get(row.of) == "in_force"
        )
    ]
