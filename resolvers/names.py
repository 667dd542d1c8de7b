"""The grammar of names of firms and other bodies: 行政区划 · 字号 · 行业 · 组织形式 and what follows.

Deterministic, by lexicons alone; every character of the plain name is in one part. Source:
企业名称登记管理规定 (2021) art 6 to 13.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from graph.forms import Endings, endings, plain
from resolvers.ordinals import ordinals
from resolvers.regions import Alias, Regions, regions
from resolvers.trades import Trades, trades

__all__ = ["Grammar", "Name", "parse"]

_FORMER: Final = re.compile(r"^(?:原名?|曾用名|更名前|前身|第二名称|从属名称|又名|简称)[:：为]*")
# Townships, villages and zones behind a county: where, not who.
_PLACE: Final = re.compile(
    r"(?:[^\W\d_a-zA-Z()]{1,6}?(?:镇|乡|街道|苏木)(?:[^\W\d_a-zA-Z()]{1,5}?(?:村|社区))?"
    r"|[^\W\d_a-zA-Z()]{0,8}?(?:开发区|管理区|工业园区|工业园|高新区|产业园区|产业园|保税区|新区|度假区|风景区))"
    r"(?=[^()]{2})"
)
_GROUP: Final = frozenset(("集团", "控股"))
_BRACKETED: Final = re.compile(r"\(([^()]*)\)")
_CHAIN: Final = 4
BRAND: Final = 2


@dataclass(frozen=True, slots=True)
class Name:
    """A name in its parts; a part that is not there is ''.

    Attributes:
        plain: The whole in one width, without blanks, with round brackets.
        segments: The plain name cut up, in order: (part, text); joined they are the plain name.
        region: Codes of the region said, joined by `|` where it may be several.
        place: Township, village or development zone.
        loose: A region without its kind at the head (贵州, 大通), which may be part of the brand.
        brand: 字号.
        trade: 行业, the words that say what is done.
        form: 组织形式, a form of `graph/lexicons/endings.yaml`.
        tail: What stands behind the parent's whole name.
        branch: Whether the tail, or the ending, is a branch's.
        ordinals: Numbers that tell sister bodies apart, e.g. `2` of 第二分公司.
        former: A former name in brackets.
        note: What a note in brackets says: individual, partnership, sole, small.
        mark: A status written into the name, e.g. 注销.
    """

    plain: str
    segments: tuple[tuple[str, str], ...]
    region: str
    place: str
    loose: str
    brand: str
    trade: str
    form: str
    tail: str
    branch: bool
    ordinals: str
    former: str
    note: str
    mark: str


@dataclass(frozen=True, slots=True)
class _Head:
    """The parts before the legal form."""

    segments: list[tuple[str, str]]
    codes: tuple[str, ...]
    place: str
    loose: str
    brand: str
    trade: str


class Grammar:
    """The lexicons, and the way through a name."""

    def __init__(self, ends: Endings, gazetteer: Regions, words: Trades) -> None:
        self._ends = ends
        self._regions = gazetteer
        self._trades = words

    def parse(self, name: str) -> Name:
        """Return a name in its parts; any text is taken."""
        whole = plain(name)
        body, notes, (former, note, mark) = self._notes(whole)
        start = self._ends.tail_start(body)
        branch_start = self._ends.branch_start(body)
        start = start or branch_start
        head, tail = (body[:start], body[start:]) if start else (body, "")
        ending = self._ends.ending(head)
        form = note if note in ("limited", "joint_stock") else ending.form if ending else note
        core = head[: len(head) - len(ending.text)] if ending else head
        parts = self._head(core)
        if ending and len(ending.text) == 1 and len(parts.brand) + len(parts.trade) < BRAND:
            # A 字号 has two characters: 社, 行 or 园 at its end is its own.
            ending, form, parts = None, note, self._head(head)
        segments = parts.segments
        if ending:
            segments.append(("form", ending.text))
        if tail:
            segments.append(("tail", tail))
        segments.extend(notes)
        return Name(
            plain=whole,
            segments=tuple(segments),
            region="|".join(parts.codes),
            place=parts.place,
            loose=parts.loose,
            brand=parts.brand,
            trade=parts.trade,
            form=form,
            tail=tail,
            branch=branch_start > 0,
            ordinals=ordinals(tail or body),
            former=former,
            note=note,
            mark=mark,
        )

    def _notes(self, text: str) -> tuple[str, list[tuple[str, str]], tuple[str, str, str]]:
        former = note = mark = ""
        found: list[tuple[str, str]] = []
        while text.endswith(")"):
            opening = text.rfind("(")
            said = text[opening + 1 : -1]
            if opening <= 0:
                break
            old = _FORMER.match(said)
            if old is not None:
                former = said[old.end() :]
            elif said in self._ends.notes:
                note = self._ends.notes[said] or note
            elif self._ends.mark.fullmatch(said):
                mark = said
            else:
                break
            found.append(("note", text[opening:]))
            text = text[:opening]
        return text, found[::-1], (former, note, mark)

    def _head(self, core: str) -> _Head:
        segments: list[tuple[str, str]] = []
        codes: tuple[str, ...] = ()
        position, loose = 0, ""
        for _ in range(_CHAIN):
            found = self._region(core, position, codes)
            if found is None:
                break
            segments.append(("region", found.text))
            if not found.full and position == 0:
                loose = found.text
            position += len(found.text)
            codes = found.codes
        place = ""
        if position:
            there = _PLACE.match(core, position)
            if there is not None:
                place = there[0]
                segments.append(("place", place))
                position = there.end()
        if "(" in core:
            return self._bracketed(core[position:], _Head(segments, codes, place, loose, "", ""))
        cut = position + self._trades.start(core[position:])
        last = None if position or cut < len(core) else self._regions.last(core)
        if last is not None:
            # 绿友生物技术河北有限公司: the region stands before the form.
            end = len(core) - len(last.text)
            head = self._head(core[:end])
            head.segments.append(("region", last.text))
            return _Head(head.segments, last.codes, "", "", head.brand, head.trade)
        if cut > position:
            segments.append(("brand", core[position:cut]))
        if cut < len(core):
            segments.append(("trade", core[cut:]))
        return _Head(segments, codes, place, loose, core[position:cut], core[cut:])

    def _region(self, core: str, position: int, codes: tuple[str, ...]) -> Alias | None:
        found = self._regions.at(core, position, codes)
        if found is None or found.full:
            return found
        rest = core[position + len(found.text) :]
        if found.wide and not codes:
            return found if rest else None
        # A county without its kind may be the 字号: it is a place only before a 字号.
        return found if self._trades.start(rest.split("(", 1)[0]) > 1 else None

    def _bracketed(self, core: str, head: _Head) -> _Head:
        """Finish a head with brackets in it: 鑫达(贵州)科技, 某某(集团)."""
        pieces = _BRACKETED.split(core)  # text, bracketed, text, bracketed, text
        codes = head.codes
        kept: list[tuple[str, str]] = []
        for number, piece in enumerate(pieces):
            if number % 2 == 0:
                kept.append(("", piece))
                continue
            alias = self._regions.at(piece, 0)
            if alias is not None and len(alias.text) == len(piece):
                codes = alias.codes if not codes or alias.full or len(codes) > 1 else codes
                kept.append(("region", f"({piece})"))
            else:
                kept.append(("group" if piece in _GROUP else "aside", f"({piece})"))
        text = "".join(piece for kind, piece in kept if not kind)
        cut = self._trades.start(text)
        seen = 0
        for kind, piece in kept:
            if kind:
                head.segments.append((kind, piece))
                continue
            at = min(max(cut - seen, 0), len(piece))
            head.segments.extend(
                part for part in (("brand", piece[:at]), ("trade", piece[at:])) if part[1]
            )
            seen += len(piece)
        group = "".join(piece[1:-1] for kind, piece in kept if kind == "group")
        aside = "".join(piece for kind, piece in kept if kind == "aside")
        return _Head(
            head.segments, codes, head.place, head.loose, text[:cut] + aside, text[cut:] + group
        )


@cache
def _grammar() -> Grammar:
    return Grammar(endings(), regions(), trades())


def parse(name: str) -> Name:
    """Return a name of a body in its parts; any text is taken.

    Cost: some 10 µs a name.
    """
    return _grammar().parse(name)
