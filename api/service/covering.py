"""Which departments' data answers rest on, added up once a second instead of for every answer."""

import time
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from api.check import coverage_of
from graph.ports import Overview
from loaders.manifest import Manifest

__all__ = ["Covering"]

_KEPT_SECONDS: Final = 1.0


class Covering:
    """The coverage of answers; what waits is told by who asks.

    Every push is a batch, and adding up all batches takes longer than a check.
    """

    def __init__(self, manifests: Sequence[Manifest]) -> None:
        self._manifests = manifests
        self._rows: Sequence[Mapping[str, Any]] = ()
        self._bodies: dict[tuple[date, tuple[str, ...]], dict[str, Any]] = {}
        self._until = 0.0

    def of(self, overview: Overview, as_of: date, waiting: Sequence[str]) -> dict[str, Any]:
        """Return the coverage of an answer about a day; it is not to be changed.

        Args:
            waiting: The steps that wait to be run (`Overview.stale`).
        """
        now = time.monotonic()
        if now >= self._until:
            self._rows, self._bodies = overview.sources(), {}
            self._until = now + _KEPT_SECONDS
        rows, bodies, asked = self._rows, self._bodies, (as_of, tuple(waiting))
        if asked not in bodies:
            bodies[asked] = coverage_of(rows, waiting, self._manifests, as_of)
        return bodies[asked]
