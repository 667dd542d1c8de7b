"""Telephone numbers: what a cell holds, as numbers that can be compared.

Masks and extensions are taken off first, which parsers read into the number.
"""

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache
from typing import Final

import phonenumbers

__all__ = ["phone_level", "phones"]

ABSENT, DIFFERENT, COMPATIBLE, SAME = range(4)

_AREA: Final = "0858"
_BETWEEN: Final = re.compile(r"[、,，;；/／|和或\n]|\s{2,}")
_EXTENSION: Final = re.compile(
    r"(?:转|分机|ext\.?|#|(?<=\d{7})-(?=\d{1,5}$))\s*\d{1,6}$", re.IGNORECASE
)
_NOISE: Final = re.compile(r"[^\d*+]")
_MASK: Final = re.compile(r"[xX×＊•●某]")
_LOCAL: Final = range(7, 9)
# A spreadsheet's number: 13900002345.0, 1.3900002345E+10.
_FLOAT: Final = re.compile(r"\d+\.0+|\d(?:\.\d+)?E\+?\d{1,2}", re.IGNORECASE)
_SPACE: Final = re.compile(r"\s+")


@lru_cache(maxsize=262_144)
def phones(cell: str, area: str = _AREA) -> tuple[str, ...]:
    """Return the numbers of a cell, each once, in order; masked ones with `*`.

    Args:
        area: Code put before a number written without one: that of the office's own place.
    """
    text = unicodedata.normalize("NFKC", cell)
    parts = (_whole(part.strip()) for part in _BETWEEN.split(text))
    found = (_number(number, area) for part in parts for number in _apart(part))
    return tuple(dict.fromkeys(number for number in found if number))


def _whole(part: str) -> str:
    """Return a spreadsheet's number in its digits, '' where it has lost some of them."""
    if not _FLOAT.fullmatch(part):
        return part
    number = Decimal(part)
    digits = len(number.as_tuple().digits)
    return f"{number:.0f}" if number == number.to_integral_value() and digits >= _LOCAL[0] else ""


def _apart(part: str) -> list[str]:
    """Return the numbers a space parts; within one it parts fewer digits."""
    pieces = _SPACE.split(part)
    whole = all(sum(map(str.isdecimal, piece)) >= _LOCAL[0] for piece in pieces)
    return pieces if whole else [part]


def _number(part: str, area: str) -> str:
    digits = _NOISE.sub("", _MASK.sub("*", _EXTENSION.sub("", part)))
    if "*" in digits:
        return _masked(digits, area)
    if len(digits) in _LOCAL and not digits.startswith("0"):
        digits = area + digits
    if len(digits) < _LOCAL[0] or len(set(digits)) == 1:
        return ""
    try:
        parsed = phonenumbers.parse(digits, "CN")
    except phonenumbers.NumberParseException:
        return digits
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def _masked(digits: str, area: str) -> str:
    """Return a masked number as the full one is written, without +86."""
    shown = digits.removeprefix("+86").lstrip("0")
    if len(shown) in _LOCAL and not shown.startswith(("1", "*")):
        shown = area.lstrip("0") + shown
    return shown if shown.strip("*") else ""


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
    return len(a) == len(b) and all(x == y or "*" in (x, y) for x, y in zip(a, b, strict=True))
