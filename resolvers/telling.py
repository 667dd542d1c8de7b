"""Why mentions are one or not: how a cluster grew, and what two tellings say beside each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graph.texts import Lang, phrase
from resolvers.cluster import NEUTRAL
from resolvers.compare import compared
from resolvers.features import Levels
from resolvers.given import Given, Prepared, prepare
from resolvers.likeness import card, levels_of
from resolvers.people import PERSON_FEATURES
from resolvers.rounds import Settled, settle
from resolvers.rows import Rows
from resolvers.weighing import DECISIONS, Weights, decide, effective, read_weights, weigh

__all__ = ["Comparison", "Growth", "Step", "best_of", "growth_of"]

Ints = npt.NDArray[np.int64]

_CODES: Final = ("person_and_organisation", "branch_marker", "two_valid_ids")
_MOST: Final = 40
"""Tellings of either side that are compared with each other."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two tellings say beside each other.

    Attributes:
        left, right: Store's key of a mention that tells each.
        features: Name, weight in bits and sentence, the weightiest first.
    """

    left: int
    right: int
    weight: float
    decision: str
    features: tuple[tuple[str, float, str], ...]


@dataclass(frozen=True, slots=True)
class Step:
    """Groups of mentions, by the store's keys, that became one.

    Attributes:
        by: judgement, identifier, name, likeness, holders or post.
        compared: What it rests on, for likeness and holders.
        round: In which round bodies and persons so far gave that evidence, from 1 on.
    """

    by: str
    parts: tuple[tuple[int, ...], ...]
    compared: Comparison | None = None
    round: int = 1


@dataclass(frozen=True, slots=True)
class Growth:
    """How the clusters of some mentions grew.

    Attributes:
        keys: Store's key of every mention.
        stages: What joined, and the cluster of every mention after it, in order.
    """

    ready: Prepared
    settled: Settled
    keys: Ints
    stages: tuple[tuple[str, Ints], ...]

    def steps(self, wanted: Sequence[int], lang: Lang) -> list[Step]:
        """Return the steps by which the mentions wanted, by key, became one, in order."""
        inside = self._places(wanted)
        before, found = np.arange(len(self.keys)), []
        for by, labels in self.stages:
            for label in np.unique(labels[inside]).tolist():
                members = inside[labels[inside] == label]
                parts = np.unique(before[members])
                if len(parts) == 1:
                    continue
                if by == "likeness":
                    found += self._by_likeness(members, lang)
                else:
                    found.append(Step(by, self._parts(members, before)))
            before = labels
        return found

    def forbidden(self, sides: Sequence[Sequence[int]]) -> list[str]:
        """Return codes of what two groups of mentions, by key, say of themselves against it."""
        points = self.ready.clues.points
        said = [points[:, self._places(side)] for side in sides]
        found = []
        for place, (left, right) in enumerate(zip(*said, strict=True)):
            ones, others = (set(each[each != NEUTRAL].tolist()) for each in (left, right))
            if ones and others and not ones & others:
                found.append(_CODES[min(place, len(_CODES) - 1)])
        return found

    def persons(self, sides: Sequence[Sequence[int]]) -> bool:
        """Return whether both groups of mentions, by key, are persons'."""
        person = self.ready.clues.natures[0] == 1
        return all(bool(person[self._places(side)].all()) for side in sides)

    def _places(self, keys: Sequence[int]) -> Ints:
        return np.flatnonzero(np.isin(self.keys, np.asarray(keys, dtype=np.int64)))

    def _parts(self, members: Ints, labels: Ints) -> tuple[tuple[int, ...], ...]:
        told = self.keys[members]
        own = labels[members]
        return tuple(tuple(sorted(told[own == part].tolist())) for part in np.unique(own))

    def _by_likeness(self, members: Ints, lang: Lang) -> list[Step]:
        """Return the best ties that hold the members together, the strongest first."""
        grown, before = self.settled.like.grown, self.ready.named.labels
        held = np.isin(grown.nodes, before[members])
        rows = np.flatnonzero(grown.strong & held[grown.one] & held[grown.other])
        rows = rows[np.argsort(-grown.bits[rows], kind="stable")]
        group, steps = np.arange(len(grown.nodes)), []
        for row in rows.tolist():
            one, other = group[grown.one[row]], group[grown.other[row]]
            if one == other:
                continue
            parts = [
                members[np.isin(before[members], grown.nodes[group == each])]
                for each in (one, other)
            ]
            keys = tuple(tuple(sorted(self.keys[part].tolist())) for part in parts)
            group[group == other] = one
            ends = grown.nodes[[grown.one[row], grown.other[row]]]
            sides = [np.flatnonzero(self.ready.bodies.cluster == end) for end in ends]
            by, number = self._reason(self._between(sides))
            steps.append(Step(by, keys, self.beside(sides, lang), number))
        return steps

    def _between(self, sides: Sequence[Ints]) -> Ints:
        """Return the pairs of alike tellings that run between two groups of them."""
        found = self.ready.found
        return np.flatnonzero(
            (np.isin(found.left, sides[0]) & np.isin(found.right, sides[1]))
            | (np.isin(found.left, sides[1]) & np.isin(found.right, sides[0]))
        )

    def _reason(self, pairs: Ints) -> tuple[str, int]:
        """Return whether pairs join by their own tellings or by holders, and in which round."""
        settled = self.settled
        if self.ready.found.merge[pairs].any():
            return "likeness", 1
        joining = pairs[settled.like.found.merge[pairs]]
        return "holders", int(settled.since[joining].min()) + 1

    def beside(self, sides: Sequence[Ints], lang: Lang) -> Comparison:
        """Return the most alike of two groups of tellings, by their rows."""
        bodies, place = self.ready.bodies, card().place("holders")
        left, right = _crossed(*(side[:_MOST] for side in sides))
        levels = levels_of(Rows(bodies.table), left, right)
        held = self.settled.like.found.levels[self._between(sides), place]
        levels[:, place] = held.max(initial=0)
        best = _best(card(), levels)
        ends = (
            int(self.keys[bodies.mention[left[best]]]),
            int(self.keys[bodies.mention[right[best]]]),
        )
        return _comparison(card(), levels[best : best + 1], ends, lang)


def growth_of(given: Given) -> Growth:
    """Return how the clusters of mentions grew; there is at least one mention."""
    ready = prepare(given)
    settled = settle(ready)
    like, tied = settled.like, settled.tied
    stages = (
        ("judgement", ready.word.labels),
        ("identifier", ready.identified),
        ("name", ready.named.labels),
        ("likeness", like.labels),
        ("post", tied.labels),
    )
    return Growth(ready, settled, given.mentions.column("mention").to_numpy(), stages)


def best_of(
    growth: Growth, mentions: pa.Table, shown: pa.Table, sides: Sequence[Sequence[int]], lang: Lang
) -> Comparison | None:
    """Return the most alike tellings of two groups of mentions, by key; None if none compare.

    Args:
        mentions: `schema.MENTIONS` of both.
        shown: `schema.SHOWN` of both: what persons are compared on beside names.
    """
    bodies = growth.ready.bodies
    wanted = [np.isin(growth.keys, np.asarray(side, dtype=np.int64)) for side in sides]
    rows = [np.flatnonzero(inside[bodies.mention]) for inside in wanted]
    if all(len(each) for each in rows):
        return growth.beside(rows, lang)
    return _best_people(mentions, shown, sides, lang)


def _best_people(
    mentions: pa.Table, shown: pa.Table, sides: Sequence[Sequence[int]], lang: Lang
) -> Comparison | None:
    numbers = {
        row["mention"]: row["value"] for row in shown.to_pylist() if row["type"] == "id_card"
    }
    named = mentions.filter(
        pc.and_(
            pc.equal(mentions.column("kind"), "person"), pc.not_equal(mentions.column("name"), "")
        )
    )
    keys = named.column("mention").to_pylist()
    places = [np.flatnonzero(np.isin(keys, list(side)))[:_MOST] for side in sides]
    if not all(len(each) for each in places):
        return None
    rows = Rows(
        pa.table(
            {
                "name": named.column("name"),
                "id_number": pa.array([numbers.get(key) for key in keys], pa.string()),
            }
        )
    )
    left, right = _crossed(*places)
    own = read_weights("person", PERSON_FEATURES)
    levels = compared(own, rows.take(left), rows.take(right))
    best = _best(own, levels)
    return _comparison(own, levels[best : best + 1], (keys[left[best]], keys[right[best]]), lang)


def _crossed(ones: Ints, others: Ints) -> tuple[Ints, Ints]:
    return np.repeat(ones, len(others)), np.tile(others, len(ones))


def _best(own: Weights, levels: Levels) -> int:
    bits = weigh(levels, own)
    return int(np.lexsort((-bits, -decide(levels, bits, own)))[0])


def _comparison(own: Weights, levels: Levels, ends: tuple[int, int], lang: Lang) -> Comparison:
    bits = weigh(levels, own)
    counted = effective(levels, own)[0]
    told = [
        (feature.name, float(weights[level]), phrase(feature.levels[level], lang))
        for feature, level, weights in zip(own.features, counted, own.bits, strict=True)
        if level
    ]
    told.sort(key=lambda each: -abs(each[1]))
    decision = DECISIONS[int(decide(levels, bits, own)[0])]
    return Comparison(*ends, float(bits[0]), decision, tuple(told))
