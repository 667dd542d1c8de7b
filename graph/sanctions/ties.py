"""Bidders of one lot who may not both take part."""

from collections import defaultdict
from collections.abc import Iterable

from graph.model import Bid
from graph.network import Network
from graph.sanctions.clock import Clock, Period
from graph.sanctions.drafts import Draft, best
from graph.sanctions.reach import known
from graph.sanctions.rule import Rule
from graph.sanctions.walk import Arrival, walk

__all__ = ["tied"]


def tied(rule: Rule, network: Network, bids: Iterable[Bid], clock: Clock) -> list[Draft]:
    """Return a draft for each bidder and each other bidder it is tied to, lot by lot.

    A bidder's path leads to the other one; its scope names project and lot.

    Cost: per bidder, the ties its rule's steps walk; independent of the number of bidders.
    """
    lots: dict[tuple[str, str], set[int]] = defaultdict(set)
    for bid in bids:
        lots[bid.project, bid.lot].add(known(network, bid.bidder, bid.project))
    drafts: list[Draft] = []
    for (project, lot), bidders in lots.items():
        scope = f"{project}/{lot}" if lot else project
        for bidder in bidders:
            for other, found in _ties(rule, network, bidder, bidders, clock).items():
                through = tuple(_draft(rule, bidder, other, arrival, scope) for arrival in found)
                drafts += best(network, through)
    return drafts


def _ties(
    rule: Rule, network: Network, bidder: int, bidders: set[int], clock: Clock
) -> dict[int, list[Arrival]]:
    ties: dict[int, list[Arrival]] = defaultdict(list)
    for reach in rule.reach:
        for arrival in walk(network, Arrival(bidder), reach.steps, clock):
            if arrival.node in bidders and arrival.node != bidder:
                ties[arrival.node].append(arrival)
    return ties


def _draft(rule: Rule, bidder: int, other: int, arrival: Arrival, scope: str) -> Draft:
    assert rule.effect is not None  # noqa: S101 - the reader gives every positive rule one
    bars = rule.effect.kind == "restriction"
    return Draft(
        rule=rule,
        node=bidder,
        kind="conditional" if arrival.missing and bars else rule.effect.kind,
        measure=rule.effect.measure,
        scope=scope,
        through=(other,),
        path=arrival.path,
        missing=arrival.missing,
        period=Period(None, None),  # a lot has no dates of its own
    )
