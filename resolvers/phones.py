"""Telephone numbers: what a cell holds, as numbers that can be compared.

Masks and extensions are taken off first, which parsers read into the number.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

import phonenumbers

__all__ = ["phone_level", "phones"]

ABSENT, DIFFERENT, COMPATIBLE, SAME = range(4)

_AREA: Final = "0858"
_BETWEEN: Final = re.compile(r"[、,，;；/／|和或]|\s{2,}")
_EXTENSION: Final = re.compile(
    r"(?:转|分机|ext\.?|#|(?<=\d{7})-(?=\d{1,5}$))\s*\d{1,6}$", re.IGNORECASE
)
_NOISE: Final = re.compile(r"[^\d*+]")
_MASK: Final = re.compile(r"[xX×＊•●某]")
_LOCAL: Final = range(7, 9)


@lru_cache(maxsize=262_144)
def phones(cell: str, area: str = _AREA) -> tuple[str, ...]:
    """Return the numbers of a cell, each once, in order; masked ones with `*`.

    Args:
        area: Code put before a number written without one: that of the office's own place.
    """
    text = unicodedata.normalize("NFKC", cell)
    found = (_number(part.strip(), area) for part in _BETWEEN.split(text))
    return tuple(dict.fromkeys(number for number in found if number))


def _number(part: str, area: str) -> str:
    digits = _NOISE.sub("", _MASK.sub("*", _EXTENSION.sub("", part)))
    if "*" in digits:
        return digits.removeprefix("+86") if digits.strip("*") else ""
    if len(digits) in _LOCAL and not digits.startswith("0"):
        digits = area + digits
    if len(digits) < _LOCAL[0] or len(set(digits)) == 1:
        return ""
    try:
        parsed = phonenumbers.parse(digits, "CN")
    except phonenumbers.NumberParseException:
        return digits
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


@lru_cache(maxsize=1_048_576)
def phone_level(one: str, other: str) -> int:
    """Return how two cells' numbers stand, from ABSENT to SAME; the order does not matter."""
    ones, others = phones(one), phones(other)
    if not ones or not others:
        return ABSENT
    if any("*" not in number for number in set(ones) & set(others)):
        return SAME
    if any(_fits(a, b) for a in ones for b in others if "*" in a or "*" in b):
        return COMPATIBLE
    return DIFFERENT


def _fits(one: str, other: str) -> bool:
    a, b = one.removeprefix("+86"), other.removeprefix("+86")
    if "*" not in a or "*" not in b:
        pattern, full = (a, b) if "*" in a else (b, a)
        return re.fullmatch(re.sub(r"\*+", r"\\d+", pattern), full) is not None
    return a == b
