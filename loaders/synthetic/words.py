"""The words an invented district is made of, read from the data files beside this module."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from loaders.synthetic.chance import Weighted

__all__ = ["FirmWords", "NameWords", "Trade", "firm_words", "name_words", "read_yaml"]


@dataclass(frozen=True, slots=True)
class NameWords:
    """Surnames, given names and the characters given names are made of."""

    surnames: Weighted
    given: tuple[Weighted, Weighted]  # by sex: male, female
    first: tuple[Weighted, Weighted]
    second: tuple[Weighted, Weighted]
    rare: tuple[str, ...]
    clan: tuple[str, ...]
    personal: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trade:
    """A trade as it stands in a firm's name, its industry code and its scope."""

    name: str
    code: str
    scope: str


@dataclass(frozen=True, slots=True)
class FirmWords:
    """Syllables of trade names, trades, and the places of the district."""

    first: tuple[str, ...]
    second: tuple[str, ...]
    trades: tuple[Trade, ...]
    shops: tuple[str, ...]
    cooperatives: tuple[str, ...]
    associations: tuple[str, ...]
    institutions: tuple[str, ...]
    bodies: tuple[str, ...]
    towns: tuple[str, ...]
    streets: tuple[str, ...]
    places: tuple[str, ...]
    doors: tuple[str, ...]
    works: tuple[str, ...]


def read_yaml(name: str) -> dict[str, Any]:
    """Return a data file of this package."""
    text = (files("loaders.synthetic") / name).read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


@cache
def name_words() -> NameWords:
    """Return the words of people's names."""
    data = read_yaml("names.yaml")
    table = {key: Weighted.read(text) for key, text in data.items() if "," in text}
    return NameWords(
        surnames=table["surnames"],
        given=(table["given_male"], table["given_female"]),
        first=(table["first_male"], table["first_female"]),
        second=(table["second_male"], table["second_female"]),
        rare=tuple(data["rare"].split()),
        clan=tuple(data["clan"].split()),
        personal=tuple(data["personal"].split()),
    )


@cache
def firm_words() -> FirmWords:
    """Return the words of organisations' names and addresses."""
    data = read_yaml("firms.yaml")
    # A repeated syllable would give two firms one name.
    syllables = {key: tuple(dict.fromkeys(data.pop(key).split())) for key in ("first", "second")}
    trades = tuple(Trade(*row) for row in data.pop("trades"))
    return FirmWords(trades=trades, **syllables, **{key: tuple(row) for key, row in data.items()})
