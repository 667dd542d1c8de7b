"""Bodies that are likely one: what is joined by it, asked about, and looked up by it later."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graph import schema
from graph.identifiers import STRENGTH, IdType
from graph.secrecy import digest
from resolvers.bodies import Bodies
from resolvers.cluster import NEUTRAL, Clues, own_keys
from resolvers.columns import equals
from resolvers.growing import MARGIN, Grown, Said, grow, places
from resolvers.incomplete import FITS
from resolvers.likeness import Likeness, Met
from resolvers.tying import Named, registered

__all__ = ["LIKENESS", "Likely", "known_mentions", "likely"]

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Texts = npt.NDArray[np.object_]

LIKENESS: Final = "likeness"
"""The type of a review pair that asks about two bodies that are like each other."""

_CODES: Final = [STRENGTH.index(kind) for kind in (IdType.USCC, IdType.ORG_CODE)]
# A body may come to have two of one of these, but who shows another is not joined by likeness.
_RIVALS: Final = [STRENGTH.index(kind) for kind in (IdType.REGNO, IdType.TAX_ID, IdType.PRIPID)]


@dataclass(frozen=True, slots=True)
class Likely:
    """What likeness makes of bodies.

    Attributes:
        labels: A cluster number for every mention.
        node: For each row of `bodies` the cluster it was in before.
        known: For each row whether that cluster has a full code.
    """

    labels: Ints
    bodies: Bodies
    keys: Met
    found: Likeness
    grown: Grown
    known: Bools

    def questions(
        self, subject: Ints, ids: Texts, known: Bools
    ) -> list[tuple[str, str, str, str, bytes]]:
        """Return rows of `schema.REVIEWS`: who is like whom, and was not joined.

        Whoever has no full code is asked about with those that have one it is most like, by a
        margin, and with the one it is most like of those that have none.

        Args:
            known: Which subjects have a full code.
        """
        pairs = self._pairs(subject, len(ids), known)
        best = np.full(len(ids), -np.inf)
        for side in (pairs.one, pairs.other):
            np.maximum.at(best, side, pairs.bits)
        asked: set[int] = set()
        first: dict[int, tuple[float, str, int]] = {}
        for side, opposite in ((pairs.one, pairs.other), (pairs.other, pairs.one)):
            near = ~known[side] & (pairs.bits > best[side] - MARGIN)
            asked.update(np.flatnonzero(near & known[opposite]).tolist())
            for pair in np.flatnonzero(near & ~known[opposite]).tolist():
                told = (-float(pairs.bits[pair]), str(ids[opposite[pair]]), pair)
                own = int(side[pair])
                first[own] = min(told, first.get(own, told))
        asked.update(pair for _, _, pair in first.values())
        contents = self._contents(sorted(tie for pair in asked for tie in pairs.ties[pair]))
        questions = []
        for pair in asked:
            low, high = sorted(str(ids[side[pair]]) for side in (pairs.one, pairs.other))
            reason = "fits_several" if pairs.strong[pair] else "names_alike"
            content = min(contents[tie] for tie in pairs.ties[pair])
            questions.append((low, high, reason, LIKENESS, content))
        return questions

    def _pairs(self, subject: Ints, count: int, known: Bools) -> "_Pairs":
        """Return the pairs of subjects some tie runs between, told by its best ties."""
        grown, at = self.grown, self._subjects(subject)
        ends = np.sort(np.stack([at[grown.one], at[grown.other]]), axis=0)
        rows = np.flatnonzero((ends[0] != ends[1]) & ~known[ends].all(axis=0))
        one, other = ends[:, rows]
        strong, bits = grown.strong[rows], grown.bits[rows]
        number = one * count + other
        order = np.lexsort((-bits, ~strong, number))
        _, first, place = np.unique(number[order], return_index=True, return_inverse=True)
        top = order[first]
        ties: list[list[int]] = [[] for _ in top]
        for tie, pair in zip(order.tolist(), place.tolist(), strict=True):
            if strong[tie] == strong[top[pair]] and bits[tie] == bits[top[pair]]:
                ties[pair].append(int(rows[tie]))
        return _Pairs(one[top], other[top], bits[top], strong[top], ties)

    def _contents(self, ties: list[int]) -> dict[int, bytes]:
        """Return what each tie asks about, wherever it is asked: the least of its best pairs."""
        grown, found, size = self.grown, self.found, len(self.grown.nodes)
        left, right = (
            np.searchsorted(grown.nodes, self.bodies.cluster[rows])
            for rows in (found.left, found.right)
        )
        number = np.minimum(left, right) * size + np.maximum(left, right)
        order = np.argsort(number, kind="stable")
        wanted = grown.one[ties] * size + grown.other[ties]
        starts = np.searchsorted(number[order], wanted, side="left")
        ends = np.searchsorted(number[order], wanted, side="right")
        contents = {}
        for tie, start, end in zip(ties, starts.tolist(), ends.tolist(), strict=True):
            pairs = order[start:end]
            best = (found.bits[pairs] == grown.bits[tie]) & (
                found.merge[pairs] == grown.strong[tie]
            )
            contents[tie] = min(
                digest(*sorted(self.bodies.content(int(row)) for row in rows))
                for rows in zip(found.left[pairs[best]], found.right[pairs[best]], strict=True)
            )
        return contents

    def traces(self, subject: Ints, ids: Texts) -> list[tuple[str, bytes]]:
        """Return subject and key of every neighbourhood of several subjects."""
        at, part = self._subjects(subject), self.grown.part
        groups: dict[int, set[int]] = defaultdict(set)
        for number, node in zip(part.tolist(), at.tolist(), strict=True):
            groups[number].add(node)
        several = {number for number, held in groups.items() if len(held) > 1}
        place, inside = places(self.grown.nodes, self.bodies.cluster)
        smallest: dict[int, bytes] = {}
        for row in np.flatnonzero(inside).tolist():
            number = int(part[place[row]])
            if number in several:
                own = self.bodies.content(row)
                smallest[number] = min(own, smallest.get(number, own))
        return [
            (str(ids[node]), digest(LIKENESS.encode(), smallest[number]))
            for number in several
            for node in groups[number]
        ]

    def meetings(self, subject: Ints, ids: Texts) -> pa.Table:
        """Return `schema.MEETINGS`: by what keys others may meet each subject."""
        row = self.keys.row
        table = pa.table(
            {
                "subject": subject[self.bodies.mention[row]],
                "key": self.keys.key,
                "known": self.known[row],
            }
        )
        grouped = table.group_by(["subject", "key"], use_threads=False)
        table = grouped.aggregate([("known", "min")])
        names = pa.array(ids, pa.string()).take(table.column("subject").combine_chunks())
        columns = [names, table.column("key"), table.column("known_min")]
        return pa.table(columns, schema=schema.MEETINGS).sort_by(
            [("subject", "ascending"), ("key", "ascending")]
        )

    def _subjects(self, subject: Ints) -> Ints:
        """Return the subject of every node."""
        found = np.zeros(len(self.grown.nodes), dtype=np.int64)
        place, inside = places(self.grown.nodes, self.bodies.cluster)
        found[place[inside]] = subject[self.bodies.mention[inside]]
        return found


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Pairs of subjects that are alike, and the ties each is told by: several may be its best."""

    one: Ints
    other: Ints
    bits: Floats
    strong: Bools
    ties: list[list[int]]


def known_mentions(clues: Clues) -> Bools:
    """Return which mentions show a full code of a body."""
    known = np.zeros(clues.count, dtype=np.bool_)
    known[clues.mention[np.isin(clues.rank, _CODES)]] = True
    return known


def likely(
    mentions: pa.Table,
    clues: Clues,
    named: Named,
    told: tuple[Bodies, Met, Bools],
    found: Likeness,
) -> Likely:
    """Return what likeness joins of what identifiers and full names left apart.

    Args:
        mentions: `schema.MENTIONS`.
        named: Clusters so far.
        told: What bodies tell, by what they may meet, and whose cluster has a full code.
        found: Which of them are like one another.
    """
    bodies, keys, known = told
    rivals = [own_keys(clues, rank) for rank in _RIVALS]
    said = Said(
        points=np.vstack([clues.points, *rivals, _registered(mentions)]),
        known=known_mentions(clues),
        apart=clues.different,
        asked=named.names.mention[named.fits != FITS],
    )
    ends = (bodies.cluster[found.left], bodies.cluster[found.right])
    grown = grow(named.labels, ends, found, said)
    return Likely(grown.labels, bodies, keys, found, grown, known)


def _registered(mentions: pa.Table) -> Ints:
    """Return the number of the name that a register's own row gives, a row for each register.

    A register keeps one row a body: what two of its rows call differently is as likely two. 盘县
    became 盘州市, and shops of one owner, place and founding day were registered there again.
    """
    names = mentions.column("name").combine_chunks().dictionary_encode()
    rank = pc.rank(names.dictionary, tiebreaker="dense").to_numpy().astype(np.int64)
    number = rank[names.indices.to_numpy()]
    own = registered(mentions) & ~equals(mentions.column("name"), "")
    registers = mentions.column("register").unique().to_pylist()
    inside = [own & equals(mentions.column("register"), name) for name in registers]
    return np.where(np.reshape(inside, (-1, len(own))), number, NEUTRAL)
