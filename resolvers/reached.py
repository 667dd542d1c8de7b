"""By what two tellings of one subject can meet: every kind of key, and who has which."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graph.model import OWNERS
from resolvers.bodies import bodies_in
from resolvers.body_names import body_names
from resolvers.columns import among, places
from resolvers.given import Given
from resolvers.meeting import meeting_kinds
from resolvers.ties import name_ties, post_ties, tells_who

__all__ = ["keys_met_by"]

Ints = npt.NDArray[np.int64]


def keys_met_by(given: Given, subject: Ints) -> dict[str, tuple[Ints, Ints]]:
    """Return, for each kind of key, positions of mentions and the number of a key of each.

    Identifiers by type, full names of bodies, what bodies meet by to be compared, and for persons
    a name in a post of one subject.

    Args:
        given: All mentions there are.
        subject: Number of each mention's subject.
    """
    own = given.mentions.column("mention").combine_chunks()
    found = _by_identifier(given, own)
    names = body_names(given.mentions)
    full = name_ties(names)
    found["full_name"] = (full.mention, full.key)
    alone = np.arange(len(own), dtype=np.int64)
    bodies = bodies_in(given.mentions, names, given.traits, alone)
    for kind, (row, key) in meeting_kinds(bodies.table).items():
        found[kind.replace(" ", "_")] = (bodies.mention[row], key)
    person, body = (places(given.posts.column(name), own) for name in ("mention", "body"))
    owner = among(given.posts.column("type"), OWNERS)
    told = tells_who(given.mentions, person, owner)
    posts = post_ties(given.mentions, person[told], subject[body[told]], owner[told])
    found["post"] = (posts.mention, posts.key)
    return found


def _by_identifier(given: Given, own: pa.Array) -> dict[str, tuple[Ints, Ints]]:
    table = given.identifiers
    mention = places(table.column("mention"), own)
    key = pc.dictionary_encode(table.column("key").combine_chunks()).indices.to_numpy()
    types = np.array(table.column("type").to_pylist(), dtype=object)
    return {
        name: (mention[types == name], key[types == name].astype(np.int64))
        for name in sorted(set(types.tolist()))
    }
