"""The grammar of bodies' names: 行政区划 · 字号 · 行业 · 组织形式 and what follows.

Deterministic, by lexicons alone; every character of the plain name is in one part. Source:
企业名称登记管理规定 (2021) art 6 to 13.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Final, NamedTuple

from graph.forms import Endings, endings, plain
from resolvers.characters import simplified
from resolvers.name_heads import Head, Heads
from resolvers.ordinals import ordinals
from resolvers.regions import regions
from resolvers.trades import trades

__all__ = ["Grammar", "Name", "parse"]

_OTHER: Final = re.compile(r"^(?:原名?|曾用名|更名前|前身|第二名称|从属名称|又名|简称)[:：为]*")
_BODIES: Final = frozenset(("limited", "joint_stock", "partnership"))


class Name(NamedTuple):
    """A name in its parts, in simplified characters; a part that is not there is ''.

    Attributes:
        plain: The whole in one width, without blanks, with round brackets, as written.
        simple: The same in simplified characters.
        segments: The plain name cut up, in order: (part, text); joined they are the plain name.
        region: Codes of the narrowest region said, joined by `|` where it may be several.
        place: Township, village or development zone.
        brand: 字号.
        trade: 行业, the words that say what is done.
        form: 组织形式, a form of `graph/lexicons/endings.yaml`.
        ending: The form in words.
        tail: What stands behind the parent's whole name.
        branch: Whether the tail, or the ending, is a branch's.
        ordinals: Numbers that tell sister bodies apart, e.g. `2` of 第二分公司.
        local: What a reader who knows no places takes for brand and trade: a bare region at the
            beginning, the place, brand and trade.
        bare: The same with every region, without the kinds of places.
        former: A former or second name in brackets.
        note: What a note in brackets says: individual, partnership, sole, small.
        mark: A status written into the name, e.g. 注销.
    """

    plain: str
    simple: str
    segments: tuple[tuple[str, str], ...]
    region: str
    place: str
    brand: str
    trade: str
    form: str
    ending: str
    tail: str
    branch: bool
    ordinals: str
    local: str
    bare: str
    former: str
    note: str
    mark: str


class Grammar:
    """The lexicons, and the way through a name."""

    def __init__(self, ends: Endings, heads: Heads) -> None:
        self._ends = ends
        self._heads = heads

    def parse(self, name: str) -> Name:
        """Return a name in its parts; any text is taken."""
        ends = self._ends
        whole = plain(name)
        simple = simplified(whole)
        body, notes, (former, note, mark) = self._notes(simple)
        body = ends.mended(body)
        start, branch = ends.tail(body)
        text, tail = (body[:start], body[start:]) if start else (body, "")
        ending = ends.ending(text)
        head = self._heads.read(text[: len(text) - len(ending.text)] if ending else text)
        if ending and len(ending.text) == 1 and head.thin:
            # 社, 行 or 园 that leaves no 字号 before it is part of one.
            ending, head = None, self._heads.read(text)
        form = note if note in _BODIES or ending is None else ending.form
        if ending and not head.trade:
            self._inner_form(head)
        segments = head.segments
        if ending:
            segments.append(("form", ending.text))
        if tail:
            segments.append(("tail", tail))
        local = head.place + head.brand + head.trade
        # By place, in the order of `Name`: by keyword it would take as long as reading a region.
        return Name(
            whole,
            simple,
            _as_written(whole, simple, (*segments, *notes)),
            "|".join(head.codes),
            head.place,
            head.brand,
            head.trade,
            form,
            ending.text if ending else "",
            tail,
            branch,
            ordinals(body),
            head.loose + local,
            head.said + local,
            former,
            note,
            mark,
        )

    def _inner_form(self, head: Head) -> None:
        """Take the form inside a firm's name for its trade: 某某酒楼有限公司."""
        inner = self._ends.ending(head.brand)
        cut = len(head.brand) - len(inner.text) if inner else 0
        if inner and cut > 1 and head.segments[-1] == ("brand", head.brand):
            head.brand, head.trade = head.brand[:cut], inner.text
            head.segments[-1:] = [("brand", head.brand), ("trade", head.trade)]

    def _notes(self, text: str) -> tuple[str, Sequence[tuple[str, str]], tuple[str, str, str]]:
        if not text.endswith(")"):
            return text, (), ("", "", "")
        former = note = mark = ""
        found: list[tuple[str, str]] = []
        while text.endswith(")"):
            opening = text.rfind("(")
            said = text[opening + 1 : -1]
            if opening <= 0:
                break
            old = _OTHER.match(said)
            if old is not None:
                former = said[old.end() :]
            elif said in self._ends.notes and (
                self._ends.notes[said] or self._ends.ending(text[:opening])
            ):
                note = self._ends.notes[said] or note
            elif self._ends.mark.fullmatch(said):
                mark = said
            else:
                break
            found.append(("note", text[opening:]))
            text = text[:opening]
        return text, found[::-1], (former, note, mark)


def _as_written(
    whole: str, simple: str, segments: Iterable[tuple[str, str]]
) -> tuple[tuple[str, str], ...]:
    """Return segments with the characters as written; simplifying keeps every length."""
    if whole == simple:
        return tuple(segments)
    cut = []
    position = 0
    for part, text in segments:
        cut.append((part, whole[position : position + len(text)]))
        position += len(text)
    return tuple(cut)


@cache
def _grammar() -> Grammar:
    return Grammar(endings(), Heads(regions(), trades()))


def parse(name: str) -> Name:
    """Return a name of a body in its parts; any text is taken.

    Cost: some 11 microseconds a name.
    """
    return _grammar().parse(name)
