"""How rare characters are in 字号: two firms share 金 sooner than 鑫淼."""

from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from resolvers.lexicon import lines

__all__ = ["character_bits"]

_UNKNOWN_BITS: Final = 13.5
_PLANE: Final = 0x10000


@cache
def _bits() -> npt.NDArray[np.float64]:
    """Return the bits of every code point up to the last of the Basic Multilingual Plane."""
    known = np.full(_PLANE, _UNKNOWN_BITS)
    for line in lines("brand_characters.txt"):
        bits, characters = line.split(" ", 1)
        known[[ord(character) for character in characters]] = float(bits)
    return known


def character_bits(text: str) -> npt.NDArray[np.float64]:
    """Return how rare each character is in 字号, in bits (-log2 of its share)."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    return _bits()[np.minimum(codes, _PLANE - 1)]
