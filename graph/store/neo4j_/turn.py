"""Waiting for another process that changes what is derived, and saying so."""

from collections.abc import Callable
from typing import Final

from graph.errors import StoreError

__all__ = ["wait_for_turn"]

_SILENCE: Final = 2.0
"""Seconds to wait before saying so."""
_LEAST: Final = 1.0


def wait_for_turn(
    probe: Callable[[float], None], patience: float, on_wait: Callable[[], None] | None
) -> None:
    """Return once the lock is free.

    Args:
        probe: Takes the lock and lets go of it, in so many seconds at most.
        patience: Seconds to wait in all.
        on_wait: Called when it takes longer than a moment.

    Raises:
        StoreError: E503, somebody else holds it for longer.
    """
    if on_wait is not None and patience > _SILENCE:
        try:
            probe(_SILENCE)
        except StoreError as error:
            if error.code != "E503":
                raise
            on_wait()
        else:
            return
    probe(max(patience, _LEAST))
