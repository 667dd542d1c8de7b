"""Reconciliation of a table's names with subjects: organisations only, as a caller may see them.

A person is never reconciled: a name alone identifies nobody.
"""

from collections.abc import Callable, Mapping
from html import escape
from typing import Any, Final

from api.check import readings
from api.service.around import ties_of
from api.service.asking import Inquiry
from api.service.matching import match
from api.wire.check import Question
from api.wire.match import Party
from api.wire.reconcile import Query, Value
from graph.errors import QueryError
from graph.model import SUBJECT_KINDS, Subject
from graph.texts import Lang, phrase

__all__ = ["ANY", "KINDS", "PROPERTIES", "extended", "named", "preview", "reconciled", "suggested"]

KINDS: Final = tuple(kind for kind in SUBJECT_KINDS if kind != "person")
ANY: Final = "organisation"
_KEYS: Final = ("uscc", "representative")
"""Properties that help to tell who is meant."""
PROPERTIES: Final = (*_KEYS, "kind", "names", "listings")
_SURE: Final = 100.0
_IN_CHARGE: Final = ("legal_representative", "person_in_charge", "operator")
_LONGEST: Final = 200


def named(what: str, uid: str, lang: Lang) -> dict[str, str]:
    """Return a type (`kind`) or property with its name."""
    name = phrase(f"kind_{uid}", lang) if what == "kind" else phrase(f"property_{uid}", lang)
    return {"id": uid, "name": name}


def reconciled(inquiry: Inquiry, query: Query) -> dict[str, Any]:
    """Return the candidates of a query; a code that is no organisation's finds none."""
    told = _told(query)
    name = " ".join(query.query.split())[:_LONGEST]
    if readings(name):
        told["uscc"], name = name, ""
    code = told.get("uscc", "")
    by_code = _by_code(inquiry, code) if code else []
    wanted = _kinds(query)
    found = [_sure(inquiry, hit) for hit in by_code] if by_code else _by_name(inquiry, name, told)
    kept = [each for each in found if each["type"][0]["id"] in wanted]
    return {"result": kept[: query.limit]}


def _told(query: Query) -> dict[str, str]:
    told: dict[str, str] = {}
    for given in query.properties:
        values = given.v if isinstance(given.v, list) else [given.v]
        texts = [text for value in values if (text := _text(value))]
        if given.pid in _KEYS and texts:
            told[given.pid] = texts[0]
    return told


def _text(value: Value) -> str:
    # Another table's entity has a name, not an id of ours; a number may have lost digits.
    text = value if isinstance(value, str) else getattr(value, "name", "")
    return " ".join(text.split())


def _kinds(query: Query) -> frozenset[str]:
    asked = query.type if isinstance(query.type, list) else [query.type or ANY]
    return frozenset(KINDS) if not asked or ANY in asked else frozenset(asked)


def _by_code(inquiry: Inquiry, code: str) -> list[Subject]:
    found = readings(code)
    if not found or found[0].personal:
        return []
    hits, *_ = inquiry.find(Question(identifier=code, name=None))
    return [hit for hit in hits if hit.kind != "person"]


def _sure(inquiry: Inquiry, hit: Subject) -> dict[str, Any]:
    return _candidate(inquiry, inquiry.view.card(hit), (_SURE, True, []))


def _by_name(inquiry: Inquiry, name: str, told: Mapping[str, str]) -> list[dict[str, Any]]:
    if not any(each.isalnum() for each in name) or not name.isprintable():
        return []
    party = Party(name=name, identifier=None, representative=told.get("representative"))
    rows = match(inquiry, party, 20, None)["results"]
    sure = [row["id"] for row in rows if row["decision"] == "merge"]
    found = []
    for row in rows:
        features = [{"id": each["feature"], "value": each["weight"]} for each in row["features"]]
        said = (row["score"], sure == [row["id"]], features)
        found.append(_candidate(inquiry, row, said))
    return found


def _candidate(
    inquiry: Inquiry, card: Mapping[str, Any], said: tuple[float, bool, list[dict[str, Any]]]
) -> dict[str, Any]:
    score, sure, features = said
    kind = named("kind", card["kind"], inquiry.caller.lang)
    return {
        "id": card["id"],
        "name": card["name"],
        "description": kind["name"],
        "type": [kind],
        "score": score,
        "match": sure,
        "features": features,
    }


def suggested(inquiry: Inquiry, prefix: str, limit: int) -> list[dict[str, Any]]:
    """Return organisations a typed text may stand for."""
    text = " ".join(prefix.split())
    if not text or not text.isprintable():
        return []
    hits, *_ = inquiry.search(text, limit)
    kept = [inquiry.view.card(hit) for hit in hits if hit.kind != "person"]
    inquiry.caller.trail.told(card["id"] for card in kept)
    told = []
    for card in kept:
        kind = named("kind", card["kind"], inquiry.caller.lang)
        told.append(
            {
                "id": card["id"],
                "name": card["name"],
                "description": kind["name"],
                "notable": [kind],
            }
        )
    return told


def located(inquiry: Inquiry, uid: str) -> Subject:
    """Return an organisation by id; QueryError E963 if the caller may see none."""
    try:
        found = inquiry.locate(uid)
    except QueryError as error:
        raise QueryError("E963", where=uid) from error
    if found.kind == "person":
        raise QueryError("E963", where=uid)
    return found


def extended(inquiry: Inquiry, uid: str, properties: list[str]) -> dict[str, list[dict[str, str]]]:
    """Return the values of properties of a subject; of one not to be seen, none."""
    try:
        found = located(inquiry, uid)
    except QueryError:
        return {each: [] for each in properties}
    return {
        each: [{"str": text} for text in _VALUES[each](inquiry, found)] if each in _VALUES else []
        for each in properties
    }


def preview(inquiry: Inquiry, uid: str) -> str:
    """Return a small page about a subject; QueryError E963 if there is none to be seen."""
    found, lang = located(inquiry, uid), inquiry.caller.lang
    rows = "".join(
        f"<dt>{escape(named('property', each, lang)['name'])}</dt>"
        f"<dd>{escape(phrase('list_separator', lang).join(_VALUES[each](inquiry, found)))}</dd>"
        for each in PROPERTIES
    )
    title = escape(inquiry.view.card(found)["name"])
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8">'
        f"<title>{title}</title></head><body><h1>{title}</h1><dl>{rows}</dl></body></html>"
    )


def _codes(inquiry: Inquiry, subject: Subject) -> list[str]:
    members = inquiry.view.members(inquiry.finder, subject.id)
    codes = {
        code["value"]
        for member in members
        for code in member["identifiers"]
        if code["type"] == "uscc" and code["status"] in ("valid", "repaired")
    }
    return sorted(codes)


def _heads(inquiry: Inquiry, subject: Subject) -> list[str]:
    ties = ties_of(inquiry, subject, _IN_CHARGE)
    return sorted({tie["from_name"] for tie in ties if tie["to"] == subject.id})


def _kind(inquiry: Inquiry, subject: Subject) -> list[str]:
    return [named("kind", subject.kind, inquiry.caller.lang)["name"]]


def _names(inquiry: Inquiry, subject: Subject) -> list[str]:
    members = inquiry.view.members(inquiry.finder, subject.id)
    return sorted({member["name"] for member in members} - {""})


def _listings(inquiry: Inquiry, subject: Subject) -> list[str]:
    found = inquiry.store.facts.listings([subject.id])
    own = [each for each in found if each.subject == subject.id]
    shown = inquiry.view.listings(own, inquiry.as_of)
    return [
        " ".join(part for part in (each.authority, each.decision_number) if part) or each.kind
        for each in shown
        if each.status_on(inquiry.as_of) in ("effective", "objected")
    ]


_VALUES: Final[Mapping[str, Callable[[Inquiry, Subject], list[str]]]] = {
    "uscc": _codes,
    "representative": _heads,
    "kind": _kind,
    "names": _names,
    "listings": _listings,
}
