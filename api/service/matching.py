"""Which subjects a name may stand for: candidates from the store, scored by the resolver."""

from collections.abc import Mapping
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from api.check import by_identifiers, readings
from api.service.asking import Inquiry
from api.wire.match import Party
from graph.errors import UsageError
from graph.model import Subject
from graph.relations import registered
from resolvers.compare import compare_pairs, explained_pairs
from resolvers.names import parse

__all__ = ["match"]

_MOST_COMPARED: Final = 50
_IN_CHARGE: Final = ("legal_representative", "person_in_charge", "operator")


def match(inquiry: Inquiry, party: Party, limit: int, threshold: float | None) -> dict[str, Any]:
    """Return the organisations a party may be, the best first, each with what speaks for it.

    Raises:
        UsageError: E940, the code is no valid one of an organisation.
    """
    hits = _candidates(inquiry, party)
    if not hits:
        return {"status": 200, "results": [], "total": 0}
    left, right = _sides(inquiry, party, hits)
    lang = inquiry.caller.lang
    scored = compare_pairs(left, right, "organisation", lang=lang)
    features = explained_pairs(left, right, "organisation", lang)
    rows = [
        inquiry.view.card(hit)
        | {"score": round(float(score), 4), "decision": decision, "features": told}
        for hit, score, decision, told in zip(
            hits, scored.score, scored.decision, features, strict=True
        )
        if threshold is None or score >= threshold
    ]
    rows.sort(key=lambda row: (-row["score"], row["id"]))
    inquiry.caller.trail.told(row["id"] for row in rows[:limit])
    return {"status": 200, "results": rows[:limit], "total": len(rows)}


def _candidates(inquiry: Inquiry, party: Party) -> list[Subject]:
    """Return organisations worth comparing: by code, by name, by the part that tells it apart."""
    found: dict[str, Subject] = {}
    if party.identifier is not None:
        codes = readings(party.identifier)
        if not codes or codes[0].personal:
            raise UsageError("E940")
        inquiry.note(codes[0].value)
        for hit in by_identifiers(inquiry.finder, inquiry.running.seal, codes):
            found.setdefault(hit.id, hit)
    inquiry.note(party.name)
    brand = parse(party.name).brand
    for text in dict.fromkeys((party.name, brand)):
        if len(text) > 1 or text == party.name:
            for hit in inquiry.similar(text, _MOST_COMPARED).hits:
                found.setdefault(hit.id, hit)
    shown = [hit for hit in found.values() if hit.kind != "person" and inquiry.view.shows(hit)]
    return shown[:_MOST_COMPARED]


def _sides(
    inquiry: Inquiry, party: Party, hits: list[Subject]
) -> tuple[Mapping[str, pa.Array], Mapping[str, pa.Array]]:
    """Return the party, once for each candidate, and the candidates, as columns to compare."""
    told: dict[str, str] = {"name": party.name}
    known: dict[str, list[str]] = {"name": [hit.name for hit in hits]}
    if party.identifier is not None:
        told["uscc"] = party.identifier
        known["uscc"] = [_code_of(inquiry, hit) for hit in hits]
    if party.representative is not None:
        told["representative"] = party.representative
        known["representative"] = _in_charge(inquiry, hits)
    left = {field: pa.array([text] * len(hits), pa.string()) for field, text in told.items()}
    right = {field: pa.array(column, pa.string()) for field, column in known.items()}
    return left, right


def _code_of(inquiry: Inquiry, hit: Subject) -> str:
    codes = (
        code["value"]
        for member in inquiry.view.members(inquiry.finder, hit.id)
        for code in member["identifiers"]
        if code["type"] == "uscc" and code["status"] in ("valid", "repaired")
    )
    return next(codes, "")


def _in_charge(inquiry: Inquiry, hits: list[Subject]) -> list[str]:
    """Return who heads each organisation, as the caller may see it.

    Names the caller may not see in full are compared as far as they are seen: else a score would
    tell whoever guesses a name whether it is the one.
    """
    view = inquiry.view
    table = registered(inquiry.store.facts.relations([hit.id for hit in hits]), inquiry.as_of)
    told = pc.is_in(table.column("type"), value_set=pa.array(_IN_CHARGE, pa.string()))
    if not view.inside:
        told = pc.and_(told, table.column("strong"))
    rows = table.filter(told).to_pylist()
    people = inquiry.store.facts.subjects({row["source"] for row in rows}).to_pylist()
    names = {
        row["id"]: view.name(row["name"], person=row["kind"] == "person")
        for row in people
        if view.inside or row["strong"]
    }
    heads: dict[str, str] = {}
    for row in sorted(rows, key=lambda row: (row["type"], row["source"])):
        if row["source"] in names:
            heads.setdefault(row["target"], names[row["source"]])
    return [heads.get(hit.id, "") for hit in hits]
