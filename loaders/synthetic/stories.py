"""The scripted cases: a fixed cast, and the department rows that tell each story."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from loaders.synthetic.codes import id_number_of, registration_number, uscc
from loaders.synthetic.entries import Entry, Value
from loaders.synthetic.firms import DISTRICT_DATE, HEADS, Organisation
from loaders.synthetic.people import Person
from loaders.synthetic.words import read_yaml
from loaders.synthetic.world import Party

__all__ = ["Cast", "Story", "read_cast"]

_REGION: Final = "520201"
# Registration numbers no organisation of the crowd reaches.
_LAST_NUMBER: Final = 39_999_999


@dataclass(frozen=True, slots=True)
class Story:
    """One scripted case: what happens, which rules look at it, and who is in it."""

    id: str
    rules: tuple[str, ...]
    title: str
    parties: tuple[Party, ...]


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody scripted, by number (below 0), and the rows about them by source."""

    organisations: Mapping[int, Organisation]
    people: Mapping[int, Person]
    rows: Mapping[str, tuple[Entry, ...]]
    stories: tuple[Story, ...]

    @property
    def size(self) -> int:
        """How many subjects the cast has."""
        return len(self.organisations) + len(self.people)


def read_cast() -> Cast:
    """Return the cast and its rows; the same for every seed."""
    data = read_yaml("cast.yaml")
    people = _people(data["people"])
    numbers = {name: -1 - place for place, name in enumerate(data["people"])}
    firms = _organisations(data["organisations"], numbers)
    by_name: dict[str, Party] = {**people, **firms}
    rows: dict[str, list[Entry]] = {}
    stories: list[Story] = []
    for name, told in read_yaml("stories.yaml").items():
        for row in told["rows"]:
            source = row.pop("source")
            rows.setdefault(source, []).append(_entry(row, by_name))
        who = tuple(by_name[party] for party in told["who"])
        stories.append(Story(name, tuple(told.get("rules", ())), told["title"], who))
    return Cast(
        organisations={firm.index: firm for firm in firms.values()},
        people={numbers[name]: person for name, person in people.items()},
        rows={source: tuple(entries) for source, entries in rows.items()},
        stories=tuple(stories),
    )


def _people(told: Mapping[str, Mapping[str, Any]]) -> dict[str, Person]:
    found: dict[str, Person] = {}
    for place, (name, facts) in enumerate(told.items()):
        if "tail" in facts:
            number = _same_tail(facts["born"], found[facts["tail"]].id_number)
        else:
            number = id_number_of(_REGION, facts["born"], facts["sequence"])
        found[name] = Person(
            key=f"S-{name}",
            name=facts["name"],
            female=int(number[16]) % 2 == 0,
            id_number=number,
            phone=f"1990000{place:04d}",
        )
    return found


def _same_tail(born: date, other: str) -> str:
    """Return a number that the court's mask (10 + **** + 4) cannot tell from another's."""
    for day in range(1, 32):
        number = id_number_of(_REGION, date(born.year, born.month, min(day, 28)), int(other[14:17]))
        if number[-1] == other[-1] and number != other:
            return number
    raise ValueError(other)


def _organisations(
    told: Mapping[str, Mapping[str, Any]], numbers: Mapping[str, int]
) -> dict[str, Organisation]:
    places = {name: -1 - place for place, name in enumerate(told)}
    found: dict[str, Organisation] = {}
    for name, facts in told.items():
        kind = facts.get("kind", "enterprise")
        head = numbers[facts["head"]]
        owners = facts.get("owners", {facts["head"]: 100})
        before = facts.get("head_before")
        place = places[name]
        individual = kind == "individual_business"
        found[name] = Organisation(
            key=f"S-{name}",
            index=place,
            kind=kind,
            name=facts["name"],
            body=facts["body"],
            uscc=uscc(HEADS[kind][0], facts["body"]),
            regno=registration_number(_LAST_NUMBER + place, individual=individual),
            established=facts["established"],
            address=f"贵州省六盘水市钟山区凉都大道{200 - place}号",
            phone=f"0858-00000{-place:02d}",
            trade=-place,
            capital=200,
            head=head,
            supervisor=head,
            owners=tuple((numbers[owner], share) for owner, share in owners.items())
            if kind == "enterprise"
            else (),
            former=facts.get("former", ""),
            renamed=facts.get("renamed"),
            head_before=None if before is None else numbers[before],
            head_changed=facts.get("head_changed"),
            parent=places[facts["parent"]] if "parent" in facts else None,
            posts=tuple((numbers[who], post) for who, post in facts.get("posts", {}).items()),
            status=facts.get("status", "存续（在营、开业、在册）"),
        )
    return found


def _entry(row: dict[str, Any], by_name: Mapping[str, Party]) -> Entry:
    parties = {
        key: tuple(by_name[name] for name in ([names] if isinstance(names, str) else names))
        for key, names in row.pop("parties").items()
    }
    damage = row.pop("damage", {})
    roles = row.pop("roles", {})
    values: dict[str, Value] = {
        key: value if isinstance(value, date) else str(value) for key, value in row.items()
    }
    day = values.get("written", values.get("decided", DISTRICT_DATE))
    written = day if isinstance(day, date) else DISTRICT_DATE
    return Entry(parties, values, written, damage, roles, scripted=True)
