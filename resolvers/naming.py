"""Subject ids: a function of what a cluster holds, so that load order cannot change them."""

from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graph.secrecy import digest
from resolvers.cluster import Clues

__all__ = ["subject_ids"]

_HEX: Final = 24


def subject_ids(
    mentions: pa.Table,
    subject: npt.NDArray[np.int64],
    held: tuple[Clues, npt.NDArray[np.bool_]],
    key_bytes: npt.NDArray[np.object_],
) -> npt.NDArray[np.object_]:
    """Return the id of every subject number.

    The id comes from the subject's strongest identifier that no other subject holds, the
    smallest if several; without one from its smallest mention.

    Args:
        subject: Subject number of each mention.
        held: The identifier rows, and which of them may name a subject.
    """
    clues, usable = held
    ids: list[str | None] = [None] * (int(subject.max()) + 1)
    rows = np.flatnonzero(usable)
    order = np.empty(len(key_bytes), dtype=np.int64)
    order[np.argsort(key_bytes, kind="stable")] = np.arange(len(key_bytes))
    owner = subject[clues.mention[rows]]
    best = np.lexsort((order[clues.key[rows]], clues.rank[rows], owner))
    owners, first = np.unique(owner[best], return_index=True)
    for number, row in zip(owners.tolist(), rows[best[first]].tolist(), strict=True):
        ids[number] = _id(b"key", key_bytes[clues.key[row]])
    records = mentions.column("record").to_pylist()
    roles = mentions.column("role").to_pylist()
    ordinals = mentions.column("ordinal").to_pylist()
    smallest: dict[int, tuple[bytes, str, int]] = {}
    for place, number in enumerate(subject.tolist()):
        if ids[number] is None:
            own = (records[place], roles[place], ordinals[place])
            smallest[number] = min(own, smallest.get(number, own))
    for number, (record, role, ordinal) in smallest.items():
        ids[number] = _id(b"mention", record, role.encode(), str(ordinal).encode())
    return np.array(ids, dtype=object)


def _id(*parts: bytes) -> str:
    return "s-" + digest(b"subject", *parts).hex()[:_HEX]
