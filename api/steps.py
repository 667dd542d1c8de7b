"""The flow: load, resolve, propagate. Each step is one call, idempotent and restartable."""

from datetime import date, datetime

import pyarrow as pa

from api.workers import prepared_elsewhere
from graph.ports import Changes, Partition, Resolution, Store
from graph.sanctions.inquiry import assess_affected, assess_all
from graph.sanctions.rulebook import Rulebook
from graph.secrecy import Seal
from loaders.load import Loader
from loaders.manifest import Manifest

__all__ = [
    "ground_of",
    "loader_of",
    "partition_of",
    "propagate_store",
    "refresh_store",
    "resolve_store",
    "stale_steps",
    "touched",
]


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
        keys = None if full else touched(work)
        return work.apply(partition_of(work, keys, work.judgements(keys)), keys, now)


def touched(work: Resolution) -> pa.Array:
    """Return keys of all mentions that waiting records may move."""
    # Imported here, as below: the grammar of names would slow down every other command.
    from resolvers.ties import full_names

    return work.touched_mentions(full_names(work.waiting_mentions()))


def partition_of(work: Resolution, keys: pa.Array | None, judgements: pa.Table) -> Partition:
    """Return who is the same as whom among mentions, were these the judgements in force."""
    from resolvers.pipeline import Given, resolve

    found = resolve(
        Given(
            mentions=work.mentions(keys),
            identifiers=work.identifiers(keys),
            judgements=judgements,
            posts=work.posts(keys),
            incomplete=work.incomplete(keys),
            read=work.shown,
        )
    )
    return Partition(found.memberships, found.subjects, found.keys, found.traces, found.reviews)


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
