"""Ledger rows for contract tests, built from what a test cares about."""

from datetime import datetime
from itertools import count

from graph.judgements import JudgedPair, JudgementRow, Question
from graph.model import MentionId
from graph.ports import Store
from tests.contract.rows import NOW

_NUMBER = count()


def mentions(store: Store) -> list[MentionId]:
    """Return the mention ids of the store, in order of rows."""
    return [MentionId(line[5]) for line in sorted(store.overview.clusters(), key=lambda x: x[2])]


def judge(
    store: Store,
    pair: tuple[str, str],
    verdict: str,
    *,
    at: datetime = NOW,
    pending: bool = False,
    answered: tuple[Question, ...] = (),
) -> str:
    """Append a judgement on two mentions and return its id."""
    one, other = sorted(pair)
    row = JudgementRow(
        uid=f"j-{next(_NUMBER)}",
        action="judge",
        by="wang",
        at=at,
        why="the registry's file",
        pending=pending,
        verdict=verdict,
        pairs=(JudgedPair(MentionId(one), MentionId(other), answered),),
        task="t-1",
        evidence="e",
        model="m",
    )
    store.judgements.add(row)
    return row.uid


def about(store: Store, of: str, action: str, *, at: datetime = NOW, pending: bool = False) -> str:
    """Append a confirmation or an undo of a row and return its id."""
    uid = f"j-{next(_NUMBER)}"
    store.judgements.add(JudgementRow(uid, action, "li", at, "checked", of=of, pending=pending))
    return uid
