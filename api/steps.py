"""The flow: load, resolve, propagate. Each step is one call, idempotent and restartable."""

from datetime import date, datetime

from api.workers import prepared_elsewhere
from graph.ports import Changes, Partition, Store
from graph.sanctions.inquiry import assess_all
from graph.sanctions.rulebook import Rulebook
from graph.secrecy import Seal
from loaders.load import Loader
from loaders.manifest import Manifest
from resolvers.pipeline import resolve

__all__ = ["loader_of", "propagate_store", "resolve_store"]


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

    Incremental by default: only subjects that share an identifier with what changed are
    looked at again, which gives the same partition as looking at everything.
    """
    work = store.resolution
    with work.transaction():
        if not full and not work.waiting():
            return Changes()
        keys = None if full else work.touched_mentions()
        found = resolve(work.mentions(keys), work.identifiers(keys))
        partition = Partition(found.memberships, found.subjects, found.keys, found.reviews)
        return work.apply(partition, keys, now)


def propagate_store(store: Store, rulebook: Rulebook, as_of: date, now: datetime) -> Changes:
    """Evaluate the rulebook on everything and make its findings the current ones."""
    outcome = assess_all(store.facts, rulebook, as_of)
    return store.findings.replace({each.id: each.body() for each in outcome.findings}, now)
