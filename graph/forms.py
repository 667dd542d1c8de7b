"""How a body's name ends: its legal form, and where a branch's own part begins.

The one place that knows endings; kinds and the name grammar both read it. The endings are data
(`lexicons/endings.yaml`).
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import yaml

from graph.errors import DataError

__all__ = ["Ending", "Endings", "endings", "plain", "read_endings"]

# libyaml reads ten times as fast; it is missing where PyYAML was built without.
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_FILE: Final = "lexicons/endings.yaml"
_ROUND: Final = str.maketrans("〔〕[]【】{}〈〉《》「」『』", "()()()()()()()()")
# Spaces of any width, joiners and direction marks say nothing in a Chinese name.
_BLANK: Final = re.compile(r"[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]+")
_COMPANY: Final = "公司"
_COMPANIES: Final = ("分公司", "支公司")
_BRANCH: Final = 3
# Most names: nothing here has another form, or may stand at an edge.
_TIDY: Final = re.compile(r"[一-鿿A-Za-z0-9()]*")
_WHOLE: Final = 4
_EDGE: Final = " .,;:。、，；：'\"“”‘’`_-—/\\*#"


@dataclass(frozen=True, slots=True)
class Ending:
    """A known end of a name."""

    text: str
    form: str
    kind: str


@dataclass(frozen=True, slots=True)
class Endings:
    """What `lexicons/endings.yaml` says, ready to ask."""

    forms: Mapping[str, Ending]
    lengths: Mapping[str, tuple[int, ...]]
    notes: Mapping[str, str]
    branch: re.Pattern[str]
    parent: re.Pattern[str]
    unit: re.Pattern[str]
    part: re.Pattern[str]
    other: re.Pattern[str]
    mark: re.Pattern[str]
    slip: re.Pattern[str]
    slips: tuple[str, ...]
    lasts: frozenset[str]
    branches: tuple[str, ...]
    units: tuple[str, ...]
    parents: tuple[str, ...]

    def ending(self, text: str) -> Ending | None:
        """Return the longest known ending of a plain name."""
        for length in self.lengths.get(text[-1:], ()):
            found = self.forms.get(text[-length:])
            # A short text that is nothing but an ending is somebody's sign.
            if found is not None and (length < len(text) or length >= _WHOLE):
                return found
        return None

    def tail(self, text: str) -> tuple[int, bool]:
        """Return where a name goes on behind a whole name, and whether that is a branch's part.

        Args:
            text: A plain name without notes at its end.

        Returns:
            0 and False where nothing stands behind the whole name.
        """
        start = self._behind(text)
        if start:
            return start, self._belongs(text, start)
        # Every name of a load comes here: most are told by their last characters alone.
        if not (self._may_belong(text) and text.removesuffix(")").endswith(self.branches)):
            return 0, False
        marker = self.branch.search(text)
        return (marker.start(), True) if marker is not None else (0, False)

    def _behind(self, text: str) -> int:
        if text.endswith(")"):
            opening = text.rfind("(")
            if opening > 1 and self.branch.search(text, opening, len(text) - 1):
                return opening
        # The first 公司 ends the whole name: nothing stands behind it.
        if text.find(_COMPANY) != len(text) - len(_COMPANY):
            found = self.parent.search(text)
            if found is not None and found.end() < len(text):
                return found.end()
        if not (self._may_belong(text) and text.endswith(self.units)):
            return 0
        found = self.unit.search(text)
        return found.end() if found is not None and found.end() < len(text) else 0

    def _may_belong(self, text: str) -> bool:
        return text[-3:] in self.lasts or text[-2:] in self.lasts or text[-1:] == ")"

    def _belongs(self, text: str, start: int) -> bool:
        if self.branch.search(text, start):
            return True
        return self.part.search(text, start) is not None and not self.other.search(text, start)

    def mended(self, text: str) -> str:
        """Return a name with one slip in its legal form put right, of the same length.

        Names with a whole body's form in them are returned as they are.
        """
        # 分公司 is no whole body's form.
        own = text[:-_BRANCH] if text.endswith(_COMPANIES) else text
        if _COMPANY in own or any(word in own for word in self.parents):
            return text
        return self.slip.sub(self._right, text, count=1)

    def _right(self, found: re.Match[str]) -> str:
        written = found[0]
        fits = (word for word in self.slips if len(word) == len(written))
        return max(fits, key=lambda word: sum(a == b for a, b in zip(word, written, strict=True)))

    def without_notes(self, text: str) -> str:
        """Return a plain name without the known notes and marks at its end."""
        while text.endswith(")"):
            opening = text.rfind("(")
            note = text[opening + 1 : -1]
            if opening <= 0 or not (note in self.notes or self.mark.fullmatch(note)):
                break
            text = text[:opening]
        return text


def plain(name: str) -> str:
    """Return a name in one width, without blanks, with round brackets, without stray ends."""
    if _TIDY.fullmatch(name):
        return name
    text = _BLANK.sub("", unicodedata.normalize("NFKC", name).translate(_ROUND))
    # What a joiner held apart may compose now.
    return unicodedata.normalize("NFKC", text).strip(_EDGE)


@cache
def endings() -> Endings:
    """Return the known endings, as shipped."""
    body = yaml.load((files("graph") / _FILE).read_text("utf-8"), Loader=_LOADER)  # noqa: S506
    return read_endings(body)


def read_endings(body: Mapping[str, Any]) -> Endings:
    """Return the endings a file says.

    Raises:
        DataError: E812, the file lacks a part or holds one of the wrong shape.
    """
    try:
        return _read(body)
    except (KeyError, TypeError, AttributeError) as error:
        raise DataError("E812", where=_FILE, reason=repr(error)) from error


def _read(body: Mapping[str, Any]) -> Endings:
    forms = {
        text: Ending(text, form, entry["kind"])
        for form, entry in body["forms"].items()
        for text in entry["endings"]
    }
    lengths = {
        last: tuple(sorted({len(text) for text in forms if text[-1] == last}, reverse=True))
        for last in {text[-1] for text in forms}
    }
    # A run of these is one name: 供销合作社联合社, 信用联社股份有限公司.
    goes_on = _any(body["continuations"])
    company = rf"公司(?:\((?![^()]*(?:{_any(body['branches'])})\))[^()]*\))?(?!{goes_on})"
    bodies = _any(body["parents"])
    alone = _any(word for word in body["parents"] if len(word) > 2)
    return Endings(
        forms=forms,
        lengths=lengths,
        notes=body["notes"],
        branch=re.compile(rf"(?:{_any(body['branches'])})\)?$"),
        # The first 公司 is the parent's; where there is none, another body's end.
        parent=re.compile(
            rf"^(?:.+?{company}|(?!.*公司)(?:.*?.(?:{bodies})|(?:{alone}))(?!{goes_on}))"
        ),
        unit=re.compile(
            rf"^..+(?:{_any(body['unit_parents'])})(?=第?[一二三四五六七八九十\d]*"
            rf"(?:{_any(body['units'])})$)"
        ),
        part=re.compile(rf"(?:{_any((*forms, *body['parts']))})\)?$"),
        other=re.compile(rf"(?:{_any(body['others'])})$"),
        mark=re.compile(_any(body["marks"])),
        slip=re.compile("|".join(_one_off(word) for word in body["slips"])),
        slips=tuple(body["slips"]),
        lasts=frozenset(word[-3:] for word in (*body["branches"], *body["units"])),
        branches=tuple(body["branches"]),
        units=tuple(body["units"]),
        parents=tuple(body["parents"]),
    )


def _one_off(word: str) -> str:
    """Return the pattern of a word with one character another one."""
    places = range(len(word))
    return "|".join(f"{re.escape(word[:at])}.{re.escape(word[at + 1 :])}" for at in places)


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
