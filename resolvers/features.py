"""What a feature is: one thing two mentions are compared on."""

from collections.abc import Callable
from dataclasses import dataclass

from resolvers.rows import Levels, Rows

__all__ = ["Feature", "Levels"]


@dataclass(frozen=True, slots=True)
class Feature:
    """One thing two mentions are compared on.

    Attributes:
        name: As in scorecards, e.g. `brand`.
        columns: Columns of the standardised table it reads.
        compare: Left and right rows, aligned -> a level for every pair; 0 is nothing to compare,
            1 the strongest contradiction, the last level the strongest agreement.
        levels: Key of the sentence a reviewer reads, for each level from 0 on.
    """

    name: str
    columns: tuple[str, ...]
    compare: Callable[[Rows, Rows], Levels]
    levels: tuple[str, ...]
