"""Whom one rule reaches from one listing."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from graph.errors import DataError
from graph.model import Listing
from graph.network import Network
from graph.sanctions.clock import Clock, Period, in_force, period
from graph.sanctions.drafts import Draft, best
from graph.sanctions.rule import Basis, Mismatch, Reach, Rule
from graph.sanctions.walk import Arrival, walk

__all__ = ["Reached", "Subjection", "known", "reached"]


@dataclass(frozen=True, slots=True)
class Subjection:
    """A listing seen in a network on a day.

    Attributes:
        node: The listed party.
    """

    network: Network
    listing: Listing
    node: int
    clock: Clock

    def named(self, sources: tuple[str, ...]) -> list[int]:
        """Return the persons the decision names, in order of id."""
        nodes = [known(self.network, each, self.listing.id) for each in sorted(self.said(sources))]
        return [node for node in nodes if self.network.kind(node) == "person"]

    def said(self, sources: tuple[str, ...]) -> set[str]:
        """Return the ids the decision names or an authority found responsible."""
        ids: set[str] = set()
        for source in sources:
            given = self.listing.named if source == "named" else self.listing.facts.get(source)
            ids.update(given or ())
        return ids


@dataclass(frozen=True, slots=True)
class Reached:
    """A rule that applies to a listing, on which articles, and whom it reaches.

    Attributes:
        running: It holds on the day asked about; what it reaches may still differ in dates.
    """

    rule: Rule
    bases: tuple[Basis, ...]
    drafts: list[Draft]
    running: bool


def known(network: Network, subject: str, place: str) -> int:
    """Return the node of a subject a listing or bid points to (E745 when it is not there)."""
    node = network.node(subject)
    if node is None:
        raise DataError("E745", where=place, id=subject)
    return node


def reached(rule: Rule, case: Subjection) -> Reached | None:
    """Return whom a rule reaches, one draft per subject and measure; None if it does not apply.

    Whether the period is over is left to the caller: what a repaired or expired listing
    would have reached is asked as well.
    """
    lacking = _triggered(rule, case)
    bases = in_force(rule, case.clock)
    if lacking is None or not bases:
        return None
    found = [draft for reach in rule.reach for draft in _reach(rule, reach, case, lacking)]
    # The weightiest proof first: who is barred by one way is not merely asked about by another.
    drafts = best(case.network, _standing(found, case.clock.as_of))
    if rule.mismatch is not None:
        told = [each for draft in drafts for each in _mismatches(rule.mismatch, draft, case)]
        drafts += best(case.network, told)
    return Reached(rule, bases, drafts, running=_runs(rule, drafts, case))


def _runs(rule: Rule, drafts: list[Draft], case: Subjection) -> bool:
    """Tell whether a rule holds on the day: by what it reaches, else by its own clock."""
    as_of = case.clock.as_of
    if drafts:
        return any(draft.period.running(as_of) for draft in drafts)
    if all(_apt(reach, case) is None for reach in rule.reach):
        return False
    span = period(rule.durations, case.listing, case.clock)
    return span is not None and span.running(as_of)


def _standing(drafts: list[Draft], as_of: date) -> list[Draft]:
    """Return the drafts not yet over; all of them when every one is."""
    return [each for each in drafts if not each.period.over(as_of)] or drafts


def _triggered(rule: Rule, case: Subjection) -> tuple[str, ...] | None:
    """Return the facts that would have to be known, None when the rule does not apply."""
    kinds = rule.trigger.subjects
    if kinds and case.network.kind(case.node) not in kinds:
        return None
    return rule.trigger.conditions.lacking(case.listing.facts)


def _reach(rule: Rule, reach: Reach, case: Subjection, lacking: tuple[str, ...]) -> Iterator[Draft]:
    asked = _apt(reach, case)
    if asked is None:
        return
    span = period(reach.durations or rule.durations, case.listing, case.clock)
    if span is None or not span.begun(case.clock.as_of):
        return
    missing = (*lacking, *asked, *span.missing, *reach.asks)
    people = case.named(rule.names) if rule.names else []
    if reach.nobody_named:
        if people:
            return
        missing = (*missing, rule.names[0])
    starts = people if reach.start == "named" else [case.node]
    for start in starts:
        for arrival in walk(case.network, Arrival(start), reach.steps, case.clock):
            # A way back to the listed party says nothing it does not already know.
            if arrival.path and arrival.node == case.node:
                continue
            found = _needed(reach, arrival, case)
            if found is not None:
                yield _draft(rule, reach, case, span, found, missing)


def _apt(reach: Reach, case: Subjection) -> tuple[str, ...] | None:
    """Return the facts this way would have to know, None when it is not for this listing."""
    if reach.listings and case.listing.kind not in reach.listings:
        return None
    if reach.subjects and case.network.kind(case.node) not in reach.subjects:
        return None
    return reach.conditions.lacking(case.listing.facts)


def _needed(reach: Reach, arrival: Arrival, case: Subjection) -> Arrival | None:
    """Return the arrival if an authority found it responsible, or if that is still open."""
    if not reach.needs:
        return arrival
    responsible = case.said(reach.needs)
    if not responsible:
        return replace(arrival, missing=(*arrival.missing, reach.needs[0]))
    return arrival if case.network.id(arrival.node) in responsible else None


def _told_surely(case: Subjection, arrival: Arrival) -> bool:
    """Return whether the listing tells by more than a name whom the proof passes."""
    weakly, network = case.listing.weakly, case.network
    passed = {case.node, arrival.node}
    for index in arrival.path:
        passed |= {network.source(index), network.target(index)}
    return not weakly or not any(network.id(node) in weakly for node in passed)


def _draft(
    rule: Rule,
    reach: Reach,
    case: Subjection,
    span: Period,
    arrival: Arrival,
    missing: tuple[str, ...],
) -> Draft:
    effect = reach.effect or rule.effect
    assert effect is not None  # noqa: S101 - the reader gives every positive rule one
    lacks = tuple(dict.fromkeys((*arrival.missing, *missing)))
    bars = effect.kind == "restriction"
    draft = Draft(
        rule=rule,
        node=arrival.node,
        kind="conditional" if lacks and bars else effect.kind,
        measure=effect.measure,
        scope=effect.scope or (case.listing.scope if not reach.steps else None),
        through=(case.node,),
        path=arrival.path,
        missing=lacks,
        period=span,
        sure=_told_surely(case, arrival),
    )
    if reach.steps and reach.steps[-1].when == "after_decision":
        last = arrival.path[-1]
        return draft.clipped(case.network.since(last), case.network.until(last))
    if reach.steps and reach.steps[-1].when == "left_since_decision":
        return draft.clipped(case.network.until(arrival.path[-1]), None)
    return draft


def _mismatches(mismatch: Mismatch, draft: Draft, case: Subjection) -> Iterator[Draft]:
    """Yield one notice per post a barred person holds; an open question spreads to nobody."""
    network, as_of = case.network, case.clock.as_of
    if draft.kind != "restriction" or network.kind(draft.node) != "person":
        return
    for index in network.posts(draft.node, mismatch.relations, as_of):
        node = network.target(index)
        if mismatch.kinds and network.kind(node) not in mismatch.kinds:
            continue
        path = draft.path if index in draft.path else (*draft.path, index)
        notice = replace(
            draft,
            node=node,
            kind="attention",
            measure=mismatch.measure,
            through=(*draft.through, draft.node),
            path=path,
        )
        yield notice.clipped(network.since(index), network.until(index))
