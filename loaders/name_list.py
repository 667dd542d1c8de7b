"""A list of parties to ask about: a workbook, a CSV or one party a line, with or without a header.

A header is known by the headings departments use for a party's name and codes, in any of the
manifests. Without one, each row is a party: its first cell that is a code, its first that is not.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from graph.identifiers import IdType, recognise
from loaders.files import tables
from loaders.headings import heading_key
from loaders.manifest import Manifest
from loaders.table import Limits, Table

__all__ = ["Entry", "read_list"]

_NAMES: Final = ("名称", "单位", "主体", "主体名称", "name", "bidder", "supplier", "company")
_CODES: Final = ("代码", "信用代码", "证件号码", "身份证号", "code", "uscc", "identifier", "id")
_CHUNK: Final = 1_000
_RAGGED: Final = "E301"


@dataclass(frozen=True, slots=True)
class Entry:
    """One party as it was given.

    Attributes:
        code: '' when none was given; then the name may be a code or an id as well.
        place: File, sheet and row; '' for a word of the command line.
        fault: Code of why the row could not be read; '' when it could.
    """

    name: str
    code: str = ""
    place: str = ""
    fault: str = ""

    @property
    def text(self) -> str:
        """What was asked for: the name, with the code where there is one."""
        return " ".join(part for part in (self.name, self.code) if part)


@dataclass(frozen=True, slots=True)
class _Header:
    row: int
    width: int
    name: int | None
    code: int | None


def read_list(
    path: Path, manifests: Iterable[Manifest], limits: Limits | None = None
) -> list[Entry]:
    """Return the parties a file lists, in its order, repeats included.

    Of several sheets those with a known header are read; where none has one, the first.

    Raises:
        DataError: E201 to E206, the file cannot be read.
    """
    names, codes = _headings(manifests)
    with tables(path, limits) as sheets:
        headed = [(table, _header(table, names, codes)) for table in sheets]
        chosen = [each for each in headed if each[1] is not None] or headed[:1]
        return [
            entry
            for table, header in chosen
            for entry in (_plain(table, path) if header is None else _under(table, header, path))
        ]


def _headings(manifests: Iterable[Manifest]) -> tuple[frozenset[str], frozenset[str]]:
    """Return what a party's name and its codes are headed with."""
    names, codes = set(_NAMES), set(_CODES)
    for manifest in manifests:
        aliases = {column.name: column.aliases for column in manifest.columns}
        for party in manifest.parties:
            if party.role.default != "subject":
                continue
            if party.name is not None:
                names |= {party.name, *aliases.get(party.name, ())}
            for cell in party.identifiers:
                if cell.type is not IdType.PRIPID:
                    codes |= {cell.column, *aliases.get(cell.column, ())}
    return frozenset(map(heading_key, names)), frozenset(map(heading_key, codes))


def _header(table: Table, names: frozenset[str], codes: frozenset[str]) -> _Header | None:
    """Return the first row that heads a column of names or codes."""
    for number, cells in table.preview:
        keys = [heading_key(cell) for cell in cells]
        name = next((at for at, key in enumerate(keys) if key in names), None)
        code = next((at for at, key in enumerate(keys) if key in codes), None)
        if name is not None or code is not None:
            return _Header(number, len(cells), name, code)
    return None


def _under(table: Table, header: _Header, path: Path) -> Iterator[Entry]:
    for chunk in table.chunks(header.row, header.width, _CHUNK):
        for at, (number, cells) in enumerate(zip(chunk.numbers, chunk.rows, strict=True)):
            name, code = (
                cells[column].strip() if column is not None and column < len(cells) else ""
                for column in (header.name, header.code)
            )
            defect = chunk.defects.get(at)
            if name or code or defect is not None:
                fault = "" if defect is None else defect.code
                yield Entry(name, code, _place(path, table.sheet, number), fault)


def _plain(table: Table, path: Path) -> Iterator[Entry]:
    width = max((len(cells) for _, cells in table.preview), default=0)
    for chunk in table.chunks(0, width, _CHUNK):
        for at, (number, row) in enumerate(zip(chunk.numbers, chunk.rows, strict=True)):
            defect = chunk.defects.get(at)
            place = _place(path, table.sheet, number)
            if defect is not None and defect.code != _RAGGED:
                yield Entry(row[0].strip(), "", place, defect.code)
                continue
            name, code = _told_apart([cell.strip() for cell in row if cell.strip()])
            if name or code:
                yield Entry(name, code, place)


def _told_apart(cells: Sequence[str]) -> tuple[str, str]:
    """Return the name and the code among a row's cells; a running number is neither."""
    found = {cell: recognise(cell) for cell in cells}
    codes = [cell for cell, code in found.items() if code is not None and code.full]
    running = len(cells) > 1 and cells[0].rstrip(".、").isdecimal() and cells[0] not in codes
    names = [cell for cell in cells[1 if running else 0 :] if cell not in codes]
    return (names or [""])[0], (codes or [""])[0]


def _place(path: Path, sheet: str, row: int) -> str:
    return ":".join(part for part in (path.name, sheet, str(row)) if part)
