"""What stands between two bidders beside what a rule names: facts to look at, no more.

Two firms owned by one third, sharing an officer, or one with a small or doubtful share in the
other are barred by no article; a committee may still want to know.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations
from typing import Final

from graph.model import RELATION_TYPES, SubjectId
from graph.network import Network
from graph.sanctions.control import MORE_THAN_HALF, Ownership
from graph.sanctions.findings import Step
from graph.sanctions.reach import known
from graph.sanctions.stakes import ROUNDING, Stake, least_share
from graph.sanctions.tender import Link, Pair, link_of

__all__ = ["observed"]

_ALONE: Final = {
    "contact": "shared_contact",
    "agent": "shared_agent",
    "professional_at": "shared_staff",
    "shareholder": "common_owner",
}
_BENEATH: Final = {"branch_of": "same_parent", "shareholder": "common_investment"}
_DIRECT: Final = {
    "successor_of": "succession",
    "guarantor": "guarantee",
    "controller": "management",
    "branch_of": "management",
}
# Nothing follows from kin; shared doors are asked about as marks.
_TYPES: Final = tuple(sorted({*RELATION_TYPES} - {"relative", "shares_phone", "shares_address"}))
# A guarantor serves many; findings of control are asked of `Ownership`.
_PERSONAL: Final = frozenset(_TYPES) - _DIRECT.keys()

Ties = dict[int, dict[str, int]]  # neighbour -> type -> the tie cited


def observed(
    network: Network,
    ownership: Ownership,
    bidders: Sequence[SubjectId],
    as_of: date,
    told: Mapping[Pair, Sequence[Link]],
) -> dict[Pair, list[Link]]:
    """Return the indicators of each pair of bidders, without what the rules told already.

    Args:
        network: Holds every tie of the bidders and of who is tied to them.
        ownership: Reaches up from the bidders as far as shares are known.
        bidders: Each once; the earlier of a pair comes first.
        as_of: Day of the bid opening.
        told: What `tender.statutory` returned.
    """
    above = {each: _neighbours(network, each, as_of, above=True) for each in bidders}
    below = {each: _neighbours(network, each, as_of, above=False) for each in bidders}
    control = _controllers(ownership)
    links: dict[Pair, list[Link]] = {}
    for pair in combinations(bidders, 2):
        one, other = pair
        found = [
            *_direct(network, above[other].get(known(network, one, one), {}), as_of),
            *_direct(network, above[one].get(known(network, other, other), {}), as_of),
            *_shared(network, above[one], above[other], as_of),
            *_joint(network, below[one], below[other], as_of),
            *_controlled(ownership, control, pair),
        ]
        links[pair] = _fresh(found, told.get(pair, ()))
    return {pair: found for pair, found in links.items() if found}


def _fresh(found: Sequence[Link], told: Sequence[Link]) -> list[Link]:
    """Return what was not told: neither the same fact, nor less of the same owner or person."""
    heads = {link.path[0].source for link in told if link.why == "same_person_in_charge"}
    controlling = {
        step.source for link in found if link.why == "common_control" for step in link.path
    }
    seen = {(link.why, link.path[0].source) for link in told if link.path}
    fresh = []
    for link in found:
        start = link.path[0].source
        if (link.why, start) in seen:
            continue
        if link.why in ("shared_officer", "shared_person") and start in heads:
            continue
        if link.why == "common_owner" and start in controlling:
            continue
        if link.why == "indirect_holding" and ("direct_holding", start) in seen:
            continue
        fresh.append(link)
    return fresh


def _neighbours(network: Network, bidder: SubjectId, as_of: date, *, above: bool) -> Ties:
    """Return who is tied to a bidder on a day, citing the tie with the least record."""
    node = known(network, bidder, bidder)
    if above:
        indexes = network.holders(node, _TYPES, as_of)
    else:
        indexes = network.posts(node, tuple(_BENEATH), as_of)
    ties: Ties = defaultdict(dict)
    for index in sorted(indexes, key=lambda each: network.relation(each).records):
        neighbour = network.source(index) if above else network.target(index)
        ties[neighbour].setdefault(network.relation(index).type, index)
    return ties


def _direct(network: Network, ties: Mapping[str, int], as_of: date) -> Iterator[Link]:
    for type_, index in sorted(ties.items()):
        why = _DIRECT.get(type_, "registered_tie")
        if type_ == "shareholder":
            why = _holding(network, index, as_of)
        yield link_of(network, why, (index,), as_of)


def _holding(network: Network, index: int, as_of: date) -> str:
    """Return what a direct share is, read from all filings of the firm."""
    least = least_share(network, index, as_of)
    if least is None:
        return "unknown_holding"
    if least > 0.5 + ROUNDING:
        return "direct_holding"
    owner = network.source(index)
    ties = network.holders(network.target(index), ("shareholder",), as_of)
    stated = [network.share(tie) or 0.0 for tie in ties if network.source(tie) == owner]
    return "contradictory_holding" if max(stated) > 0.5 + ROUNDING else "minority_holding"


def _shared(network: Network, one: Ties, other: Ties, as_of: date) -> Iterator[Link]:
    """Yield who is tied to both from above: owners, officers, contacts."""
    for node in sorted(one.keys() & other.keys(), key=network.id):
        first, second = (
            {type_: index for type_, index in ties[node].items() if type_ in _PERSONAL}
            for ties in (one, other)
        )
        whys = [
            (why, type_, type_)
            for type_, why in _ALONE.items()
            if type_ in first and type_ in second
        ]
        posts = [sorted(ties.keys() - _ALONE.keys()) for ties in (first, second)]
        if all(posts):
            whys.append(("shared_officer", posts[0][0], posts[1][0]))
        elif first and second and not whys:
            whys.append(("shared_person", min(first), min(second)))
        for why, upon, beside in whys:
            yield link_of(network, why, (first[upon], second[beside]), as_of)


def _joint(network: Network, one: Ties, other: Ties, as_of: date) -> Iterator[Link]:
    """Yield what both are tied to from above: a parent, an investment."""
    for node in sorted(one.keys() & other.keys(), key=network.id):
        for type_, why in _BENEATH.items():
            if type_ in one[node] and type_ in other[node]:
                yield link_of(network, why, (one[node][type_], other[node][type_]), as_of)


def _controllers(ownership: Ownership) -> dict[str, set[str]]:
    """Return for every organisation who controls it by cascade."""
    controllers: dict[str, set[str]] = defaultdict(set)
    for row in ownership.controls(MORE_THAN_HALF).to_pylist():
        controllers[row["organisation"]].add(row["owner"])
    return controllers


def _controlled(
    ownership: Ownership, controllers: Mapping[str, set[str]], pair: Pair
) -> Iterator[Link]:
    """Yield control of one by the other through others, else who controls both."""
    one, other = pair
    for upper, lower in (pair, pair[::-1]):
        if upper in controllers.get(lower, ()):
            stakes = ownership.proof({upper}, lower, MORE_THAN_HALF)
            if len(stakes) > 1:
                yield _by_stakes("indirect_holding", stakes)
            return
    common = controllers.get(one, set()) & controllers.get(other, set())
    for owner in sorted(common):
        # Whoever controls a common controller stands for it, and the proof passes it.
        if not controllers.get(owner, set()) & common:
            stakes = [
                stake for end in pair for stake in ownership.proof({owner}, end, MORE_THAN_HALF)
            ]
            yield _by_stakes("common_control", list(dict.fromkeys(stakes)))


def _by_stakes(why: str, stakes: Sequence[Stake]) -> Link:
    records = [record for stake in stakes for record in stake.records]
    return Link(
        rule=None,
        kind="attention",
        why=why,
        path=tuple(_step(stake) for stake in stakes),
        shares=tuple(stake.least for stake in stakes),
        suspected=not all(stake.sure for stake in stakes),
        records=tuple(dict.fromkeys(records)),
    )


def _step(stake: Stake) -> Step:
    type_ = "controller" if "found" in stake.flags else "shareholder"
    record = stake.records[0] if stake.records else None
    return Step(type_, stake.owner, stake.target, None, None, record, stake.sure)
