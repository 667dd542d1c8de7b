"""The crowd's rows of feeds that list some of it: penalties, lists, honours, repairs.

A row follows from the seed, the feed and the number of whom it lists, so that another feed
(a repair of a penalty) can recompute what it refers to.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Final

from loaders.synthetic.chance import Lot, hits
from loaders.synthetic.entries import Entry, Value
from loaders.synthetic.feeds import Bulk, Feed
from loaders.synthetic.firms import DISTRICT_DATE, Organisation
from loaders.synthetic.people import Person
from loaders.synthetic.world import Party, World

__all__ = ["listed", "mended", "who"]

# A repair or objection that names no decision anyone delivered: it waits, visibly.
_UNMATCHED: Final = 0.05
# Numbers of decisions must not serve twice: below are the stories', and people and
# organisations are counted apart.
_SERIALS: Final = 20_001
_PERSON_SERIALS: Final = 5_000_001
_PENDING: Final = "受理中"


def listed(world: World, feed: Feed) -> Iterator[Entry]:
    """Yield the crowd's rows of a feed, by rising number of whom they list."""
    for kind in feed.bulk.kinds:
        span = range(world.plan.people) if kind == "person" else world.plan.spans[kind]
        for number in hits(world.seed, f"{feed.source}:{kind}", span, feed.bulk.share):
            yield _row(world, feed.source, feed.bulk, kind, number)


def mended(world: World, feed: Feed, original: Feed) -> Iterator[Entry]:
    """Yield repairs or objections for a share of another feed's rows, some unmatched."""
    for entry in listed(world, original):
        number = str(entry.values["number"])
        lot = Lot(world.seed, f"{feed.source}:{number}", 0)
        if not lot.chance(feed.bulk.share):
            continue
        decided = _day_of(entry, "decided")
        filed = lot.day(decided + timedelta(days=20), DISTRICT_DATE - timedelta(days=2))
        answered = lot.day(filed, min(filed + timedelta(days=30), DISTRICT_DATE))
        if lot.chance(_UNMATCHED):
            number = number.replace("号", "-1号")
        facts = {"year": str(filed.year), "serial": str(lot.below(9000))}
        values: dict[str, Value] = {
            **entry.values,
            **_texts(lot, feed.bulk.values, facts),
            "number": number,
            "filed": filed,
            "answered": answered,
            "title": original.source,
        }
        if values.get("result") == _PENDING:
            values.pop("answered")
        yield Entry({"subject": entry.parties["subject"]}, values, filed)


def _row(world: World, source: str, bulk: Bulk, kind: str, number: int) -> Entry:
    lot = Lot(world.seed, f"{source}:{kind}:row", number)
    itself: Party = world.person(number) if kind == "person" else world.organisation(number)
    earliest = bulk.first
    if isinstance(itself, Organisation):
        earliest = max(earliest, itself.established + timedelta(days=60))
    decided = lot.day(earliest, DISTRICT_DATE - timedelta(days=40))
    violated = decided - timedelta(days=20 + lot.below(300))
    values = _dates(lot, bulk, decided, violated)
    facts = {
        "year": str(decided.year),
        "serial": str(number + (_PERSON_SERIALS if kind == "person" else _SERIALS)),
        "place": "520201",
        "name": itself.name,
    }
    values.update(_texts(lot, bulk.values, facts))
    if "removed" in values:
        values.update(_texts(lot, bulk.removal, facts))
    parties = {key: who(world, lot, itself, how, violated) for key, how in bulk.parties.items()}
    return Entry({key: found for key, found in parties.items() if found}, values, decided)


def _dates(lot: Lot, bulk: Bulk, decided: date, violated: date) -> dict[str, Value]:
    last = decided + timedelta(days=round(bulk.term_years * 365.25))
    values: dict[str, Value] = {
        "violated": violated,
        "filed": violated + timedelta(days=10),
        "decided": decided,
        "published": decided + timedelta(days=1 + lot.below(7)),
        "until": last,
    }
    if lot.chance(bulk.removed):
        latest = min(last, DISTRICT_DATE - timedelta(days=3))
        values["removed"] = lot.day(decided + timedelta(days=30), latest)
    return values


def _texts(lot: Lot, told: Mapping[str, Any], facts: Mapping[str, str]) -> dict[str, Value]:
    """Return the feed's own texts: one of a list, with the facts filled in.

    What `cases` lists are texts that go together.
    """
    values: dict[str, Value] = {}
    for key, text in told.items():
        chosen = lot.pick(text) if isinstance(text, list) else text
        if isinstance(chosen, dict):
            values.update(_texts(lot, chosen, facts))
        else:
            values[key] = str(chosen).format_map(facts)
    return values


def who(world: World, lot: Lot, itself: Party, how: str, day: date) -> tuple[Party, ...]:
    """Return the parties a feed asks for by a word, seen from whom a row is about.

    Raises:
        KeyError: No such word: a slip in a feed file.
    """
    match how:
        case "itself":
            return (itself,)
        case "head":
            return (world.head(itself, day),) if isinstance(itself, Organisation) else ()
        case "parent":
            parent = itself.parent if isinstance(itself, Organisation) else None
            return () if parent is None else (world.organisation(parent),)
        case "employer":
            return (world.organisation(lot.below(len(world.plan.spans["enterprise"]))),)
        case "some":
            return tuple(_resident(world, lot) for _ in range(lot.below(3)))
        case _:
            raise KeyError(how)


def _resident(world: World, lot: Lot) -> Person:
    return world.person(lot.below(world.plan.people))


def _day_of(entry: Entry, name: str) -> date:
    value = entry.values[name]
    return value if isinstance(value, date) else DISTRICT_DATE
