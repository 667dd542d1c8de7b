"""Provinces, prefectures and counties of the country, under the names they bear or bore.

The names and codes are GB/T 2260 with its changes (`lexicons/regions.txt`: code, name, years).
A place that was renamed or moved to another prefecture is the same place: every alias leads to
the code in force today.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from resolvers.lexicon import lines

__all__ = ["Alias", "Regions", "regions", "relation"]

DIFFERENT, NESTED, EQUAL = 1, 2, 3
UNKNOWN: Final = 0

_SUFFIX: Final = re.compile(
    r"(?:特别行政区|维吾尔自治区|壮族自治区|回族自治区|自治区|自治州|地区|自治县|自治旗|林区|特区|新区|矿区"
    r"|[省市州盟县旗区])$"
)
# The peoples in the names of autonomous prefectures and counties, the longest first.
_PEOPLES: Final = re.compile(
    "(?:哈尼族|蒙古族|维吾尔族|布依族|朝鲜族|土家族|哈萨克族|哈萨克|傈僳族|东乡族|纳西族|景颇族|柯尔克孜族"
    "|柯尔克孜|达斡尔族|仫佬族|布朗族|撒拉族|毛南族|仡佬族|锡伯族|锡伯|塔吉克族|塔吉克|乌孜别克族|俄罗斯族|鄂温克族"
    "|德昂族|保安族|裕固族|塔塔尔族|独龙族|鄂伦春族|赫哲族|门巴族|珞巴族|基诺族|普米族|拉祜族|高山族|阿昌族"
    "|蒙古|各族|满族|回族|藏族|苗族|彝族|壮族|侗族|瑶族|白族|傣族|黎族|佤族|畲族|水族|土族|羌族|怒族|京族)+$"
)


@dataclass(frozen=True, slots=True)
class Alias:
    """A way to write places.

    Attributes:
        codes: Of every place so written, in force today where it still is, sorted.
        bare: Without the kind of place.
        full: Whether it says what kind of place it is (贵阳市, not 贵阳).
        wide: Whether one of the places is a province or prefecture.
    """

    text: str
    codes: tuple[str, ...]
    bare: str
    full: bool
    wide: bool


@dataclass(frozen=True, slots=True)
class Regions:
    """The gazetteer.

    Attributes:
        aliases: By their text.
        lengths: For the first two characters of any alias the lengths of those, longest first.
    """

    aliases: Mapping[str, Alias]
    lengths: Mapping[str, tuple[int, ...]]

    def at(self, text: str, start: int, within: tuple[str, ...] = ()) -> Alias | None:
        """Return the longest place written at a position.

        Args:
            within: Codes of the place before; only places inside one of them are returned.
        """
        for length in self.lengths.get(text[start : start + 2], ()):
            found = self.aliases.get(text[start : start + length])
            if found is None:
                continue
            if not within:
                return found
            stems = tuple(map(_stem, within))
            inside = tuple([code for code in found.codes if code.startswith(stems)])
            if inside == found.codes:
                return found
            if inside:
                return Alias(found.text, inside, found.bare, found.full, found.wide)
        return None

    def last(self, text: str) -> Alias | None:
        """Return the province or prefecture a text of six characters or more ends with."""
        for length in (4, 3, 2):
            found = self.aliases.get(text[-length:])
            if found is not None and found.wide and len(text) >= length + 4:
                return found
        return None


def relation(one: str, other: str) -> int:
    """Return how two places are related: UNKNOWN, DIFFERENT, NESTED or EQUAL.

    Args:
        one: Codes of what one name may mean, joined by `|`; may be empty.
    """
    if not one or not other:
        return UNKNOWN
    ones, others = one.split("|"), other.split("|")
    if set(ones) & set(others):
        return EQUAL
    if any(_inside(a, others) for a in ones) or any(_inside(b, ones) for b in others):
        return NESTED
    return DIFFERENT


def _inside(code: str, places: Iterable[str]) -> bool:
    return code.startswith(tuple(map(_stem, places)))


def _stem(code: str) -> str:
    return code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code


@cache
def regions() -> Regions:
    """Return the gazetteer."""
    rows = [line.split(" ") for line in lines("regions.txt")]
    today = _today(rows)
    found: dict[str, set[str]] = defaultdict(set)
    bare: dict[str, str] = {}
    full: dict[str, str] = {}
    ended: dict[str, set[str]] = defaultdict(set)
    for code, name, years in rows:
        heirs = today[code, name].split("|")
        for text in _written(name):
            (found if years.endswith("-") or heirs != [code] else ended)[text].update(heirs)
            # 贵州 is bare already: its 州 is no kind of place.
            bare[text] = _bare(name)
        full[name] = _bare(name)
    # 兴义 is the city of today; the former prefecture of that name counts only where none is.
    for text, codes in ended.items():
        found[text] = found.get(text) or codes
    aliases = {
        text: Alias(
            text,
            tuple(sorted(code for code in codes if not _inside(code, codes - {code}))),
            full.get(text) or bare[text],
            text in full or text[-1] in "省市县旗州盟",
            any(code.endswith("00") for code in codes),
        )
        for text, codes in found.items()
    }
    lengths: dict[str, set[int]] = defaultdict(set)
    for text in aliases:
        lengths[text[:2]].add(len(text))
    ordered = {head: tuple(sorted(known, reverse=True)) for head, known in lengths.items()}
    return Regions(aliases, ordered)


def _bare(name: str) -> str:
    stem = _SUFFIX.sub("", name)
    # 内蒙古自治区 is no people's prefecture or county; its name stays whole.
    small = name.endswith(("自治州", "自治县", "自治旗"))
    return (_PEOPLES.sub("", stem) if small else stem) or name


def _written(name: str) -> list[str]:
    bare = _bare(name)
    forms = [name]
    if len(bare) > 1:
        forms.append(bare)
        if name.endswith("自治州"):
            forms.append(bare + "州")
        if name.endswith(("自治县", "自治旗")):
            forms += [bare + "自治" + name[-1], bare + name[-1]]
    return forms


def _today(rows: list[list[str]]) -> dict[tuple[str, str], str]:
    """Return the code each (code, name) has today, its own where it has no successor.

    The successor of an abolished place is the only place of its bare name and level that is in
    force in the province, or what `lexicons/successions.txt` names, joined by `|`.
    """
    alive: dict[tuple[str, str, bool], set[str]] = defaultdict(set)
    for code, name, years in rows:
        if years.endswith("-"):
            alive[code[:2], _bare(name), code.endswith("00")].add(code)
    named = dict(line.split(" ")[:2] for line in lines("successions.txt"))
    codes = {}
    for code, name, years in rows:
        heirs = alive[code[:2], _bare(name), code.endswith("00")]
        ended = not years.endswith("-")
        heir = next(iter(heirs)) if ended and len(heirs) == 1 and code not in heirs else code
        codes[code, name] = named.get(f"{code}{name}", heir)
    return codes
