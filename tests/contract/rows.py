"""Prepared rows for contract tests, built from what a test cares about."""

import json
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from graph.ports import PLACES, BatchHeading, Counts, Rows, SheetHeading, Store
from graph.secrecy import Seal, digest
from loaders.statements import case_key

Fresh = Callable[[], AbstractContextManager[Store]]
"""Opens an empty store of one kind."""
Opened = Callable[[datetime | None], AbstractContextManager[Store]]
"""Opens one store of one kind, as of now (None) or as it was known at a moment."""
NOW = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)
SEAL = Seal(bytes(range(32)))
GROUND = "2026-11-01 rulebook"
_BLOCK = 128


def day(text: str | None) -> int | None:
    return None if text is None else (date.fromisoformat(text) - date(1970, 1, 1)).days


@dataclass
class Party:
    """One mention of a row: role, kind, name, (type, value) of full identifiers and of traits."""

    role: str
    kind: str
    name: str
    identifiers: Sequence[tuple[str, str]] = ()
    status: str = "valid"
    traits: Sequence[tuple[str, str]] = ()


@dataclass
class Row:
    """One row: its text makes its record id, its key what it is about."""

    text: str
    parties: Sequence[Party]
    key: str | None = None
    version: str | None = None
    relations: Sequence[tuple[str, int, int, str | None, str | None]] = ()
    listing: dict[str, Any] | None = None
    events: Sequence[tuple[str, str | None, str, str]] = ()
    number: int = 0
    refused: str | None = None
    mends: str | None = None
    bid: tuple[str, str] | None = None
    opened: str | None = None
    series: str | None = None
    whole: str | None = None


def write(
    store: Store,
    source: str,
    rows: Sequence[Row],
    *,
    file: str = "file.csv",
    data_date: str | None = None,
    delivery: str = "incremental",
    at: datetime = NOW,
    seal: Seal = SEAL,
) -> Counts:
    """Load rows as one batch and return its counts; the content decides the batch's uid."""
    content = json.dumps([row.text for row in rows])
    heading = BatchHeading(
        uid=digest(source.encode(), file.encode(), content.encode()).hex()[:16],
        source=source,
        file=file,
        file_digest=content,
        delivery=delivery,
        register=source.startswith("register"),
        loaded_at=at,
    )
    with store.evidence.open_batch(heading) as batch:
        if batch.known is not None:
            return batch.known.counts
        batch.sheet(SheetHeading(0, "", ("name", "code")))
        counts = batch.write(prepared(source, rows, batch.first_key, seal))
        batch.finish(None if data_date is None else date.fromisoformat(data_date))
    return counts


def prepared(source: str, rows: Sequence[Row], first_key: int, seal: Seal = SEAL) -> Rows:
    """Return rows as the loader would hand them over."""
    made = Rows(read=len(rows))
    documents = [
        json.dumps({"cells": {"text": row.text}}).encode() if row.refused is None else b"null"
        for row in rows
    ]
    for start in range(0, len(documents), _BLOCK):
        block = seal.seal_block(documents[start : start + _BLOCK])
        made.blocks.append((first_key + start, block))
    for offset, row in enumerate(rows):
        key, number = first_key + offset, row.number or offset + 2
        if row.refused is not None:
            cells = seal.seal(json.dumps([row.text]).encode())
            made.refusals.append((number, row.refused, "{}", cells))
            continue
        natural = digest(source.encode(), row.key.encode()) if row.key is not None else None
        record = digest(source.encode(), row.text.encode())
        made.records.append((key, record, natural, day(row.version)))
        made.sightings.append((number, key))
        _statements(made, key, row, seal)
        if row.mends is not None:
            made.mended.append((row.mends, key))
    return made


def _statements(made: Rows, key: int, row: Row, seal: Seal) -> None:
    for place, party in enumerate(row.parties):
        mention = key * PLACES + place
        made.mentions.append((mention, party.role, 0, party.kind, party.name))
        made.traits.extend((mention, kind, value) for kind, value in party.traits)
        for position, (kind, value) in enumerate(party.identifiers):
            made.identifiers.append(
                (mention, position, kind, party.status, value, seal.key_of(kind, value), None)
            )
    for position, (kind, source, target, since, until) in enumerate(row.relations):
        ends = (key * PLACES + source, key * PLACES + target)
        made.relations.append((key, position, kind, *ends, day(since), day(until), None))
    if row.listing is not None:
        told = row.listing
        authority, number = told.get("authority", ""), told.get("number", "")
        named = json.dumps([key * PLACES + place for place in told.get("named", ())])
        made.listings.append(
            (
                key,
                told["kind"],
                key * PLACES,
                authority,
                number,
                case_key(authority, number),
                day(told.get("violated")),
                day(told.get("decided")),
                day(told.get("since")),
                day(told.get("until")),
                None,
                None,
                named,
                json.dumps(_facts(told.get("facts", {}), key)),
                json.dumps([[status, day(on)] for status, on in told.get("events", ())]),
            )
        )
    for position, (status, happened, authority, number) in enumerate(row.events):
        made.case_events.append(
            (
                key,
                position,
                status,
                day(happened),
                key * PLACES,
                authority,
                number,
                case_key(authority, number),
            )
        )
    if row.bid is not None:
        made.bids.append((key, *row.bid, day(row.opened), key * PLACES))
    if row.series is not None:
        made.series.append((key, digest(b"series", row.series.encode())))
    if row.whole is not None:
        made.wholes.append((key, digest(b"whole", row.whole.encode())))


def _facts(told: dict[str, Any], key: int) -> dict[str, Any]:
    """Return facts with the places of a party fact's mentions as their keys."""
    return {
        name: [key * PLACES + place for place in value] if isinstance(value, list) else value
        for name, value in told.items()
    }


ROWS_OF_ONE = (Row("one", [Party("subject", "enterprise", "某某厂")]),)
