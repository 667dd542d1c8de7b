"""Who a row points to: each party of the manifest becomes a mention with its identifiers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from graph.kinds import kind_of_code, kind_of_name, looks_like_organisation

from graph.identifiers import (
    PERSONAL,
    Identifier,
    IdType,
    certificate_type,
    found_in_text,
    parse,
    parse_cell,
    recognise,
    text_without_identifiers,
)
from graph.model import CODES_OF_ORGANISATION
from graph.ports import PLACES, Rows
from graph.secrecy import Seal
from loaders.cells import name_text, split_list
from loaders.manifest import Choice, Condition, IdentifierCell, Manifest, Party

__all__ = ["Mentioned", "PartyReader", "choose", "holds"]

_OPEN_KINDS: Final = frozenset({"organisation", "party"})


@dataclass(frozen=True, slots=True)
class Mentioned:
    """One party as a row gives it, before it has a key."""

    party: str
    role: str
    kind: str
    name: str
    identifiers: tuple[Identifier, ...]


def choose(choice: Choice, values: Mapping[str, str]) -> str:
    """Return the code a choice picks for a row."""
    if choice.column is not None:
        text = values.get(choice.column, "")
        for pattern, code in choice.patterns:
            if pattern.search(text):
                return code
    return choice.default


def holds(condition: Condition | None, values: Mapping[str, str]) -> bool:
    """Return whether a condition is true for a row; no condition always is."""
    if condition is None:
        return True
    text = values.get(condition.column, "")
    found = bool(text) if condition.matches is None else bool(condition.matches.search(text))
    return found != condition.negate


class PartyReader:
    """Reads the parties of rows of one sheet.

    Args:
        manifest: The feed.
        present: Canonical names of the columns the sheet has.
        seal: Seals personal values and digests identifiers.
    """

    def __init__(self, manifest: Manifest, present: frozenset[str], seal: Seal) -> None:
        self._seal = seal
        self._family = manifest.family or manifest.source
        self._parties = manifest.parties
        self._present = present
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
        for party in self._parties:
            if party.when is not None and not holds(party.when, values):
                continue
            found.extend(self._several(party, values) if party.many else self._one(party, values))
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
        return places

    def _write_identifiers(self, rows: Rows, mention: int, party: Mentioned) -> None:
        position = 0
        for identifier in party.identifiers:
            repairs = ",".join(identifier.repairs) or None
            self._append(rows, mention, position, identifier, (identifier.status.value, repairs))
            position += 1
            if not identifier.full:
                continue
            for kind, value in identifier.implied:
                # A shop's tax number holds its operator's ID number: a link, not its identity.
                if kind in PERSONAL and party.kind in CODES_OF_ORGANISATION:
                    continue
                told = Identifier(kind, identifier.status, value)
                self._append(rows, mention, position, told, ("implied", None))
                position += 1

    def _append(
        self,
        rows: Rows,
        mention: int,
        position: int,
        identifier: Identifier,
        told: tuple[str, str | None],
    ) -> None:
        kind, value = identifier.type.value, identifier.value
        scoped = f"{kind}:{self._family}" if identifier.type is IdType.PRIPID else kind
        stored: str | bytes = self._seal.seal(value.encode()) if identifier.personal else value
        key = self._seal.key_of(scoped, value)
        rows.identifiers.append((mention, position, kind, told[0], stored, key, told[1]))

    def _one(self, party: Party, values: Mapping[str, str]) -> list[Mentioned]:
        raw = values.get(party.name, "") if party.name is not None else ""
        identifiers = [
            identifier
            for cell in party.identifiers
            if cell.column in values
            for identifier in _identifiers(cell, values[cell.column], values)
        ]
        return self._mention(party, values, raw, identifiers)

    def _several(self, party: Party, values: Mapping[str, str]) -> list[Mentioned]:
        names = split_list(values.get(party.name or "", ""))
        columns = [(cell, split_list(values.get(cell.column, ""))) for cell in party.identifiers]
        found: list[Mentioned] = []
        for index, name in enumerate(names):
            # Paired by position only when the lists are as long as each other: no guessing.
            identifiers = [
                identifier
                for cell, parts in columns
                if len(parts) == len(names)
                for identifier in _identifiers(cell, parts[index], values)
            ]
            found.extend(self._mention(party, values, name, identifiers))
        return found

    def _mention(
        self, party: Party, values: Mapping[str, str], raw: str, identifiers: list[Identifier]
    ) -> list[Mentioned]:
        name = name_text(raw)
        if any(character.isdigit() for character in name):
            embedded = found_in_text(name)
            if embedded:
                name = name_text(text_without_identifiers(name))
                identifiers = [*identifiers, *embedded]
        if not name and not identifiers:
            return []
        unique = tuple(dict.fromkeys(identifiers))
        kind = _kind(choose(party.kind, values), name, unique)
        return [Mentioned(party.key, choose(party.role, values), kind, name, unique)]


def _identifiers(
    cell: IdentifierCell, text: str, values: Mapping[str, str]
) -> tuple[Identifier, ...]:
    if not text:
        return ()
    kind = cell.type
    if kind is None and cell.type_column is not None:
        kind = certificate_type(values.get(cell.type_column, ""))
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
    by_name = kind_of_name(name) if name else None
    for identifier in identifiers:
        if identifier.type is IdType.USCC and identifier.full:
            # A branch has a code of the same head as its parent; only its name tells.
            return (
                "branch" if by_name == "branch" else kind_of_code(identifier.value) or "enterprise"
            )
    if stated == "party" and by_name is None and not looks_like_organisation(name):
        return "person"
    return by_name or "enterprise"
