"""Check characters of Chinese codes, each from the body it closes.

Every function is total: a body of the wrong length or alphabet has the check `""`, which
equals no character, so `body_check(text[:-1]) == text[-1]` is a complete test.

Source: GB 32100-2015, GB 11714-1997, GB 11643-1999, GS 15-2006 (ISO 7064 MOD 11,10).
"""

from operator import mul
from typing import Final

__all__ = ["id_card_check", "org_code_check", "regno_check", "uscc_check"]

_USCC_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_BASE_36: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# The n-th letter of the alphabet becomes the digit of value n; all else breaks `int`.
_USCC_DIGITS: Final = dict.fromkeys(range(128), "!") | str.maketrans(
    _USCC_ALPHABET, _BASE_36[: len(_USCC_ALPHABET)]
)
_ORG_CODE_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)
_ORG_CODE_VALUES: Final = {letter: value for value, letter in enumerate(_BASE_36)}
_ORG_CODE_CHECKS: Final = "0X987654321"  # by the weighted sum modulo 11
_ID_CARD_CHECKS: Final = "10X98765432"  # by the weighted sum modulo 11


def uscc_check(body17: str) -> str:
    """Return the check character of a 17-character unified social credit code body."""
    if len(body17) != 17 or not body17.isascii():
        return ""
    # The weights are the powers of 3 modulo 31, and 34 leaves 3, so the weighted sum is the
    # reversed body read in base 34: one conversion in C instead of 17 products here.
    try:
        total = int(body17.translate(_USCC_DIGITS)[::-1], 34)
    except ValueError:
        return ""
    return _USCC_ALPHABET[-total % 31]


def org_code_check(body8: str) -> str:
    """Return the check character of an 8-character organisation code body."""
    if len(body8) != 8:
        return ""
    try:
        total = sum(map(mul, map(_ORG_CODE_VALUES.__getitem__, body8), _ORG_CODE_WEIGHTS))
    except KeyError:
        return ""
    return _ORG_CODE_CHECKS[total % 11]


def id_card_check(body17: str) -> str:
    """Return the check character of a 17-digit citizen identity number body."""
    if len(body17) != 17 or not (body17.isascii() and body17.isdigit()):
        return ""
    # MOD 11-2 weighs by powers of 2, and 13 leaves 2 modulo 11.
    return _ID_CARD_CHECKS[int(body17, 13) * 2 % 11]


def regno_check(body14: str) -> str:
    """Return the check digit of a 14-digit business registration number body."""
    if len(body14) != 14 or not (body14.isascii() and body14.isdigit()):
        return ""
    rest = 10
    for digit in body14:
        rest = ((rest + int(digit)) % 10 or 10) * 2 % 11
    return str((11 - rest) % 10)
