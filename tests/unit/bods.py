"""Files of beneficial-ownership data (BODS 0.4) as filings of shares."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from graph import schema
from graph.sanctions.control import Ownership

__all__ = ["FILES", "ownership_of"]

FILES: Final = Path(__file__).parent / "bods"


def ownership_of(name: str, on: date) -> Ownership:
    """Return who owns what on a day by a file's statements; a closed record states nothing.

    An interest whose share is a range counts by its lower end, as a filing that says at least
    so much; one that gives no share states that there is one. Interests of other kinds, such as
    votes, are no shares.
    """
    statements = json.loads((FILES / f"{name}.json").read_text(encoding="utf-8"))
    # Of a record told again, the last statement is what holds.
    latest = {told["recordId"]: told for told in statements}.values()
    parties, ties = [], []
    for told in latest:
        if told["recordType"] == "relationship":
            if told["recordStatus"] != "closed":
                ties += _ties(told["recordId"], told["recordDetails"])
        else:
            parties.append(_party(told))
    return Ownership.of(
        pa.Table.from_pylist(parties, schema.SUBJECTS),
        pa.Table.from_pylist(ties, schema.RELATIONS),
        on,
    )


def _party(told: Mapping[str, Any]) -> dict[str, Any]:
    person = told["recordType"] == "person"
    names = told["recordDetails"].get("names", [{}]) if person else [told["recordDetails"]]
    name = names[0].get("fullName" if person else "name", "")
    kind = "person" if person else "enterprise"
    return {"id": told["recordId"], "kind": kind, "name": name, "strong": True}


def _ties(record: str, details: Mapping[str, Any]) -> list[dict[str, Any]]:
    if not isinstance(details["interestedParty"], str):
        return []  # the file says why nobody can be named
    return [
        {
            "type": "shareholder",
            "source": details["interestedParty"],
            "target": details["subject"],
            "since": _day(interest.get("startDate")),
            "until": _day(interest.get("endDate")),
            "share": _share(interest.get("share", {})),
            "record": record,
            "strong": True,
        }
        for interest in details["interests"]
        # A component already says what an indirect interest sums up.
        if interest["type"] == "shareholding" and interest["directOrIndirect"] == "direct"
    ]


def _share(share: Mapping[str, float]) -> float | None:
    stated = share.get("exact", share.get("minimum", share.get("exclusiveMinimum")))
    return None if stated is None else stated / 100


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
