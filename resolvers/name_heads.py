"""What stands before the legal form of a name: 行政区划, 字号, 行业."""

import re
from dataclasses import dataclass, field, replace
from typing import Final

from resolvers.regions import Alias, Regions
from resolvers.trades import Trades

__all__ = ["Head", "Heads"]

_CHARACTER: Final = r"[^\W\d_a-zA-Z()]"
_VILLAGE: Final = rf"(?:{_CHARACTER}{{1,5}}?(?:村|社区))?"
_ZONE: Final = (
    rf"{_CHARACTER}{{0,8}}?(?:开发区|管理区|工业园区|工业园|高新区|产业园区|产业园"
    r"|保税区|新区|度假区|风景区)"
)
# Townships, villages and zones: where, not who. Behind a region, and at the beginning, where a
# place the gazetteer does not know may stand as well.
_PLACE: Final = re.compile(
    rf"(?!城乡|城镇|乡镇|小镇)(?:{_CHARACTER}{{1,6}}?(?:镇(?!银行)|乡|街道|苏木){_VILLAGE}|{_ZONE})(?=[^()]{{2}})"
)
_FIRST_PLACE: Final = re.compile(
    rf"(?!城乡|城镇|乡镇|小镇)(?:{_CHARACTER}{{2,6}}?(?:镇(?!银行)|乡|街道|苏木){_VILLAGE}|{_ZONE}"
    rf"|{_CHARACTER}{{2,3}}?(?:(?<![城都超门股夜上花集菜])市|县))(?=[^()]{{2}})"
)
# No place is written without one of these.
_KINDS: Final = re.compile("[镇乡道木区园市县]")
_TOWN: Final = ("乡", "镇", "村", "街道", "苏木")
_CITY_WORDS: Final = ("市政", "市场")
_GROUP: Final = frozenset(("集团", "控股"))
_BRACKETED: Final = re.compile(r"\(([^()]*)\)")
_CHAIN: Final = 4
_BRAND: Final = 2


@dataclass(slots=True)
class Head:
    """The parts before the legal form.

    Attributes:
        segments: In order: (part, text).
        codes: Of the narrowest region said.
        loose: A bare region at the beginning, which may be part of the brand.
        said: All regions said, without their kinds.
    """

    segments: list[tuple[str, str]] = field(default_factory=list)
    codes: tuple[str, ...] = ()
    loose: str = ""
    said: str = ""
    place: str = ""
    brand: str = ""
    trade: str = ""

    @property
    def thin(self) -> bool:
        """Whether too little is left for a 字号: it has two characters."""
        return len(self.brand) + len(self.trade) < _BRAND


class Heads:
    """Reads heads by the gazetteer and the trade words."""

    def __init__(self, gazetteer: Regions, words: Trades) -> None:
        self._regions = gazetteer
        self._trades = words

    def read(self, core: str) -> Head:
        """Return the parts of a name's core, the text before its legal form."""
        head = Head()
        position = self._places(core, head)
        if "(" in core:
            self._bracketed(core[position:], head)
            return head
        cut = position + self._trades.start(core[position:])
        last = None if cut < len(core) else self._regions.last(core[position:])
        if last is not None:
            # 绿友生物技术河北有限公司: the region stands before the form.
            inner = self.read(core[: len(core) - len(last.text)])
            segments = [*inner.segments, ("region", last.text)]
            return replace(inner, segments=segments, codes=last.codes, said=last.bare)
        self._finish(core, position, cut, head)
        return head

    def _finish(self, core: str, position: int, cut: int, head: Head) -> None:
        head.brand, head.trade = core[position:cut], core[cut:]
        if head.brand:
            head.segments.append(("brand", head.brand))
        if head.trade:
            head.segments.append(("trade", head.trade))

    def _places(self, core: str, head: Head) -> int:
        """Read regions and the place below them; return where they end."""
        position = 0
        for _ in range(_CHAIN):
            found = self._region(core, position, head.codes)
            if found is None:
                break
            head.segments.append(("region", found.text))
            if position == 0 and not found.full:
                head.loose = found.text
            position += len(found.text)
            if found.text[-1] == "市" and core.startswith("中区", position):
                # 内江市中区 is 内江 and its 市中区, written together.
                head.segments.append(("region", "中区"))
                position += 2
            head.codes = found.codes
            head.said += found.bare
        if _KINDS.search(core, position) is None:
            return position
        there = (_PLACE if position else _FIRST_PLACE).match(core, position)
        if there is None or (not position and not self._brand_follows(core[there.end() :])):
            return position
        head.place = there[0]
        head.segments.append(("place", there[0]))
        return there.end()

    def _region(self, core: str, position: int, codes: tuple[str, ...]) -> Alias | None:
        found = self._regions.at(core, position, codes)
        if found is None:
            return None
        if core.startswith(_CITY_WORDS, position + len(found.text) - 1):
            # 杭州市政 is 杭州 and its 市政, unless 市 is written twice.
            found = self._regions.aliases.get(found.text[:-1], found)
        if found.full:
            return found
        rest = core[position + len(found.text) :]
        if rest.startswith(_TOWN):
            return None
        if found.wide and not codes:
            return found if rest else None
        # A county without its kind may be the 字号: it is a place only before a 字号.
        return found if self._brand_follows(rest) else None

    def _brand_follows(self, rest: str) -> bool:
        return self._trades.start(rest.split("(", 1)[0]) >= _BRAND

    def _bracketed(self, core: str, head: Head) -> None:
        """Finish a head with brackets in it: 鑫达(贵州)科技, 某某(集团)."""
        pieces = _BRACKETED.split(core)  # text, bracketed, text, bracketed, text
        kept: list[tuple[str, str]] = []
        for number, piece in enumerate(pieces):
            kept.append(self._aside(piece, head) if number % 2 else ("", piece))
        text = "".join(piece for part, piece in kept if not part)
        cut = self._trades.start(text)
        seen = 0
        for part, piece in kept:
            if part:
                head.segments.append((part, piece))
                continue
            at = min(max(cut - seen, 0), len(piece))
            cuts = (("brand", piece[:at]), ("trade", piece[at:]))
            head.segments.extend(one for one in cuts if one[1])
            seen += len(piece)
        head.brand = text[:cut] + "".join(piece for part, piece in kept if part == "aside")
        head.trade = text[cut:] + "".join(piece[1:-1] for part, piece in kept if part == "group")

    def _aside(self, piece: str, head: Head) -> tuple[str, str]:
        alias = self._regions.at(piece, 0)
        if alias is None or len(alias.text) != len(piece):
            return ("group" if piece in _GROUP else "aside", f"({piece})")
        # 青岛啤酒(昆山): what is bracketed is where the firm is.
        head.codes = alias.codes
        head.said += alias.bare
        return "region", f"({piece})"
