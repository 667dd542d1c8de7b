"""Features that a scorecard can ask for by name, on any column of any table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import yaml

from resolvers import comparators
from resolvers.comparators import EDITS, SIMILARITIES, Judge
from resolvers.distinct import by_distinct_pairs
from resolvers.features import Feature, Levels
from resolvers.rarity import Frequencies, by_rarity
from resolvers.rows import Rows
from resolvers.scorecard import FeatureSpec
from resolvers.words import Wordbook, words

__all__ = ["BY_WORD", "COMPARATORS", "Comparator", "Option", "feature"]


@dataclass(frozen=True, slots=True)
class Option:
    """What a scorecard says of a comparator.

    Attributes:
        kind: `rising` (numbers), `whole` (a number) or `choice` (one of `allowed`).
    """

    kind: str
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparator:
    """A comparator by name.

    Attributes:
        build: Options and word frequencies -> judge.
        top: Options -> its highest level.
        by_word: Frequencies are those of words, not of whole values.
    """

    options: Mapping[str, Option]
    build: Callable[[Mapping[str, Any], Frequencies], Judge]
    top: Callable[[Mapping[str, Any]], int]
    by_word: bool = False


@cache
def _wordbook(name: str) -> Wordbook:
    if name == "none":
        return Wordbook({}, frozenset())
    text = (files("resolvers") / "scorecards" / "words" / f"{name}.yaml").read_text("utf-8")
    told = yaml.safe_load(text)
    groups: dict[str, set[int]] = {}
    for number, line in enumerate(told["variants"]):
        for word in line.split():
            groups.setdefault(word, set()).add(number)
    variants = {word: frozenset(numbers) for word, numbers in groups.items()}
    return Wordbook(variants, frozenset(told["fillers"].split()))


_STEPS: Final = Option("rising")

COMPARATORS: Final[Mapping[str, Comparator]] = {
    "exact": Comparator({}, lambda _, __: comparators.exact(), lambda _: 2),
    "similar": Comparator(
        {"by": Option("choice", tuple(SIMILARITIES)), "steps": _STEPS},
        lambda told, _: comparators.similar(told["by"], told["steps"]),
        lambda told: len(told["steps"]) + 2,
    ),
    "edits": Comparator(
        {"by": Option("choice", tuple(EDITS)), "steps": _STEPS},
        lambda told, _: comparators.edits(told["by"], told["steps"]),
        lambda told: len(told["steps"]) + 1,
    ),
    "prefix": Comparator(
        {"steps": _STEPS},
        lambda told, _: comparators.prefix(told["steps"]),
        lambda told: len(told["steps"]) + 3,
    ),
    "slips": Comparator({}, lambda _, __: comparators.slips(), lambda _: 7),
    "codes": Comparator({}, lambda _, __: comparators.codes(), lambda _: 4),
    "ending": Comparator({}, lambda _, __: comparators.ending(), lambda _: 7),
    "places": Comparator({}, lambda _, __: comparators.places(), lambda _: 3),
    "dates": Comparator(
        {"years": Option("whole")}, lambda told, _: comparators.dates(told["years"]), lambda _: 5
    ),
    "overlap": Comparator(
        {"steps": _STEPS},
        lambda told, _: comparators.overlap(told["steps"]),
        lambda told: len(told["steps"]) + 3,
    ),
    "words": Comparator(
        {"steps": _STEPS, "book": Option("choice", ("none", "english_names"))},
        lambda told, known: words(_wordbook(told["book"]), known, told["steps"]),
        lambda told: 2 * len(told["steps"]) + 2,
        by_word=True,
    ),
}

BY_WORD: Final = frozenset(name for name, kind in COMPARATORS.items() if kind.by_word)
"""Comparators that ask how common words are, not whole values."""


def feature(spec: FeatureSpec, known: Frequencies) -> Feature:
    """Return the feature a scorecard asks for.

    Args:
        known: Bits of surprise of its values, or words, if it counts rarity.
    """
    kind = COMPARATORS[spec.compare]
    judge, column = kind.build(spec.options, known), spec.column
    top = kind.top(spec.options)
    # How much two equal texts share depends on their words.
    equal = None if kind.by_word else top

    def compare(left: Rows, right: Rows) -> Levels:
        return by_distinct_pairs(left.column(column), right.column(column), judge, equal)

    between = top - 2
    told = ("nothing_to_compare", "differs", *["alike"] * between, "agrees")
    made = Feature(spec.name, (column,), compare, told)
    return made if spec.rarity is None else by_rarity(made, spec.rarity, known)
