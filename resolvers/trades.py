"""What a firm does, as its name says it: trade words at the end of a name's core.

The words are data (`lexicons/trades.txt`), their synonym classes too (`lexicons/synonyms.yaml`).
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from resolvers.lexicon import document, lines

__all__ = ["Trades", "classes_of", "trades"]

LONGEST_RULE = 2


@dataclass(frozen=True, slots=True)
class Trades:
    """The trade words.

    Attributes:
        words: All of them.
        lengths: For the last two characters of any word the lengths of those, longest first.
        classes: The class of the words that have synonyms.
    """

    words: frozenset[str]
    lengths: Mapping[str, tuple[int, ...]]
    classes: Mapping[str, str]

    def start(self, core: str) -> int:
        """Return where the trade begins in a name's core (brand and trade); its length if nowhere.

        The longest words are taken from the end; one character is never left alone, for a 字号
        has two at least (企业名称登记管理规定 art 8).
        """
        end = len(core)
        while end > 1:
            length = self._last(core, end)
            if not length:
                return end
            end -= length
        return end

    def split(self, trade: str) -> list[str]:
        """Return the words of a trade, in order."""
        found = []
        end = len(trade)
        while end > 0:
            length = self._last(trade, end) or end
            found.append(trade[end - length : end])
            end -= length
        return found[::-1]

    def _last(self, core: str, end: int) -> int:
        for length in self.lengths.get(core[end - 2 : end], ()):
            if length <= end and end - length != 1 and core[end - length : end] in self.words:
                return length
        # 米业, 渔业, 管业: anything a trade of its own can be made of, behind a whole 字号.
        return LONGEST_RULE if end > 3 and core[end - 1] == "业" else 0


@cache
def trades() -> Trades:
    """Return the trade words."""
    words = frozenset(lines("trades.txt"))
    lengths: dict[str, set[int]] = defaultdict(set)
    for word in words:
        lengths[word[-2:]].add(len(word))
    ordered = {tail: tuple(sorted(known, reverse=True)) for tail, known in lengths.items()}
    classes = {
        word: name for name, same in document("synonyms.yaml")["trades"].items() for word in same
    }
    return Trades(words, ordered, classes)


@lru_cache(maxsize=262_144)
def classes_of(trade: str) -> tuple[str, ...]:
    """Return the classes of a trade's words, sorted, each once; a word without one is its own.

    Words that say nothing of a trade (发展, 实业) are left out unless nothing else is said.
    """
    known = trades()
    found = {known.classes.get(word, word) for word in known.split(trade)}
    return tuple(sorted(found - {"general"} or found))
