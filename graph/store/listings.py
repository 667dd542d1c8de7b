"""A listing put together from its row and the events told about its decision."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from graph.model import Listing, ListingEvent, RecordId, SubjectId

__all__ = ["Member", "Told", "day_of", "listing_of", "mentions_in", "rivals_of", "same_party"]

_EPOCH: Final = date(1970, 1, 1)


Told = tuple[bytes, str | None]
"""A row's record digest and the events it states."""

Member = tuple[SubjectId, bool]
"""Whom a mention belongs to, and whether by more than a name."""


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
    strong: int


def listing_of(
    columns: tuple[Any, ...],
    events: Iterable[tuple[Any, ...]],
    named: Mapping[int, Member],
    rivals: Iterable[Told] | None = None,
) -> Listing:
    """Return a listing with its own events and those told elsewhere about its party.

    Args:
        events: Rows of the events query that speak of the same decision.
        named: Mentions it speaks of beside the party's.
        rivals: What this and the other current rows of the same thing tell, if there are any.
    """
    row = _Row(*columns)
    # Nothing says which of several rows is newer: what ends the listing in one ends it in all.
    own = [
        ListingEvent(status, day_of(day), RecordId(digest.hex()))
        for digest, told in (rivals or [(row.digest, row.events)])
        for status, day in json.loads(told or "[]")
    ]
    told = [
        ListingEvent(event[1], day_of(event[2]), RecordId(event[3].hex()))
        for event in events
        if same_party(event[4], event[5], row.uid, row.name)
    ]
    ordered = sorted(
        own + told, key=lambda event: (event.on or date.min, event.record or "", event.status)
    )
    return Listing(
        id="l-" + (row.digest if rivals else row.natural or row.digest).hex()[:24],
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
        weakly=_weakly(row, named),
        facts=_facts(row.facts, named),
        events=tuple(ordered),
        records=tuple(dict.fromkeys(RecordId(r) for r in _records(row.digest, ordered))),
    )


def rivals_of(rows: Iterable[tuple[bytes, bytes, str | None]]) -> dict[bytes | None, list[Told]]:
    """Return what the current rows of one thing tell, by natural key, where they are several.

    Args:
        rows: (natural key, record digest, events) of each.
    """
    found: dict[bytes | None, list[Told]] = defaultdict(list)
    for natural, digest, events in sorted(rows, key=lambda row: row[:2]):
        found[natural].append((digest, events))
    return dict(found)


def _weakly(row: _Row, named: Mapping[int, Member]) -> frozenset[SubjectId]:
    told = [named[each] for each in mentions_in(row.named, row.facts) if each in named]
    told.append((SubjectId(row.uid), bool(row.strong)))
    strong = {subject for subject, sure in told if sure}
    return frozenset(subject for subject, _ in told) - strong


def _facts(told: str | None, named: Mapping[int, Member]) -> dict[str, Any]:
    """Return facts with mentions replaced by their subjects."""
    facts: dict[str, Any] = json.loads(told or "{}")
    return {
        name: list(_subjects(value, named)) if isinstance(value, list) else value
        for name, value in facts.items()
    }


def _subjects(mentions: list[int], named: Mapping[int, Member]) -> tuple[SubjectId, ...]:
    return tuple(sorted({named[mention][0] for mention in mentions if mention in named}))


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
