"""One department's invented feed: its file, its columns, and how an entry becomes a row."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from loaders.synthetic.attributes import CARDS, CODES, DATE_FORMS, attribute
from loaders.synthetic.chance import Lot
from loaders.synthetic.damage import (
    damage_card,
    damage_cell,
    damage_code,
    damage_organisation,
    damage_person,
)
from loaders.synthetic.entries import Entry
from loaders.synthetic.people import Person
from loaders.synthetic.words import read_yaml
from loaders.synthetic.world import Party

__all__ = ["Bulk", "Feed", "Layout", "Mention", "feeds", "render"]

Mention = tuple[str, int, str]
"""Role, ordinal within the row, entity: a line of truth without its place."""

_FILES: Final = (
    "feeds_market.yaml",
    "feeds_decisions.yaml",
    "feeds_lists.yaml",
    "feeds_other.yaml",
)
_NOTHING: Final = frozenset({"", "无", "/", "待补", "000000000000000000"})


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is written.

    Attributes:
        encoding: A codec name; `utf-8-sig` and `utf-16` start with a byte order mark.
        lost: Characters the codec lacks become `?`, as an old system prints them.
        titles: Rows above the header of a worksheet, the first merged over all columns.
        groups: Heading groups merged above the header: text and number of columns.
        broken: Kinds of broken rows the file holds.
    """

    name: str
    encoding: str = "utf-8"
    delimiter: str = ","
    lost: bool = False
    titles: tuple[str, ...] = ()
    groups: tuple[tuple[str, int], ...] = ()
    broken: tuple[str, ...] = ()

    @property
    def worksheet(self) -> bool:
        """Whether the file is an XLSX workbook."""
        return self.name.endswith(".xlsx")


@dataclass(frozen=True, slots=True)
class Column:
    """A heading and what stands below it: `party.attribute`, a value, or a constant."""

    heading: str
    party: str
    what: str
    form: str


@dataclass(frozen=True, slots=True)
class Bulk:
    """Which of the crowd a feed holds, and what its rows say (see `loaders/synthetic/bulk.py`)."""

    maker: str
    share: float
    kinds: tuple[str, ...]
    first: date
    parties: Mapping[str, str]
    values: Mapping[str, Any]
    term_years: int
    like: str
    removed: float
    removal: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Feed:
    """One department's feed."""

    source: str
    layout: Layout
    columns: tuple[Column, ...]
    roles: Mapping[str, str]
    clean: bool
    repeats: bool
    bulk: Bulk

    @property
    def header(self) -> list[str]:
        """The headings in order."""
        return [column.heading for column in self.columns]


def feeds() -> list[Feed]:
    """Return the feeds of the district in the order their files are written."""
    found: list[Feed] = []
    for file in _FILES:
        for source, entry in read_yaml(file).items():
            found.append(_feed(source, entry))
    return found


def _feed(source: str, entry: Mapping[str, Any]) -> Feed:
    layout = dict(entry["file"])
    layout["groups"] = tuple((text, width) for text, width in layout.get("groups", ()))
    for key in ("titles", "broken"):
        layout[key] = tuple(layout.get(key, ()))
    dates = entry.get("dates", "dash")
    columns = tuple(_column(heading, what, dates) for heading, what in entry["columns"].items())
    bulk = dict(entry.get("bulk", {}))
    return Feed(
        source=source,
        layout=Layout(**layout),
        columns=columns,
        roles=entry.get("roles", {}),
        clean=bool(entry.get("clean", False)),
        repeats=bool(entry.get("repeats", False)),
        bulk=Bulk(
            maker=bulk.get("maker", "listed"),
            share=float(bulk.get("share", 0)),
            kinds=tuple(bulk.get("of", ("enterprise",))),
            first=bulk.get("first", date(2021, 1, 4)),
            parties=bulk.get("parties", {"subject": "itself"}),
            values=bulk.get("values", {}),
            term_years=int(bulk.get("years", 3)),
            like=bulk.get("like", ""),
            removed=float(bulk.get("removed", 0)),
            removal=bulk.get("removal", {}),
        ),
    )


def _column(heading: str, what: str, dates: str) -> Column:
    if what.startswith("="):
        return Column(heading, "=", what[1:], "")
    party, dot, name = what.rpartition(".")
    if dot:
        return Column(heading, party, name, "")
    name, _, form = what.partition(":")
    return Column(heading, "", name, form or dates)


def render(feed: Feed, entry: Entry, lot: Lot) -> tuple[list[str], list[Mention]]:
    """Return the cells of an entry's row, damaged as its department does, and its mentions."""
    cells: list[str] = []
    seen: set[str] = set()
    for column in feed.columns:
        if column.party == "=":
            text = column.what
        elif column.party:
            text = _party_cell(feed, entry, column, lot)
            if text.strip() not in _NOTHING and column.party in entry.parties:
                seen.add(column.party)
        else:
            value = entry.values.get(column.what, "")
            text = DATE_FORMS[column.form](value) if isinstance(value, date) else value
        how = entry.damage.get(column.heading)
        cells.append(_scripted(text, how, lot) if how else text)
    return cells, _mentions(feed, entry, seen)


def _scripted(text: str, how: str, lot: Lot) -> str:
    return how[1:] if how.startswith("=") else damage_cell(text, how, lot)


def _party_cell(feed: Feed, entry: Entry, column: Column, lot: Lot) -> str:
    parties = entry.parties.get(column.party)
    if parties is None:
        # A cell that names a party in some rows and holds plain text in others.
        return str(entry.values.get(column.party, ""))
    texts = [attribute(party, column.what, entry.day) for party in parties]
    if not (feed.clean or entry.scripted):
        texts = [
            _damaged(text, party, column.what, lot) if text else text
            for text, party in zip(texts, parties, strict=True)
        ]
    return "、".join(texts)


def _damaged(text: str, party: Party, what: str, lot: Lot) -> str:
    damage: Callable[[str, Lot], str] | None = None
    if what == "name":
        damage = damage_person if isinstance(party, Person) else damage_organisation
    elif what in CODES:
        damage = damage_card if isinstance(party, Person) else damage_code
    elif what in CARDS:
        damage = damage_card
    return text if damage is None else damage(text, lot)


def _mentions(feed: Feed, entry: Entry, seen: set[str]) -> list[Mention]:
    found: list[Mention] = []
    ordinals: dict[str, int] = {}
    for key, parties in entry.parties.items():
        if key not in seen:
            continue
        role = entry.roles.get(key) or feed.roles.get(key, key)
        for party in parties:
            ordinal = ordinals.get(role, 0)
            ordinals[role] = ordinal + 1
            found.append((role, ordinal, party.key))
    return found
