"""What a machine must not decide: identifiers that several subjects hold, told as pairs."""

from collections import defaultdict
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graph import schema
from graph.identifiers import STRENGTH
from resolvers.cluster import EXCLUSIVE, NEUTRAL, Clues

__all__ = ["reviews"]

Ints = npt.NDArray[np.int64]


def reviews(
    clues: Clues,
    subject: Ints,
    ids: npt.NDArray[np.object_],
    keys: tuple[npt.NDArray[np.bool_], npt.NDArray[np.object_]],
    more: list[tuple[str, str, str, str, bytes]],
) -> pa.Table:
    """Return `schema.REVIEWS`: each disputed identifier as pairs with its smallest holder.

    Pairs run from one holder to the others, so a code misused on hundreds of subjects asks
    hundreds of questions, not tens of thousands.

    Args:
        keys: Which keys are disputed, and their bytes.
        more: Rows asked for other reasons.
    """
    disputed, key_bytes = keys
    rows = np.flatnonzero(disputed[clues.key])
    holders: dict[int, set[int]] = defaultdict(set)
    ranks: dict[int, int] = {}
    for row in rows.tolist():
        holders[int(clues.key[row])].add(int(subject[clues.mention[row]]))
        ranks[int(clues.key[row])] = int(clues.rank[row])
    said = _Said(clues, subject, {number for group in holders.values() for number in group})
    found = [
        (*pair, STRENGTH[ranks[key]].value, key_bytes[key])
        for key, group in holders.items()
        for pair in _pairs(sorted(group, key=lambda number: ids[number]), ids, (said, key))
    ]
    found += more
    columns = zip(*sorted(found), strict=True) if found else [[] for _ in schema.REVIEWS]
    arrays = [
        pa.array(list(column), field.type)
        for column, field in zip(columns, schema.REVIEWS, strict=True)
    ]
    return pa.table(arrays, schema=schema.REVIEWS)


def _pairs(
    group: list[int], ids: npt.NDArray[np.object_], shared: "tuple[_Said, int]"
) -> Iterator[tuple[str, str, str]]:
    said, key = shared
    for other in group[1:]:
        yield ids[group[0]], ids[other], said.reason(group[0], other, key)


class _Said:
    """What disputed subjects say of themselves, to tell why a pair was not joined."""

    def __init__(self, clues: Clues, subject: Ints, wanted: set[int]) -> None:
        self._natures: dict[int, list[set[int]]] = {}
        self._codes: dict[int, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
        members = np.flatnonzero(np.isin(subject, list(wanted)))
        for place in members.tolist():
            natures = self._natures.setdefault(int(subject[place]), [set() for _ in clues.natures])
            for row, values in enumerate(clues.natures):
                if values[place] != NEUTRAL:
                    natures[row].add(int(values[place]))
        self._misused = {int(key) for key in clues.key[clues.voice != 0].tolist()}
        exclusive = [STRENGTH.index(kind) for kind in EXCLUSIVE]
        rows = np.isin(subject[clues.mention], list(wanted)) & np.isin(clues.rank, exclusive)
        for row in np.flatnonzero(rows).tolist():
            number = int(subject[clues.mention[row]])
            self._codes[number][int(clues.rank[row])].add(int(clues.key[row]))

    def reason(self, one: int, other: int, key: int) -> str:
        """Return the code of the reason that a pair sharing a key is left to a person."""
        for name, left, right in zip(
            ("person_and_organisation", "branch_marker"),
            self._natures[one],
            self._natures[other],
            strict=True,
        ):
            if left and right and left != right:
                return name
        for rank, keys in self._codes[one].items():
            theirs = self._codes[other].get(rank)
            if theirs and theirs != keys:
                return "two_valid_ids"
        return "names_differ" if key in self._misused else "fits_several"
