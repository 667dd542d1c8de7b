"""The review desk as a workbook: a task a row, a drop-down for the verdict, and the way back.

Every cell is text, so that nothing in it can run. What must not be edited is locked, and told
by a digest all the same: an office suite may drop the lock.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, get_args

from api.sheet import cell_text, new_book
from graph.errors import DataError, UsageError
from graph.judgements import VERDICTS
from graph.secrecy import Seal
from graph.texts import Lang, phrase
from loaders.files import tables
from loaders.mending import OURS

__all__ = ["Answered", "read_answers", "write_tasks"]

_TASK: Final = OURS + "task"
_CHECK: Final = OURS + "check"
_HEADS: Final = ("reason", "parties", "evidence", "verdict", "ground")
_OPEN: Final = ("verdict", "ground")
_WIDTHS: Final = {"reason": 32, "parties": 46, "evidence": 60, "verdict": 12, "ground": 40}
_ROWS: Final = 10_000


@dataclass(frozen=True, slots=True)
class Answered:
    """One row as it came back.

    Attributes:
        number: Its row in the sheet.
        edited: What must not be edited was.
        verdict: A code; '' where none was chosen, the cell's text where it is none.
    """

    number: int
    task: str
    edited: bool
    verdict: str
    why: str


def write_tasks(rows: Sequence[Mapping[str, str]], path: Path, seal: Seal, lang: Lang) -> None:
    """Write tasks, one a row.

    Args:
        rows: `task`, `reason`, `parties` and `evidence` of each, as people read them.

    Raises:
        UsageError: E125 the file is not called .xlsx, E123 it cannot be written.
    """
    if path.suffix.lower() != ".xlsx":
        raise UsageError("E125", where=str(path))
    with new_book(path) as book:
        look = {"num_format": "@", "text_wrap": True, "valign": "top"}
        head = book.add_format({**look, "bold": True})
        text, free = book.add_format(look), book.add_format({**look, "locked": False})
        sheet = book.add_worksheet(phrase("sheet_review", lang))
        sheet.protect("", {"format_columns": True, "format_rows": True, "autofilter": True})
        sheet.freeze_panes(1, 0)
        for column, title in enumerate(_HEADS):
            own = free if title in _OPEN else text
            sheet.set_column(column, column, _WIDTHS[title], own)
            sheet.write_string(0, column, phrase(f"head_{title}", lang), head)
        for column, title in enumerate((_TASK, _CHECK), start=len(_HEADS)):
            sheet.set_column(column, column, 10, text, {"hidden": True})
            sheet.write_string(0, column, title, head)
        for line, row in enumerate(rows, start=1):
            shown = [cell_text(row[part]) for part in ("reason", "parties", "evidence")]
            cells = [*shown, "", "", row["task"], _check(seal, row["task"], shown)]
            for column, cell in enumerate(cells):
                own = free if column in (3, 4) else text
                sheet.write_string(line, column, cell, own)
        if rows:
            words = [phrase(f"verdict_{verdict}", lang) for verdict in VERDICTS]
            sheet.data_validation(1, 3, len(rows), 3, {"validate": "list", "source": words})


def read_answers(path: Path, seal: Seal) -> Iterator[Answered]:
    """Yield the rows of a workbook that came back, in its order.

    Raises:
        DataError: E625, no sheet has the columns; and those of `tables`.
    """
    with tables(path) as found:
        for table in found:
            for number, cells in table.preview:
                places = _places(cells)
                if places is not None:
                    for chunk in table.chunks(number, len(cells), _ROWS):
                        for line, row in zip(chunk.numbers, chunk.rows, strict=True):
                            yield _answered(line, row, places, seal)
                    return
    raise DataError("E625", where=str(path))


def _places(cells: Sequence[str]) -> dict[str, int] | None:
    """Return the column of each of our headings, in any language, None if one lacks."""
    names = [cell.strip() for cell in cells]
    wanted = {_TASK: {_TASK}, _CHECK: {_CHECK}}
    wanted |= {head: {phrase(f"head_{head}", lang) for lang in get_args(Lang)} for head in _HEADS}
    places = {}
    for head, words in wanted.items():
        at = [place for place, name in enumerate(names) if name in words]
        if not at:
            return None
        places[head] = at[0]
    return places


def _answered(line: int, row: Sequence[str], places: Mapping[str, int], seal: Seal) -> Answered:
    cells = {head: row[place] if place < len(row) else "" for head, place in places.items()}
    shown = [cells[part] for part in ("reason", "parties", "evidence")]
    task = cells[_TASK].strip()
    said = cells["verdict"].strip()
    words = {phrase(f"verdict_{v}", lang): v for v in VERDICTS for lang in get_args(Lang)}
    return Answered(
        number=line,
        task=task,
        edited=cells[_CHECK].strip() != _check(seal, task, shown),
        verdict=words.get(said, said),
        why=cells["ground"].strip(),
    )


def _check(seal: Seal, task: str, shown: Sequence[str]) -> str:
    # Spaces and line ends do not count: office suites write them in their own way.
    seen = ["".join(cell.split()) for cell in shown]
    return seal.key_of("review", "\x1f".join((task, *seen))).hex()
