"""What a manifest must add up to once its keys are read: no column twice, ties that can be."""

from collections.abc import Iterable
from typing import Final

from graph.model import RELATION_TYPES
from loaders.headings import heading_key
from loaders.manifest import Choice, Manifest, Party, RelationSpec
from loaders.manifest_fields import Fields

__all__ = ["check"]

# `relative` exists so that a case can prove it carries nothing; shared contacts are derived.
_NEVER_LOADED: Final = frozenset({"relative", "shares_phone", "shares_address"})
_LOADED: Final = frozenset(RELATION_TYPES) - _NEVER_LOADED
# Whoever is at the beginning of the tie: a natural person, an organisation, or either.
_FROM_ORGANISATION: Final = frozenset({"branch_of", "successor_of"})
_FROM_EITHER: Final = frozenset({"executive_partner", "shareholder", "controller", "guarantor"})
_TO_EITHER: Final = frozenset({"guarantor"})


def check(manifest: Manifest, fields: Fields) -> None:
    """Refuse a manifest whose parts contradict each other.

    Raises:
        DataError: E403, E404, E409 to E412, E414.
    """
    _check_headings(manifest, fields)
    _check_required(manifest, fields)
    parties = {party.key: party for party in manifest.parties}
    listed = fields.inners("relations")
    for relation, place in zip(manifest.relations, listed, strict=True):
        _check_relation(relation, parties, place)
    if manifest.delivery == "full" and not manifest.version:
        raise fields.fault("E414", "version")
    if manifest.series and not (manifest.version and manifest.relations):
        raise fields.fault("E403", "relations" if manifest.version else "version")
    if manifest.whole_of and manifest.delivery != "full":
        raise fields.wrong("delivery", manifest.delivery, "full")
    if not manifest.natural_key:
        raise fields.fault("E403", "natural_key")


def _check_headings(manifest: Manifest, fields: Fields) -> None:
    owners: dict[str, str] = {}
    for column in manifest.columns:
        for heading in (column.name, *column.aliases):
            key = heading_key(heading)
            if not key:
                raise fields.fault("E404", f"columns.{column.name}", value=heading, allowed="…")
            owner = owners.setdefault(key, column.name)
            if owner != column.name:
                facts = {"value": heading, "other": owner}
                raise fields.fault("E409", f"columns.{column.name}", **facts)


def _check_required(manifest: Manifest, fields: Fields) -> None:
    """A row must say whom it is about: by a required name or identifier of the first party."""
    if not manifest.parties:
        raise fields.fault("E403", "parties")
    first = manifest.parties[0]
    telling = {first.name, *(cell.column for cell in first.identifiers)}
    if not any(column.required and column.name in telling for column in manifest.columns):
        raise fields.fault("E410", "columns", value=first.key)
    for party in manifest.parties:
        if party.name is None and not party.identifiers:
            raise fields.fault("E403", f"parties.{party.key}.name")
        if "" in _codes(party.role):
            raise fields.fault("E404", f"parties.{party.key}.role", value="''", allowed="a–z 0–9 _")


def _check_relation(relation: RelationSpec, parties: dict[str, Party], place: Fields) -> None:
    source, target = parties[relation.source], parties[relation.target]
    if relation.source == relation.target:
        raise place.wrong("to", relation.target, ", ".join(sorted(set(parties) - {source.key})))
    types = tuple(_codes(source.role)) if relation.type == "@role" else (relation.type,)
    for kind in types:
        if kind not in _LOADED:
            raise place.fault("E411", "type", value=kind, allowed=", ".join(sorted(_LOADED)))
        if not _may_begin(kind, source):
            raise place.fault("E412", "from", value=relation.source, type=kind)
        if kind not in _TO_EITHER and set(_codes(target.kind)) == {"person"}:
            raise place.fault("E412", "to", value=relation.target, type=kind)


def _may_begin(kind: str, source: Party) -> bool:
    kinds = set(_codes(source.kind))
    if kind in _FROM_EITHER:
        return True
    if kind in _FROM_ORGANISATION:
        return kinds != {"person"}
    return bool(kinds & {"person", "party"})


def _codes(choice: Choice) -> Iterable[str]:
    return (choice.default, *(code for _, code in choice.patterns))
