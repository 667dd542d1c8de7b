"""The invented district as a whole: organisations and people by number, the cast included."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache, partial
from typing import Final

from loaders.synthetic.chance import Lot
from loaders.synthetic.firms import KINDS, Organisation, Plan, invent_organisation
from loaders.synthetic.people import Person, invent_person

__all__ = ["LENDER", "Party", "World", "plan_for"]

Party = Organisation | Person

LENDER: Final = -1
"""The cast's first organisation: the bank that firms give guarantees to."""

# Two organisations to three people: every firm names a head, an overseer and owners, and
# heads of one firm are owners of another.
_ORGANISATIONS: Final = 0.4
# Enough for what one row asks for twice; more would only take memory.
_REMEMBERED: Final = 500


def plan_for(subjects: int, seed: int) -> Plan:
    """Return how many organisations of each kind and people make about `subjects`."""
    organisations = max(len(KINDS) * 4, round(subjects * _ORGANISATIONS))
    spans: dict[str, range] = {}
    start = 0
    for kind, share in KINDS:
        size = max(2, round(organisations * share))
        spans[kind] = range(start, start + size)
        start += size
    return Plan(seed=seed, spans=spans, people=max(40, subjects - start))


class World:
    """Looks up subjects by number: from 0 the crowd, recomputed; below 0 the scripted cast."""

    def __init__(
        self, plan: Plan, organisations: Mapping[int, Organisation], people: Mapping[int, Person]
    ) -> None:
        self.plan = plan
        self.seed = plan.seed
        self._cast_organisations = organisations
        self._cast_people = people
        self._invent = lru_cache(maxsize=_REMEMBERED)(partial(invent_organisation, plan))
        self._person = lru_cache(maxsize=_REMEMBERED)(partial(invent_person, plan.seed))

    def organisation(self, number: int) -> Organisation:
        """Return an organisation by number."""
        if number < 0:
            return self._cast_organisations[number]
        return self._invent(number)

    def person(self, number: int) -> Person:
        """Return a person by number."""
        return self._cast_people[number] if number < 0 else self._person(number)

    def numbers(self, kinds: Sequence[str]) -> Iterator[int]:
        """Yield the numbers of organisations of some kinds, the cast first."""
        for number in sorted(self._cast_organisations, reverse=True):
            if self._cast_organisations[number].kind in kinds:
                yield number
        for kind in kinds:
            yield from self.plan.spans[kind]

    def head(self, organisation: Organisation, day: date) -> Person:
        """Return who headed an organisation on a day."""
        return self.person(organisation.head_on(day))

    def lot(self, what: str, index: int) -> Lot:
        """Return the draws of a named thing of this district."""
        return Lot(self.seed, what, index)
