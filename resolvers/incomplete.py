"""Which mentions an incomplete identifier keeps from a subject that a name would give them.

A masked, cut or mistyped number never joins anybody. It may speak against it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graph.identifiers import Identifier, IdType, Status, compare
from resolvers.components import components
from resolvers.evidence import one_slip

__all__ = ["CONTRADICTS", "FITS", "UNCLEAR", "Incomplete", "held_against"]

Ints = npt.NDArray[np.int64]

FITS, UNCLEAR, CONTRADICTS = range(3)
_ASKED: Final = frozenset(
    {
        IdType.USCC,
        IdType.ORG_CODE,
        IdType.ID_CARD,
        IdType.RESIDENCE_PERMIT,
        IdType.FOREIGN_PERMANENT,
    }
)


@dataclass(frozen=True, slots=True)
class Incomplete:
    """The identifiers as read, asked for only where an incomplete one has to be held against them.

    Attributes:
        mention: Positions of mentions with an incomplete identifier.
        keys: The store's key of every mention.
        read: Takes such keys, gives `schema.SHOWN`.
    """

    mention: Ints
    keys: pa.ChunkedArray
    read: Callable[[pa.Array], pa.Table]

    def said(self, positions: Ints) -> dict[int, list[Identifier]]:
        """Return identifiers by position, those of which a subject has one for life."""
        asked = pc.take(self.keys, pa.array(positions)).combine_chunks()
        shown = self.read(asked)
        place = dict(zip(asked.to_pylist(), positions.tolist(), strict=True))
        found: dict[int, list[Identifier]] = defaultdict(list)
        for row in shown.to_pylist():
            kind = IdType(row["type"])
            if kind in _ASKED:
                each = Identifier(kind, Status(row["status"]), row["value"])
                found[place[row["mention"]]].append(each)
        return found


def held_against(
    rows: tuple[Ints, Ints], labels: Ints, incomplete: Incomplete
) -> npt.NDArray[np.int8]:
    """Return for each row how far incomplete identifiers let it join: FITS, UNCLEAR, CONTRADICTS.

    They are held against the identifiers of all whom the mention's cluster would join.

    Args:
        rows: A mention and a key a row; who shares a key would be joined.
        labels: Cluster of every mention so far.
    """
    mention, key = rows
    found = np.full(len(mention), FITS, dtype=np.int8)
    clusters, node = np.unique(labels[mention], return_inverse=True)
    if not len(clusters) or not len(incomplete.mention):
        return found
    used, place = np.unique(key, return_inverse=True)
    part = components(node, place + len(clusters), len(clusters) + len(used))[: len(clusters)]
    # Every mention of the clusters concerned speaks, not only those that have the key.
    where = np.searchsorted(clusters, labels)
    where[where == len(clusters)] = 0
    inside = clusters[where] == labels
    odd = incomplete.mention[inside[incomplete.mention]]
    several = np.bincount(part) > 1
    concerned = np.zeros(len(several), dtype=np.bool_)
    concerned[part[where[odd]]] = True
    asked = np.flatnonzero(inside & (concerned & several)[part[where]])
    worst = np.full(len(clusters), FITS, dtype=np.int8)
    for at, verdict in _by_part(incomplete.said(asked), part[where]).items():
        worst[where[at]] = max(worst[where[at]], verdict)
    return worst[node]


def _by_part(said: dict[int, list[Identifier]], part: Ints) -> dict[int, int]:
    groups: dict[int, dict[int, list[Identifier]]] = defaultdict(dict)
    for at, told in said.items():
        groups[int(part[at])][at] = told
    found: dict[int, int] = {}
    for group in groups.values():
        found |= _verdicts(group)
    return found


def _verdicts(group: dict[int, list[Identifier]]) -> dict[int, int]:
    """Return what each mention with an incomplete identifier is held to be, by the worst.

    Held against full identifiers where there are any, else against each other.
    """
    sets: dict[tuple[Identifier, ...], list[int]] = defaultdict(list)
    for at, told in group.items():
        sets[tuple(sorted(set(told)))].append(at)
    partial = [told for told in sets if any(not each.full for each in told)]
    measure = [told for told in sets if any(each.full for each in told)] or partial
    return {
        at: max((_between(told, other) for other in measure), default=FITS)
        for told in partial
        for at in sets[told]
    }


def _between(ones: Iterable[Identifier], others: Iterable[Identifier]) -> int:
    worst = FITS
    for left in ones:
        for right in others:
            if left.type is right.type and not (left.full and right.full):
                worst = max(worst, _stand(left, right))
    return worst


def _stand(left: Identifier, right: Identifier) -> int:
    said = compare(left, right)
    if said != "incomparable":
        return CONTRADICTS if said == "contradictory" else FITS
    return FITS if left.value == right.value or one_slip(left, right) else UNCLEAR
