"""A model: what each level of each feature is worth, with where that comes from.

Fellegi and Sunter (1969): the weight of a level is log2 of how much oftener it occurs between
rows of one subject (m) than between rows of two (u). Weights add up, in bits, without end:
nothing saturates, and a pair that is ten bits better is a thousand times likelier.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from graph.errors import DataError
from resolvers.rarity import Frequencies

__all__ = ["Model", "Rates", "read_model", "write_model"]

Matrix = npt.NDArray[np.int8]
Bits = npt.NDArray[np.float64]

FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class Rates:
    """What is known of one feature; one entry for each level, the first (nothing) being 0.

    Attributes:
        same: Share of pairs of one subject at the level (m).
        other: Share of pairs of two subjects at the level (u).
        bits: Weight of the level.
    """

    same: tuple[float, ...]
    other: tuple[float, ...]
    bits: tuple[float, ...]

    def at_most(self, most: Sequence[float]) -> "Rates":
        """Return the same with no level worth more bits than its bound, if there are bounds."""
        return replace(self, bits=tuple(map(min, self.bits, most))) if most else self


@dataclass(frozen=True, slots=True)
class Model:
    """Weights of one scorecard.

    Attributes:
        scorecard, digest: Name and content digest of the scorecard it was estimated for.
        seed: Of the random pairs.
        prior: log2 of the odds that a pair taken at random is one subject.
        rates: By feature, in the scorecard's order.
        frequencies: By feature, where rarity counts.
    """

    scorecard: str
    digest: str
    seed: int
    prior: float
    rates: Mapping[str, Rates]
    frequencies: Mapping[str, Frequencies]

    def weigh(self, levels: Matrix) -> Bits:
        """Return log2 of the odds that each pair is one subject.

        Args:
            levels: One row a pair, one column a feature, in the scorecard's order.
        """
        total = np.full(len(levels), self.prior)
        for place, rates in enumerate(self.rates.values()):
            total += np.array(rates.bits)[levels[:, place]]
        return total


def write_model(model: Model) -> str:
    """Return the model as JSON; reading it gives the same model to the last bit."""
    return json.dumps({"format": FORMAT, **asdict(model)}, ensure_ascii=False, indent=1)


def read_model(text: str, digest: str, where: str) -> Model:
    """Return a model written before.

    Args:
        digest: Of the scorecard it is to be used with.
        where: What to call the file in an error.

    Raises:
        DataError: E861, it is no model; E862, it belongs to another scorecard.
    """
    try:
        told: dict[str, Any] = json.loads(text)
        if told.pop("format") != FORMAT:
            raise ValueError("format")
        rates = {name: _rates(each) for name, each in told.pop("rates").items()}
        model = Model(rates=rates, **told)
    except (ValueError, TypeError, KeyError, AttributeError) as fault:
        raise DataError("E861", where=where, reason=str(fault)) from fault
    if model.digest != digest:
        raise DataError("E862", where=where, scorecard=model.scorecard)
    return model


def _rates(told: Mapping[str, Sequence[float]]) -> Rates:
    return Rates(tuple(told["same"]), tuple(told["other"]), tuple(told["bits"]))
