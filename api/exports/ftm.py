"""FollowTheMoney entities, one a line: parties, the ties between them, sanctions.

Dates are as in the store: `endDate` is the first day that no longer counts.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from api.exports.extract import Extract, Node, Tie
from api.exports.values import listing_values, tie_values
from api.exports.vocabulary import open_end, plain_codes, words
from graph.model import Listing

__all__ = ["follow_the_money"]


def follow_the_money(extract: Extract) -> Iterator[dict[str, Any]]:
    """Yield the entities; listings that are no measure against anybody are none."""
    for node in extract.nodes():
        yield _party(node)
    for listing in extract.listings():
        if listing.kind not in words()["not_adverse"]:
            yield _sanction(extract, listing)
    for tie in extract.ties():
        yield _link(extract, tie)


def _party(node: Node) -> dict[str, Any]:
    found: dict[str, list[str]] = {"name": [node.name], "country": ["cn"]}
    for kind, codes in plain_codes(node.codes).items():
        for code in codes:
            name = words()["identifiers"][kind]["ftm"]
            # Its reader takes codes of eight leading digits only, and drops a farmers' body's.
            known = name != "uscCode" or code[:8].isdigit()
            found.setdefault(name if known else "registrationNumber", []).append(code)
    if node.kind == "person":
        # Where somebody is from is not known by where a register names him.
        del found["country"]
    return _entity(node.id, words()["kinds"][node.kind]["ftm"], found)


def _sanction(extract: Extract, listing: Listing) -> dict[str, Any]:
    told = listing_values(extract, listing)
    return _entity(
        listing.id,
        "Sanction",
        {
            "entity": [listing.subject],
            "authority": [listing.authority],
            "authorityId": [listing.decision_number],
            "program": [listing.kind],
            "status": [told["status"]],
            "listingDate": [told["decision_date"]],
            "startDate": [told["since"]],
            "endDate": [open_end(told["until"])],
            "country": ["cn"],
            "recordId": told["records"],
        },
    )


def _link(extract: Extract, tie: Tie) -> dict[str, Any]:
    told, vocabulary = tie_values(tie), words()
    one, other = (
        vocabulary["kinds"][extract.kinds[end]]["ftm"] for end in (tie.source, tie.target)
    )
    schema = vocabulary["relations"][tie.type]["ftm"]
    ends = vocabulary["ends"][schema]
    if one not in ends["source"] or other not in ends["target"]:
        schema, ends = "UnknownLink", vocabulary["ends"]["UnknownLink"]
    found: dict[str, Sequence[str | None]] = {
        ends["from"]: [tie.source],
        ends["to"]: [tie.target],
        "startDate": [told["since"]],
        "endDate": [open_end(told["until"])],
        "recordId": tie.records,
    }
    found["relationship" if schema == "Family" else "role"] = [tie.type]
    if schema != "Family":
        found["status"] = [told["identity"]]
    else:
        found["summary"] = [told["identity"]]
    if schema == "Ownership" and tie.share is not None:
        found["percentage"] = [f"{tie.share * 100:.6g}"]
    return _entity(tie.id, schema, found)


def _entity(
    uid: str, schema: str, properties: Mapping[str, Sequence[str | None]]
) -> dict[str, Any]:
    kept = {name: [value for value in values if value] for name, values in properties.items()}
    return {
        "id": uid,
        "schema": schema,
        "properties": {name: values for name, values in sorted(kept.items()) if values},
        "datasets": ["creditgraph"],
    }
