"""All of a Neo4j store as plain rows, and plain rows as a Neo4j store.

Taking over spans many transactions. Until the last, a mark in the database keeps every other
program from opening it; a copy that was stopped is removed before the next begins.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from graph.errors import StoreError
from graph.lookup import name_key
from graph.ports import PLACES
from graph.store.neo4j_.apply import label_of
from graph.store.neo4j_.batch import KEYS_PER_BATCH
from graph.store.neo4j_.database import Database
from graph.store.neo4j_.findings import finding_row
from graph.store.neo4j_.picture import redraw
from graph.store.neo4j_.values import (
    date_of,
    day_number,
    hexadecimal,
    identifier_lists,
    value_of,
)
from graph.store.neo4j_.view import look
from graph.transfer import Row

__all__ = ["Neo4jTransfer"]

_PAGE: Final = 5_000
_WHOLE: Final = (
    *("sources", "batches", "sheets", "batch_wholes", "judgements", "judged", "answered"),
    *("reviews", "findings", "changes", "affected"),
)
_BY_TEXT: Final = (
    *("records", "sightings", "case_events", "series", "wholes", "refusals"),
    *("subjects", "keys", "described", "traces", "meetings"),
)
_NAMED: Final = {"judged": "judged_pairs", "answered": "judged_pairs", "affected": "affected"}


class Neo4jTransfer:
    """The `Transfer` port."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def empty(self) -> bool:
        """Return whether the store holds nothing, or nothing but a copy that was stopped."""
        return self._db.scalar("copying") or not self._db.rows("holds_batches")

    @contextmanager
    def handing_over(self) -> Iterator[None]:
        """Keep resolve and propagate out while the store is dumped; evidence never changes."""
        with self._db.hold():
            yield

    @contextmanager
    def taking_over(self) -> Iterator[None]:
        """Take in, some thousands of rows in a transaction, under a mark until the end."""
        with self._db.hold():
            if not self._db.write(lambda work: work.rows("start_copying")):
                # Somebody began to load a file since it was asked.
                raise StoreError("E531", where=self._db.server.uri)
            while self._db.write(lambda work: work.scalar("clear", most=_PAGE)):
                pass
            yield
            self._db.run("count_copied", span=KEYS_PER_BATCH * PLACES)
            redraw(self._db, look(self._db), None)
            self._db.run("end_copying")

    def dump(self, part: str) -> Iterator[list[Row]]:
        """Yield blocks of a part's rows."""
        if part == "state":
            yield [row[: len(_STATE)] for row in self._db.rows("state")]
            return
        form = _DUMPED.get(part, _same)
        for rows in self._pages(part):
            found = rows if part != "answered" else _answered(rows)
            block = [kept for row in found if (kept := form(row)) is not None]
            if block:
                yield block

    def restore(self, part: str, rows: Sequence[Row]) -> None:
        """Take in a block of a part's rows."""
        if part == "state":
            self._db.run("restore_state", **dict(zip(_STATE, rows[0], strict=True)))
            return
        statement = _PUT.get(part, f"restore_{part}")
        form = _RESTORED.get(part, list)
        self._db.run(statement, rows=[form(row) for row in rows])

    def _pages(self, part: str) -> Iterator[list[Row]]:
        if part == "waiting":
            yield self._db.rows("dump_waiting", **look(self._db).since)
            return
        if part in _WHOLE:
            yield self._db.rows(_NAMED.get(part, f"dump_{part}"))
            return
        after: Any = "" if part in _BY_TEXT else -1
        while rows := self._db.rows(f"dump_{part}", after=after, most=_PAGE):
            after = max(row[0] for row in rows)
            yield rows


def _same(row: Row) -> Row:
    return row


def _answered(pairs: list[Row]) -> Iterator[Row]:
    """Yield the questions each judged pair answers."""
    for number, one, other, *_, reasons, types, keys in pairs:
        for question in zip(reasons, types, keys, strict=True):
            yield number, one, other, *question


def _if_any(row: Row) -> Row | None:
    """Return a row whose second cell is there: of some subjects nothing is to tell."""
    return None if row[1] is None else row


def _digest(text: str | None) -> bytes | None:
    return None if text is None else bytes.fromhex(text)


def _mention(row: Row) -> Row | None:
    if not row[11]:
        return None
    found = [
        (kind, status, value_of(value), bytes.fromhex(key), repairs or None)
        for kind, status, value, key, repairs in zip(*row[6:11], strict=True)
    ]
    return (row[0], _digest(row[1]), *row[2:6], found)


def _relation(row: Row) -> Row | None:
    giver, record, position, kind, taker, since, until, share = row
    if position is None:
        return None
    return record, position, kind, giver, taker, day_number(since), day_number(until), share


_DUMPED: Final[dict[str, Callable[[Row], Row | None]]] = {
    "batches": lambda row: (*row[:5], day_number(row[5]), *row[6:]),
    "sheets": lambda row: (*row[:3], tuple(row[3])),
    "records": lambda row: (
        (_digest(row[0]), *row[1:3], _digest(row[3]), day_number(row[4])) if row[5] else None
    ),
    "cells": lambda row: (row[0], bytes(row[1])),
    "sightings": lambda row: None if row[2] is None else (_digest(row[0]), *row[1:]),
    "mentions": _mention,
    "traits": lambda row: row[:4] if row[4] and any(row[1:4]) else None,
    "relations": _relation,
    "listings": lambda row: (
        (
            *(row[0], _digest(row[1]), *row[2:6], _digest(row[6])),
            *(*map(day_number, row[7:11]), *row[11:16]),
        )
        if row[16]
        else None
    ),
    "case_events": lambda row: (
        (row[1], _digest(row[2]), *row[3:5], day_number(row[5]), *row[6:9], _digest(row[9]))
        if row[10]
        else None
    ),
    "bids": lambda row: (
        (row[0], _digest(row[1]), *row[2:4], day_number(row[4]), row[5]) if row[6] else None
    ),
    "refusals": lambda row: (*row[1:6], bytes(row[6]), _digest(row[7])) if row[8] else None,
    "keys": lambda row: None if row[1] is None else (row[0], _digest(row[1]), *row[2:]),
    "series": lambda row: None if row[2] is None else (_digest(row[0]), row[1], _digest(row[2])),
    "wholes": lambda row: None if row[2] is None else (_digest(row[0]), row[1], _digest(row[2])),
    "batch_wholes": lambda row: (row[0], _digest(row[1])),
    "memberships": _if_any,
    "past": _if_any,
    "described": _if_any,
    "meetings": _if_any,
    "traces": lambda row: None if row[1] is None else (row[0], _digest(row[1])),
    "judgements": lambda row: (*row[:8], bytes(row[8]), *row[9:]),
    "judged": lambda row: row[:3],
    "answered": lambda row: (*row[:5], _digest(row[5])),
    "reviews": lambda row: (*row[:4], _digest(row[4]), *row[5:]),
    "waiting": lambda row: (_digest(row[0]), row[1]),
}


_RESTORED: Final[dict[str, Callable[[Row], list[Any]]]] = {
    "batches": lambda row: [*row[:5], date_of(row[5]), *row[6:]],
    "sheets": lambda row: [*row[:3], list(row[3])],
    "records": lambda row: [row[0].hex(), *row[1:3], hexadecimal(row[3]), date_of(row[4])],
    "sightings": lambda row: [row[0].hex(), *row[1:]],
    "mentions": lambda row: [
        *(row[1].hex(), row[0], *row[2:6], name_key(row[5])),
        *identifier_lists(row[6]),
    ],
    "relations": lambda row: [*row[1:5], date_of(row[5]), date_of(row[6]), row[7]],
    "listings": lambda row: [
        *(row[1].hex(), row[0], *row[2:6], hexadecimal(row[6])),
        *(*map(date_of, row[7:11]), *row[11:]),
    ],
    "case_events": lambda row: [
        *(row[1].hex(), row[0], *row[2:4], date_of(row[4]), *row[5:8]),
        hexadecimal(row[8]),
    ],
    "bids": lambda row: [row[1].hex(), row[0], *row[2:4], date_of(row[4]), row[5]],
    "refusals": lambda row: [*row[:6], hexadecimal(row[6])],
    "subjects": lambda row: [*row, [] if row[5] else [label_of(row[1])]],
    "keys": lambda row: [row[0], row[1].hex(), *row[2:]],
    "series": lambda row: [row[0].hex(), row[1], row[2].hex()],
    "wholes": lambda row: [row[0].hex(), row[1], row[2].hex()],
    "batch_wholes": lambda row: [row[0], row[1].hex()],
    "traces": lambda row: [row[0], row[1].hex()],
    "answered": lambda row: [*row[:5], row[5].hex()],
    "reviews": lambda row: [*row[:4], row[4].hex(), *row[5:]],
    "waiting": lambda row: [row[0].hex()],
    "findings": lambda row: [*finding_row(row[0], row[1]), *row[2:]],
}
_PUT: Final = {
    name: f"put_{name}" for name in ("mentions", "relations", "listings", "case_events", "bids")
} | {name: f"put_{name}" for name in ("cells", "traits", "traces", "meetings")}
_STATE: Final = ("resolved_at", "propagated_at", "ground", "everyone", "changed")
