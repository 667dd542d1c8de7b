"""Bidders of one lot who may not both take part."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from graph.model import Bid
from graph.network import Network
from graph.sanctions.clock import Clock, Period, in_force
from graph.sanctions.drafts import Draft, best
from graph.sanctions.reach import known
from graph.sanctions.rule import Basis, Rule
from graph.sanctions.walk import Arrival, walk

__all__ = ["tied"]


@dataclass(frozen=True, slots=True)
class _Opening:
    """The bidders of one lot opened together; ties are judged on that day.

    Attributes:
        day: None when no bid of the lot tells it.
        bidders: Node -> whether some bid tells it by more than a name.
    """

    scope: str
    day: date | None
    as_of: date
    bidders: dict[int, bool] = field(default_factory=dict)

    @property
    def clock(self) -> Clock:
        """The clock of a status rule on the day of the opening, else on the day asked about."""
        return Clock(as_of=self.as_of if self.day is None else self.day)

    @property
    def over(self) -> bool:
        """Tell whether the bids were opened before the day asked about."""
        return self.day is not None and self.day < self.as_of

    @property
    def period(self) -> Period:
        """When the finding applies: the bar to its opening, the fact to look at after it."""
        if self.day is None:
            return Period(None, None)
        after = self.day + timedelta(days=1)
        return Period(after, None) if self.over else Period(None, after)


def tied(
    rule: Rule, network: Network, bids: Iterable[Bid], as_of: date
) -> Iterator[tuple[Draft, tuple[Basis, ...]]]:
    """Yield a draft for each bidder and each other bidder it is tied to, lot by lot.

    A bidder's path leads to the other one; its scope names project and lot. Ties and law are
    those of the day the bids are opened. Joint bidding is barred until then; afterwards there
    is nothing left to bar, and the tie is a fact to look at in that project.

    Cost: per bidder, the ties its rule's steps walk; independent of the number of bidders.
    """
    for opening in _openings(network, bids, as_of):
        bases = in_force(rule, opening.clock)
        for bidder in opening.bidders if bases else ():
            for other, found in _ties(rule, network, bidder, opening).items():
                through = tuple(_draft(rule, bidder, other, arrival, opening) for arrival in found)
                for draft in best(network, through):
                    yield draft, bases


def _openings(network: Network, bids: Iterable[Bid], as_of: date) -> Iterator[_Opening]:
    """Yield the openings of each lot; a bid that tells no day may belong to any of them."""
    lots: dict[tuple[str, str], list[Bid]] = defaultdict(list)
    for bid in bids:
        lots[bid.project, bid.lot].append(bid)
    for (project, lot), own in lots.items():
        days: set[date | None] = {bid.opened for bid in own if bid.opened is not None}
        for day in days or {None}:
            opening = _Opening(f"{project}/{lot}" if lot else project, day, as_of)
            for bid in own:
                if bid.opened in (day, None):
                    bidder = known(network, bid.bidder, project)
                    opening.bidders[bidder] = opening.bidders.get(bidder, False) or bid.sure
            yield opening


def _ties(rule: Rule, network: Network, bidder: int, opening: _Opening) -> dict[int, list[Arrival]]:
    ties: dict[int, list[Arrival]] = defaultdict(list)
    for reach in rule.reach:
        for arrival in walk(network, Arrival(bidder), reach.steps, opening.clock):
            if arrival.node in opening.bidders and arrival.node != bidder:
                ties[arrival.node].append(arrival)
    return ties


def _draft(rule: Rule, bidder: int, other: int, arrival: Arrival, opening: _Opening) -> Draft:
    assert rule.effect is not None  # noqa: S101 - the reader gives every positive rule one
    kind = rule.effect.kind
    if kind == "restriction" and arrival.missing:
        kind = "conditional"
    return Draft(
        rule=rule,
        node=bidder,
        kind="attention" if opening.over else kind,
        measure=rule.effect.measure,
        scope=opening.scope,
        through=(other,),
        path=arrival.path,
        missing=arrival.missing,
        period=opening.period,
        sure=opening.bidders[bidder] and opening.bidders[other],
    )
