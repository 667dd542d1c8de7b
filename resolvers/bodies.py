"""What rows tell of bodies beside identifiers, each distinct telling once within a cluster."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graph.secrecy import digest
from resolvers.body_names import BodyNames
from resolvers.columns import equals, places

__all__ = ["PHONE_KEY", "TOLD", "Bodies", "bodies_in"]

Ints = npt.NDArray[np.int64]

PHONE_KEY: Final = "phone_key"
"""Column of a phone's digest."""

TOLD: Final = ("representative", "phone", "address", "founded", "uscc")
"""Traits (`schema.TRAITS`) that pairs of bodies are compared on."""


_CONTENT: Final = ("name", "representative", PHONE_KEY, "address", "founded", "uscc")


@dataclass(frozen=True, slots=True)
class Bodies:
    """Distinct tellings of bodies.

    Attributes:
        table: `standardise.NAMES` and `TOLD` columns, `name` as written.
        cluster: Whom each row is of.
        mention: Position of one mention that tells it.
    """

    table: pa.Table
    cluster: Ints
    mention: Ints

    def content(self, row: int) -> bytes:
        """Return the digest of what a row tells, wherever it is told."""
        told = (self.table.column(name)[row].as_py() or "" for name in _CONTENT)
        return digest(b"body", *(text.encode() for text in told))


def bodies_in(mentions: pa.Table, names: BodyNames, traits: pa.Table, labels: Ints) -> Bodies:
    """Return what named mentions of bodies tell.

    Args:
        mentions: `schema.MENTIONS`.
        names: The names among them.
        traits: `schema.TRAITS` of these mentions; where a row tells several of one type, as two
            representatives, it tells none.
        labels: Cluster of each mention.
    """
    rows = names.mention
    values, held = _held(mentions, traits)
    told = {"cluster": labels[rows], "name": names.place}
    told |= {kind: codes[rows] for kind, codes in held.items()}
    told["mention"] = rows
    columns = [name for name in told if name != "mention"]
    # To wake other threads takes longer than a few rows do.
    grouped = pa.table(told).group_by(columns, use_threads=False)
    distinct = grouped.aggregate([("mention", "min")])
    order = np.argsort(distinct.column("mention_min").to_numpy(), kind="stable")
    distinct = distinct.take(pa.array(order))
    place = distinct.column("name").combine_chunks()
    table = names.parts.take(place).append_column("name", names.written.take(place))
    for kind in held:
        codes = distinct.column(kind).to_numpy()
        column = PHONE_KEY if kind == "phone" else kind
        table = table.append_column(column, values.take(pa.array(codes, mask=codes < 0)))
    return Bodies(
        table, distinct.column("cluster").to_numpy(), distinct.column("mention_min").to_numpy()
    )


def _held(mentions: pa.Table, traits: pa.Table) -> tuple[pa.Array, dict[str, Ints]]:
    """Return values, and for each kind of trait every mention's place among them, -1 for none."""
    coded = pc.dictionary_encode(traits.column("value").combine_chunks())
    value = coded.indices.to_numpy().astype(np.int64)
    place = places(traits.column("mention"), mentions.column("mention").combine_chunks())
    found = {}
    for kind in TOLD:
        rows = np.flatnonzero(equals(traits.column("type"), kind) & (place >= 0))
        low = np.full(mentions.num_rows, np.iinfo(np.int64).max)
        high = np.full(mentions.num_rows, -1, dtype=np.int64)
        np.minimum.at(low, place[rows], value[rows])
        np.maximum.at(high, place[rows], value[rows])
        found[kind] = np.where(low == high, high, -1)
    return coded.dictionary, found
