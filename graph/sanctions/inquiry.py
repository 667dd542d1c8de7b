"""The rulebook asked of a store: of everything it holds, or of one subject's surroundings.

Both go through the same evaluator; the surroundings only hand it fewer rows.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from graph.model import Bid, Listing, SubjectId
from graph.network import Network
from graph.ports import CaseFacts
from graph.sanctions.findings import Outcome
from graph.sanctions.propagate import evaluate
from graph.sanctions.rulebook import Rulebook

__all__ = ["Surroundings", "assess_added", "assess_affected", "assess_all", "assess_one"]

_MOST_AFFECTED: Final = 5_000


@dataclass(frozen=True, slots=True)
class Surroundings:
    """One subject, what was found about it, and the names needed to tell it.

    Attributes:
        outcome: Only what concerns the subject.
        listings: Listings against the subject, of every kind and status.
        names: Subject id -> name, for everyone on a path.
        persons: Who of these is a person.
    """

    outcome: Outcome
    listings: tuple[Listing, ...]
    names: dict[str, str]
    persons: frozenset[str] = frozenset()


def assess_all(facts: CaseFacts, rulebook: Rulebook, as_of: date) -> Outcome:
    """Return every finding of the whole store on a day.

    Cost: reads all subjects and relations once; seconds for a million.
    """
    network = Network(facts.subjects(None), facts.relations(None))
    listings = facts.listings(None, rulebook.listings_of_interest())
    return evaluate(rulebook, network, listings, facts.bids(None), as_of=as_of)


def assess_one(
    facts: CaseFacts, rulebook: Rulebook, subject: SubjectId, as_of: date
) -> Surroundings:
    """Return what the rulebook says about one subject on a day, fresh from the evidence."""
    around = _around(facts, {subject})
    people, outcome = around.people, Outcome((), ())
    if around.listings or around.bids:  # nothing else triggers a rule
        network = Network(people, around.relations)
        outcome = evaluate(rulebook, network, around.listings, around.bids, as_of=as_of)
    return Surroundings(
        outcome=Outcome(
            tuple(found for found in outcome.findings if found.subject == subject),
            tuple(spared for spared in outcome.blocked if spared.subject == subject),
        ),
        listings=tuple(listing for listing in around.listings if listing.subject == subject),
        names=names_of(people),
        persons=_persons(people),
    )


def assess_affected(
    facts: CaseFacts, rulebook: Rulebook, affected: Collection[SubjectId], as_of: date
) -> tuple[Outcome, frozenset[SubjectId]] | None:
    """Return the findings of everyone whom a change to these subjects may concern, and who that is.

    Who has one of them within two relations, or bids beside somebody who has: the converse of
    what `assess_one` reads.

    Returns:
        None where so many are concerned that looking at everyone is cheaper.
    """
    near = {*affected} | _ends(facts.relations(affected))
    if len(near) > _MOST_AFFECTED:
        return None
    ball = near | _ends(facts.relations(near))
    concerned = ball | {bid.bidder for bid in facts.bids(ball)}
    if len(concerned) > _MOST_AFFECTED:
        return None
    around = _around(facts, concerned)
    network = Network(around.people, around.relations)
    outcome = evaluate(rulebook, network, around.listings, around.bids, as_of=as_of)
    own = Outcome(
        tuple(found for found in outcome.findings if found.subject in concerned),
        tuple(spared for spared in outcome.blocked if spared.subject in concerned),
    )
    return own, frozenset(concerned)


@dataclass(frozen=True, slots=True)
class _Around:
    people: pa.Table
    relations: pa.Table
    listings: list[Listing]
    bids: list[Bid]


def _around(facts: CaseFacts, subjects: Collection[SubjectId]) -> _Around:
    """Return all that can bear on these subjects' findings.

    A finding reaches over two relations at most, and needs the holders of the posts on the
    way: so it is enough to read the relations of the subjects, of their neighbours, and of
    those they bid against, and the listings of everyone these touch.
    """
    bids = facts.bids(subjects)
    inner = {*subjects, *(bid.bidder for bid in bids)}
    near = inner | _ends(facts.relations(inner))
    relations = facts.relations(near)
    everyone = near | _ends(relations)
    listings = facts.listings(everyone)
    for listing in listings:
        everyone |= {listing.subject, *listing.named}
        for value in listing.facts.values():
            everyone |= set(value) if isinstance(value, list) else set()
    return _Around(facts.subjects(everyone), relations, listings, bids)


def assess_added(
    facts: CaseFacts, rulebook: Rulebook, listing: Listing, as_of: date
) -> tuple[Outcome, dict[str, str]]:
    """Return what a listing would yield were it in the store, and the names to tell it with.

    Nothing is written. What other listings yield does not change by one more.
    """
    near = {listing.subject, *listing.named}
    for value in listing.facts.values():
        near |= set(value) if isinstance(value, tuple) else set()
    near |= _ends(facts.relations(near))
    relations = facts.relations(near)
    people = facts.subjects(near | _ends(relations))
    outcome = evaluate(rulebook, Network(people, relations), [listing], [], as_of=as_of)
    return outcome, names_of(people)


def names_of(people: pa.Table) -> dict[str, str]:
    """Return the name of each subject of a table (`schema.SUBJECTS`) by its id."""
    columns = (people.column(name).to_pylist() for name in ("id", "name"))
    return dict(zip(*columns, strict=True))


def _persons(people: pa.Table) -> frozenset[str]:
    """Return who of a table (`schema.SUBJECTS`) is a person."""
    ids, kinds = (people.column(name).to_pylist() for name in ("id", "kind"))
    return frozenset(each for each, kind in zip(ids, kinds, strict=True) if kind == "person")


def _ends(relations: pa.Table) -> set[SubjectId]:
    found = {*pc.unique(relations.column("source")).to_pylist()}
    return found | {*pc.unique(relations.column("target")).to_pylist()}
