"""Whom a change may reach by likeness: bodies elsewhere that are like those looked at again."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from resolvers.bodies import Bodies, bodies_in
from resolvers.body_names import body_names
from resolvers.given import Prepared
from resolvers.likeness import Met, alike, met

__all__ = ["Elsewhere", "keys_asked", "like_these"]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Mentions that share a key with those looked at again, and are not among them.

    Attributes:
        mentions: `schema.MENTIONS`.
        traits: `schema.TRAITS` of these.
        known: Which of them may be one with a full code.
    """

    mentions: pa.Table
    traits: pa.Table
    known: pa.Array


def keys_asked(ready: Prepared) -> tuple[pa.Array, pa.Array]:
    """Return the keys of those with a full code, and of those without one."""
    known = ready.known[ready.keys.row]
    return pa.array(np.unique(ready.keys.key[known])), pa.array(np.unique(ready.keys.key[~known]))


def like_these(ready: Prepared, elsewhere: Elsewhere) -> pa.Array:
    """Return the mentions elsewhere that may be one with some of those looked at again."""
    mentions = elsewhere.mentions
    labels = np.arange(mentions.num_rows, dtype=np.int64)
    others = bodies_in(mentions, body_names(mentions), elsewhere.traits, labels)
    both = Bodies(
        pa.concat_tables([ready.bodies.table, others.table]),
        np.concatenate([ready.bodies.cluster, -1 - others.cluster]),
        np.concatenate([ready.bodies.mention, others.mention]),
    )
    more, before = met(others), ready.bodies.table.num_rows
    keys = Met(
        np.concatenate([ready.keys.row, more.row + before]),
        np.concatenate([ready.keys.key, more.key]),
    )
    there = pc.is_in(mentions.column("mention"), elsewhere.known).to_numpy()
    known = np.concatenate([ready.known, there[others.mention]])
    new = np.arange(len(both.cluster)) >= before
    found = alike(both, keys, known, new)
    rows = np.maximum(found.left, found.right)[~found.apart]
    own = mentions.column("mention").combine_chunks()
    return own.take(pa.array(np.unique(both.mention[rows])))
