"""Scorecards of names: levels to a match weight, a decision, and the sentences behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graph.errors import DataError
from graph.texts import Lang, phrase
from resolvers.features import Feature, Levels
from resolvers.lexicon import document

__all__ = ["DECISIONS", "Weights", "decide", "parts", "read_weights", "reasons", "weigh"]

DECISIONS: Final = ("separate", "review", "merge")
Floats = npt.NDArray[np.float64]
_SEPARATE, _REVIEW, _MERGE = range(3)
_TOLD: Final = 0.01


@dataclass(frozen=True)
class Weights:
    """A scorecard, checked against its features.

    Attributes:
        features: In the order of the columns of levels.
        bits: Match weight of every level of each feature.
        supersedes: Feature -> features that do not count where it has something to compare.
        vetoes: Feature -> levels that part two mentions whatever else agrees.
        doubts: Feature -> levels that make a shared identifier a matter of review.
        holds: Feature -> levels that make a merge without one a matter of review.
        identity: Feature and level from which on two mentions share an identifier.
        merge_needs: One of these must be met, every feature at its level or above.
    """

    features: tuple[Feature, ...]
    bits: tuple[Floats, ...]
    supersedes: Mapping[str, tuple[str, ...]]
    vetoes: Mapping[str, tuple[int, ...]]
    doubts: Mapping[str, tuple[int, ...]]
    holds: Mapping[str, tuple[int, ...]]
    identity: tuple[str, int]
    merge_needs: tuple[Mapping[str, int], ...]
    merge: float
    review: float

    def place(self, name: str) -> int:
        """Return the column of a feature."""
        return self._places[name]

    @cached_property
    def _places(self) -> Mapping[str, int]:
        return {feature.name: at for at, feature in enumerate(self.features)}


def read_weights(name: str, features: Sequence[Feature]) -> Weights:
    """Return the shipped scorecard of a name for features.

    Raises:
        DataError: E811, naming file, key and reason.
    """
    where = f"scorecards/{name}.yaml"
    body = document(f"../{where}")
    try:
        ((key, level),) = body["identity"].items()
        return Weights(
            features=tuple(features),
            bits=tuple(_bits(body["features"], feature, where) for feature in features),
            supersedes={k: tuple(v) for k, v in body["supersedes"].items()},
            vetoes={k: tuple(v) for k, v in body["vetoes"].items()},
            doubts={k: tuple(v) for k, v in body["doubts"].items()},
            holds={k: tuple(v) for k, v in body.get("holds", {}).items()},
            identity=(key, level),
            merge_needs=tuple(body["merge_needs"]),
            merge=float(body["thresholds"]["merge"]),
            review=float(body["thresholds"]["review"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise DataError("E811", where=where, key="", reason=repr(error)) from error


def _bits(given: Mapping[str, Any], feature: Feature, where: str) -> Floats:
    said = given[feature.name]
    if isinstance(said, dict):
        # Many levels of one kind: nothing at `share` of them, `to` at the last.
        steps = np.linspace(0, 1, len(feature.levels) - 1) - said["share"]
        low = steps / said["share"] * -said["from"]
        high = steps / (1 - said["share"]) * said["to"]
        return np.concatenate([[0.0], np.where(steps < 0, low, high)])
    if len(said) != len(feature.levels):
        reason = f"{len(said)} weights for {len(feature.levels)} levels"
        raise DataError("E811", where=where, key=feature.name, reason=reason)
    return np.asarray(said, dtype=np.float64)


def effective(levels: Levels, card: Weights) -> Levels:
    """Return levels with those that another feature supersedes set to 0.

    Args:
        levels: One row a pair, one column a feature of the card.
    """
    found = levels.copy()
    for name, others in card.supersedes.items():
        applies = levels[:, card.place(name)] > 0
        for other in others:
            found[applies, card.place(other)] = 0
    return found


def weigh(levels: Levels, card: Weights) -> Floats:
    """Return the match weight of every pair, in bits."""
    counted = effective(levels, card)
    rows = [bits[counted[:, at]] for at, bits in enumerate(card.bits)]
    return np.asarray(np.sum(rows, axis=0), dtype=np.float64)


def decide(levels: Levels, weight: Floats, card: Weights) -> npt.NDArray[np.int64]:
    """Return for every pair the number of its decision in `DECISIONS`."""
    counted = effective(levels, card)
    found = np.where(weight >= card.review, _REVIEW, _SEPARATE)
    needed = np.zeros(len(weight), dtype=bool)
    for need in card.merge_needs:
        met = np.ones(len(weight), dtype=bool)
        for name, least in need.items():
            met &= counted[:, card.place(name)] >= least
        needed |= met
    found[(weight >= card.merge) & needed] = _MERGE
    key, level = card.identity
    shared = counted[:, card.place(key)] >= level
    found[_at(counted, card, card.holds) & ~shared & (found == _MERGE)] = _REVIEW
    found[_at(levels, card, card.vetoes) & ~shared] = _SEPARATE
    found[_at(levels, card, card.doubts) & shared] = _REVIEW
    return found


def _at(
    levels: Levels, card: Weights, said: Mapping[str, tuple[int, ...]]
) -> npt.NDArray[np.bool_]:
    found = np.zeros(len(levels), dtype=bool)
    for name, which in said.items():
        at = card.place(name)
        marked = np.zeros(len(card.features[at].levels), dtype=bool)
        marked[list(which)] = True
        found |= marked[levels[:, at]]
    return found


def reasons(levels: Levels, card: Weights, lang: Lang) -> list[str]:
    """Return for every pair the sentences of its features, the weightiest first."""
    counted = np.ascontiguousarray(effective(levels, card))
    width = pa.binary(counted.shape[1])
    rows = pa.Array.from_buffers(width, len(counted), [None, pa.py_buffer(counted.tobytes())])
    coded = pc.dictionary_encode(rows)
    told = pa.array([_told(row, card, lang) for row in coded.dictionary.to_pylist()], pa.string())
    return list(told.take(coded.indices).to_pylist())


def parts(levels: Levels, card: Weights, lang: Lang) -> list[list[dict[str, Any]]]:
    """Return for every pair its features that had something to compare, the weightiest first.

    Each is `feature`, `weight` in bits and `text`; the weights sum to the pair's.
    """
    told = []
    for row in effective(levels, card).tolist():
        said: list[dict[str, Any]] = [
            {
                "feature": feature.name,
                "weight": round(float(bits[level]), 4),
                "text": phrase(feature.levels[level], lang),
            }
            for feature, level, bits in zip(card.features, row, card.bits, strict=True)
            if level
        ]
        told.append(sorted(said, key=lambda one: -abs(one["weight"])))
    return told


def _told(row: Sequence[int], card: Weights, lang: Lang) -> str:
    said = []
    for feature, level, bits in zip(card.features, row, card.bits, strict=True):
        weight = float(bits[level])
        if level:
            sentence = phrase(feature.levels[level], lang)
            said.append((-abs(weight), f"{sentence} ({weight:+.1f})"))
    said.sort(key=lambda one: one[0])
    separator = phrase("reason_separator", lang)
    return separator.join(text for _, text in said) or phrase("nothing_compared", lang)
