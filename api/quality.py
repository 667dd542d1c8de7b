"""The quality report: each feed with its volume, refusals, timeliness and identifier health."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from api.check import is_stale
from graph.ports import Overview
from loaders.manifest import Manifest

__all__ = ["quality_rows"]


def quality_rows(
    overview: Overview, manifests: Sequence[Manifest], today: date
) -> list[dict[str, Any]]:
    """Return one row per source that has batches, as `quality --json` tells them."""
    known = {manifest.source: manifest for manifest in manifests}
    return [_row(row, known.get(row["source"]), today) for row in overview.quality()]


def _row(row: Mapping[str, Any], manifest: Manifest | None, today: date) -> dict[str, Any]:
    total, full = _health(row["identifiers"])
    return {
        **row,
        "department": {} if manifest is None else dict(manifest.department),
        "stale": manifest is None or is_stale(row["data_date"], manifest, today),
        "full_identifiers": None if total == 0 else round(full / total, 4),
    }


def _health(identifiers: Mapping[str, Mapping[str, int]]) -> tuple[int, int]:
    total = sum(sum(statuses.values()) for statuses in identifiers.values())
    full = sum(
        statuses.get("valid", 0) + statuses.get("repaired", 0) for statuses in identifiers.values()
    )
    return total, full
