"""Who stands near a listing and is left alone, and by which negative rule."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Final

from graph.network import Held
from graph.sanctions.findings import Blocked
from graph.sanctions.reach import Subjection
from graph.sanctions.rule import Rule, Spare

__all__ = ["NAMESAKES_TOLD", "Grasp", "Namesakes", "spared"]

NAMESAKES_TOLD: Final = 20
"""Namesakes are listed up to so many bearers: beyond, a name singles out nobody at all."""

Namesakes = Mapping[str, Sequence[int]]


@dataclass(frozen=True, slots=True)
class Grasp:
    """What the rules do with one listing in force.

    Attributes:
        reached: Nodes reached, each with its weightiest kind of finding.
        rules: Nodes reached, each with the ids of the rules that reach it.
        applied: Ids of the rules that apply.
        watching: Ids of the rules that look at listings of this kind; never empty.
    """

    reached: Mapping[int, str]
    rules: Mapping[int, Set[str]]
    applied: tuple[str, ...]
    watching: tuple[str, ...]

    def stopped(self, by: str) -> tuple[str, ...]:
        """Return the rules a sparing rule stops: those that apply, else those that look."""
        applied = tuple(each for each in self.applied if each != by)
        return applied or tuple(each for each in self.watching if each != by)


def spared(
    sparing: Iterable[Rule], case: Subjection, grasp: Grasp, namesakes: Namesakes
) -> Iterator[Blocked]:
    """Yield one row per subject spared, by the first rule (by id) that spares it.

    A rule without a trigger of its own speaks only where some rule applies. One that shows a
    subject (R48) may say of it all the same that no other rule reaches it.
    """
    told = {case.node}
    for rule in sparing:
        stopped = grasp.stopped(rule.id)
        if not stopped or not _applies(rule, case):
            continue
        if not (grasp.applied or rule.trigger.listings):
            continue
        for spare in rule.spares:
            for node in _around(spare, case, grasp.reached, namesakes):
                if node not in told and grasp.rules.get(node, set()) <= {rule.id}:
                    told.add(node)
                    yield Blocked(
                        rules=stopped,
                        subject=case.network.id(node),
                        by=rule.id,
                        why=spare.why,
                        listing=case.listing.id,
                    )


def _applies(rule: Rule, case: Subjection) -> bool:
    listings, subjects = rule.trigger.listings, rule.trigger.subjects
    return (not listings or case.listing.kind in listings) and (
        not subjects or case.network.kind(case.node) in subjects
    )


def _around(
    spare: Spare, case: Subjection, reached: Mapping[int, str], namesakes: Namesakes
) -> Iterator[int]:
    centres = [case.node]
    if spare.around == "reached":
        centres += [node for node, kind in reached.items() if kind != "attention"]
    if spare.towards is None:
        for node in centres:
            if case.network.kind(node) == "person":
                yield from _bearers(namesakes.get(case.network.name(node), ()))
    elif spare.when == "other_than_violation":
        yield from _officers_of_another_time(spare, case)
    else:
        for node in centres:
            yield from _neighbours(spare, case, node)


def _bearers(nodes: Sequence[int]) -> Sequence[int]:
    return nodes if len(nodes) <= NAMESAKES_TOLD else ()


def _neighbours(spare: Spare, case: Subjection, centre: int) -> Iterator[int]:
    network = case.network
    if spare.towards != "held":
        for index in network.entering(centre, spare.relations):
            if _counts(spare, case, index):
                yield network.source(index)
    if spare.towards != "holders":
        for index in network.leaving(centre, spare.relations):
            if _counts(spare, case, index):
                yield network.target(index)


def _counts(spare: Spare, case: Subjection, index: int) -> bool:
    network = case.network
    if spare.when == "as_of" and network.held(index, case.clock.as_of) is Held.NO:
        return False
    share = network.share(index)
    return spare.share_up_to is None or share is None or share <= spare.share_up_to


def _officers_of_another_time(spare: Spare, case: Subjection) -> Iterator[int]:
    """Yield holders certainly not in post on the day that counts, in any of these posts."""
    network, clock = case.network, case.clock
    day = clock.violation or clock.decision or clock.as_of
    ties = network.entering(case.node, spare.relations)
    in_post = {network.source(index) for index in ties if network.held(index, day) is not Held.NO}
    for index in ties:
        if network.source(index) not in in_post:
            yield network.source(index)
