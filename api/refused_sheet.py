"""Refused rows as a workbook a clerk can mend and load again."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path

import xlsxwriter

from api.sheet import AS_TEXT
from graph.ports import RefusedRow
from graph.texts import Lang, message
from loaders.mending import FIX, LINK, REASON, SURPLUS, link

__all__ = ["write_refused"]


def write_refused(rows: Iterable[RefusedRow], path: Path, lang: Lang) -> int:
    """Write refused rows, one sheet for each source and set of headings; return how many.

    Every cell is text, so that mending does not damage a code a second time.
    """
    count = 0
    with xlsxwriter.Workbook(path, AS_TEXT) as book:
        text = book.add_format({"num_format": "@"})
        groups = groupby(
            sorted(rows, key=lambda row: (row.source, row.header)),
            key=lambda row: (row.source, row.header),
        )
        for index, ((source, header), refused) in enumerate(groups, start=1):
            sheet = book.add_worksheet(f"{index} {source}"[:31])
            own = list(refused)
            heads = _headings(header, own)
            sheet.set_column(0, len(heads), 20, text)
            sheet.write_row(0, 0, heads, text)
            for line, row in enumerate(own, start=1):
                for column, cell in enumerate(_line(row, len(header), lang)):
                    sheet.write_string(line, column, cell.replace("\0", ""), text)
            count += len(own)
        if count == 0:
            book.add_worksheet("0")
    return count


def _headings(header: tuple[str, ...], rows: Sequence[RefusedRow]) -> list[str]:
    surplus = max(len(row.cells) for row in rows) - len(header)
    extra = [f"{SURPLUS}_{place}" for place in range(1, surplus + 1)]
    return [*header, LINK, REASON, FIX, *extra]


def _line(row: RefusedRow, width: int, lang: Lang) -> list[str]:
    """Return a row's cells, our columns, and the cells no heading stands above."""
    told = message(row.code, row.facts, lang=lang)
    cells = [*row.cells[:width], *[""] * (width - len(row.cells))]
    ours = [link(row.id, row.cells), told.what, told.fix]
    return [*cells, *ours, *row.cells[width:]]
