"""Cells for spreadsheets, of which none can run: workbooks of text, and CSV that stays text."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import xlsxwriter

from api.output import writing

__all__ = ["AS_TEXT", "cell_text", "inert", "new_book"]

AS_TEXT: Final = {"strings_to_formulas": False, "strings_to_urls": False}
# What a spreadsheet takes for the beginning of a formula.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_LONGEST: Final = 32_000  # a cell holds 32,767 characters


@contextmanager
def new_book(path: Path) -> Iterator[xlsxwriter.Workbook]:
    """Make a workbook.

    Raises:
        UsageError: E123, it cannot be written.
    """
    # Opened first: the library reports a path it cannot write in its own way.
    with writing(path), path.open("wb") as stream, xlsxwriter.Workbook(stream, AS_TEXT) as book:
        yield book


def cell_text(value: object) -> str:
    """Return a value as a cell can hold it."""
    told = "" if value is None else str(value)
    return "".join(each for each in told if each >= " " or each in "\t\n")[:_LONGEST]


def inert(text: str) -> str:
    """Return a CSV cell that no spreadsheet runs: an apostrophe before what looks a formula."""
    return "'" + text if text.startswith(_FORMULA) else text
