"""What resolution starts from: the mentions given, and what is read off them before likeness."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graph.identifiers import STRENGTH
from graph.kinds import is_branch
from graph.model import HEADS, HIRED, OWNERS
from resolvers.bodies import Bodies, bodies_in
from resolvers.body_names import body_names
from resolvers.cluster import NEUTRAL, Clues, cluster
from resolvers.columns import among, equals, places
from resolvers.hinging import Hinges, hinges_of
from resolvers.holders import Holders, holders_of
from resolvers.incomplete import Incomplete
from resolvers.judged import Word
from resolvers.likely import known_mentions
from resolvers.likeness import Likeness, Met, alike, met
from resolvers.misuse import voices
from resolvers.ties import name_ties, tells_who
from resolvers.tying import Named, Posts, tie_names

__all__ = ["Given", "Prepared", "posts_of", "prepare"]

Ints = npt.NDArray[np.int64]
_RANKS: Final = {kind.value: rank for rank, kind in enumerate(STRENGTH)}


@dataclass(frozen=True, slots=True)
class Given:
    """What is known of some mentions, in the shapes of `graph.schema`, rows in any order.

    Attributes:
        mentions: `MENTIONS`.
        identifiers: `IDENTIFIERS` of these mentions.
        judgements: `JUDGEMENTS` between them.
        posts: `POSTS` of these mentions.
        incomplete: Those of these mentions that have an incomplete identifier.
        traits: `TRAITS` of these mentions.
        read: Takes some of these mentions, gives `SHOWN`: their identifiers as read.
    """

    mentions: pa.Table
    identifiers: pa.Table
    judgements: pa.Table
    posts: pa.Table
    incomplete: pa.Array
    traits: pa.Table
    read: Callable[[pa.Array], pa.Table]


@dataclass(frozen=True)
class Prepared:
    """Clusters by judgements, identifiers and full names, and what bodies are compared on.

    Attributes:
        given: What was started from.
        key_bytes: Bytes of each key number of the clues.
        word: What judgements came to.
        identified: Clusters by judgements and identifiers alone.
        named: Clusters so far.
        known: For each row of `bodies` whether its cluster has a full code.
        keys: By what rows of `bodies` may meet others.
    """

    given: Given
    clues: Clues
    key_bytes: npt.NDArray[np.object_]
    word: Word
    identified: Ints
    incomplete: Incomplete
    named: Named
    bodies: Bodies
    known: npt.NDArray[np.bool_]
    keys: Met

    @cached_property
    def found(self) -> Likeness:
        """Which of these bodies are like one another by their own tellings."""
        return alike(self.bodies, self.keys, self.known)

    @cached_property
    def posts(self) -> Posts:
        """Who is in a post of whom, or owns whom."""
        return posts_of(self.given, self.clues)

    @cached_property
    def holders(self) -> Holders:
        """Who holds the bodies that are like others."""
        labels = self.named.labels
        like = np.zeros(int(labels.max()) + 1, dtype=np.bool_)
        like[self.bodies.cluster[np.r_[self.found.left, self.found.right]]] = True
        numbers = self.clues.points[len(self.clues.natures) :]
        said = (numbers, self.incomplete.mention, like[labels])
        return holders_of(self.given.mentions, self.posts, self.given.traits, said)

    @cached_property
    def hinges(self) -> Hinges:
        """What the rounds of these bodies depend on."""
        return hinges_of(self)


def prepare(given: Given) -> Prepared:
    """Return what the mentions given come to before likeness; there is at least one.

    Cost: some 10 seconds and 1 GiB for a million mentions.
    """
    mentions = given.mentions
    keys = pc.dictionary_encode(given.identifiers.column("key").combine_chunks())
    key_bytes = np.array(keys.dictionary.to_pylist(), dtype=object)
    clues = _clues(given, keys.indices.to_numpy().astype(np.int64))
    labels, word = cluster(clues)
    own = mentions.column("mention")
    incomplete = Incomplete(_positions(own, given.incomplete), own, given.read)
    names = body_names(mentions)
    named = tie_names(mentions, name_ties(names), clues, labels, incomplete)
    bodies = bodies_in(mentions, names, given.traits, named.labels)
    held = np.zeros(int(named.labels.max()) + 1, dtype=np.bool_)
    held[named.labels[known_mentions(clues)]] = True
    known = held[bodies.cluster]
    met_by = met(bodies)
    return Prepared(given, clues, key_bytes, word, labels, incomplete, named, bodies, known, met_by)


def posts_of(given: Given, clues: Clues) -> Posts:
    """Return the posts and shares that persons hold, by positions."""
    own, posts = given.mentions.column("mention"), given.posts
    person = _positions(own, posts.column("mention"))
    body = places(posts.column("body"), own)
    subject = np.array(posts.column("subject").to_pylist(), dtype=object)
    # A body may be in another's post, as its executive partner; only persons are told by name.
    rows = np.flatnonzero(clues.natures[0, person] == 1)
    person, body, subject = person[rows], body[rows], subject[rows]
    types = posts.column("type")
    head, owner, hired = (among(types, kinds)[rows] for kinds in (HEADS, OWNERS, HIRED))
    tells = tells_who(given.mentions, person, owner)
    return Posts(person, body, subject, head, owner, hired, tells)


def _clues(given: Given, row_key: Ints) -> Clues:
    mentions = given.mentions
    mention = _positions(mentions.column("mention"), given.identifiers.column("mention"))
    rank = _ranks(given.identifiers.column("type"))
    return Clues(
        count=mentions.num_rows,
        mention=mention,
        key=row_key,
        rank=rank,
        natures=_natures(mentions),
        same=_judged(mentions, given.judgements, "same"),
        different=_judged(mentions, given.judgements, "different"),
        voice=voices(mentions, (mention, row_key, rank)),
    )


def _judged(mentions: pa.Table, judgements: pa.Table, verdict: str) -> Ints:
    """Return the positions of mentions judged so, one pair a column."""
    if not judgements.num_rows:
        return np.zeros((2, 0), dtype=np.int64)
    rows = judgements.filter(pc.field("verdict") == verdict)
    own = mentions.column("mention")
    return np.vstack([_positions(own, rows.column(side)) for side in ("left", "right")])


def _positions(keys: pa.ChunkedArray, asked: pa.ChunkedArray | pa.Array) -> Ints:
    """Return where each key asked about stands among distinct keys; all of them do."""
    own = keys.to_numpy()
    order = np.argsort(own, kind="stable")
    found = np.searchsorted(own[order], asked.to_numpy())
    return np.asarray(order[found], dtype=np.int64)


def _ranks(types: pa.ChunkedArray) -> Ints:
    encoded = pc.dictionary_encode(types.combine_chunks())
    ranks = np.array([_RANKS[name] for name in encoded.dictionary.to_pylist()], dtype=np.int64)
    return ranks[encoded.indices.to_numpy()] if len(ranks) else np.zeros(0, dtype=np.int64)


def _natures(mentions: pa.Table) -> Ints:
    """Return person-or-organisation and branch-or-not of each mention, as 0 and 1."""
    person = equals(mentions.column("kind"), "person").astype(np.int64)
    names = pc.dictionary_encode(mentions.column("name").combine_chunks())
    marks = np.array(
        [int(is_branch(name)) if name else NEUTRAL for name in names.dictionary.to_pylist()],
        dtype=np.int64,
    )
    branch = marks[names.indices.to_numpy()]
    return np.vstack([person, np.where(person == 1, NEUTRAL, branch)])
