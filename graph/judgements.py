"""A person's word on who is the same as whom: the ledger's rows, and what of them is in force.

The ledger only grows. What is in force is a set, so neither the order of judgements nor what
was loaded between them changes who is who.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from graph.model import MentionId

__all__ = ["VERDICTS", "JudgedPair", "JudgementRow", "Question", "in_force", "states"]

VERDICTS: Final = ("same", "different", "unsure")

Question = tuple[str, str, bytes]
"""Reason, type and key of a review pair (`schema.REVIEWS`): what a person was asked."""


@dataclass(frozen=True, slots=True, order=True)
class JudgedPair:
    """Two mentions, the smaller id first, and the questions about them that are answered.

    A question of another type or key is asked anew.
    """

    one: MentionId
    other: MentionId
    answered: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True)
class JudgementRow:
    """One row of the ledger.

    Attributes:
        uid: Content id of the row, `j-` and hex.
        action: `judge`, `undo` (of a judgement) or `confirm` (of either, by another person).
        by: Who says so.
        why: Their reason, in their own words.
        of: The row undone or confirmed; '' for a judgement.
        pending: Needs another person's confirmation before it counts.
        verdict: Of a judgement: `same`, `different` or `unsure`; else ''.
        pairs: Mentions judged; the verdict holds for each pair.
        task: The review task it was made on; '' if none.
        evidence: Digest of what the person was shown.
        model: Version of the engine that asked.
    """

    uid: str
    action: str
    by: str
    at: datetime
    why: str
    of: str = ""
    pending: bool = False
    verdict: str = ""
    pairs: tuple[JudgedPair, ...] = ()
    task: str = ""
    evidence: str = ""
    model: str = ""


def states(ledger: Iterable[JudgementRow]) -> Mapping[str, str]:
    """Return the state of every judgement: `proposed`, `in_force` or `undone`.

    A judgement counts once it needs no confirmation or has one, until an undo counts.
    """
    rows = list(ledger)
    confirmed = {row.of for row in rows if row.action == "confirm"}
    counting = {row.uid for row in rows if not row.pending or row.uid in confirmed}
    undone = {row.of for row in rows if row.action == "undo" and row.uid in counting}
    return {
        row.uid: "undone"
        if row.uid in undone
        else "in_force"
        if row.uid in counting
        else "proposed"
        for row in rows
        if row.action == "judge"
    }


def in_force(ledger: Iterable[JudgementRow]) -> list[JudgementRow]:
    """Return the judgements that count, oldest first."""
    rows = list(ledger)
    state = states(rows)
    return [row for row in rows if state.get(row.uid) == "in_force"]
