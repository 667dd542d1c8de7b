"""Bidders side by side: what bars two of them from one lot, and what is merely to be looked at.

A tie is what a rule about bids says of two bidders, each way it can be proved. An indicator is a
fact a committee may want to look at; it has no legal effect and cites a rule only where the
rulebook has one that only asks for attention.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from typing import Final

from graph.model import SubjectId
from graph.network import Network
from graph.sanctions.clock import Clock, Period, in_force
from graph.sanctions.drafts import Draft, best, finish, is_sure
from graph.sanctions.findings import Cited, Step
from graph.sanctions.reach import known
from graph.sanctions.rule import Basis, Rule
from graph.sanctions.rulebook import Rulebook
from graph.sanctions.stakes import least_share
from graph.sanctions.walk import Arrival, walk

__all__ = ["HEADS", "Link", "Mark", "Pair", "link_of", "shared_marks", "statutory"]

HEADS: Final = ("legal_representative", "person_in_charge", "operator", "executive_partner")
"""Posts of 单位负责人: the legal representative, or who exercises its powers."""

_WHY: Final = {
    **dict.fromkeys(HEADS, "same_person_in_charge"),
    "shareholder": "direct_holding",
    "controller": "management",
    "branch_of": "management",
    "contact": "shared_contact",
    "agent": "shared_agent",
    "professional_at": "shared_staff",
    "shares_phone": "shared_phone",
    "shares_address": "shared_address",
}


@dataclass(frozen=True, slots=True)
class Link:
    """One thing between two bidders.

    Attributes:
        rule: The rule that says so; None for a fact no rule speaks of.
        kind: restriction, conditional or attention.
        why: Code of what it is; its sentence is `bidders_<why>` of the catalogue.
        path: Ties from one to the other, or down from a common owner.
        shares: For each tie the smallest reading of its share, None where there is none.
        facts: What the sentence needs beside names.
        records: Ids of the rows relied on, in order.
    """

    rule: str | None
    kind: str
    why: str
    path: tuple[Step, ...] = ()
    shares: tuple[float | None, ...] = ()
    basis: tuple[Cited, ...] = ()
    missing: tuple[str, ...] = ()
    suspected: bool = False
    facts: Mapping[str, str] = field(default_factory=dict)
    records: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """Something a row states of a bidder that two unrelated bidders seldom share.

    Attributes:
        why: shared_phone, shared_address or same_price.
        key: What is compared.
        shown: What people may see of it.
    """

    subject: SubjectId
    why: str
    key: str
    shown: str
    record: str


Pair = tuple[SubjectId, SubjectId]


def statutory(
    rulebook: Rulebook, network: Network, bidders: Sequence[SubjectId], as_of: date
) -> dict[Pair, list[Link]]:
    """Return what the rules about bids say of each pair of bidders, every way it can be proved.

    Args:
        rulebook: Its active rules about bids, those asking for attention included.
        network: Holds every tie of the bidders and of who holds posts in them.
        bidders: Each once; the earlier of a pair comes first.
        as_of: Day of the bid opening.
    """
    clock = Clock(as_of)
    rank = {known(network, each, each): place for place, each in enumerate(bidders)}
    links: dict[Pair, list[Link]] = {}
    for rule in rulebook.active:
        bases = in_force(rule, clock)
        if not rule.trigger.bids or not bases:
            continue
        for (one, other), drafts in _drafts(rule, network, rank, clock).items():
            found = links.setdefault((network.id(one), network.id(other)), [])
            found += [_link(network, draft, bases, as_of) for draft in drafts]
    return links


def shared_marks(
    rulebook: Rulebook, marks: Iterable[Mark], bidders: Sequence[SubjectId], as_of: date
) -> dict[Pair, list[Link]]:
    """Return an indicator for each mark two bidders share, citing both rows."""
    rank = {each: place for place, each in enumerate(bidders)}
    holders: dict[tuple[str, str], dict[SubjectId, Mark]] = {}
    for mark in sorted(marks, key=lambda mark: mark.record):
        holders.setdefault((mark.why, mark.key), {}).setdefault(mark.subject, mark)
    links: dict[Pair, list[Link]] = {}
    for (why, _), by_subject in sorted(holders.items()):
        rule, basis = _hint(rulebook, why, as_of)
        sharing = sorted(by_subject, key=lambda each: rank[each])
        for one, other in combinations(sharing, 2):
            first, second = by_subject[one], by_subject[other]
            link = Link(
                rule=rule,
                kind="attention",
                why=why,
                basis=basis,
                facts={"shown": first.shown},
                records=tuple(dict.fromkeys((first.record, second.record))),
            )
            links.setdefault((one, other), []).append(link)
    return links


def _hint(rulebook: Rulebook, why: str, as_of: date) -> tuple[str | None, tuple[Cited, ...]]:
    """Return the rule that asks for attention to such a mark, and its articles in force."""
    relation = why.replace("shared_", "shares_")
    for rule in rulebook.active:
        walked = {type_ for reach in rule.reach for step in reach.steps for type_ in step.relations}
        bases = in_force(rule, Clock(as_of))
        if rule.trigger.bids and relation in walked and bases:
            return rule.id, tuple(Cited(each.law, each.article, each.version) for each in bases)
    return None, ()


def _drafts(
    rule: Rule, network: Network, rank: Mapping[int, int], clock: Clock
) -> dict[tuple[int, int], list[Draft]]:
    """Return the best proof of each way from one bidder to a later one.

    Ways differ by whom they pass and by what ties; several rows may state one tie, and a way
    may be found from both its ends.
    """
    ways: dict[tuple[int, int, str, tuple[SubjectId, ...]], list[Draft]] = {}
    for bidder, place in rank.items():
        for reach in rule.reach:
            for arrival in walk(network, Arrival(bidder), reach.steps, clock):
                if arrival.node == bidder or arrival.node not in rank:
                    continue
                ends, path = (bidder, arrival.node), arrival.path
                if rank[arrival.node] < place:
                    ends, path = (arrival.node, bidder), path[::-1]
                passed = tuple(network.id(network.source(index)) for index in path)
                key = (*ends, _why(network, path), passed)
                ways.setdefault(key, []).append(_draft(rule, ends, path, arrival.missing))
    found: dict[tuple[int, int], list[Draft]] = {}
    for key in sorted(ways, key=lambda way: way[2:]):
        found.setdefault(key[:2], []).extend(best(network, ways[key]))
    return found


def _draft(
    rule: Rule, ends: tuple[int, int], path: tuple[int, ...], missing: tuple[str, ...]
) -> Draft:
    assert rule.effect is not None  # noqa: S101 - the reader gives every positive rule one
    bars = rule.effect.kind == "restriction"
    return Draft(
        rule=rule,
        node=ends[0],
        kind="conditional" if missing and bars else rule.effect.kind,
        measure=rule.effect.measure,
        scope=None,
        through=(ends[1],),
        path=path,
        missing=missing,
        period=Period(None, None),
    )


def _why(network: Network, path: Sequence[int]) -> str:
    """Return the code of what a path is, by the type of its ties."""
    types = {network.relation(index).type for index in path}
    if types <= set(HEADS):
        return "same_person_in_charge"
    if len(types) == 1:
        return _WHY.get(types.pop(), "registered_tie")
    return "registered_tie"


def _link(network: Network, draft: Draft, bases: Sequence[Basis], as_of: date) -> Link:
    finding = finish(network, draft, bases, None, ())
    return Link(
        rule=finding.rule,
        kind=finding.kind,
        why=_why(network, draft.path),
        path=finding.path,
        shares=_shares(network, draft.path, as_of),
        basis=finding.basis,
        missing=finding.missing,
        suspected=finding.suspected,
        records=finding.records,
    )


def link_of(network: Network, why: str, path: tuple[int, ...], as_of: date) -> Link:
    """Return a fact no rule speaks of, proved by ties."""
    ties = [network.relation(index) for index in path]
    nodes = {end for index in path for end in (network.source(index), network.target(index))}
    sure = all(map(network.sure, path)) and all(map(network.strong, nodes))
    certain = [is_sure(network, index) for index in path]
    records = [each.records[0] if each.records else None for each in ties]
    return Link(
        rule=None,
        kind="attention",
        why=why,
        path=tuple(
            Step(each.type, each.source, each.target, each.since, each.until, record, strong)
            for each, record, strong in zip(ties, records, certain, strict=True)
        ),
        shares=_shares(network, path, as_of),
        suspected=not sure,
        records=tuple(dict.fromkeys(record for record in records if record is not None)),
    )


def _shares(network: Network, path: Sequence[int], as_of: date) -> tuple[float | None, ...]:
    """Return the smallest reading of each tie's share, None for ties without one."""
    return tuple(
        least_share(network, index, as_of)
        if network.relation(index).type == "shareholder"
        else None
        for index in path
    )
