"""What the facts of a listing must say for a rule, a way of reach or a clock to apply."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

__all__ = ["FACTS_ASKED", "NO_CONDITIONS", "Condition", "Conditions"]

FACTS_ASKED: Final = {
    "large_debt": bool,
    "serious": bool,
    "penalty_type": list,
    "industry": list,
    "amount_fen": int,
}
"""Facts a condition may ask about, with how: a truth, words to look for, an amount to reach."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One fact and what it must be.

    Attributes:
        expected: A truth; words of which the text must hold one; or the least amount.
    """

    fact: str
    expected: bool | int | tuple[str, ...]

    def met(self, facts: Mapping[str, Any]) -> bool | None:
        """Tell whether the facts meet it; None when the fact is unknown."""
        value = facts.get(self.fact)
        if value is None:
            return None
        if isinstance(self.expected, tuple):
            return any(word in value for word in self.expected)
        if isinstance(self.expected, bool):
            return value is self.expected
        return bool(value >= self.expected)


@dataclass(frozen=True, slots=True)
class Conditions:
    """Three ways of asking, which differ in what an unknown fact means.

    Attributes:
        needed: Unknown leaves the question open: what follows is conditional.
        only: Unknown means no: the listing kind is too broad to ask about every one.
        unless: Meeting it stops the rule; unknown does not.
    """

    needed: tuple[Condition, ...] = ()
    only: tuple[Condition, ...] = ()
    unless: tuple[Condition, ...] = ()

    def lacking(self, facts: Mapping[str, Any]) -> tuple[str, ...] | None:
        """Return the facts that would have to be known, None when the conditions fail."""
        if not (self.unless or self.only or self.needed):
            return ()
        if any(each.met(facts) for each in self.unless):
            return None
        if not all(each.met(facts) for each in self.only):
            return None
        answers = {each.fact: each.met(facts) for each in self.needed}
        if False in answers.values():
            return None
        return tuple(fact for fact, answer in answers.items() if answer is None)


NO_CONDITIONS: Final = Conditions()
