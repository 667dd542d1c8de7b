"""The flow: load, resolve, propagate. Each step is one call, idempotent and restartable."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

from api.workers import prepared_elsewhere
from graph.model import SubjectId
from graph.ports import Changes, Partition, Resolution, Store
from graph.sanctions.inquiry import assess_affected, assess_all
from graph.sanctions.rulebook import Rulebook
from graph.secrecy import Seal
from loaders.load import Loader
from loaders.manifest import Manifest

if TYPE_CHECKING:
    from resolvers.given import Given, Prepared

__all__ = [
    "given_of",
    "ground_of",
    "kept_together",
    "loader_of",
    "partition_of",
    "propagate_store",
    "refresh_store",
    "resolve_store",
    "stale_steps",
    "touched",
]


_TRIES: Final = 3
"""How often to let follow what others load meanwhile."""


def loader_of(
    store: Store,
    manifests: tuple[Manifest, ...],
    seal: Seal,
    now: datetime,
) -> Loader:
    """Return a loader that prepares large files in a second process."""
    return Loader(store.evidence, manifests, seal, now, prepared_elsewhere)


def resolve_store(store: Store, now: datetime, *, full: bool) -> Changes:
    """Bring the partition up to date with the evidence.

    Incremental by default: only subjects connected with what changed, by identifiers or
    judgements, are looked at again, which gives the same partition as looking at everything.
    """
    work = store.resolution
    with work.transaction():
        if not full and not work.waiting():
            return Changes()
        keys, ready = (None, None) if full else _touched(work)
        found = _partition(*(ready or (given_of(work, keys, work.judgements(keys)), None)))
        return work.apply(found, keys, now)


def touched(work: Resolution) -> pa.Array:
    """Return keys of all mentions that waiting records may move."""
    return _touched(work)[0]


def _touched(work: Resolution) -> "tuple[pa.Array, tuple[Given, Prepared] | None]":
    """Return the mentions touched, and what is known of them already."""
    # Imported here, as below: the grammar of names would slow down every other command.
    from resolvers.given import prepare
    from resolvers.ties import full_names

    keys = work.touched_mentions(full_names(work.waiting_mentions()))
    given = given_of(work, keys, work.judgements(keys))
    if not given.mentions.num_rows:
        return keys, None
    ready = prepare(given)
    more = _near(work, keys, ready)
    while len(more) or len(more := _hinging(work, keys, ready)):
        keys, more = work.connected_mentions(pa.concat_arrays([keys, more])), more[:0]
        given = given_of(work, keys, work.judgements(keys))
        ready = prepare(given)
    return keys, (given, ready)


def _hinging(work: Resolution, keys: pa.Array, ready: "Prepared") -> pa.Array:
    """Return mentions elsewhere on which hinges who is one among those touched."""
    found = work.members([SubjectId(uid) for uid in sorted(ready.hinges.elsewhere)])
    return found.filter(pc.invert(pc.is_in(found, keys)))


def _near(work: Resolution, keys: pa.Array, ready: "Prepared") -> pa.Array:
    """Return mentions elsewhere that are like bodies among those touched."""
    from resolvers.reach import Elsewhere, keys_asked, like_these

    of_known, of_others = keys_asked(ready)
    anybody = work.meeting(of_others, known=True)
    known = anybody.filter(pc.invert(pc.is_in(anybody, work.meeting(of_others, known=False))))
    found = pc.unique(pa.concat_arrays([anybody, work.meeting(of_known, known=False)]))
    outside = found.filter(pc.invert(pc.is_in(found, keys)))
    if not len(outside):
        return outside
    return like_these(ready, Elsewhere(work.mentions(outside), work.traits(outside), known))


def given_of(work: Resolution, keys: pa.Array | None, judgements: pa.Table) -> "Given":
    """Return what is known of mentions, were these the judgements in force."""
    from resolvers.given import Given

    return Given(
        mentions=work.mentions(keys),
        identifiers=work.identifiers(keys),
        judgements=judgements,
        posts=work.posts(keys),
        incomplete=work.incomplete(keys),
        traits=work.traits(keys),
        read=work.shown,
    )


def partition_of(work: Resolution, keys: pa.Array | None, judgements: pa.Table) -> Partition:
    """Return who is the same as whom among mentions, were these the judgements in force."""
    return _partition(given_of(work, keys, judgements), None)


def _partition(given: "Given", ready: "Prepared | None") -> Partition:
    from resolvers.pipeline import resolve

    return resolve(given, ready)


def propagate_store(store: Store, rulebook: Rulebook, as_of: date, now: datetime) -> Changes:
    """Bring the findings up to date with the evidence, in one transaction.

    Incremental where the current findings are of the same day and rulebook: only those whom a
    change may concern are looked at again, which gives the same findings as looking at everyone.
    """
    ground = ground_of(rulebook, as_of)
    with store.resolution.transaction():
        waiting = store.findings.waiting(ground)
        own = None
        if waiting is not None:
            own = assess_affected(store.facts, rulebook, waiting, as_of)
        outcome, scope = own or (assess_all(store.facts, rulebook, as_of), None)
        bodies = {each.id: each.body() for each in outcome.findings}
        return store.findings.replace(bodies, now, ground, scope)


def refresh_store(store: Store, rulebook: Rulebook, as_of: date, now: datetime) -> Changes:
    """Resolve what changed, and let the findings follow in the same transaction.

    Findings of another day or rulebook, or none yet, wait for `propagate_store`.
    """
    with store.resolution.transaction():
        changes = resolve_store(store, now, full=False)
        if store.findings.waiting(ground_of(rulebook, as_of)) is not None:
            propagate_store(store, rulebook, as_of, now)
        return changes


@contextmanager
def kept_together(
    store: Store, rulebook: Rulebook, as_of: date, clock: Callable[[], datetime]
) -> Iterator[None]:
    """Hold the store for a change of a few rows: all of it is kept at its end, or nothing.

    What waited before is no part of it and follows first, kept for itself: it may be more than
    a server can keep in one transaction, and more than a refused change should cost again.
    """
    for _ in range(_TRIES):
        if "resolve" not in store.overview.stale():
            break
        with store.resolution.transaction():
            refresh_store(store, rulebook, as_of, clock())
    with store.resolution.together():
        yield


def stale_steps(store: Store, rulebook: Rulebook, today: date) -> list[str]:
    """Return the steps that wait to be run; findings of another day or rulebook wait, too."""
    steps = store.overview.stale()
    asked_before = store.overview.status()["propagated_at"] is not None
    if asked_before and store.findings.waiting(ground_of(rulebook, today)) is None:
        steps = [*(step for step in steps if step != "propagate"), "propagate"]
    return steps


def ground_of(rulebook: Rulebook, as_of: date) -> str:
    """Return what findings rest on beside evidence: the day and the rulebook."""
    return f"{as_of.isoformat()} {rulebook.digest}"
