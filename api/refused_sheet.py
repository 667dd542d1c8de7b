"""Refused rows as a workbook a clerk can mend and load again."""

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

import xlsxwriter

from graph.ports import RefusedRow
from graph.texts import Lang, message

__all__ = ["write_refused"]

# Loading recognises these columns; the first links a mended row to the refused one.
_LINK, _REASON, _FIX = "creditgraph_refusal", "creditgraph_reason", "creditgraph_fix"


def write_refused(rows: Iterable[RefusedRow], path: Path, lang: Lang) -> int:
    """Write refused rows, one sheet for each source and set of headings; return how many.

    Every cell is text, so that mending does not damage a code a second time.
    """
    count = 0
    with xlsxwriter.Workbook(
        path, {"strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        text = book.add_format({"num_format": "@"})
        groups = groupby(
            sorted(rows, key=lambda row: (row.source, row.header)),
            key=lambda row: (row.source, row.header),
        )
        for index, ((source, header), refused) in enumerate(groups, start=1):
            sheet = book.add_worksheet(f"{index} {source}"[:31])
            sheet.set_column(0, len(header) + 3, 20, text)
            width = len(header)
            sheet.write_row(0, 0, (*header, _LINK, _REASON, _FIX), text)
            for line, row in enumerate(refused, start=1):
                told = message(row.code, row.facts, lang=lang)
                cells = [*row.cells[:width], *[""] * (width - len(row.cells))]
                for column, cell in enumerate((*cells, row.id, told.what, told.fix)):
                    sheet.write_string(line, column, cell.replace("\0", ""), text)
                count += 1
        if count == 0:
            book.add_worksheet("0")
    return count
