"""Names of persons: one key for the ways one name is written, and how two names stand.

A name alone never identifies a person (DESIGN §10); this only says how alike two names are.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final

from pypinyin.constants import PINYIN_DICT, Style
from pypinyin.style import convert

from resolvers.characters import simplified
from resolvers.edits import ALIKE, DROPPED, SWAPPED, edits_of
from resolvers.lexicon import document

__all__ = ["COMMON_BITS", "RARE_BITS", "PersonName", "name_level", "parse_person", "readings"]

ABSENT, DIFFERENT, NEAR, SLIP, COMPATIBLE, VARIANT, COMMON, SAME, RARE = range(9)

_BLANK: Final = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")
_NOTE: Final = re.compile(r"\([^()]*\)$")
_TOKEN: Final = re.compile(r"\*+|[A-Z]+|.")
_BRACKETS: Final = str.maketrans("〔〕[]【】{}", "()()()()")
# GB 18030 (2000) had no codes for 80 characters, and put them at U+E815 and on; their bytes stayed.
_PRIVATE: Final = range(0xE815, 0xE865)
# Other private characters and lost ones say no more than that somebody could not write one.
_UNREAD: Final = re.compile("[\ue000-\uf8ff\ufffd\U000f0000-\U0010fffd]")
COMMON_BITS: Final = 13.0
"""Names of fewer bits are common."""
RARE_BITS: Final = 18.0
"""Names of as many bits are rare."""


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person's name as it can be compared.

    Attributes:
        exact: One width, no blanks, no dots, private characters read; variants as written.
        key: The same simplified, `*` for every character not told.
        bits: How rare the name is.
        odd: What is unusual: `masked`, `pinyin`, `private`; '' otherwise.
    """

    exact: str
    key: str
    bits: float
    odd: str


@cache
def _facts() -> dict[str, Any]:
    facts: dict[str, Any] = document("persons.yaml")
    facts["surnames"] = {c: bits for bits, known in facts["surname_bits"].items() for c in known}
    facts["given"] = {c: bits for bits, known in facts["given_bits"].items() for c in known}
    facts["hidden"] = str.maketrans(dict.fromkeys(facts["mask_characters"], "*"))
    facts["undotted"] = str.maketrans("", "", facts["dots"])
    facts["private"] = {code: _read_private(code) for code in _PRIVATE}
    facts["variants"] = str.maketrans(facts["variants"])
    return facts


def _read_private(code: int) -> str:
    low = 0x50 + code - _PRIVATE.start
    return bytes((0xFE, low + (low >= 0x7F))).decode("gb18030")


@lru_cache(maxsize=262_144)
def parse_person(raw: str) -> PersonName:
    """Return a person's name as it can be compared; any text is taken."""
    facts = _facts()
    text = unicodedata.normalize("NFKC", raw).translate(_BRACKETS)
    read = text.translate(facts["private"])
    plain = _NOTE.sub("", _BLANK.sub("", read)).translate(facts["undotted"]).upper()
    hidden = plain.translate(facts["hidden"]) if _is_masked(plain) else plain
    key = simplified(_UNREAD.sub("*", hidden).translate(facts["variants"]))
    odd = "masked" if "*" in key else "pinyin" if re.search("[A-Z]", key) else ""
    return PersonName(plain, key, _bits(key), odd or ("private" if read != text else ""))


def _is_masked(plain: str) -> bool:
    # X hides a character only where no other letter stands: 张XX, not 张XU.
    return not re.search("[A-WYZ]", plain) and plain[:1] not in ("", "某")


def _bits(key: str) -> float:
    facts = _facts()
    surname = key[:2] if key[:2] in facts["double_surnames"] else key[:1]
    given = key[len(surname) :]
    bits = facts["surnames"].get(surname, facts["unknown_surname_bits"])
    rest = (facts["given"].get(c, facts["unknown_given_bits"]) for c in given if c != "*")
    return float(bits + sum(rest))


def readings(character: str, *, surname: bool = False) -> frozenset[str]:
    """Return the readings of a character without tones, `ü` written `v`.

    A surname has the one reading of the surname table, where it is there.
    """
    known = _facts()["surname_readings"]
    if surname and character in known:
        return frozenset((known[character],))
    said = PINYIN_DICT.get(ord(character), "") if len(character) == 1 else ""
    return frozenset(convert(r, Style.NORMAL, strict=False) for r in said.split(",") if r)


@lru_cache(maxsize=1_048_576)
def name_level(one: str, other: str) -> int:
    """Return how two persons' names stand, from ABSENT to RARE; the order does not matter."""
    left, right = parse_person(one), parse_person(other)
    if not left.key.strip("*") or not right.key.strip("*"):
        return ABSENT
    if left.key == right.key and "*" not in left.key:
        return _sameness(left) if left.exact == right.exact else VARIANT
    latin = left.odd == right.odd == "pinyin" and (left.key + right.key).isascii()
    if {"masked", "pinyin"} & {left.odd, right.odd} and not latin:
        return COMPATIBLE if _fits(left.key, right.key) else DIFFERENT
    slips = {ALIKE: SLIP, SWAPPED: NEAR, DROPPED: NEAR}
    return slips.get(edits_of(left.key, right.key), DIFFERENT)


def _sameness(name: PersonName) -> int:
    if name.bits < COMMON_BITS:
        return COMMON
    return RARE if name.bits >= RARE_BITS else SAME


def _fits(one: str, other: str) -> bool:
    """Return whether two names can be one, given what neither of them hides."""
    ones, others = tuple(_TOKEN.findall(one)), tuple(_TOKEN.findall(other))
    return _rest_fits(ones, others, surname=True)


@lru_cache(maxsize=65_536)  # names of many marks would be tried again and again
def _rest_fits(ones: tuple[str, ...], others: tuple[str, ...], *, surname: bool = False) -> bool:
    if not ones or not others:
        return ones == others
    both = ((ones, others), (others, ones))
    masked = [pair for pair in both if pair[0][0].startswith("*")]
    if masked:
        # Publishers write one mark for one character or for all the rest.
        return any(
            _rest_fits(first[1:], second[skip:])
            for first, second in masked
            for skip in range(1, len(second) + 1)
        )
    if ones[0] == others[0]:
        return _rest_fits(ones[1:], others[1:])
    for first, second in both:
        if _is_letters(first[0]) and not second[0].isascii():
            left = _unspelt(first[0], second[0], surname=surname)
            return any(_rest_fits((*rest, *first[1:]), second[1:]) for rest in left)
    return False


def _is_letters(token: str) -> bool:
    return token.isascii() and token.isalpha()


def _unspelt(letters: str, character: str, *, surname: bool) -> set[tuple[str, ...]]:
    """Return what letters may leave when they begin with a character: 吕 and LV, 张 and ZHANGWEI.

    Nothing is left where they are the whole reading or begin it.
    """
    said = letters.lower().replace("lyu", "lv").replace("nyu", "nv")
    left: set[tuple[str, ...]] = set()
    for reading in readings(character, surname=surname):
        spelt = reading.replace("ü", "v")
        if spelt.startswith(said):
            left.add(())
        elif said.startswith(spelt):
            left.add((said[len(spelt) :].upper(),))
    return left
