"""What two names of bodies are compared on, part by part.

One differing character of the 字号 is another firm; legal form and region are nearly neutral
(公司法 2023 art 7: either wording is lawful for one firm); a branch is never its parent
(企业名称登记管理规定 art 13).
"""

from typing import Final

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import LCSseq
from rapidfuzz.process import cpdist

from resolvers.columns import by_pair, lengths
from resolvers.edits import ALIKE, DROPPED, EQUAL, FAR, OTHER, SWAPPED, TWICE, edits
from resolvers.evidence import (
    ADDRESS,
    CODE,
    FOUNDED,
    HOLDERS,
    ID_NUMBER,
    PHONE,
    REPRESENTATIVE,
)
from resolvers.features import Feature, Levels
from resolvers.regions import relation
from resolvers.rows import Rows, Texts
from resolvers.trades import classes_of

__all__ = ["NAME_FEATURES", "ORGANISATION_FEATURES"]

_RARE_BITS: Final = 21.0
_COMMON_BITS: Final = 15.5
_ODD_BITS: Final = 9.5
_LONG_BRAND: Final = 4
_SHARED: Final = 0.6
_SAME_REGION: Final = 3
_SAME_FORM: Final = 4
_STOCK: Final = "joint_stock"
_FIRMS: Final = frozenset(("limited", "company", "group"))
# Small bodies whose register calls one shop 店, another 经营部.
_READINGS: Final = (
    ("local", "core"),
    ("core", "local"),
    ("bare", "bare"),
    ("bare", "full"),
    ("full", "bare"),
    ("core", "full_core"),
    ("full_core", "core"),
    ("plain", "plain"),
)
_SMALL: Final = frozenset(("shop", "works", "stop", "farm", "institution", "individual", "firm"))


def _closest(left: Rows, right: Rows) -> Levels:
    """Return how the brands and trades together differ at their most similar reading.

    A bare region or a township may be the brand's first word (九龙天麻, 东方建筑), and a slip in a
    region or a form makes it unknown: what is equal as a whole is equal.
    """
    found = edits(left.texts("core"), right.texts("core"))
    for one, other in _READINGS:
        open_ = np.flatnonzero(found < EQUAL)
        if not len(open_):
            break
        read = edits(left.texts(one)[open_], right.texts(other)[open_])
        found[open_] = np.maximum(found[open_], np.where(read >= TWICE, read, FAR))
    return found


def _brand(left: Rows, right: Rows) -> Levels:
    ones, others = left.texts("brand"), right.texts("brand")
    near = edits(ones, others)
    together = left.beside(right, _closest)
    shorter = np.minimum(lengths(ones), lengths(others))
    none = (ones == "") & (others == "")
    level = np.ones(len(ones), dtype=np.int64)
    rows = np.flatnonzero(near != EQUAL)
    shared = cpdist(ones[rows], others[rows], scorer=LCSseq.normalized_similarity, dtype=np.float32)
    level[rows[shared >= _SHARED]] = 2
    level[(near == OTHER) & (shorter >= _LONG_BRAND)] = 3
    level[(near == DROPPED) | (together == DROPPED)] = 4
    slip = np.maximum(near, together)
    level[(slip == TWICE) | (slip == SWAPPED)] = 5
    level[slip == ALIKE] = 7
    # 鑫达 and 欣达 are two firms as easily as one with a slip; 南方 and 男方 are not.
    usual = np.maximum(_strangeness(left, right), shorter >= _LONG_BRAND) == 0
    level[(slip == ALIKE) & usual] = 6
    level[slip == EQUAL] = 9
    rarity = np.minimum(left.numbers("rarity"), right.numbers("rarity"))
    level[(level == 9) & (rarity >= _RARE_BITS)] = 10
    level[(level == 9) & (rarity < _COMMON_BITS)] = 8
    # 某县食品公司: without a 字号 only region and trade together say who it is.
    rows = np.flatnonzero(none)
    one, other = (side.take(rows) for side in (left, right))
    bare = edits(one.texts("bare"), other.texts("bare"))
    same = _region(one, other) == _SAME_REGION
    sure = np.maximum(np.where(same, together[rows], FAR), bare)
    level[rows] = np.select([sure == EQUAL, sure == ALIKE], [8, 6], 0)
    level[(left.texts("plain") == "") | (right.texts("plain") == "")] = 0
    return level.astype(np.int8)


def _strangeness(left: Rows, right: Rows) -> npt.NDArray[np.bool_]:
    """Return whether one of two differing brands has a character that brands seldom have."""
    ones, others = left.numbers("oddest"), right.numbers("oddest")
    return np.asarray((np.maximum(ones, others) >= _ODD_BITS) & (ones != others))


def _trade(left: Rows, right: Rows) -> Levels:
    ones, others = left.texts("trade"), right.texts("trade")
    near = edits(ones, others)
    together = left.beside(right, _closest)
    level = np.zeros(len(ones), dtype=np.int8)
    stated = (ones != "") & (others != "")
    open_ = np.flatnonzero(stated & (near != EQUAL) & (together < ALIKE))
    level[open_] = by_pair(ones[open_], others[open_], _classes)
    level[stated & ((near == ALIKE) | (near == DROPPED))] = 5
    level[(together == ALIKE) & stated] = 5
    level[stated & (near == EQUAL)] = 6
    level[(together == EQUAL) & ((ones != "") | (others != ""))] = 6
    return level


def _classes(one: str, other: str) -> int:
    ones, others = set(classes_of(one)), set(classes_of(other))
    if ones == others:
        return 4
    if ones <= others or others <= ones:
        return 3
    return 2 if ones & others else 1


def _region(left: Rows, right: Rows) -> Levels:
    level = by_pair(left.texts("region"), right.texts("region"), relation)
    rows = np.flatnonzero((level > 0) & (level < _SAME_REGION))
    left, right = (side.take(rows) for side in (left, right))
    # A slip in the region itself leaves the wider one, or another: 广州夭河.
    unread = edits(left.texts("bare"), right.texts("bare")) >= ALIKE
    # What was read as a region is the other's 字号: 金华鼎, 安康保洁.
    apart = edits(left.texts("core"), right.texts("core")) < TWICE
    for one, other in (("local", "core"), ("core", "local")):
        unread |= apart & (edits(left.texts(one), right.texts(other)) >= TWICE)
    level[rows[unread]] = 0
    return level


def _place(left: Rows, right: Rows) -> Levels:
    ones, others = left.texts("place"), right.texts("place")
    near = edits(ones, others)
    level = np.where(near >= ALIKE, 2, 1)
    level[(ones == "") | (others == "")] = 0
    return level.astype(np.int8)


def _form(left: Rows, right: Rows) -> Levels:
    level = by_pair(left.texts("form"), right.texts("form"), _forms)
    ones, others = left.texts("ending"), right.texts("ending")
    # 供销社 and 供销合作社 are one form in two words; 有限 and 有限责任公司 are the same word.
    limited = left.texts("form") == "limited"
    level[(level == 4) & (ones != others) & ~limited] = 3
    rows = np.flatnonzero(level < _SAME_FORM)
    left, right = (side.take(rows) for side in (left, right))
    found = level[rows]
    # 某某农机市场股份有限公司 without its form ends in another one.
    for one, other in ((left, right), (right, left)):
        whole = (one.texts("full") == other.texts("bare")) | (
            one.texts("full_core") == other.texts("core")
        )
        found[(found < 3) & whole & (one.texts("ending") != "")] = 0
    # A slip in the form itself makes another one of it: 专业和作社.
    found[edits(left.texts("plain"), right.texts("plain")) >= ALIKE] = _SAME_FORM
    level[rows] = found
    return level


def _forms(one: str, other: str) -> int:
    if not one or not other:
        return 0
    if one == other:
        return 4
    pair = {one, other}
    if pair <= _FIRMS or pair <= _SMALL:
        return 3
    return 2 if _STOCK in pair and pair & _FIRMS else 1


def _branch(left: Rows, right: Rows) -> Levels:
    level = np.zeros(len(left), dtype=np.int8)
    ones, others = left.texts("tail"), right.texts("tail")
    rows = np.flatnonzero((ones != "") | (others != ""))
    level[rows] = _tails(ones[rows], others[rows])
    # A slip in the form before it hides where a branch's part begins: 有限公思第一分公司.
    apart = np.flatnonzero((level == 1) | (level == 2))
    wholes = (side.texts("plain")[apart] for side in (left, right))
    level[apart[edits(*wholes) == ALIKE]] = 4
    return level


def _tails(ones: Texts, others: Texts) -> Levels:
    near = edits(_place_only(ones), _place_only(others))
    level = np.full(len(ones), 2, dtype=np.int8)
    level[near == DROPPED] = 3
    level[(near == TWICE) | (near == SWAPPED) | (near == ALIKE)] = 4
    level[near == EQUAL] = 5
    level[(ones == "") != (others == "")] = 1
    return level


def _place_only(tails: Texts) -> Texts:
    """Return tails without the kinds of places, which registers write or leave out."""
    table = str.maketrans("", "", "省市县区()")
    return np.array([tail.translate(table) or tail for tail in tails], dtype=object)


def _ordinal(left: Rows, right: Rows) -> Levels:
    ones, others = left.texts("ordinals"), right.texts("ordinals")
    level = np.where(ones == others, 2, 1)
    level[(ones == "") & (others == "")] = 0
    return level.astype(np.int8)


_NAME: Final = ("core", "full_core", "local", "bare", "full", "plain")
NAME_FEATURES: Final = (
    Feature(
        "brand",
        ("brand", "rarity", "oddest", "region", *_NAME),
        _brand,
        (
            "brand_absent",
            "brand_differs",
            "brand_overlaps",
            "brand_one_character",
            "brand_dropped",
            "brand_slips",
            "brand_alike_usual",
            "brand_alike",
            "brand_same_common",
            "brand_same",
            "brand_same_rare",
        ),
    ),
    Feature(
        "trade",
        ("trade", *_NAME),
        _trade,
        (
            "trade_absent",
            "trade_differs",
            "trade_overlaps",
            "trade_narrower",
            "trade_synonym",
            "trade_alike",
            "trade_same",
        ),
    ),
    Feature(
        "form",
        ("form", "ending", *_NAME),
        _form,
        ("form_absent", "form_differs", "form_stock", "form_compatible", "form_same"),
    ),
    Feature(
        "region",
        ("region", "core", "local", "bare"),
        _region,
        ("region_absent", "region_differs", "region_nested", "region_same"),
    ),
    Feature("place", ("place",), _place, ("place_absent", "place_differs", "place_same")),
    Feature(
        "branch",
        ("tail", "plain"),
        _branch,
        (
            "branch_neither",
            "branch_one_side",
            "branch_differs",
            "branch_dropped",
            "branch_alike",
            "branch_same",
        ),
    ),
    Feature(
        "ordinal", ("ordinals",), _ordinal, ("ordinal_absent", "ordinal_differs", "ordinal_same")
    ),
)
"""In the order a reviewer reads them."""

ORGANISATION_FEATURES: Final = (
    CODE,
    *NAME_FEATURES,
    REPRESENTATIVE,
    PHONE,
    ADDRESS,
    FOUNDED,
    ID_NUMBER,
    HOLDERS,
)
"""In the order a reviewer reads them."""
