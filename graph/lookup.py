"""The form of a name by which it is looked up; finding candidates, never identifying."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

__all__ = ["name_key", "search_rank", "search_words"]

_DOTS: Final = re.compile(r"[·•・‧．.˙\u00b7\u2022\u30fb\u2027]")
_SPACES: Final = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")
_BRACKETS: Final = str.maketrans("〔〕［］【】[]{}", "()()()()()")


def name_key(name: str) -> str:
    """Return a name without what typing varies: width, case, spaces, dots, bracket shapes."""
    text = unicodedata.normalize("NFKC", name).casefold().translate(_BRACKETS)
    return _SPACES.sub("", _DOTS.sub("", text))


def search_words(text: str) -> list[str]:
    """Return the words a search asks for, each as a part of a name key."""
    return [key for word in text.split() if (key := name_key(word))]


def search_rank(words: Sequence[str], key: str) -> tuple[int, int, str]:
    """Return the place of a name that holds every word, the smallest is best.

    The whole name first, then names that begin with the first word, then the others; within
    these the shorter name, which holds the least beside what was asked for.
    """
    if key == "".join(words):
        return 0, len(key), key
    return (1 if key.startswith(words[0]) else 2), len(key), key
