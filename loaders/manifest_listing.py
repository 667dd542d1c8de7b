"""What a row of a feed states beyond its parties: a listing, a case, a bid."""

from collections.abc import Mapping
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

from graph.model import LISTING_KINDS, LISTING_STATUSES
from loaders.kind_tables import read_kind_table
from loaders.manifest import (
    BidSpec,
    CaseSpec,
    Choice,
    EventSpec,
    Fact,
    KindTable,
    ListingSpec,
)
from loaders.manifest_fields import Fields
from loaders.manifest_parts import choice, condition, date_cell, optional_column

__all__ = ["read_bid", "read_case", "read_listing"]

_LISTING: Final = (
    *("authority", "authority_name", "decision_number", "violation_date", "decision_date"),
    *("since", "until", "published_until", "scope", "severity", "facts", "named", "events", "when"),
)
_SEVERITIES: Final = ("minor", "general", "serious")
# What each fact may be read as; the codes are those of the contract.
_FACTS: Final[Mapping[str, tuple[str, ...]]] = {
    "personally_responsible": ("party",),
    "responsible_persons": ("party",),
    "large_debt": ("bool",),
    "serious": ("bool",),
    "industry": ("text",),
    "penalty_type": ("text",),
    "amount_fen": ("amount_yuan", "amount_wan"),
    "established": ("date",),
    "end_of_sentence": ("date",),
    "liquidation_end": ("date",),
}


def read_listing(fields: Fields, root: Path | Traversable) -> ListingSpec:
    """Return the listing a row states; kind tables lie in `root / "tables"`."""
    fields.only(_LISTING, ("party", "kind"))
    facts = fields.inner("facts") if fields.has("facts") else None
    return ListingSpec(
        kind=_kind(fields, root),
        party=fields.party("party"),
        authority=optional_column(fields, "authority"),
        authority_name=fields.text("authority_name") if fields.has("authority_name") else "",
        decision_number=optional_column(fields, "decision_number"),
        violation_date=date_cell(fields, "violation_date"),
        decision_date=date_cell(fields, "decision_date"),
        since=date_cell(fields, "since"),
        until=date_cell(fields, "until"),
        published_until=date_cell(fields, "published_until"),
        scope=choice(fields, "scope", None) if fields.has("scope") else None,
        severity=choice(fields, "severity", _SEVERITIES) if fields.has("severity") else None,
        named=fields.parties("named"),
        facts=tuple(_fact(facts, name) for name in facts) if facts else (),
        events=tuple(_event(each) for each in fields.inners("events")),
        when=condition(fields, "when"),
    )


def _kind(fields: Fields, root: Path | Traversable) -> Choice | KindTable:
    value = fields.value("kind")
    if not isinstance(value, dict) or "table" not in value:
        return choice(fields, "kind", LISTING_KINDS)
    inner = fields.inner("kind").only((), ("table", "fields"))
    return read_kind_table(inner, root)


def _fact(fields: Fields, name: str) -> Fact:
    if name not in _FACTS:
        raise fields.wrong(name, name, ", ".join(_FACTS))
    forms = _FACTS[name]
    inner = fields.inner(name).only(("column", "party", "value", "form", "true"))
    given = [key for key in ("column", "party", "value") if inner.has(key)]
    if len(given) != 1:
        raise fields.wrong(name, ", ".join(given), "column | party | value")
    if given == ["party"]:
        if "party" not in forms:
            raise inner.wrong("party", name, ", ".join(forms))
        return Fact(name, inner.party("party"), "party")
    if given == ["value"]:
        if forms == ("bool",):
            return Fact(name, None, "bool", "true" if inner.truth("value") else "false")
        return Fact(name, None, "text", inner.text("value"))
    form = inner.code("form", forms) if inner.has("form") or len(forms) > 1 else forms[0]
    true = inner.pattern("true") if inner.has("true") else None
    return Fact(name, inner.column("column"), form, true=true)


def _event(fields: Fields) -> EventSpec:
    fields.only(("on", "when"), ("status",))
    return EventSpec(
        status=fields.code("status", LISTING_STATUSES),
        on=optional_column(fields, "on"),
        when=condition(fields, "when"),
    )


def read_case(fields: Fields) -> CaseSpec:
    """Return how a row about another row's decision finds it and what it says."""
    fields.only((), ("party", "authority", "decision_number", "events"))
    events = tuple(_event(each) for each in fields.inners("events"))
    if not events:
        raise fields.wrong("events", [], "[…]")
    return CaseSpec(
        party=fields.party("party"),
        authority=fields.column("authority"),
        decision_number=fields.column("decision_number"),
        events=events,
    )


def read_bid(fields: Fields) -> BidSpec:
    """Return how a row is one bidder's offer."""
    fields.only(("lot",), ("project", "opened", "bidder"))
    return BidSpec(
        project=fields.column("project"),
        lot=optional_column(fields, "lot"),
        opened=fields.column("opened"),
        bidder=fields.party("bidder"),
    )
