"""What people browse: typed, dated relations between subjects, listings against them, names.

Derived from evidence and partition after every resolve, and read by no engine: an interrupted
redrawing harms no answer, and the next one completes it.
"""

from graph.store.neo4j_.database import Database

__all__ = ["redraw"]


def redraw(database: Database) -> None:
    """Bring the picture up to date with evidence and partition."""
