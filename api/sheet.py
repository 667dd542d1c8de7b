"""Workbooks whose every cell is text, so that nothing in them can run."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import xlsxwriter

from api.output import writing

__all__ = ["AS_TEXT", "cell_text", "new_book"]

AS_TEXT: Final = {"strings_to_formulas": False, "strings_to_urls": False}
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
