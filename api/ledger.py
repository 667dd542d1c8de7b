"""Rows of the judgement ledger as answers show them."""

from collections.abc import Iterable, Sequence
from typing import Any

from api.masking import hidden_text
from graph.judgements import JudgementRow, states

__all__ = ["judgement_bodies"]


def judgement_bodies(
    rows: Iterable[JudgementRow], ledger: Sequence[JudgementRow]
) -> list[dict[str, Any]]:
    """Return rows of the ledger as answers show them, with the state of what they are about.

    Cost: one pass over the ledger, however many rows.
    """
    state = states(ledger)
    by_uid = {each.uid: each for each in ledger}
    bodies = []
    for row in rows:
        about = by_uid.get(row.of, row)
        bodies.append(
            {
                "judgement": row.uid,
                "action": row.action,
                "of": row.of or None,
                "state": state.get(row.uid if row.action == "judge" else about.uid),
                "verdict": row.verdict or about.verdict or None,
                "by": row.by,
                "at": row.at.isoformat(),
                "why": hidden_text(row.why),
                "task": row.task or None,
                "pairs": [[pair.one, pair.other] for pair in row.pairs],
                "reasons": sorted({asked[0] for pair in row.pairs for asked in pair.answered}),
                "evidence": row.evidence or None,
                "model": row.model or None,
            }
        )
    return bodies
