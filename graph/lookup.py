"""The form of a name by which it is looked up; finding candidates, never identifying."""

import re
import unicodedata
from typing import Final

__all__ = ["name_key"]

_DOTS: Final = re.compile(r"[·•・‧．.˙\u00b7\u2022\u30fb\u2027]")
_SPACES: Final = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")
_BRACKETS: Final = str.maketrans("〔〕［］【】[]{}", "()()()()()")


def name_key(name: str) -> str:
    """Return a name without what typing varies: width, case, spaces, dots, bracket shapes."""
    text = unicodedata.normalize("NFKC", name).casefold().translate(_BRACKETS)
    return _SPACES.sub("", _DOTS.sub("", text))
