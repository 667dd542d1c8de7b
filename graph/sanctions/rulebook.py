"""The rulebook: what the law says, as frozen values read from data files.

`load_rulebook` refuses a folder with any fault in it: half a rulebook would silently
restrict too little or too much.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from graph.errors import DataError
from graph.sanctions.reading import Places, read_folder, survey
from graph.sanctions.rule import (
    Basis,
    Duration,
    Effect,
    Measure,
    Mismatch,
    Reach,
    ReachStep,
    Rule,
    Sharing,
    Spare,
    Trigger,
)

__all__ = [
    "Basis",
    "Duration",
    "Effect",
    "Measure",
    "Mismatch",
    "Reach",
    "ReachStep",
    "Rule",
    "Rulebook",
    "Sharing",
    "Spare",
    "Trigger",
    "lint",
    "load_rulebook",
]


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All rules in order of id, measures and sharing classes, and a digest of all three.

    Attributes:
        digest: Of the content, not the layout: comments and key order do not count.
    """

    rules: tuple[Rule, ...]
    measures: Mapping[str, Measure]
    sharing: Mapping[str, Sharing]
    digest: str

    def rule(self, rule_id: str) -> Rule | None:
        """Return a rule by id."""
        return next((rule for rule in self.rules if rule.id == rule_id), None)

    @property
    def active(self) -> tuple[Rule, ...]:
        """The rules that can yield findings."""
        able = (rule for rule in self.rules if rule.enabled and not rule.negative)
        return tuple(rule for rule in able if not rule.awaits)

    @property
    def negatives(self) -> tuple[Rule, ...]:
        """The rules that stop others; they have no switch."""
        return tuple(rule for rule in self.rules if rule.negative)

    @property
    def sparing(self) -> tuple[Rule, ...]:
        """The rules that say who is left alone: negative ones, and R48's like beside them."""
        return tuple(rule for rule in self.rules if rule.negative or (rule.enabled and rule.spares))

    def relations_of_interest(self) -> frozenset[str]:
        """Return the relation types any enabled rule walks, negative rules included."""
        walked: set[str] = set()
        for rule in self.active:
            walked.update(*(step.relations for reach in rule.reach for step in reach.steps))
            walked.update(rule.mismatch.relations if rule.mismatch else ())
        for rule in self.sparing:
            walked.update(*(spare.relations for spare in rule.spares))
        return frozenset(walked)

    def listings_of_interest(self) -> frozenset[str]:
        """Return the listing kinds any enabled rule looks at."""
        return frozenset(kind for rule in self.active for kind in rule.trigger.listings)


def load_rulebook(folder: Path | Traversable | None = None) -> Rulebook:
    """Return the rulebook of a folder: `rules/*.yaml`, `measures.yaml`, `sharing.yaml`.

    Args:
        folder: Where to read; None for the rules shipped with the program.

    Raises:
        DataError: E701 to E720; `where` names file and key.

    Cost: a tenth of a second; the shipped ones are read once a process.
    """
    return _shipped() if folder is None else _read(folder)


@cache
def _shipped() -> Rulebook:
    return _read(files("graph") / "sanctions")


def _read(folder: Path | Traversable) -> Rulebook:
    content = read_folder(folder)
    return Rulebook(content.rules, content.measures, content.sharing, _digest(content.raw))


def lint(folder: Path) -> list[DataError]:
    """Return every fault of a folder of rules, the first of each file.

    Args:
        folder: As for `load_rulebook`, or the rule files themselves; measures and sharing
            classes that lie neither in nor beside it are those shipped.
    """
    shipped = files("graph") / "sanctions"
    rules = folder / "rules" if (folder / "rules").is_dir() else folder

    def place(name: str) -> Path | Traversable:
        near = (folder / name, folder.parent / name)
        return next((file for file in near if file.is_file()), shipped / name)

    try:
        return survey(Places(rules, place("measures.yaml"), place("sharing.yaml")))[1]
    except DataError as fault:
        return [fault]


def _digest(content: Mapping[str, Any]) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
