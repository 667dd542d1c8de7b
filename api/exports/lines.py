"""The graph as JSON objects, one a line: subjects first, then listings, then ties."""

from collections.abc import Iterator
from typing import Any

from api.exports.extract import Extract
from api.exports.values import listing_values, node_values, tie_values

__all__ = ["lines"]


def lines(extract: Extract) -> Iterator[dict[str, Any]]:
    """Yield one object a line, told apart by `what`: subject, listing, relation."""
    for node in extract.nodes():
        yield {"what": "subject", "id": node.id, **node_values(node)}
    for listing in extract.listings():
        told = listing_values(extract, listing)
        yield {"what": "listing", "id": listing.id, "subject": listing.subject, **told}
    for tie in extract.ties():
        ends = {"id": tie.id, "from": tie.source, "to": tie.target}
        yield {"what": "relation", **ends, **tie_values(tie)}
