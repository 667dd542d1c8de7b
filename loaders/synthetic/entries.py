"""One row to be written, as facts: who it is about, when, and what else it says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from loaders.synthetic.world import Party

__all__ = ["Entry", "Value"]

Value = str | date


@dataclass(frozen=True, slots=True)
class Entry:
    """What one department row states.

    Attributes:
        parties: Party key of the manifest -> the parties of that key, in the manifest's order.
        values: Dates and texts by the names the feed's columns use.
        day: When the department wrote it: names are as they were on that day.
        damage: Heading -> the damage this row must show, or `=` and the text itself.
        roles: Party key -> role, where the row decides it.
        scripted: Part of a story: it shows only the damage it names, so that it stays true.
    """

    parties: Mapping[str, tuple[Party, ...]]
    values: Mapping[str, Value]
    day: date
    damage: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    scripted: bool = False
