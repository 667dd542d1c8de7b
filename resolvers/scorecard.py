"""A scorecard: what rows of one kind are compared on, as frozen values read from a data file."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from resolvers.blocking import BlockingKey

__all__ = ["FeatureSpec", "Limits", "Rarity", "Scorecard"]


@dataclass(frozen=True, slots=True)
class Rarity:
    """Agreement on a rare value counts for more than agreement on a common one.

    Attributes:
        steps: Rising; bits of surprise (-log2 of the share of rows) at which a step is reached.
        since: First level that is divided.
        of: The field whose rarity counts; None is the one compared.
    """

    steps: tuple[float, ...]
    since: int
    of: str | None = None


@dataclass(frozen=True, slots=True)
class FeatureSpec:
    """One comparison asked for.

    Levels are the comparator's own; where rarity divides one, what is said of it holds for all
    its parts.

    Attributes:
        column: The field compared.
        compare: Name of a comparator, with `options` for it.
        most: Bits each level from 1 may add at most, the last entry for all that follow: what
            relatives and sister firms share by their nature says less of identity than
            independent chance would have it. Empty is no bound.
        vetoes: Levels that keep two rows out of one cluster whatever else agrees.
        doubts: Levels at which two rows are never merged, only shown to a person.
    """

    name: str
    column: str
    compare: str
    options: Mapping[str, Any]
    rarity: Rarity | None
    most: tuple[float, ...] = ()
    vetoes: tuple[int, ...] = ()
    doubts: tuple[int, ...] = ()

    def own(self, levels: npt.NDArray[np.integer[Any]]) -> npt.NDArray[np.int64]:
        """Return the comparator's own level of each level that rarity may have divided."""
        told = levels.astype(np.int64)
        if self.rarity is None:
            return told
        since, parts = self.rarity.since, len(self.rarity.steps) + 1
        return np.where(told < since, told, since + (told - since) // parts)


@dataclass(frozen=True, slots=True)
class Limits:
    """Where lines are drawn, in bits; log2 of the odds that two rows are one.

    Attributes:
        connect: Pairs from here on make a neighbourhood, in which all pairs are weighed.
        review: Groups whose mean weight reaches this are shown to a person.
        merge: Groups whose mean weight reaches this are one.
        largest: Rows a neighbourhood may have; a larger one is cut at its weakest ties.
    """

    connect: float
    review: float
    merge: float
    largest: int


@dataclass(frozen=True, slots=True)
class Scorecard:
    """All that the engine has to know about a table.

    Attributes:
        key: Column that names each row; distinct, and all that decides ties.
        apart: Column of the source, if only rows of two sources can be one.
        fields: Standardised column -> SQL expression over the table's own columns.
        names: The field that holds names of bodies, if any; their parts (`name_columns.COLUMNS`)
            are fields too.
        vetoes: Fields in which rows of one cluster may not differ.
        sample: Random pairs looked at to learn what chance agreement is.
    """

    name: str
    version: int
    key: str
    apart: str | None
    fields: Mapping[str, str]
    features: tuple[FeatureSpec, ...]
    blocking: tuple[BlockingKey, ...]
    vetoes: tuple[str, ...]
    limits: Limits
    sample: int
    names: str | None = None

    @property
    def digest(self) -> str:
        """Return a digest of the content; layout and comments do not count."""
        told = json.dumps(asdict(self), sort_keys=True, ensure_ascii=False, default=dict)
        return hashlib.blake2b(told.encode(), digest_size=16).hexdigest()
