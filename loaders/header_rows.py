"""Where a sheet's header may be: each of its first rows, alone or as two rows.

Two rows are a row of groups above a row of headings; titles above a header are skipped by
whoever chooses among what is offered here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from loaders.headings import heading_key

__all__ = ["Header", "Preview", "filled_columns", "headers_of"]

Preview = Sequence[tuple[int, Sequence[str]]]
"""Row numbers and cells of the first rows; cells of merged headings already filled."""


@dataclass(frozen=True, slots=True)
class Header:
    """One reading of one or two rows as a header: each cell has its likeliest key first."""

    row: int
    texts: tuple[str, ...]
    keys: tuple[tuple[str, ...], ...]


def filled_columns(preview: Preview) -> int:
    """Return how many columns have any text in the first rows."""
    filled = (i + 1 for _, cells in preview for i, text in enumerate(cells) if text.strip())
    return max(filled, default=0)


def headers_of(preview: Preview) -> Iterator[Header]:
    """Yield each row as a header, then with the row above as its groups."""
    above: Sequence[str] = ()
    for row, cells in preview:
        texts = tuple(cells)
        keys = tuple((heading_key(text),) for text in texts)
        if any(key for (key,) in keys):
            yield Header(row, texts, keys)
            if any(above):
                yield _two_rows(row, above, texts)
        above = texts


def _two_rows(row: int, above: Sequence[str], below: Sequence[str]) -> Header:
    """Return two rows as one header: 法定代表人 over 姓名 may be 法定代表人姓名, or just 姓名."""
    texts: list[str] = []
    keys: list[tuple[str, ...]] = []
    group = ""
    for upper, lower in zip_longest(above, below, fillvalue=""):
        group = upper if upper.strip() else group
        top, bottom = heading_key(group), heading_key(lower)
        if bottom and bottom != top:
            texts.append(lower)
            keys.append((top + bottom, bottom) if top else (bottom,))
        else:
            texts.append(lower if bottom else upper)
            keys.append((bottom or heading_key(upper),))
    return Header(row, tuple(texts), tuple(keys))
