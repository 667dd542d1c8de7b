"""Who a row points to: each party of the manifest becomes a mention with its identifiers."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from graph.identifiers import (
    Identifier,
    IdType,
    Status,
    certificate_type,
    found_in_text,
    parse,
    parse_cell,
    recognise,
    text_without_identifiers,
)
from graph.kinds import kind_of_name, kind_of_registered, looks_like_organisation
from graph.lookup import name_key
from graph.ports import PLACES, Rows
from graph.secrecy import Seal
from loaders.cells import LONG_TERM, name_text, parse_date, split_list
from loaders.manifest import Choice, Condition, IdentifierCell, Manifest, Party
from loaders.traits import PHONE, read_traits

__all__ = ["Chooser", "Mentioned", "PartyReader", "holds"]

_OPEN_KINDS: Final = frozenset({"organisation", "party"})
_CODE_LIKE: Final = re.compile(r"\d{6}")  # the region every embedded code starts with
_REMEMBERED: Final = 10_000
_TAX_ID: Final = IdType.TAX_ID.value
_TYPE_NAMES: Final = {kind: kind.value for kind in IdType}
_STATUS_NAMES: Final = {status: status.value for status in Status}


class Mentioned(NamedTuple):
    """One party as a row gives it, before it has a key."""

    party: str
    role: str
    kind: str
    name: str
    identifiers: tuple[Identifier, ...]
    traits: tuple[tuple[str, str], ...] = ()


class Chooser:
    """Picks the code of a choice, remembering what it picked for a cell."""

    __slots__ = ("_choice", "_known")

    def __init__(self, choice: Choice) -> None:
        self._choice = choice
        self._known: dict[str, str] = {}

    def __call__(self, values: Mapping[str, str]) -> str:
        """Return the code for a row: the first pattern found in the cell, else the default."""
        choice = self._choice
        if choice.column is None:
            return choice.default
        text = values.get(choice.column, "")
        code = self._known.get(text)
        if code is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            matches = (code for pattern, code in choice.patterns if pattern.search(text))
            code = self._known[text] = next(matches, choice.default)
        return code


def holds(condition: Condition | None, values: Mapping[str, str]) -> bool:
    """Return whether a condition is true for a row; no condition always is."""
    if condition is None:
        return True
    text = values.get(condition.column, "")
    if condition.dated:
        found = parse_date(text) not in (None, LONG_TERM)
    elif condition.matches is None:
        found = bool(text)
    else:
        found = bool(condition.matches.search(text))
    return found != condition.negate and holds(condition.also, values)


class PartyReader:
    """Reads the parties of rows of one sheet.

    Args:
        manifest: The feed.
        seal: Seals personal values and digests identifiers.
    """

    def __init__(self, manifest: Manifest, seal: Seal) -> None:
        self._seal = seal
        # The registry's own keys mean nothing outside its family of feeds.
        family = manifest.family or manifest.source
        self._scopes = {IdType.PRIPID: f"{IdType.PRIPID.value}:{family}"}
        self._parties = tuple(
            (party, Chooser(party.role), Chooser(party.kind))
            for party in manifest.parties
            if party.name is not None or party.identifiers
        )
        self.identifier_columns = frozenset(
            cell.column for party in manifest.parties for cell in party.identifiers
        )
        # A row must say who it is about: by name, or where a feed has none, by identifier.
        self.needed = frozenset(
            name
            for party in manifest.parties[:1]
            for name in (party.name, *(cell.column for cell in party.identifiers))
            if name is not None
        )

    def read(self, values: Mapping[str, str]) -> list[Mentioned]:
        """Return the parties a row gives, in manifest order; an empty party is none."""
        found: list[Mentioned] = []
        for party, role, kind in self._parties:
            if party.when is not None and not holds(party.when, values):
                continue
            given = _several(party, values) if party.many else _one(party, values)
            for name, identifiers in given:
                if name or identifiers:
                    what = _kind(kind(values), name, identifiers)
                    told = read_traits(party, values) if party.traits and what != "person" else ()
                    found.append(Mentioned(party.key, role(values), what, name, identifiers, told))
        return found

    def write(self, rows: Rows, key: int, parties: Iterable[Mentioned]) -> dict[str, list[int]]:
        """Append mentions and identifiers; return mention keys by party key."""
        places: dict[str, list[int]] = {}
        ordinals: dict[str, int] = {}
        for place, party in enumerate(parties):
            mention = key * PLACES + place
            ordinal = ordinals.get(party.role, 0)
            ordinals[party.role] = ordinal + 1
            rows.mentions.append((mention, party.role, ordinal, party.kind, party.name))
            places.setdefault(party.party, []).append(mention)
            self._write_identifiers(rows, mention, party)
            for kind, value in party.traits:
                kept = self._seal.key_of(PHONE, value).hex() if kind == PHONE else value
                rows.traits.append((mention, kind, kept))
        return places

    def _write_identifiers(self, rows: Rows, mention: int, party: Mentioned) -> None:
        for position, identifier in enumerate(party.identifiers):
            name, value = _TYPE_NAMES[identifier.type], identifier.value
            looked_up = value
            if name == _TAX_ID and identifier.of_operator and party.kind != "person":
                looked_up = f"{value} {name_key(party.name)}"
            rows.identifiers.append(
                (
                    mention,
                    position,
                    name,
                    _STATUS_NAMES[identifier.status],
                    self._seal.seal(value.encode()) if identifier.personal else value,
                    self._seal.key_of(self._scopes.get(identifier.type, name), looked_up),
                    ",".join(identifier.repairs) or None,
                )
            )


Given = tuple[str, tuple[Identifier, ...]]


def _one(party: Party, values: Mapping[str, str]) -> list[Given]:
    """Return the name and identifiers of a party that a row has once."""
    identifiers: tuple[Identifier, ...] = ()
    for cell in party.identifiers:
        text = values.get(cell.column)
        if text:
            identifiers += _identifiers(cell, text, values)
    raw = values.get(party.name, "") if party.name is not None else ""
    return [_given(raw, identifiers)]


def _several(party: Party, values: Mapping[str, str]) -> list[Given]:
    """Return the names and identifiers of the parties a cell lists."""
    names = split_list(values.get(party.name or "", ""))
    columns = [(cell, split_list(values.get(cell.column, ""))) for cell in party.identifiers]
    found = []
    for index, name in enumerate(names):
        identifiers: tuple[Identifier, ...] = ()
        for cell, parts in columns:
            # Paired by position only when the lists are as long as each other: no guessing.
            if len(parts) == len(names):
                identifiers += _identifiers(cell, parts[index], values)
        found.append(_given(name, identifiers))
    return found


def _given(raw: str, identifiers: tuple[Identifier, ...]) -> Given:
    name = name_text(raw)
    if _CODE_LIKE.search(name):
        embedded = found_in_text(name)
        if embedded:
            name = name_text(text_without_identifiers(name))
            identifiers += embedded
    if len(identifiers) > 1:
        identifiers = tuple(dict.fromkeys(identifiers))
    return name, identifiers


_certificate = lru_cache(maxsize=1_024)(certificate_type)


def _identifiers(
    cell: IdentifierCell, text: str, values: Mapping[str, str]
) -> tuple[Identifier, ...]:
    if not text:
        return ()
    kind = cell.type
    if kind is None and cell.type_column is not None:
        kind = _certificate(values.get(cell.type_column, ""))
    if kind is None:
        guessed = recognise(text)
        return () if guessed is None else (guessed,)
    first = parse(kind, text)
    if first is None:
        return ()
    return (first,) if first.full else parse_cell(kind, text)


def _kind(stated: str, name: str, identifiers: tuple[Identifier, ...]) -> str:
    """Return a subject kind: the code's word first, then the name's, then the feed's."""
    if stated not in _OPEN_KINDS:
        return stated
    for identifier in identifiers:
        if identifier.type is IdType.USCC and identifier.full:
            return kind_of_registered(identifier.value, name)
    by_name = kind_of_name(name) if name else None
    if stated == "party" and by_name is None and not looks_like_organisation(name):
        return "person"
    return by_name or "enterprise"
