"""People of the invented district: realistic names, many namesakes, unused numbers."""

from dataclasses import dataclass
from typing import Final

from loaders.synthetic.chance import Lot
from loaders.synthetic.codes import id_number
from loaders.synthetic.words import name_words

__all__ = ["Person", "invent_person"]

# A third of given names are the few that everybody has: with them a district of 100,000
# has surnames and given names in common by the hundred, as domain section 2.2 measures.
_COMMON_GIVEN: Final = 0.35
# Names with a dot: 0.2 % in the public register (domain section 2.6), more among residents.
_DOTTED: Final = 0.012
_RARE: Final = 0.006


@dataclass(frozen=True, slots=True)
class Person:
    """One invented person."""

    key: str
    name: str
    female: bool
    id_number: str
    phone: str


def invent_person(seed: int, index: int) -> Person:
    """Return the person of an index: always the same one for a seed."""
    lot = Lot(seed, "person", index)
    female = lot.chance(0.42)  # posts are held by men more often
    return Person(
        key=f"P{index}",
        name=_name(lot, female=female),
        female=female,
        id_number=id_number(index, female=female),
        phone=f"1990000{lot.below(10_000):04d}",
    )


def _name(lot: Lot, *, female: bool) -> str:
    words = name_words()
    if lot.chance(_DOTTED):
        return f"{lot.pick(words.clan)}·{lot.pick(words.personal)}"
    surname = lot.weighted(words.surnames)
    sex = int(female)
    if lot.chance(_RARE):
        return surname + lot.weighted(words.first[sex]) + lot.pick(words.rare)
    if lot.chance(_COMMON_GIVEN):
        return surname + lot.weighted(words.given[sex])
    return surname + lot.weighted(words.first[sex]) + lot.weighted(words.second[sex])
