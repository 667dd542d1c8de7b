"""Cleaning of identifier cells: what departments' files do to a code, and its undoing.

Nothing here decides whether a code is right. Each step that changes the text leaves a
stable repair code; plain white space around a cell leaves none.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from typing import Final

from graph.identifier_types import COUNTING, IdType

__all__ = ["HIDDEN", "Cleaned", "clean", "fold", "is_placeholder", "letters_repaired"]

# Every character a publisher hides a digit with, and the one that stands for them here.
HIDDEN: Final = str.maketrans(dict.fromkeys("*×□?某■●○☆★█", "*"))
_PLAIN_SPACE: Final = " \t\r\n"
_WORDS_FOR_NOTHING: Final = frozenset(
    {
        "na",
        "n/a",
        "#n/a",
        "nan",
        "null",
        "(null)",
        "none",
        "nil",
        "nul",
        "unknown",
        "x",
        "空",
        "同上",
    }
)
_SENTENCES_FOR_NOTHING: Final = re.compile(r"(?:暂|无|没|未|待|不详|不明|不适用|/无)[^0-9]*")
_LOOK_ALIKES: Final = str.maketrans("АВЕКМНОРСТХхΑΒΕΖΗΙΚΜΝΟΡΤΧ", "ABEKMHOPCTXXABEZHIKMNOPTX")
_TIMES_AS_X: Final = re.compile(r"([0-9]{17})×")
_QUOTED: Final = re.compile(r"""=?["'`‘’“”]+(.*?)["'`‘’“”]*|(.*?)["'`‘’“”]+""", re.DOTALL)
_LABELLED: Final = re.compile(r"[A-Za-z一-鿿() ]{2,24}:(.*)", re.DOTALL)
_ENCLOSING: Final = "()[]{}<>【】〔〕《》,;。、:. "
_DECIMAL_TAIL: Final = re.compile(r"([0-9][0-9,]*)\.0+")
_THOUSANDS: Final = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+")
_COPY_MARK: Final = re.compile(r"(.{9,}?)\([0-9]{1,2}-[0-9]{1,2}\)")
_PRINTED_ORG_CODE: Final = re.compile(r"[0-9A-Z]{8}-[0-9X]")
_SEPARATORS: Final = re.compile(r"[\s\-‐‑‒–—―−_]+")
_LETTERS_FOR_DIGITS: Final = {"O": "0", "I": "1", "Z": "2", "S": "5"}
_REGION_AND_ZEROS: Final = re.compile(r"[0-9]{6}0{7,}|[A-Z]0{8,}")
_LONG_COUNTING: Final = 9
_MOST_DOUBTFUL_LETTERS: Final = 8
_DOUBTFUL: Final = re.compile(r"[LOISZ]", re.IGNORECASE)
_AS_WRITTEN: Final = frozenset({IdType.INSTITUTION_CERT, IdType.SOCIAL_CERT})


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A cell without the noise.

    Attributes:
        text: Upper case (except of opaque ids), without separators.
        spelled: The same before the change of case, where `l` and `L` still differ.
        repairs: Codes of the steps that changed something, in order.
    """

    text: str
    spelled: str
    repairs: tuple[str, ...]


def clean(raw: str, kind: IdType | None = None) -> Cleaned:
    """Return the text of a cell ready to be read as `kind` (or as any, when not given)."""
    text, repairs = fold(raw)

    def note(changed: str, repair: str) -> str:
        if changed != text:
            repairs.append(repair)
        return changed

    text = note(_unquoted(text), "apostrophe")
    if kind is IdType.PRIPID:
        text = note(_without_decimal_tail(text), "decimal_tail")
        return Cleaned(text, text, tuple(repairs))
    if kind in _AS_WRITTEN:
        spelled = note("".join(text.split()), "separators")
        return Cleaned(spelled.upper(), spelled, tuple(repairs))
    text = note(_unlabelled(text), "label")
    text = note(_without_copy_mark(text), "copy_mark")
    text = note(text.strip(_ENCLOSING), "separators")
    text = note(_without_decimal_tail(text), "decimal_tail")
    if kind is IdType.ORG_CODE and _PRINTED_ORG_CODE.fullmatch(text):
        text = text[:8] + text[9]  # the hyphen is how the code is printed, not a flaw
    joined = text.replace(",", "") if _THOUSANDS.fullmatch(text) else text
    text = spelled = note(_SEPARATORS.sub("", joined), "separators")
    text = note(text.upper(), "upper_case")
    return Cleaned(text, spelled, tuple(dict.fromkeys(repairs)))


def fold(raw: str) -> tuple[str, list[str]]:
    """Return the text in plain half-width letters, and the repairs that took."""
    text = raw.strip(_PLAIN_SPACE)
    if text.isascii() and text.isprintable():
        return text, []
    repairs: list[str] = []
    visible = "".join(_visible(letter) for letter in text)
    narrow = unicodedata.normalize("NFKC", visible)
    latin = _TIMES_AS_X.sub(r"\1X", narrow.translate(_LOOK_ALIKES))
    for before, after, repair in (
        (text, visible, "invisible"),
        (visible, narrow, "full_width"),
        (narrow, latin, "look_alike"),
    ):
        if before != after:
            repairs.append(repair)
    return latin.strip(_PLAIN_SPACE), repairs


def is_placeholder(text: str) -> bool:
    """Whether a cleaned text says that there is no code: 无, /, 待补, N/A, zeros."""
    if not any(letter.isalnum() for letter in text.translate(HIDDEN)):
        return True
    if text.strip("0.-") in {"", "X", "x"}:
        return True
    if len(text) >= 6 and len(set(text)) == 1:
        return True
    if _REGION_AND_ZEROS.fullmatch(text):
        return True
    if len(text) >= _LONG_COUNTING and any(text in counting for counting in COUNTING):
        return True
    return text.lower() in _WORDS_FOR_NOTHING or bool(_SENTENCES_FOR_NOTHING.fullmatch(text))


def letters_repaired(spelled: str, passes: Callable[[str], bool], *, digits: bool) -> str | None:
    """Return the one reading of O, I, Z, S (and l) as digits that passes, or None.

    Args:
        spelled: Cleaned text before the change of case.
        passes: The check of the type. It refuses letters the type does not have.
        digits: The type consists of digits, so that an upper-case L is a 1 as well.
    """
    if spelled.isascii() and not _DOUBTFUL.search(spelled):  # most codes there are
        return None
    choices = [_readings(letter, digits=digits) for letter in spelled]
    doubtful = sum(len(choice) > 1 for choice in choices)
    if not 0 < doubtful <= _MOST_DOUBTFUL_LETTERS:
        return None
    readings = ("".join(letters) for letters in product(*choices))
    found = [reading for reading in readings if passes(reading)]
    return found[0] if len(found) == 1 else None


def _readings(letter: str, *, digits: bool) -> tuple[str, ...]:
    upper = letter.upper()
    if letter == "l" or (digits and upper == "L"):
        return ("L", "1")
    digit = _LETTERS_FOR_DIGITS.get(upper)
    return (upper,) if digit is None else (upper, digit)


def _visible(letter: str) -> str:
    if letter in _PLAIN_SPACE or letter == "\u3000":
        return letter
    category = unicodedata.category(letter)
    if category in {"Zs", "Zl", "Zp"}:
        return " "
    hidden = category in {"Cc", "Cf"} or "\ufe00" <= letter <= "\ufe0f"
    return "" if hidden else letter


def _unquoted(text: str) -> str:
    found = _QUOTED.fullmatch(text)
    return (found[1] or found[2] or "").strip() if found else text


def _unlabelled(text: str) -> str:
    found = _LABELLED.fullmatch(text)
    return found[1].strip() if found else text


def _without_copy_mark(text: str) -> str:
    found = _COPY_MARK.fullmatch(text)
    return found[1] if found else text


def _without_decimal_tail(text: str) -> str:
    found = _DECIMAL_TAIL.fullmatch(text)
    return found[1] if found else text
