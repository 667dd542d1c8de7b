"""A listing put together from its row and the events told about its decision."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from graph.model import Listing, ListingEvent, RecordId, SubjectId

__all__ = ["day_of", "listing_of", "mentions_in", "same_party"]

_EPOCH: Final = date(1970, 1, 1)


class _Row(NamedTuple):
    """The columns of a listing's query, in its order."""

    record: int
    digest: bytes
    natural: bytes | None
    kind: str
    uid: str
    authority: str
    number: str
    case: bytes | None
    violated: int | None
    decided: int | None
    since: int | None
    until: int | None
    scope: str | None
    named: str | None
    facts: str | None
    events: str | None
    name: str


def listing_of(
    columns: tuple[Any, ...], events: Iterable[tuple[Any, ...]], named: Mapping[int, SubjectId]
) -> Listing:
    """Return a listing with its own events and those told elsewhere about its party.

    Args:
        events: Rows of the events query that speak of the same decision.
        named: Mention -> subject.
    """
    row = _Row(*columns)
    own = [
        ListingEvent(status, day_of(day), RecordId(row.digest.hex()))
        for status, day in json.loads(row.events or "[]")
    ]
    told = [
        ListingEvent(event[1], day_of(event[2]), RecordId(event[3].hex()))
        for event in events
        if same_party(event[4], event[5], row.uid, row.name)
    ]
    ordered = sorted(own + told, key=lambda event: event.on or date.min)
    return Listing(
        id="l-" + (row.natural or row.digest).hex()[:24],
        subject=SubjectId(row.uid),
        kind=row.kind,
        authority=row.authority,
        decision_number=row.number,
        violation_date=day_of(row.violated),
        decision_date=day_of(row.decided),
        since=day_of(row.since),
        until=day_of(row.until),
        scope=row.scope,
        named=_subjects(json.loads(row.named or "[]"), named),
        facts=_facts(row.facts, named),
        events=tuple(ordered),
        records=tuple(dict.fromkeys(RecordId(r) for r in _records(row.digest, ordered))),
    )


def _facts(told: str | None, named: Mapping[int, SubjectId]) -> dict[str, Any]:
    """Return facts with mentions replaced by their subjects."""
    facts: dict[str, Any] = json.loads(told or "{}")
    return {
        name: list(_subjects(value, named)) if isinstance(value, list) else value
        for name, value in facts.items()
    }


def _subjects(mentions: list[int], named: Mapping[int, SubjectId]) -> tuple[SubjectId, ...]:
    return tuple(sorted({named[mention] for mention in mentions if mention in named}))


def _records(digest: bytes, events: Iterable[ListingEvent]) -> Iterator[str]:
    yield digest.hex()
    for event in events:
        if event.record is not None:
            yield event.record


def mentions_in(named: str | None, facts: str | None) -> Iterator[int]:
    """Yield the mentions a listing's JSON columns speak of."""
    yield from json.loads(named or "[]")
    for value in json.loads(facts or "{}").values():
        if isinstance(value, list):
            yield from value


def same_party(event_uid: str | None, event_name: str, uid: str | None, name: str) -> bool:
    """Return whether a decision's event is about this party: the same subject or the same name.

    An event row without a party's name speaks of the decision, so of everyone in it.
    """
    same = event_uid is not None and event_uid == uid
    return not event_name or same or event_name == name


def day_of(value: int | None) -> date | None:
    """Return the date of a stored day."""
    return None if value is None else _EPOCH + timedelta(days=int(value))
