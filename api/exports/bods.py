"""Statements of the Beneficial Ownership Data Standard 0.4: parties, then who owns or runs whom.

Whether somebody is a beneficial owner is a judgement of law and is not stated.
`endDate` is the first day an interest no longer held.
"""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from api.exports.extract import Extract, Node, Tie
from api.exports.values import tie_values
from api.exports.vocabulary import open_end, plain_codes, words

__all__ = ["ownership_statements"]


def ownership_statements(extract: Extract) -> Iterator[dict[str, Any]]:
    """Yield statements in the order the standard asks for: nobody is spoken of before told."""
    for node in extract.nodes():
        yield _statement(extract, node.id, _kind(node.kind), _party(node), ("", ()))
    for tie in extract.ties():
        interest = words()["relations"][tie.type].get("interest")
        # Interests are held in organisations only.
        if interest is not None and extract.kinds[tie.target] != "person":
            details = _interest(tie, interest)
            evidence = (tie_values(tie)["identity"], tie.records)
            yield _statement(extract, tie.id, "relationship", details, evidence)


def _kind(kind: str) -> str:
    return "person" if kind == "person" else "entity"


def _party(node: Node) -> dict[str, Any]:
    if node.kind == "person":
        known = {"personType": "knownPerson", "names": [{"type": "legal", "fullName": node.name}]}
        unnamed = {"personType": "unknownPerson"}
        return {"isComponent": False, **(known if node.name else unnamed)}
    identifiers = [
        {"id": code, "schemeName": words()["identifiers"][kind]["bods"]}
        for kind, codes in plain_codes(node.codes).items()
        for code in codes
    ]
    body: dict[str, Any] = {
        "isComponent": False,
        "entityType": {"type": words()["kinds"][node.kind]["bods"], "details": node.kind},
        "name": node.name,
        "jurisdiction": {"name": "China", "code": "CN"},
    }
    return {**body, "identifiers": identifiers} if identifiers else body


def _interest(tie: Tie, kind: str) -> dict[str, Any]:
    told = tie_values(tie)
    held: dict[str, Any] = {"type": kind, "directOrIndirect": "direct", "details": tie.type}
    if tie.share is not None:
        held["share"] = {"exact": round(tie.share * 100, 6)}
    dates = {"startDate": told["since"], "endDate": open_end(told["until"])}
    held |= {name: day for name, day in dates.items() if day is not None}
    return {
        "isComponent": False,
        "subject": tie.target,
        "interestedParty": tie.source,
        "interests": [held],
    }


def _statement(
    extract: Extract,
    record: str,
    kind: str,
    details: dict[str, Any],
    evidence: tuple[str, tuple[str, ...]],
) -> dict[str, Any]:
    identity, records = evidence
    day = extract.day.isoformat()
    body: dict[str, Any] = {
        "declarationSubject": details.get("subject", record),
        "statementDate": day,
        "recordId": record,
        "recordType": kind,
        "recordStatus": "new",
        "recordDetails": details,
        "publicationDetails": {
            "publicationDate": day,
            "bodsVersion": "0.4",
            "publisher": {"name": "creditgraph"},
        },
    }
    if records:
        told = f"identity {identity}; records {' '.join(records)}"
        body["source"] = {"type": ["officialRegister"], "description": told}
    text = json.dumps(body, ensure_ascii=False, sort_keys=True)
    return {"statementId": hashlib.blake2b(text.encode(), digest_size=16).hexdigest(), **body}
