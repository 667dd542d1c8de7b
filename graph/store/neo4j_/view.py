"""What a reader sees: which batches count, fixed at one moment.

Evidence is never changed, and whether it counts follows from its batches alone. So a list of
the batches that do not count is a snapshot of all evidence, however long a reader takes and
whoever loads or withdraws meanwhile.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from graph.store.neo4j_.work import Work

if TYPE_CHECKING:
    from graph.store.neo4j_.database import Database

__all__ = ["View", "look", "read_view", "renew", "renewed"]


@dataclass(frozen=True, slots=True)
class View:
    """The batches that count.

    Attributes:
        newest: Number of the last batch opened.
        bad: Numbers of batches that are withdrawn or not complete.
        changes: How often a batch was completed or withdrawn, or a judgement given, so far.
        resolved_through: Value of `changes` at the last resolve.
        read: What was read once for all who look through this view, or through an equal one.
    """

    newest: int
    changes: int
    bad: tuple[int, ...]
    resolved_through: int
    read: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def values(self) -> dict[str, Any]:
        """The parameters by which statements leave out what does not count."""
        return {"newest": self.newest, "bad": list(self.bad)}

    @property
    def since(self) -> dict[str, int]:
        """The parameters by which statements find what changed since the last resolve."""
        return {"through": self.resolved_through, "changes": self.changes}


def look(database: "Database") -> View:
    """Return the view of this moment, or the one that is held."""
    return database.held or database.read(read_view)


def renew(database: "Database") -> None:
    """Let a view that is held take in what was written since."""
    if database.held is not None:
        database.held = database.read(read_view)


@contextmanager
def renewed(database: "Database") -> Iterator[None]:
    """Let a view that is held take in what is written, or taken back, inside.

    After a fault nothing is held: the server may be gone, and whoever goes on looks anew.
    """
    try:
        yield
    except BaseException:
        database.held = None
        raise
    renew(database)


def read_view(work: Work) -> View:
    """Return the view of this moment."""
    newest, changes, bad, through = work.rows("view")[0]
    return View(newest, changes, tuple(sorted(bad)), through)
