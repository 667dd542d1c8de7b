"""The rulebook: what the law says, as frozen values read from data files.

`load_rulebook` refuses a folder with any fault in it: half a rulebook would silently
restrict too little or too much.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from graph.sanctions.reading import read_folder
from graph.sanctions.rule import (
    Basis,
    Duration,
    Effect,
    Measure,
    Mismatch,
    Reach,
    ReachStep,
    Rule,
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
    "Spare",
    "Trigger",
    "load_rulebook",
]


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All rules in order of id, the measures, and a digest of both.

    Attributes:
        digest: Of the content, not the layout: comments and key order do not count.
    """

    rules: tuple[Rule, ...]
    measures: Mapping[str, Measure]
    digest: str

    def rule(self, rule_id: str) -> Rule | None:
        """Return a rule by id."""
        return next((rule for rule in self.rules if rule.id == rule_id), None)

    @property
    def active(self) -> tuple[Rule, ...]:
        """The rules that can yield findings."""
        return tuple(rule for rule in self.rules if rule.enabled and not rule.negative)

    @property
    def negatives(self) -> tuple[Rule, ...]:
        """The rules that stop others; they have no switch."""
        return tuple(rule for rule in self.rules if rule.negative)

    def relations_of_interest(self) -> frozenset[str]:
        """Return the relation types any enabled rule walks, negative rules included."""
        walked: set[str] = set()
        for rule in self.active:
            walked.update(*(step.relations for reach in rule.reach for step in reach.steps))
            walked.update(rule.mismatch.relations if rule.mismatch else ())
        for rule in self.negatives:
            walked.update(*(spare.relations for spare in rule.spares))
        return frozenset(walked)

    def listings_of_interest(self) -> frozenset[str]:
        """Return the listing kinds any enabled rule looks at."""
        return frozenset(kind for rule in self.active for kind in rule.trigger.listings)


def load_rulebook(folder: Path | Traversable | None = None) -> Rulebook:
    """Return the rulebook of a folder: `rules/*.yaml` and `measures.yaml`.

    Args:
        folder: Where to read; None for the rules shipped with the program.

    Raises:
        DataError: E701 to E720; `where` names file and key.
    """
    root = files("graph") / "sanctions" if folder is None else folder
    rules, measures, content = read_folder(root)
    return Rulebook(rules, measures, _digest(content))


def _digest(content: Mapping[str, Any]) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
