"""Walking a rule's steps through the network, keeping what each arrival still lacks."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from graph.network import Network
from graph.sanctions.clock import Clock
from graph.sanctions.rule import ReachStep
from graph.sanctions.stakes import ROUNDING, least_share

__all__ = ["Arrival", "walk"]


@dataclass(frozen=True, slots=True)
class Arrival:
    """A subject reached: the ties walked, in order, and what is missing to be sure of them."""

    node: int
    path: tuple[int, ...] = ()
    missing: tuple[str, ...] = ()


def walk(
    network: Network, start: Arrival, steps: tuple[ReachStep, ...], clock: Clock
) -> Iterator[Arrival]:
    """Yield every arrival at the end of the steps, by any path, in no particular order."""
    if not steps:
        yield start
        return
    for arrival in _hop(network, start, steps[0], clock):
        yield from walk(network, arrival, steps[1:], clock)


def _hop(network: Network, start: Arrival, step: ReachStep, clock: Clock) -> Iterator[Arrival]:
    back = step.towards == "holders"
    ties = (network.entering if back else network.leaving)(start.node, step.relations)
    day = (clock.violation if step.when == "violation_date" else None) or clock.as_of
    for index in ties:
        node = network.source(index) if back else network.target(index)
        if step.kinds and network.kind(node) not in step.kinds:
            continue
        if step.share_over is not None and not _exceeds(network, index, step.share_over, day):
            continue
        lack = clock.lacks(network, index, step.when)
        if lack is None:
            continue
        missing = start.missing if not lack or lack in start.missing else (*start.missing, lack)
        yield Arrival(node, (*start.path, index), missing)


def _exceeds(network: Network, index: int, limit: float, on: date) -> bool:
    # An unknown share never meets a threshold, nor does what contradictory filings leave open.
    share = least_share(network, index, on)
    return share is not None and share > limit + ROUNDING
