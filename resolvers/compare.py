"""Pairs of rows to scores: every pair from what the two rows say and shipped data alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from rapidfuzz.distance import Indel
from rapidfuzz.process import cpdist

from graph.texts import Lang
from resolvers.abbreviations import ABBREVIATION
from resolvers.features import Feature, Levels
from resolvers.organisations import ORGANISATION_FEATURES
from resolvers.people import PERSON_FEATURES
from resolvers.rows import Rows
from resolvers.standardise import Spread, standardised_names
from resolvers.weighing import DECISIONS, Weights, decide, parts, read_weights, reasons, weigh

__all__ = ["FIELDS", "Kind", "Verdicts", "compare_pairs", "explained_pairs"]

Kind = Literal["organisation", "person"]
FIELDS: Final = ("name", "uscc", "id_number", "representative", "phone", "address")
"""What a row may say of each side; `name` is needed."""

_FEATURES: Final[Mapping[str, tuple[Feature, ...]]] = {
    "organisation": (*ORGANISATION_FEATURES, ABBREVIATION),
    "person": PERSON_FEATURES,
}
_FINE: Final = 0.1  # of a bit: less than any two weights differ by


@dataclass(frozen=True, slots=True)
class Verdicts:
    """One entry for each pair.

    Attributes:
        score: Match weight in bits; higher is more likely the same.
        decision: merge, review or separate.
        why: Sentences, the weightiest first.
    """

    score: npt.NDArray[np.float64]
    decision: list[str]
    why: list[str]


def compare_pairs(
    left: Mapping[str, pa.Array],
    right: Mapping[str, pa.Array],
    kind: Kind,
    *,
    lang: Lang = "zh",
    spread: Spread = map,
) -> Verdicts:
    """Return how each pair stands.

    Args:
        left: Columns of text by names of `FIELDS`, `name` among them; the same on both sides.
        spread: Shares the parsing of names, as `standardised_names` says.

    Cost: some 40 microseconds a pair of organisations.
    """
    card = read_weights(kind, _FEATURES[kind])
    one, other = (_rows(side, kind, spread) for side in (left, right))
    levels = compared(card, one, other)
    weight = weigh(levels, card)
    found = decide(levels, weight, card)
    score = weight + _fine(kind, one, other)
    return Verdicts(score, [DECISIONS[d] for d in found.tolist()], reasons(levels, card, lang))


def explained_pairs(
    left: Mapping[str, pa.Array], right: Mapping[str, pa.Array], kind: Kind, lang: Lang
) -> list[list[dict[str, Any]]]:
    """Return for each pair what `resolvers.weighing.parts` says of it."""
    card = read_weights(kind, _FEATURES[kind])
    levels = compared(card, *(_rows(side, kind, map) for side in (left, right)))
    return parts(levels, card, lang)


def compared(card: Weights, left: Rows, right: Rows) -> Levels:
    """Return the levels of aligned rows, one column for each feature.

    A level is 0 where a column lacks, and where another feature supersedes it and no identifier
    is shared, for which it would be a doubt.
    """
    known = set(left.names) & set(right.names)
    levels = np.zeros((len(left), len(card.features)), dtype=np.int8)
    key, shared = card.identity
    leading = {key, *card.supersedes}
    told = [f for f in card.features if known >= set(f.columns)]
    # Features that look at the same rows share what was read of them.
    looked_at = {np.arange(len(left)).tobytes(): (left, right)}
    for feature in sorted(told, key=lambda f: f.name not in leading):
        above = [card.place(by) for by, others in card.supersedes.items() if feature.name in others]
        idle = np.any(levels[:, above] > 0, axis=1) & (levels[:, card.place(key)] < shared)
        rows = np.flatnonzero(~idle)
        if not len(rows):
            continue
        same = rows.tobytes()
        if same not in looked_at:
            looked_at[same] = (left.take(rows), right.take(rows))
        levels[rows, card.place(feature.name)] = feature.compare(*looked_at[same])
    return levels


def _rows(side: Mapping[str, pa.Array], kind: Kind, spread: Spread) -> Rows:
    if kind == "person":
        return Rows(pa.table(dict(side)))
    table = standardised_names(side["name"], spread)
    for field, column in side.items():
        if field != "name":
            table = table.append_column(field, column)
    return Rows(table)


def _fine(kind: Kind, left: Rows, right: Rows) -> npt.NDArray[np.float64]:
    """Return a fraction of a bit that orders pairs of equal levels by closeness."""
    column = "name" if kind == "person" else "plain"
    near = cpdist(left.texts(column), right.texts(column), scorer=Indel.normalized_similarity)
    return _FINE * np.asarray(near, dtype=np.float64)
