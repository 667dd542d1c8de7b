"""Subjects, ties and listings as flat values with the names the contract gives them."""

from typing import Any

from api.exports.extract import Extract, Node, Tie
from graph.model import Listing

__all__ = ["listing_values", "node_values", "tie_values"]


def node_values(node: Node) -> dict[str, Any]:
    """Return a subject's attributes; `identifiers` are `type:code`, a person's masked."""
    return {
        "name": node.name,
        "kind": node.kind,
        "identity": "strong" if node.strong else "weak",
        "identifiers": tuple(f"{kind}:{code}" for kind, code in node.codes),
    }


def tie_values(tie: Tie) -> dict[str, Any]:
    """Return a tie's attributes; `until` is the first day it no longer held."""
    return {
        "type": tie.type,
        "since": None if tie.since is None else tie.since.isoformat(),
        "until": None if tie.until is None else tie.until.isoformat(),
        "share": tie.share,
        "identity": "strong" if tie.sure else "suspected",
        "records": tie.records,
    }


def listing_values(extract: Extract, listing: Listing) -> dict[str, Any]:
    """Return a listing's attributes on the day of the export."""
    days = ("violation_date", "decision_date", "since", "until")
    told = {day: getattr(listing, day) for day in days}
    return {
        "kind": listing.kind,
        "identity": "strong" if extract.sure(listing) else "suspected",
        "status": listing.status_on(extract.day),
        "authority": listing.authority,
        "decision_number": listing.decision_number,
        **{day: None if value is None else value.isoformat() for day, value in told.items()},
        "records": tuple(listing.records),
    }
