"""XLSX and XLS by their raw cells: what a cell is, not what a spreadsheet shows of it."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Final

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from graph.errors import DataError
from loaders.compound import check_compound
from loaders.extent import check_extent
from loaders.table import PREVIEW_ROWS, Chunk, Defect, Limits, Table

__all__ = ["open_workbook"]

_CERTAIN_DIGITS: Final = 15
_EXACT: Final = 1e15  # above this a spreadsheet number has lost digits
Raw = str | int | float | bool | date | datetime | time | timedelta


def open_workbook(path: Path, limits: Limits) -> list[Table]:
    """Return the sheets of a workbook that hold anything.

    Raises:
        DataError: E202 not a workbook, E203 damaged, E205 over the limits, E206 under a
            password.
    """
    size = path.stat().st_size
    if size > limits.bytes:
        raise DataError("E205", where=str(path), found=size, limit=limits.bytes, unit="bytes")
    with path.open("rb") as stream:
        archive = stream.read(2) == b"PK"
    if archive:
        check_extent(path, limits)
    else:
        check_compound(path, limits)
    try:
        with _opened(path, archive) as book:
            sheets = [book.get_sheet_by_name(name) for name in book.sheet_names]
            return [table for sheet in sheets if (table := _table(sheet)) is not None]
    except PasswordError as error:
        raise DataError("E206", where=str(path)) from error
    except (CalamineError, OSError, ValueError) as error:
        raise _damaged(path, error) from error
    except BaseException as error:
        # The reader's own failed assertions arrive under a type that is no Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise _damaged(path, error) from error


def _opened(path: Path, archive: bool) -> CalamineWorkbook:
    # By path it takes less memory, but the reader believes the extension, which may be wrong.
    if path.suffix.lower() == (".xlsx" if archive else ".xls"):
        return CalamineWorkbook.from_path(str(path))
    with path.open("rb") as stream:
        return CalamineWorkbook.from_filelike(stream)


def _damaged(path: Path, error: BaseException) -> DataError:
    reason = (str(error).splitlines() or [""])[0]
    return DataError("E203", where=str(path), reason=reason)


def _table(sheet: CalamineSheet) -> Table | None:
    preview = _preview(sheet)
    if not preview:
        return None

    def chunks(after: int, width: int, size: int) -> Iterator[Chunk]:
        return _chunks(sheet, after, width, size)

    return Table(sheet=sheet.name, preview=preview, chunks=chunks)


def _rows(sheet: CalamineSheet) -> Iterator[tuple[int, list[Raw]]]:
    """Yield the sheet's rows under their own numbers, from 1, and from its first used column."""
    return enumerate(sheet.iter_rows(), start=1)


def _preview(sheet: CalamineSheet) -> list[tuple[int, list[str]]]:
    rows: dict[int, list[str]] = {}
    for number, raw in _rows(sheet):
        cells = [_text(cell) for cell in raw]
        if any(map(str.strip, cells)):
            rows[number] = cells
            if len(rows) == PREVIEW_ROWS:
                break
    margin = 0 if sheet.start is None else sheet.start[1]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
        _fill(rows, (top + 1, left - margin, bottom + 1, right - margin))
    return list(rows.items())


def _fill(rows: dict[int, list[str]], region: tuple[int, int, int, int]) -> None:
    """Give every cell of a merged region the text of its first."""
    top, left, bottom, right = region
    first = rows.get(top, [])
    text = first[left] if 0 <= left < len(first) else ""
    # A title merged over a whole row heads nothing; only narrow regions are header cells.
    if not text or (top == bottom and right - left + 1 >= len(first) and len(first) > 1):
        return
    for number, cells in rows.items():
        if not top <= number <= bottom:
            continue
        for column in range(left, min(right, len(cells) - 1) + 1):
            cells[column] = cells[column] or text


def _chunks(sheet: CalamineSheet, after: int, width: int, size: int) -> Iterator[Chunk]:
    chunk = Chunk()
    for number, raw in _rows(sheet):
        if number <= after:
            continue
        cells = [_text(cell) for cell in raw]
        if not any(map(str.strip, cells)):
            continue
        _append(chunk, number, cells, width)
        long_numbers = tuple(i for i, cell in enumerate(raw) if _lost_digits(cell))
        if long_numbers:
            chunk.long_numbers[len(chunk.rows) - 1] = long_numbers
        if len(chunk.rows) >= size:
            yield chunk
            chunk = Chunk()
    if chunk.rows:
        yield chunk


def _append(chunk: Chunk, number: int, cells: list[str], width: int) -> None:
    while len(cells) > width and not cells[-1].strip():
        cells.pop()
    found = len(cells)
    cells += [""] * (width - len(cells))
    if len(cells) > width:
        chunk.defects[len(chunk.rows)] = Defect("E301", {"found": found, "expected": width})
    elif any("\0" in cell for cell in cells):
        chunk.defects[len(chunk.rows)] = Defect("E302", {})
    chunk.numbers.append(number)
    chunk.rows.append(cells)


def _lost_digits(cell: Raw) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) >= _EXACT


def _text(cell: Raw) -> str:
    """Return a raw cell as text, without ever rounding or reformatting a code."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if _lost_digits(cell):
        # What is certain, and zeros, as the spreadsheet itself shows it.
        return str(int(Decimal(format(cell, f".{_CERTAIN_DIGITS - 1}e"))))
    if isinstance(cell, float):
        return format(cell, ".0f") if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
    return str(cell)
