"""The rulebook asked of a store about the bidders of one tender, on the day bids are opened."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from graph.model import SubjectId
from graph.network import Network
from graph.ports import CaseFacts
from graph.relations import ends
from graph.sanctions.between import observed
from graph.sanctions.control import Ownership
from graph.sanctions.findings import Finding
from graph.sanctions.inquiry import names_of
from graph.sanctions.propagate import evaluate
from graph.sanctions.rulebook import Rulebook
from graph.sanctions.stakes import Stake
from graph.sanctions.tender import Link, Mark, Pair, shared_marks, statutory

__all__ = ["ELIGIBILITY", "Bidding", "assess_bidders"]

ELIGIBILITY: Final = ("R10", "R11", "R12", "R17", "R18")
"""The rules that keep a bidder itself out, asked as far as the rulebook has them."""

# Owners of owners are read up to here; what lies beyond is said to be unread.
_MOST_LEVELS: Final = 12
_MOST_OWNERS: Final = 5_000


@dataclass(frozen=True, slots=True)
class Bidding:
    """What is known of the bidders of a tender.

    Attributes:
        findings: Of each bidder, rules about bids left out.
        links: Of each pair with any: ties first, then indicators.
        names: Subject id -> name, for everyone on a path.
        stakes: What is filed of each bidder's shares.
        unread: Owners whose own owners were not read; empty when all were.
    """

    findings: dict[SubjectId, list[Finding]]
    links: dict[Pair, list[Link]]
    names: dict[str, str]
    stakes: dict[SubjectId, list[Stake]]
    unread: list[str]


def assess_bidders(
    facts: CaseFacts,
    rulebook: Rulebook,
    bidders: Sequence[SubjectId],
    marks: Iterable[Mark],
    as_of: date,
) -> Bidding:
    """Return what bars, ties and marks bidders on a day, fresh from the evidence.

    Args:
        facts: The store's.
        rulebook: Its active rules are asked.
        bidders: Current subjects, each once.
        marks: What rows state of the bidders: phones, addresses, prices.
        as_of: Day of the bid opening.

    Cost: one reading of the bidders' surroundings; then pairs, the square of their number.
    """
    near = {*bidders} | ends(facts.relations({*bidders}))
    relations = facts.relations(near)
    everyone = near | ends(relations)
    listings = facts.listings(everyone)
    for listing in listings:
        everyone |= {listing.subject, *listing.named}
        for value in listing.facts.values():
            everyone |= set(value) if isinstance(value, list | tuple) else set()
    people = facts.subjects(everyone)
    network = Network(people, relations)
    outcome = evaluate(rulebook, network, listings, (), as_of=as_of)
    owners, unread = _owners(facts, near, relations)
    ownership = Ownership.of(facts.subjects(ends(owners)), owners, as_of)
    links = statutory(rulebook, network, bidders, as_of)
    for more in (
        observed(network, ownership, bidders, as_of, links),
        shared_marks(rulebook, marks, bidders, as_of),
    ):
        for pair, found in more.items():
            links.setdefault(pair, []).extend(found)
    return Bidding(
        findings={each: [f for f in outcome.findings if f.subject == each] for each in bidders},
        links=links,
        names=names_of(people) | names_of(facts.subjects(ends(owners))),
        stakes={each: ownership.stakes_in(each) for each in bidders},
        unread=unread,
    )


def _owners(
    facts: CaseFacts, read: Collection[SubjectId], relations: pa.Table
) -> tuple[pa.Table, list[str]]:
    """Return shares and findings of control, level by level upwards, and owners left unread.

    Whatever may lead down to a bidder is read whole: an organisation read in part would seem
    to have fewer owners than it has.
    """
    known, tables = set(read), [_owning(relations)]
    frontier = _sources(tables[0]) - known
    for _ in range(_MOST_LEVELS):
        if not frontier or len(known) > _MOST_OWNERS + len(read):
            break
        known |= frontier
        tables.append(_owning(facts.relations(frontier)))
        frontier = _sources(tables[-1]) - known
    return pa.concat_tables(tables).combine_chunks(), sorted(frontier)


def _owning(relations: pa.Table) -> pa.Table:
    types = pa.array(["shareholder", "controller"])
    return relations.filter(pc.is_in(relations.column("type"), value_set=types))


def _sources(relations: pa.Table) -> set[SubjectId]:
    return {*pc.unique(relations.column("source")).to_pylist()}
