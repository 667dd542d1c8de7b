"""A listing put together from its row and the events told about its decision."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Final

from graph.model import Listing, ListingEvent, RecordId, SubjectId

__all__ = ["day_of", "listing_of", "mentions_in", "same_party"]

_EPOCH: Final = date(1970, 1, 1)


def listing_of(
    row: tuple[Any, ...], events: Iterable[tuple[Any, ...]], named: Mapping[int, SubjectId]
) -> Listing:
    (
        _,
        digest,
        natural,
        kind,
        uid,
        authority,
        number,
        _,
        violated,
        decided,
        since,
        until,
        scope,
        named_json,
        facts_json,
        events_json,
        name,
    ) = row
    own = [
        ListingEvent(status, day_of(day), RecordId(digest.hex()))
        for status, day in json.loads(events_json or "[]")
    ]
    told = [
        ListingEvent(event[1], day_of(event[2]), RecordId(event[3].hex()))
        for event in events
        if same_party(event[4], event[5], uid, name)
    ]
    facts = json.loads(facts_json or "{}")
    for key, value in facts.items():
        if isinstance(value, list):
            facts[key] = sorted({named[mention] for mention in value if mention in named})
    ordered = sorted(own + told, key=lambda event: event.on or date.min)
    return Listing(
        id="l-" + (natural or digest).hex()[:24],
        subject=SubjectId(uid),
        kind=kind,
        authority=authority,
        decision_number=number,
        violation_date=day_of(violated),
        decision_date=day_of(decided),
        since=day_of(since),
        until=day_of(until),
        scope=scope,
        named=tuple(sorted({named[m] for m in json.loads(named_json or "[]") if m in named})),
        facts=facts,
        events=tuple(ordered),
        records=tuple(dict.fromkeys(RecordId(r) for r in _records(digest, ordered))),
    )


def _records(digest: bytes, events: Iterable[ListingEvent]) -> Iterator[str]:
    yield digest.hex()
    for event in events:
        if event.record is not None:
            yield event.record


def mentions_in(named: str | None, facts: str | None) -> Iterator[int]:
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
    return None if value is None else _EPOCH + timedelta(days=int(value))
