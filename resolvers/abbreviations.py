"""Short names and the full names they may stand for: 贵州茅台, 深康佳, 长电科技.

A short name keeps characters of the full one in order, its 字号 above all, and drops the rest. The
alignment of least loss says how well it fits; it is worked out for all pairs of a column at once.
"""

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from resolvers.brands import character_bits
from resolvers.columns import lengths
from resolvers.features import Feature, Levels
from resolvers.lexicon import document
from resolvers.names import Name
from resolvers.rows import Rows, Texts

__all__ = ["ABBREVIATION", "plan_of", "short_of"]

Floats = npt.NDArray[np.float64]

_STEPS: Final = 120
# Forms a short name can seem to have, and its most characters then: 阅文集团, 农业银行.
_SHORT_FORMS: Final = {"": 8, "group": 8, "works": 6, "shop": 5, "company": 5}
_NO_BRACKETS: Final = str.maketrans("", "", "()")
_LISTED: Final = re.compile(r"^\*?S?\*?ST(?=[^\x00-\x7f])|^[NCUX][DR]?(?=[^\x00-\x7f]{2})")
_CLASS: Final = re.compile(r"(?<=[^\x00-\x7f])(?:-[A-Z0-9]+(?:-[A-Z]+)?|-?[ABH])$|-[A-Z]{1,3}$")
_STOCK: Final = "股份"
_COUNTRY: Final = "中国"
# Parts of a full name, by the digit that marks their characters: 字号, 行业, 区划, the rest.
_PARTS: Final = {"brand": "0", "aside": "0", "trade": "1", "tail": "1", "region": "2", "place": "2"}
_REST: Final = "3"
# What a character of each part is worth when kept, and costs when dropped.
_KEPT: Final = np.array([1.0, 0.75, 0.7, 0.3])
_DROPPED: Final = np.array([1.4, 0.3, 0.08, 0.05])
_FIRST_DROPPED: Final = 3.0  # of the 字号: short names keep how it begins
_TOGETHER: Final = 3.0
_LOST: Final = 1.0
_STOCK_WORTH: Final = 2.5
_CHUNK: Final = 20_000
_NEVER: Final = -1e9
_JOIN: Final = "\x1f"


def short_of(name: Name) -> str:
    """Return a short name without exchange marks (ST, -W, A); '' where a name is no short one."""
    if name.form not in _SHORT_FORMS or name.tail or name.note:
        return ""
    text = _CLASS.sub("", _LISTED.sub("", name.simple.upper())).translate(_NO_BRACKETS)
    if text.isascii():
        return text
    longest = _SHORT_FORMS[name.form]
    return text if 1 < len(text.removesuffix(_STOCK)) <= longest else ""


def plan_of(name: Name) -> str:
    """Return the part each character of a name is in, as a digit beside the character."""
    return "".join([_PARTS.get(part, _REST) * len(text) for part, text in name.segments])


def _letters(plain: str, plan: str) -> tuple[str, str]:
    """Return a full name's characters and their parts, without brackets.

    The one-character name of the region it begins with stands first (粤 of 广东), and 中国 counts
    as a region: 农业银行 is 中国农业银行.
    """
    cut = _abbreviations().get(plain[:2], "") if plan.startswith("2") else ""
    if plain.startswith(_COUNTRY) and plan.startswith("0"):
        plan = "22" + plan[2:]
    kept = [pair for pair in zip(plain, plan, strict=True) if pair[0] not in "()"]
    text = "".join(character.upper()[:1] for character, _ in kept)
    return cut + text, "2" * len(cut) + "".join(digit for _, digit in kept)


@cache
def _abbreviations() -> dict[str, str]:
    return {region: cut for cut, region in document("synonyms.yaml")["regions"].items()}


def _fit(shorts: Texts, full: Rows) -> Floats:
    """Return how well each short name fits a full one: 1 without loss, 0 at nothing kept."""
    distinct, row = _distinct(pa.array(shorts, pa.string()))
    stock = np.array([s.endswith(_STOCK) and len(s) > len(_STOCK) + 1 for s in distinct], bool)
    kept = [s.removesuffix(_STOCK) if cut else s for s, cut in zip(distinct, stock, strict=True)]
    codes, worth = _short_arrays(kept)
    whole = (full.column(name) for name in ("plain", "plan"))
    keys, at = _distinct(pc.binary_join_element_wise(*whole, _JOIN))
    wholes = _full_arrays([tuple(key.split(_JOIN)) for key in keys])
    sizes = (codes > 0).sum(axis=1)
    best = np.full(len(shorts), _NEVER)
    for start in range(0, len(shorts), _CHUNK):
        rows = np.arange(start, min(start + _CHUNK, len(shorts)))
        rows = rows[2 * _shared(codes[row[rows]], wholes[0][at[rows]]) >= sizes[row[rows]]]
        one, other = row[rows], at[rows]
        best[rows] = _aligned(codes[one], worth[one], *(part[other] for part in wholes))
    forms = full.texts("form")
    best += np.where(stock[row] & (forms == "joint_stock"), _STOCK_WORTH, 0.0)
    most = worth.sum(axis=1) + _TOGETHER * np.maximum(sizes - 1, 0) + _STOCK_WORTH * stock
    share = (1 + best / np.maximum(most, 1.0)[row]) / 2
    return np.asarray(np.clip(share, 0.0, 1.0))


def _shared(
    codes: npt.NDArray[np.int32], full_codes: npt.NDArray[np.int32]
) -> npt.NDArray[np.int64]:
    """Return how many characters of each short name stand anywhere in the full one."""
    found = np.zeros(len(codes), dtype=np.int64)
    for place in range(codes.shape[1]):
        one = codes[:, place, None]
        found += ((one == full_codes) & (one > 0)).any(axis=1)
    return found


def _distinct(column: pa.Array | pa.ChunkedArray) -> tuple[list[str], npt.NDArray[np.int64]]:
    """Return the distinct texts of a column, and which of them each row has."""
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    coded = pc.dictionary_encode(whole)
    return coded.dictionary.to_pylist(), coded.indices.to_numpy().astype(np.int64)


def _short_arrays(shorts: Sequence[str]) -> tuple[npt.NDArray[np.int32], Floats]:
    width = max(map(len, shorts), default=0)
    codes = np.zeros((len(shorts), width), dtype=np.int32)
    worth = np.zeros((len(shorts), width))
    for row, text in enumerate(shorts):
        codes[row, : len(text)] = [ord(character) for character in text]
        worth[row, : len(text)] = character_bits(text)
    return codes, worth


def _full_arrays(
    fulls: Sequence[tuple[str, ...]],
) -> tuple[npt.NDArray[np.int32], Floats, Floats]:
    """Return the characters of full names, what keeping each is worth, and dropping it costs."""
    letters = [_letters(plain, plan) for plain, plan in fulls]
    width = max((len(text) for text, _ in letters), default=0) or 1
    codes = np.zeros((len(letters), width), dtype=np.int32)
    parts = np.full((len(letters), width), -1, dtype=np.int64)
    for row, (text, digits) in enumerate(letters):
        codes[row, : len(text)] = [ord(character) for character in text]
        parts[row, : len(text)] = [int(digit) for digit in digits]
    inside = parts >= 0
    cost = np.where(inside, _DROPPED[parts], 0.0)
    first = (parts == 0).argmax(axis=1)
    rows = np.flatnonzero((parts == 0).any(axis=1))
    cost[rows, first[rows]] = _FIRST_DROPPED
    return codes, np.where(inside, _KEPT[parts], 0.0), cost


def _aligned(
    short: npt.NDArray[np.int32],
    worth: Floats,
    full: npt.NDArray[np.int32],
    value: Floats,
    cost: Floats,
) -> Floats:
    """Return the value of the best alignment of every pair (Needleman and Wunsch 1970)."""
    pairs, width = full.shape
    best = -np.cumsum(np.hstack([np.zeros((pairs, 1)), cost]), axis=1)
    run = np.full((pairs, width + 1), _NEVER)
    for i in range(short.shape[1]):
        lost = worth[:, i] * _LOST
        now = np.empty_like(best)
        kept = np.full((pairs, width + 1), _NEVER)
        now[:, 0] = best[:, 0] - lost
        for j in range(width):
            same = short[:, i] == full[:, j]
            ahead = np.maximum(best[:, j], run[:, j] + _TOGETHER) + worth[:, i] * value[:, j]
            kept[:, j + 1] = np.where(same, ahead, _NEVER)
            dropped = np.maximum(best[:, j + 1] - lost, now[:, j] - cost[:, j])
            now[:, j + 1] = np.maximum(dropped, kept[:, j + 1])
        there = (short[:, i] > 0)[:, None]
        best, run = np.where(there, now, best), np.where(there, kept, run)
    return np.asarray(best[:, width])


def _abbreviation(left: Rows, right: Rows) -> Levels:
    level = np.zeros(len(left), dtype=np.int8)
    # Without its form alone a name is no short one: its parts can be compared.
    parts = np.logical_or.reduce([left.texts(c) == right.texts(c) for c in ("core", "bare")])
    # 某某生物-B is 某某生物 with the exchange's mark.
    marked = (left.texts("short") == right.texts("short")) & (left.texts("short") != "")
    level[marked & ~parts] = _STEPS
    for one, other in ((left, right), (right, left)):
        shorts, whole = one.texts("short"), other.texts("short")
        longer = lengths(shorts) < lengths(whole)
        rows = np.flatnonzero((shorts != "") & ((whole == "") | longer) & ~parts)
        if len(rows):
            fit = _fit(shorts[rows], other.take(rows))
            level[rows] = 1 + np.floor(fit * (_STEPS - 1))
    return level


ABBREVIATION: Final = Feature(
    "abbreviation",
    ("short", "plain", "plan", "form", "core", "bare"),
    _abbreviation,
    (
        "abbreviation_absent",
        *(
            "abbreviation_differs" if step < _STEPS * 0.8 else "abbreviation_fits"
            for step in range(_STEPS)
        ),
    ),
)
