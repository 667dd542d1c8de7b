"""Batches by id, and as answers show them."""

from typing import Any

from graph.ports import BatchInfo, Evidence

__all__ = ["batch_body", "batch_of"]


def batch_of(evidence: Evidence, uid: str) -> BatchInfo | None:
    """Return the batch of an id, withdrawn or not, None if there is none."""
    return next((batch for batch in evidence.batches() if batch.uid == uid), None)


def batch_body(batch: BatchInfo) -> dict[str, Any]:
    """Return what is known of a batch; days and moments in ISO form."""
    counts = batch.counts
    return {
        "batch": batch.uid,
        "source": batch.source,
        "file": batch.file,
        "data_date": None if batch.data_date is None else batch.data_date.isoformat(),
        "loaded_at": batch.loaded_at.isoformat(),
        "withdrawn_at": None if batch.withdrawn_at is None else batch.withdrawn_at.isoformat(),
        "read": counts.read,
        "accepted": counts.accepted,
        "refused": counts.refused,
        "repeated": counts.repeated,
        "mended": counts.mended,
    }
