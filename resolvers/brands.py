"""How rare characters are in 字号: two firms share 金 sooner than 鑫淼."""

from functools import cache
from typing import Final

from resolvers.lexicon import lines

__all__ = ["character_bits"]

_UNKNOWN_BITS: Final = 13.5


@cache
def _bits() -> dict[str, float]:
    rows = (line.split(" ", 1) for line in lines("brand_characters.txt"))
    return {character: float(bits) for bits, characters in rows for character in characters}


def character_bits(text: str) -> list[float]:
    """Return how rare each character is in 字号, in bits (-log2 of its share)."""
    known = _bits()
    return [known.get(character, _UNKNOWN_BITS) for character in text]
