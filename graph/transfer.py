"""All a store holds as plain rows, so that another store can take it over unchanged.

Integer keys, batch numbers, digests and recorded times carry over as they are; what a store
derives for its own use (name look-up, the picture people browse) it makes anew.
"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, Final, Protocol

__all__ = ["PARTS", "Row", "Transfer", "content"]

Row = tuple[Any, ...]

PARTS: Final = (
    "sources",  # name, delivery, register
    "batches",  # number, uid, source, file, file digest, data day, loaded at, withdrawn at,
    #             read, accepted, refused, repeated, mended
    "sheets",  # batch, position, name, header (list)
    "records",  # digest, key, source, natural key, version day
    "cells",  # first key, sealed body
    "sightings",  # digest, record key, batch, sheet, row
    "mentions",  # key, record digest, role, ordinal, kind, name, identifiers: a list of
    #              (type, status, value or sealed value, key, repairs or None)
    "traits",  # mention, digest of its phone, address, day of foundation
    "relations",  # record key, position, type, source, target, since, until, share
    "listings",  # record key, record digest, then the columns of `Rows.listings` from kind on
    "case_events",  # record key, record digest, then those of `Rows.case_events` from position on
    "bids",  # record key, record digest, project, lot, opened day, bidder
    "series",  # record digest, key, digest of what successive rows are about
    "wholes",  # record digest, key, digest of what the row's full file is the whole of
    "batch_wholes",  # batch, digest of what its file is the whole of
    "refusals",  # batch, sheet, row, code, facts, sealed cells, digest of the mending record
    "subjects",  # id, kind, name, strong, recorded from, recorded to
    "keys",  # subject, key, type, disputed
    "memberships",  # mention, subject, strong, recorded from
    "past",  # mention, subject, recorded from, recorded to, strong
    "described",  # subject, kind, name, strong, recorded from, recorded to: as it was before
    "traces",  # subject, key: by what else than identifiers it may be joined
    "meetings",  # subject, key, known: where bodies that are like it would meet it
    "judgements",  # place in the ledger, uid, action, of, pending, verdict, by, at, sealed reason,
    #                task, evidence, model
    "judged",  # place in the ledger, mention, mention
    "answered",  # place in the ledger, mention, mention, reason, type, key
    "reviews",  # subject, other, reason, type, key, recorded from, recorded to
    "findings",  # id, body, recorded from, recorded to; oldest first
    "waiting",  # digest, key: records added or switched since the last resolve
    "changes",  # place in the feed, recorded at, what, finding, subject, rule, kind, suspected
    "affected",  # subjects whose findings wait to be looked at again
    "state",  # resolved at, propagated at, what the findings rest on beside evidence, whether
    #           everyone's findings wait to be looked at again, whether evidence changed since
)
"""The parts of a store, in the order in which another can take them."""


class Transfer(Protocol):
    """Handing over all of a store, and taking it in."""

    def dump(self, part: str) -> Iterator[list[Row]]:
        """Yield blocks of a part's rows: days as numbers, digests and sealed text as bytes."""
        ...

    def empty(self) -> bool:
        """Return whether the store holds nothing, or nothing but a copy that was stopped."""
        ...

    def handing_over(self) -> AbstractContextManager[None]:
        """Keep the store as it is while it is dumped."""
        ...

    def taking_over(self) -> AbstractContextManager[None]:
        """Take in within the block: read by nobody before its end, and not at all on an error.

        What a copy that was killed has left is removed first.
        """
        ...

    def restore(self, part: str, rows: Sequence[Row]) -> None:
        """Take in a block of a part's rows."""
        ...


def content(store: Transfer) -> dict[str, tuple[int, str]]:
    """Return the number of rows and a digest of each part, whatever order they come in.

    `waiting` is left out: a server store remembers what waits by batch, so it may name more.
    """
    found = {}
    for part in PARTS:
        if part == "waiting":
            continue
        count, total = 0, 0
        for block in store.dump(part):
            count += len(block)
            for row in block:
                digest = hashlib.blake2b(repr(row).encode(), digest_size=16).digest()
                total = (total + int.from_bytes(digest, "big")) % 2**128
        found[part] = (count, f"{total:032x}")
    return found
