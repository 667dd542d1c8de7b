"""Addresses: 省市区县 · 乡镇 · 村 · 路 · 号 · 栋 · 室, whatever of it is written.

A shared address is a sign to look at, never identity: hundreds of firms may be registered in one
room of an agent's.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from rapidfuzz import fuzz

from resolvers.characters import simplified
from resolvers.lexicon import document
from resolvers.ordinals import number_of
from resolvers.regions import DIFFERENT as APART
from resolvers.regions import regions, relation

__all__ = ["Address", "address_level", "parse_address"]

ABSENT, DIFFERENT, SAME_REGION, SAME_STREET, SAME_NUMBER, SAME = range(6)

_BLANK: Final = re.compile(r"[\s,，.。;；:：]+")
_ASIDE: Final = re.compile(r"\([^()]*\)")
_NUMERAL: Final = re.compile(r"([一二三四五六七八九十百零〇○两]+)(?=[号栋幢座楼层室单组])")
_TOWN: Final = re.compile(r"^.{1,7}?(?:街道办事处|街道办|街道|镇|乡)")
_VILLAGE: Final = re.compile(r"^.{1,8}?(?:居委会|村委会|社区|村)")
_ROAD: Final = re.compile(r"^.{1,12}?(?:大道|大街|路|街|巷|弄|胡同|条)")
_NUMBER: Final = re.compile(r"(\d+)(?:[-附之](\d+))?号(?!楼)(?:附(\d+)号?)?")
_BUILDING: Final = re.compile(r"[A-Za-z\d]+(?:栋|幢|座|号楼|单元|[层楼])")
_ROOM: Final = re.compile(
    r"([A-Za-z\d]+)(?:栋|幢|座|号楼)|(\d+)单元|(\d+)[层楼]|(\d+(?:-\d+)*)[室号]?$"
)
# It lies in several counties, whose name it may bear: 钟山经济开发区.
_ZONE: Final = re.compile(r"^.{2,6}?(?:开发区|高新区|工业园区|工业园|产业园区|产业园|新区)")
_STREETS: Final = ("路", "街", "大道", "大街", "巷", "中路", "东路", "西路", "南路", "北路")
_CHAIN: Final = 5
_ALIKE: Final = 85.0


@dataclass(frozen=True, slots=True)
class Address:
    """An address in its parts; a part that is not written is ''.

    Attributes:
        region: Codes of the narrowest region, joined by `|`.
        road: With its kind, e.g. 人民路.
        number: House number, with the one of its part (附号), e.g. 12 or 12-3.
        room: Numbers of building, unit, floor and room, in order.
        rest: All behind the region, to compare what has no grammar.
    """

    region: str
    town: str
    village: str
    road: str
    number: str
    room: str
    rest: str


@lru_cache(maxsize=262_144)
def parse_address(raw: str) -> Address:
    """Return an address in its parts; any text is taken."""
    text = simplified(unicodedata.normalize("NFKC", raw))
    text = _ASIDE.sub("", _BLANK.sub("", text)).replace("#", "号")
    text = _NUMERAL.sub(lambda found: str(number_of(found[1])), text)
    codes, rest = _region(text)
    _, after = _taken(_ZONE, rest)
    town, after = _taken(_TOWN, after)
    village, after = _taken(_VILLAGE, after)
    road, after = _taken(_ROAD, after)
    building = _BUILDING.search(after)
    number = _NUMBER.search(after, 0, building.start() if building else len(after))
    behind = after[number.end() :] if number else after
    rooms = ["".join(part) for part in _ROOM.findall(behind)]
    moved = _moved(town)
    return Address(
        region="|".join(moved or codes),
        town=re.sub(r"(?:街道办事处|街道办|街道|镇|乡|苗族|彝族|布依族|回族)+$", "", town),
        village=village,
        road=road,
        number="-".join(filter(None, number.groups())) if number else "",
        room="-".join(rooms),
        rest=rest,
    )


def _region(text: str) -> tuple[tuple[str, ...], str]:
    codes: tuple[str, ...] = ()
    position = 0
    for _ in range(_CHAIN):
        found = regions().at(text, position, codes)
        if found is None and codes:
            # 贵州省黔南州平塘县黔南州平塘县: the same places once more.
            again = regions().at(text, position)
            found = (
                again if again and relation("|".join(again.codes), "|".join(codes)) > 1 else None
            )
            if found is not None:
                position += len(found.text)
                continue
        if found is None or not (found.full or found.wide or codes):
            break
        behind = position + len(found.text)
        if not found.full and text.startswith(_STREETS, behind):
            break  # 上海路 is a street
        if not found.full and not found.wide and _ZONE.match(text[position:]):
            break
        position += len(found.text)
        codes = found.codes
    return codes, text[position:]


def _taken(pattern: re.Pattern[str], text: str) -> tuple[str, str]:
    found = pattern.match(text)
    return (found[0], text[found.end() :]) if found else ("", text)


@cache
def _towns() -> dict[str, tuple[str, ...]]:
    return {town: tuple(codes) for town, codes in document("liupanshui.yaml")["towns"].items()}


def _moved(town: str) -> tuple[str, ...]:
    return next((codes for name, codes in _towns().items() if town.startswith(name)), ())


@lru_cache(maxsize=1_048_576)
def address_level(one: str, other: str) -> int:
    """Return how two addresses stand, from ABSENT to SAME; the order does not matter."""
    if not one.strip() or not other.strip():
        return ABSENT
    left, right = parse_address(one), parse_address(other)
    if relation(left.region, right.region) == APART:
        return DIFFERENT
    if left.rest and left.rest == right.rest:
        return SAME
    apart = _contradict(left.road, right.road) or _contradict(left.town, right.town)
    return SAME_REGION if apart or not _street(left, right) else _within_street(left, right)


def _within_street(left: Address, right: Address) -> int:
    houses = [side.number.partition("-")[0] for side in (left, right)]
    if _contradict(*houses):
        return SAME_STREET
    if left.number and houses[0] == houses[1]:
        same = left.number == right.number and left.room and left.room == right.room
        return SAME if same else SAME_NUMBER
    alike = fuzz.ratio(left.rest, right.rest) >= _ALIKE
    return SAME_NUMBER if alike and left.room == right.room else SAME_STREET


def _contradict(one: str, other: str) -> bool:
    return bool(one and other and not one.endswith(other) and not other.endswith(one))


def _street(left: Address, right: Address) -> bool:
    """Return whether both say one street, or one village."""
    road = left.road and right.road and not _contradict(left.road, right.road)
    village = left.village and right.village and not _contradict(left.village, right.village)
    return bool(road or village or fuzz.ratio(left.rest, right.rest) >= _ALIKE)
