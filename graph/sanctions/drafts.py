"""Drafts of findings: who a rule reaches and how, before the identity gate and the dates."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from graph.model import Relation
from graph.network import Network
from graph.sanctions.clock import Period
from graph.sanctions.findings import Cited, Finding, Step
from graph.sanctions.rule import Basis, Rule

__all__ = ["Draft", "best", "finish", "is_sure"]

_WEIGHT: Final = {"restriction": 0, "conditional": 1, "attention": 2}


@dataclass(frozen=True, slots=True)
class Draft:
    """What one rule says about one node.

    Attributes:
        through: Nodes the proof rests on beside those of the path: the listed party.
        path: Ties walked, as indexes of the network.
        sure: The rows that tell of the case identify whom it concerns by more than a name.
    """

    rule: Rule
    node: int
    kind: str
    measure: str
    scope: str | None
    through: tuple[int, ...]
    path: tuple[int, ...]
    missing: tuple[str, ...]
    period: Period
    sure: bool = True

    def clipped(self, since: date | None, until: date | None) -> "Draft":
        """Return the draft confined to the time a tie lasts too."""
        begins = [day for day in (self.period.since, since) if day is not None]
        ends = [day for day in (self.period.until, until) if day is not None]
        span = replace(self.period, since=max(begins, default=None), until=min(ends, default=None))
        return replace(self, period=span)


def best(network: Network, drafts: Iterable[Draft]) -> list[Draft]:
    """Keep one draft per subject and measure: the weightiest, then the best proven.

    Several ties may lead to one subject (a director who is manager too). Which is cited
    depends on their content alone, never on the order rows came in.
    """
    kept: dict[tuple[int, str], Draft] = {}
    for draft in drafts:
        key = (draft.node, draft.measure)
        other = kept.get(key)
        if other is None or _rank(network, draft) < _rank(network, other):
            kept[key] = draft
    return list(kept.values())


def _rank(network: Network, draft: Draft) -> tuple[object, ...]:
    suspected = _suspected(network, draft)
    return (
        _WEIGHT[_gated(draft.kind, suspected)],
        suspected,
        len(draft.missing),
        len(draft.path),
        [_text(network.relation(index)) for index in draft.path],
        draft.missing,
    )


def _gated(kind: str, suspected: bool) -> str:
    # The identity gate: nobody is barred on a guess about who they are.
    return "conditional" if suspected and kind == "restriction" else kind


def _text(tie: Relation) -> tuple[str, ...]:
    # Known dates before unknown ones, then the earliest.
    since, until = tie.since or "9999-99-99", tie.until or "9999-99-99"
    record = tie.records[0] if tie.records else ""
    return (tie.type, tie.source, tie.target, str(since), str(until), record)


def _suspected(network: Network, draft: Draft) -> bool:
    nodes = {draft.node, *draft.through}
    ties = (is_sure(network, index) for index in draft.path)
    return not (draft.sure and all(ties) and all(network.strong(node) for node in nodes))


def is_sure(network: Network, index: int) -> bool:
    """Tell whether a tie and both its ends rest on strong identity."""
    ends = (network.source(index), network.target(index))
    return network.sure(index) and all(network.strong(node) for node in ends)


def finish(
    network: Network,
    draft: Draft,
    bases: Sequence[Basis],
    listing: str | None,
    records: Sequence[str],
) -> Finding:
    """Return the finding of a draft, held to conditional where an identity is not strong."""
    suspected = _suspected(network, draft)
    missing = (*draft.missing, "identity") if suspected else draft.missing
    steps = tuple(_step(network, index) for index in draft.path)
    proof = [*records, *(step.record for step in steps if step.record is not None)]
    return Finding(
        rule=draft.rule.id,
        version=draft.rule.version,
        subject=network.id(draft.node),
        kind=_gated(draft.kind, suspected),
        measure=draft.measure,
        scope=draft.scope,
        since=draft.period.since,
        until=draft.period.until,
        listing=listing,
        path=steps,
        basis=tuple(Cited(basis.law, basis.article, basis.version) for basis in bases),
        missing=missing,
        suspected=suspected,
        records=tuple(dict.fromkeys(proof)),
    )


def _step(network: Network, index: int) -> Step:
    tie = network.relation(index)
    record = tie.records[0] if tie.records else None
    return Step(
        tie.type, tie.source, tie.target, tie.since, tie.until, record, is_sure(network, index)
    )
