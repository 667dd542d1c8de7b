"""GraphML, as Gephi, yEd, Cytoscape and networkx read it: typed attributes, parallel edges."""

import re
from collections.abc import Iterator, Mapping
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from api.exports.extract import Extract
from api.exports.values import listing_values, node_values, tie_values

__all__ = ["graphml"]

_NODE: Final = {
    "what": "string",
    "name": "string",
    "kind": "string",
    "identity": "string",
    "identifiers": "string",
    "status": "string",
    "authority": "string",
    "decision_number": "string",
    "violation_date": "string",
    "decision_date": "string",
    "since": "string",
    "until": "string",
    "records": "string",
}
_EDGE: Final = {
    "type": "string",
    "since": "string",
    "until": "string",
    "share": "double",
    "identity": "string",
    "records": "string",
}
_HEAD: Final = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
"""
# What XML 1.0 cannot hold, even escaped.
_FORBIDDEN: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def graphml(extract: Extract) -> Iterator[str]:
    """Yield the document: subjects and listings are nodes, ties and `against` are edges."""
    yield _HEAD
    for owner, names in (("node", _NODE), ("edge", _EDGE)):
        for name, kind in names.items():
            yield (
                f'<key id="{owner[0]}-{name}" for="{owner}" '
                f'attr.name="{name}" attr.type="{kind}"/>\n'
            )
    yield '<graph id="creditgraph" edgedefault="directed">\n'
    for node in extract.nodes():
        yield _element(f'node id="{node.id}"', {"what": "subject", **node_values(node)}, _NODE)
    against = []
    for listing in extract.listings():
        values = listing_values(extract, listing)
        yield _element(f'node id="{listing.id}"', {"what": "listing", **values}, _NODE)
        told = {"type": "against", **{key: values[key] for key in ("identity", "records")}}
        against.append((listing.id, listing.subject, told))
    for tie in extract.ties():
        head = f'edge id="{tie.id}" source="{tie.source}" target="{tie.target}"'
        yield _element(head, tie_values(tie), _EDGE)
    for uid, subject, told in against:
        yield _element(f'edge id="a-{uid}" source="{uid}" target="{subject}"', told, _EDGE)
    yield "</graph>\n</graphml>\n"


def _element(head: str, values: Mapping[str, object], names: Mapping[str, str]) -> str:
    data = "".join(
        f"<data key={quoteattr(f'{head[0]}-{name}')}>{_text(values[name])}</data>"
        for name in names
        if values.get(name) not in (None, "", ())
    )
    return f"<{head}>{data}</{head.partition(' ')[0]}>\n"


def _text(value: object) -> str:
    told = " ".join(value) if isinstance(value, tuple) else str(value)
    return escape(_FORBIDDEN.sub("\ufffd", told))
