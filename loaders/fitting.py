"""A manifest cut down to the columns a file has: what can never be filled costs nothing a row."""

from collections.abc import Mapping
from dataclasses import replace

from loaders.manifest import DateCell, KindTable, ListingSpec, Manifest, Party

__all__ = ["fitted"]


def fitted(manifest: Manifest, present: frozenset[str]) -> Manifest:
    """Return the manifest without the cells of absent columns; it states the same of a file.

    Conditions and choices stay: on an absent column they see an empty cell, which counts.
    """
    listing = manifest.listing
    return replace(
        manifest,
        parties=tuple(_party(party, present) for party in manifest.parties),
        relations=tuple(
            replace(
                relation,
                since=_date(relation.since, present),
                until=_date(relation.until, present),
                share=relation.share if relation.share in present else None,
            )
            for relation in manifest.relations
        ),
        listing=None if listing is None else _listing(listing, present),
    )


def _party(party: Party, present: frozenset[str]) -> Party:
    identifiers = tuple(cell for cell in party.identifiers if cell.column in present)
    name = party.name if party.name in present else None
    traits = tuple(each for each in party.traits if each[0] in present)
    return replace(party, name=name, identifiers=identifiers, traits=traits)


def _date(cell: DateCell | None, present: frozenset[str]) -> DateCell | None:
    return cell if cell is not None and cell.column in present else None


def _listing(listing: ListingSpec, present: frozenset[str]) -> ListingSpec:
    kind = listing.kind
    if isinstance(kind, KindTable):
        kind = replace(kind, fields=_fields(kind.fields, present))
    return replace(
        listing,
        kind=kind,
        violation_date=_date(listing.violation_date, present),
        decision_date=_date(listing.decision_date, present),
        since=_date(listing.since, present),
        until=_date(listing.until, present),
        published_until=_date(listing.published_until, present),
        facts=tuple(
            fact
            for fact in listing.facts
            if fact.column is None or fact.form == "party" or fact.column in present
        ),
    )


def _fields(
    fields: Mapping[str, tuple[str, ...]], present: frozenset[str]
) -> dict[str, tuple[str, ...]]:
    found = {
        name: tuple(column for column in columns if column in present)
        for name, columns in fields.items()
    }
    return {name: columns for name, columns in found.items() if columns}
