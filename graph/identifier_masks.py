"""Partly hidden and cut-off codes: reading them, comparing them, and hiding on purpose.

A mask never identifies anyone: on 300,000 simulated residents of one county, ten digits
and four share their pattern with 1.4 others, six and four with 91.
"""

import re
from typing import Final, Literal

from graph.identifier_forms import LENGTHS, person_type, possible_birth_date, read_full
from graph.identifier_repair import HIDDEN
from graph.identifier_types import PERSONAL, Identifier, IdType, Status, person_number

__all__ = ["compare", "mask", "masked", "truncated"]

_PERSONS: Final = frozenset({IdType.ID_CARD, IdType.RESIDENCE_PERMIT, IdType.FOREIGN_PERMANENT})
_DIGITS_ONLY: Final = _PERSONS | {IdType.REGNO, IdType.TAIWAN_PERMIT, IdType.INSTITUTION_CERT}
_UNMASKABLE: Final = frozenset({IdType.PRIPID, IdType.SOCIAL_CERT})
_CHECKED: Final = _PERSONS | {IdType.USCC, IdType.ORG_CODE, IdType.REGNO}
_LETTERS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LENGTH_IF_MASKED: Final = {IdType.USCC: 18, IdType.ORG_CODE: 9} | dict.fromkeys(_PERSONS, 18)
# X is a letter of most alphabets and the last character of every 11th identity number.
_X_RUN: Final = re.compile(r"(?<=[0-9*])X{2,}")
_LONG_X_RUN: Final = re.compile(r"(?<=[0-9*])X{4,}")
_PERSON_PATTERN: Final = re.compile(r"[0-9*]{17}[0-9X*]")
_DIGITS_PATTERN: Final = re.compile(r"[0-9*]+")
_PATTERN: Final = re.compile(r"[0-9A-Z*]{2,40}")
_BIRTH_PATTERN: Final = re.compile(
    r"(?:1[89*]|2[01*]|\*[0189*])[0-9*]{2}"
    r"(?:0[1-9*]|1[0-2*]|\*[0-9*])(?:0[1-9*]|[12][0-9*]|3[01*]|\*[0-9*])"
)
_FLOAT: Final = re.compile(r"([1-9])(?:\.([0-9]{1,24}))?E\+?([0-9]{1,2})")
_ZERO_TAIL: Final = re.compile(r"([0-9]{15})(?:000|00000)")
_EXACT_DIGITS: Final = 15  # what a spreadsheet keeps of a number


def masked(kind: IdType, text: str, repairs: tuple[str, ...]) -> Identifier | None:
    """Return the masked identifier a cleaned text is, or None."""
    if kind in _UNMASKABLE:
        return None
    runs = _X_RUN if kind in _DIGITS_ONLY else _LONG_X_RUN
    pattern = runs.sub(lambda run: "*" * len(run[0]), text.translate(HIDDEN))
    if "*" not in pattern or not _PATTERN.fullmatch(pattern) or not pattern.strip("*"):
        return None
    length = _LENGTH_IF_MASKED.get(kind)
    if length is not None and len(pattern) != length:
        pattern = _stretched(pattern, length)
    if not pattern.strip("*"):
        return None
    if kind in _PERSONS:
        return _masked_person(kind, pattern, repairs)
    if kind in _DIGITS_ONLY and not _DIGITS_PATTERN.fullmatch(pattern):
        return None
    return Identifier(kind, Status.MASKED, pattern, repairs)


def truncated(kind: IdType, text: str, repairs: tuple[str, ...]) -> Identifier | None:
    """Return what a spreadsheet left of a long number, or None when it did not touch it."""
    cut = _ZERO_TAIL.fullmatch(text)
    digits = cut[1] if cut and len(text) >= 18 and len(text) in LENGTHS.get(kind, ()) else None
    written = _FLOAT.fullmatch(text)
    if written is not None and int(written[3]) + 1 in LENGTHS.get(kind, ()):
        digits = (written[1] + (written[2] or "")).rstrip("0")[:_EXACT_DIGITS]
    if digits is None:
        return None
    birth = digits[6:14]
    if kind in _PERSONS and len(birth) == 8 and not possible_birth_date(birth):
        return None
    return Identifier(kind, Status.TRUNCATED, digits, repairs)


def compare(
    a: Identifier, b: Identifier
) -> Literal["equal", "compatible", "contradictory", "incomparable"]:
    """Return how two identifiers stand to each other; the order does not matter.

    Only two full identifiers of one type are ever `equal`. Masked and truncated ones are
    `compatible` as long as no visible position speaks against it. `incomparable` are
    different types, invalid codes, patterns of different length, and generations of a
    number that one party can rightly hold together (13- and 15-digit registration
    numbers, tax ids before and after 2015).
    """
    if a.type is not b.type or Status.INVALID in {a.status, b.status}:
        return "incomparable"
    if a.full and b.full:
        return _compare_full(a, b)
    if Status.TRUNCATED not in {a.status, b.status} and len(a.value) != len(b.value):
        return "incomparable"
    for left, right in ((a, b), (b, a)):
        if left.full and right.status is Status.TRUNCATED:
            fits = _survives(left.value, right.value)
            return "compatible" if fits else "contradictory"
    merged = _overlay(_pattern(a), _pattern(b))
    if merged is None or not _satisfiable(a.type, merged):
        return "contradictory"
    return "compatible"


def mask(what: Identifier | IdType, value: str | None = None) -> str:
    """Return a code as people without the right to see it may see it.

    Args:
        what: An identifier, or the type `value` was filed under.
        value: The text to show; needed with a type, and the identifier's own if absent.

    Returns:
        Identity cards with six leading and four last digits, other personal numbers with
        two and two. Codes of organisations unchanged, unless they hold a person's number.
    """
    if isinstance(what, IdType):
        text = value or ""
        found = read_full(what, text) or Identifier(what, Status.INVALID, text)
    else:
        text = what.value if value is None else value
        found = what
    if not found.personal:
        return text
    head, tail = _shown(found.type, text)
    return text[:head] + "*" * (len(text) - head - tail) + text[len(text) - tail :]


def _masked_person(kind: IdType, pattern: str, repairs: tuple[str, ...]) -> Identifier | None:
    if not _PERSON_PATTERN.fullmatch(pattern):
        return None
    birth = pattern[6:14]
    possible = _BIRTH_PATTERN.fullmatch(birth) if "*" in birth else possible_birth_date(birth)
    if not possible:
        return None
    return Identifier(person_type(pattern, kind), Status.MASKED, pattern, repairs)


def _stretched(pattern: str, length: int) -> str:
    """Return the pattern at its full length, or empty when it cannot be.

    Publishers write one star for many. One hidden stretch can be widened; of several, and
    of a 15-character one (a short star run, or an old number?), only the head is sure.
    """
    head, tail = pattern[: pattern.index("*")], pattern[pattern.rindex("*") + 1 :]
    if len(head) + len(tail) >= length:
        return ""
    one_stretch = not pattern[len(head) : len(pattern) - len(tail)].strip("*")
    if not one_stretch or len(pattern) == 15:
        tail = ""
    return head + "*" * (length - len(head) - len(tail)) + tail


def _compare_full(
    a: Identifier, b: Identifier
) -> Literal["equal", "contradictory", "incomparable"]:
    if a.value == b.value:
        return "equal"
    generations = a.type in {IdType.REGNO, IdType.TAX_ID} and len(a.value) != len(b.value)
    return "incomparable" if generations else "contradictory"


def _survives(full: str, digits: str) -> bool:
    if full.startswith(digits):
        return True
    longer = full[: len(digits) + 1]
    rounded = len(digits) < _EXACT_DIGITS and len(longer) > len(digits) and longer.isdigit()
    return rounded and (int(longer) + 5) // 10 == int(digits)


def _pattern(identifier: Identifier) -> str:
    if identifier.status is not Status.TRUNCATED:
        return identifier.value
    kept = identifier.value
    sure = kept if len(kept) == _EXACT_DIGITS else kept[:-1]  # the last one may be rounded
    return sure.ljust(max(LENGTHS[identifier.type]), "*")


def _overlay(a: str, b: str) -> str | None:
    """Return what both patterns show together, None when they disagree.

    Behind the end of the shorter one nothing is known.
    """
    width = max(len(a), len(b))
    merged = []
    for left, right in zip(a.ljust(width, "*"), b.ljust(width, "*"), strict=True):
        if left != right and "*" not in {left, right}:
            return None
        merged.append(right if left == "*" else left)
    return "".join(merged)


def _satisfiable(kind: IdType, pattern: str) -> bool:
    """Whether some code shows this pattern; tried where at most one character is hidden.

    A tail of three zeros may be a spreadsheet's, so its check digit speaks against nobody.
    """
    untried = kind not in _CHECKED or len(pattern) not in LENGTHS[kind]
    if untried or pattern.count("*") > 1 or pattern.endswith("000"):
        return True
    return any(read_full(kind, pattern.replace("*", letter)) for letter in _LETTERS)


def _shown(kind: IdType, text: str) -> tuple[int, int]:
    """Return how many leading and trailing characters of a personal number may be seen."""
    person = person_number(text)
    if kind is IdType.ID_CARD:
        return min(6, len(text)), 4 if len(text) == 18 else 0
    if kind in PERSONAL:
        return (2, 2) if len(text) > 4 else (0, 0)
    if person is not None and person["mobile"]:
        return 3, 4
    if person is not None:
        return person.end("region"), max(0, len(text) - person.end("birth"))
    return 6, 3  # a 15-character tax id that is an identity number of 15 digits
