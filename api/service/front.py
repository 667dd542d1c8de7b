"""The store read at once, by the one thread that takes requests, and what it keeps of it."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from api.steps import ground_of
from graph.ports import Store
from graph.sanctions.rulebook import Rulebook

__all__ = ["Front", "Standing", "standing_of"]

_MOST_DAYS: Final = 100


@dataclass(frozen=True, slots=True)
class Standing:
    """How a state of the store stands to a day.

    Attributes:
        settled: Findings of the day stand and nothing waits that could change them.
        waiting: Steps that wait to be run.
    """

    settled: bool
    waiting: tuple[str, ...]


def standing_of(store: Store, rulebook: Rulebook, as_of: date) -> Standing:
    """Return how the store stands to a day."""
    waiting = tuple(store.overview.stale())
    settled = not waiting and store.findings.waiting(ground_of(rulebook, as_of)) == frozenset()
    return Standing(settled, waiting)


class Front:
    """A store for questions of a millisecond, never lent to another thread.

    Handing a question to a thread and back takes as long as answering it.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self._version: int | None = None
        self._standings: dict[date, Standing] = {}

    def standing(self, rulebook: Rulebook, as_of: date) -> Standing:
        """Return how the store stands to a day; asked inside a snapshot.

        Kept until anybody writes to the store, in whatever process.
        """
        version = self.store.overview.version()
        if version is None or version != self._version:
            self._version, self._standings = version, {}
        found = self._standings.get(as_of)
        if found is None:
            if len(self._standings) >= _MOST_DAYS:
                self._standings.clear()
            found = self._standings[as_of] = standing_of(self.store, rulebook, as_of)
        return found
