"""Four CSV files that `neo4j-admin database import` and pandas read as they are."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from api.exports.extract import Extract
from api.exports.values import listing_values, node_values, tie_values
from api.sheet import inert

__all__ = ["Sheet", "tables"]

Cells = tuple[str, ...]


class Sheet(NamedTuple):
    """One file: its name, headings and rows."""

    name: str
    heads: Cells
    rows: Iterator[Cells]


def tables(extract: Extract) -> Iterator[Sheet]:
    """Yield the files; the rows of one are to be read before the next is asked for."""
    heads = ("id:ID", "name", "kind", "identity", "identifiers:string[]", ":LABEL")
    yield Sheet("subjects.csv", heads, _subjects(extract))
    listings: Cells = ("id:ID", *_LISTING, "records:string[]", ":LABEL")
    against: list[Cells] = []
    yield Sheet("listings.csv", listings, _listings(extract, against))
    yield Sheet("against.csv", (":START_ID", ":END_ID", ":TYPE"), iter(against))
    ties = (*_TIE, "records:string[]", ":TYPE")
    yield Sheet("relations.csv", ties, _ties(extract))


_LISTING: Final = (
    "kind",
    "identity",
    "status",
    "authority",
    "decision_number",
    "violation_date:date",
    "decision_date:date",
    "since:date",
    "until:date",
)
_TIE: Final = (
    ":START_ID",
    ":END_ID",
    "id",
    "type",
    "since:date",
    "until:date",
    "share:double",
    "identity",
)


def _subjects(extract: Extract) -> Iterator[Cells]:
    for node in extract.nodes():
        label = "Subject;" + "".join(word.capitalize() for word in node.kind.split("_"))
        told = node_values(node)
        yield (node.id, *_cells(told, ("name", "kind", "identity", "identifiers")), label)


def _listings(extract: Extract, against: list[Cells]) -> Iterator[Cells]:
    for listing in extract.listings():
        against.append((listing.id, listing.subject, "AGAINST"))
        told = listing_values(extract, listing)
        yield (listing.id, *_cells(told, (*_LISTING, "records")), "Listing")


def _ties(extract: Extract) -> Iterator[Cells]:
    for tie in extract.ties():
        told = {"id": tie.id, **tie_values(tie)}
        yield (tie.source, tie.target, *_cells(told, (*_TIE[2:], "records")), tie.type.upper())


def _cells(told: Mapping[str, Any], heads: Cells) -> Cells:
    return tuple(_cell(told[head.partition(":")[0]]) for head in heads)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return inert(";".join(value) if isinstance(value, tuple) else str(value))
