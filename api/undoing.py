"""Taking judgements back: one, or all that share a mark, as another row of the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from api.deciding import Voice, held, tried, written
from api.steps import refresh_store
from api.working import Working
from graph.errors import QueryError
from graph.judgements import JudgementRow, states
from resolvers.review import person_name, proposals, signed

__all__ = ["Chosen", "undo"]


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
            and (self.person is None or row.by.casefold() == person_name(self.person).casefold())
            and (self.day is None or row.at.astimezone().date().isoformat() == self.day)
            and (self.reason is None or self.reason in reasons)
            and (self.verdict is None or row.verdict == self.verdict)
        )


def undo(work: Working, chosen: Chosen, voice: Voice, *, dry: bool) -> dict[str, Any]:
    """Undo judgements; what would give or take a restriction takes a second person, too."""
    with held(work, dry=dry):
        refresh_store(work.store, work.rulebook, work.today, work.now)
        ledger = work.store.judgements.ledger()
        state = states(ledger)
        waiting = {row.of: row for row in proposals(ledger) if row.action == "undo"}
        gone = chosen.of(ledger)
        rows, new = [], []
        for each in gone:
            before = waiting.get(each.uid)
            if before is None:
                new.append(signed(voice.row("undo", work.now, of=each.uid)))
            elif before.by.casefold() != voice.by.casefold():
                rows.append(signed(voice.row("confirm", work.now, of=before.uid)))
        if not rows and not new:
            raise QueryError("E614", where=gone[0].uid)
        blast = tried(work, [*rows, *new])
        if blast.needs_two:
            # A proposal changes nothing yet: to reject it takes nobody else.
            new = [signed(replace(row, pending=state[row.of] == "in_force")) for row in new]
        written(work, [*rows, *new])
    return {
        "judgements": [each.uid for each in gone],
        "state": "proposed" if any(row.pending for row in new) else "undone",
        "by": voice.by,
        "written": not dry,
        "effect": blast.body(),
    }
