"""The flow: load, resolve, propagate. Each step is one call, idempotent and restartable."""

from datetime import date, datetime
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from api.workers import prepared_elsewhere
from graph.ports import Changes, Partition, Resolution
from graph.sanctions.inquiry import assess_affected, assess_all
from graph.sanctions.rulebook import Rulebook
from graph.secrecy import Seal
from graph.store.sqlite import SqliteStore
from loaders.load import Loader
from loaders.manifest import Manifest

if TYPE_CHECKING:
    from resolvers.given import Given

__all__ = [
    "loader_of",
    "partition_of",
    "propagate_store",
    "refresh_store",
    "resolve_store",
    "stale_steps",
    "touched",
]


def loader_of(
    store: SqliteStore,
    manifests: tuple[Manifest, ...],
    seal: Seal,
    now: datetime,
) -> Loader:
    """Return a loader that prepares large files in a second process."""
    return Loader(store.evidence, manifests, seal, now, prepared_elsewhere)


def resolve_store(store: SqliteStore, now: datetime, *, full: bool) -> Changes:
    """Bring the partition up to date with the evidence.

    Incremental by default: only subjects connected with what changed, by identifiers or
    judgements, are looked at again, which gives the same partition as looking at everything.
    """
    work = store.resolution
    with work.transaction():
        if not full and not work.waiting():
            return Changes()
        keys = None if full else touched(work)
        return work.apply(partition_of(work, keys, work.judgements(keys)), keys, now)


def touched(work: Resolution) -> pa.Array:
    """Return keys of all mentions that waiting records may move."""
    # Imported here, as below: the grammar of names would slow down every other command.
    from resolvers.ties import full_names

    traces = full_names(work.waiting_mentions())
    keys = work.touched_mentions(traces, pa.array([], pa.int64()))
    near = _near(work, keys)
    return work.touched_mentions(traces, near) if len(near) else keys


def _near(work: Resolution, keys: pa.Array) -> pa.Array:
    """Return mentions elsewhere that are like bodies among those touched."""
    from resolvers.given import prepare
    from resolvers.reach import Elsewhere, keys_asked, like_these

    given = _given(work, keys, work.judgements(keys))
    if not given.mentions.num_rows:
        return keys[:0]
    ready = prepare(given)
    of_known, of_others = keys_asked(ready)
    anybody = work.meeting(of_others, known=True)
    known = anybody.filter(pc.invert(pc.is_in(anybody, work.meeting(of_others, known=False))))
    found = pc.unique(pa.concat_arrays([anybody, work.meeting(of_known, known=False)]))
    outside = found.filter(pc.invert(pc.is_in(found, keys)))
    if not len(outside):
        return outside
    return like_these(ready, Elsewhere(work.mentions(outside), work.traits(outside), known))


def _given(work: Resolution, keys: pa.Array | None, judgements: pa.Table) -> "Given":
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
    from resolvers.pipeline import resolve

    found = resolve(_given(work, keys, judgements))
    return Partition(
        memberships=found.memberships,
        subjects=found.subjects,
        keys=found.keys,
        traces=found.traces,
        meetings=found.meetings,
        reviews=found.reviews,
    )


def propagate_store(store: SqliteStore, rulebook: Rulebook, as_of: date, now: datetime) -> Changes:
    """Bring the findings up to date with the evidence, in one transaction.

    Incremental where the current findings are of the same day and rulebook: only those whom a
    change may concern are looked at again, which gives the same findings as looking at everyone.
    """
    ground = _ground(rulebook, as_of)
    with store.resolution.transaction():
        waiting = store.findings.waiting(ground)
        own = None
        if waiting is not None:
            own = assess_affected(store.facts, rulebook, waiting, as_of)
        outcome, scope = own or (assess_all(store.facts, rulebook, as_of), None)
        bodies = {each.id: each.body() for each in outcome.findings}
        return store.findings.replace(bodies, now, ground, scope)


def refresh_store(store: SqliteStore, rulebook: Rulebook, as_of: date, now: datetime) -> Changes:
    """Resolve what changed, and let the findings follow in the same transaction.

    Findings of another day or rulebook, or none yet, wait for `propagate_store`.
    """
    with store.resolution.transaction():
        changes = resolve_store(store, now, full=False)
        if store.findings.waiting(_ground(rulebook, as_of)) is not None:
            propagate_store(store, rulebook, as_of, now)
        return changes


def stale_steps(store: SqliteStore, rulebook: Rulebook, today: date) -> list[str]:
    """Return the steps that wait to be run; findings of another day or rulebook wait, too."""
    steps = store.overview.stale()
    asked_before = store.overview.status()["propagated_at"] is not None
    if asked_before and store.findings.waiting(_ground(rulebook, today)) is None:
        steps = [*(step for step in steps if step != "propagate"), "propagate"]
    return steps


def _ground(rulebook: Rulebook, as_of: date) -> str:
    return f"{as_of.isoformat()} {rulebook.digest}"
