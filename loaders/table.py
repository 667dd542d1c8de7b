"""The shape every reader yields: a table of text cells, in chunks of rows."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

__all__ = ["PREVIEW_ROWS", "Chunk", "Defect", "Limits", "Table"]

PREVIEW_ROWS: Final = 30
"""Rows looked at to find the header."""


@dataclass(frozen=True, slots=True)
class Defect:
    """Why one row cannot be read: a code of the message catalogue and its facts."""

    code: str
    facts: Mapping[str, object]


@dataclass(slots=True)
class Chunk:
    """Consecutive data rows of a table; blank rows are left out.

    Attributes:
        numbers: Row numbers: the sheet's own, or for CSV the number of the logical record,
            the header and blank lines counted, a quoted line break starting no row.
        rows: Cells as read, untrimmed, `width` of them unless the row has a defect.
        long_numbers: Row offset -> columns whose workbook cell is a number of 16 digits or
            more, whose last digits are therefore lost.
        defects: Row offset -> why the row cannot be used.
    """

    numbers: list[int] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    long_numbers: dict[int, tuple[int, ...]] = field(default_factory=dict)
    defects: dict[int, Defect] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on workbooks, which cannot be streamed: they take 80 to 110 bytes a cell.

    Attributes:
        cells: Most cells of all sheets together, from the first used to the last used: 500,000
            rows of 20 columns and some.
        bytes: Most bytes of the file, unpacked.
    """

    cells: int = 10_500_000
    bytes: int = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet, or the one table of a CSV.

    Attributes:
        sheet: Name of the sheet, '' for CSV.
        preview: The first rows with their numbers, merged header cells filled.
        encoding: Of a text file; telling it spares another reader the search.
        chunks: Called with (after, width, size): yields the data rows numbered above `after`.
    """

    sheet: str
    preview: list[tuple[int, list[str]]]
    chunks: Callable[[int, int, int], Iterator[Chunk]]
    encoding: str = ""
