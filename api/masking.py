"""A record's cells as anyone may see them: no person's number in full, wherever it stands."""

import re
from collections.abc import Mapping
from typing import Final

from graph.identifier_types import PERSONAL, person_number
from graph.identifiers import IdType, mask, parse, recognise
from loaders.manifest import Manifest

__all__ = ["hidden_cells", "hidden_text"]

# What may be an identity number inside a text; digits of any width, perhaps in groups.
_RUN: Final = re.compile(r"(?<!\d)\d(?:[ -]?\d){13,16}(?:[ -]?[\dXxＸｘOoIl])?(?![\dA-Za-z])")
_PIECE: Final = re.compile(r"[^\s、，,;；/]+")
# Columns where 15 digits are an organisation's, even when they could be an old identity number.
_OWN_DIGITS: Final = frozenset({IdType.REGNO, IdType.PRIPID})


def hidden_cells(cells: Mapping[str, str], manifest: Manifest | None) -> dict[str, str]:
    """Return a record's cells with every personal number masked.

    Cells keep a number as the department wrote it, with its damage; so a column that may
    hold a person's number is masked even where no number can be read.
    """
    kinds = {} if manifest is None else _identifier_columns(manifest)
    return {column: _hidden(cell, column, kinds) for column, cell in cells.items()}


def hidden_text(text: str) -> str:
    """Return a text with the identity numbers in it masked."""
    return _RUN.sub(_masked_run, text)


def _identifier_columns(manifest: Manifest) -> dict[str, IdType | None]:
    """Return identifier columns with their type; None where a cell may hold any."""
    return {cell.column: cell.type for party in manifest.parties for cell in party.identifiers}


def _hidden(cell: str, column: str, kinds: Mapping[str, IdType | None]) -> str:
    if column not in kinds:
        return hidden_text(cell)
    kind = kinds[column]
    if kind is None or kind in PERSONAL:
        return _PIECE.sub(_masked_piece, cell)
    shown = mask(kind, cell)
    return shown if kind in _OWN_DIGITS else hidden_text(shown)


def _masked_run(run: re.Match[str]) -> str:
    found = parse(IdType.ID_CARD, run[0])
    if found is None or not (found.full or person_number(found.value)):
        return run[0]
    return mask(IdType.ID_CARD, found.value)


def _masked_piece(piece: re.Match[str]) -> str:
    text = piece[0]
    found = recognise(text)
    organisation = found is not None and found.full and not found.personal
    if organisation or not any(character.isdigit() for character in text):
        return text
    ends = (6, 4) if len(text) >= 15 else (2, 2) if len(text) > 4 else (0, 0)
    return text[: ends[0]] + "*" * (len(text) - sum(ends)) + text[len(text) - ends[1] :]
