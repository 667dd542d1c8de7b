"""A record's cells as anyone may see them: no person's number in full, wherever it stands."""

import re
import string
from collections.abc import Callable, Mapping
from typing import Final

import phonenumbers

from graph.identifier_forms import possible_birth_date
from graph.identifier_types import PERSONAL, person_number
from graph.identifiers import IdType, mask, parse, recognise
from loaders.manifest import Manifest

__all__ = ["hidden_cells", "hidden_text"]

# Without a few digits in a row there is nothing to hide.
_SOME_DIGITS: Final = re.compile(r"\d{3}")
_HALF_WIDTH: Final = {code + 0xFEE0: code for code in range(0x21, 0x7F)}
# What may be an identity number inside a text, perhaps in groups.
_RUN: Final = re.compile(r"(?<!\d)(?P<code>\d(?:[ -]?\d){13,16}(?:[ -]?[\dXxOoIl])?)(?![\dA-Za-z])")
# A passport or permit; after the words for an organisation's code it is one.
_PAPER: Final = re.compile(
    r"(?<![0-9A-Za-z])(?<!代码)(?<!代码[: ])"
    r"(?P<code>[EGDSPHM]\d{8}(?:\d{2})?|E[A-Z]\d{7}|[A-Z]{3}\d{12})(?![0-9A-Za-z])",
    re.IGNORECASE,
)
_SAID: Final = r"\s{0,3}(?:号码|编号|号|No\.?)?\s{0,3}[:为是]{0,2}\s{0,3}"
# Of many forms, and alike to other numbers: only after the word for it.
_CALLED_PAPER: Final = re.compile(
    r"(?:护照|passport|通行证|台胞证|回乡证|居留证|居住证|身份证件?|证件)"
    rf"{_SAID}(?P<code>[0-9A-Za-z]{{6,18}})(?![0-9A-Za-z*])",
    re.IGNORECASE,
)
_ABROAD: Final = r"(?:(?:\+|00)?86[ -]?)?"
_NO_AMOUNT: Final = r"(?![0-9A-Za-z]|\.\d|\s{0,3}[元万亿])"
_MOBILE: Final = re.compile(
    rf"(?<![0-9A-Za-z])(?P<code>{_ABROAD}1[3-9]\d[ -]?\d{{4}}[ -]?\d{{4}}){_NO_AMOUNT}"
)
# With an area code. Joined to a word by a dash it is a part of some other code.
_LANDLINE: Final = re.compile(
    r"(?<![0-9A-Za-z])(?<![0-9A-Za-z][-_])"
    rf"(?P<code>(?:(?:\+|00)86[ -]?|\(?0)(?:10|2\d|[3-9]\d\d)\)?[ -]?[2-8]\d{{2,3}}[ -]?\d{{4}})"
    rf"{_NO_AMOUNT}"
)
_CALLED_LOCAL: Final = re.compile(
    rf"(?:电话|手机|座机|传真|联系方式|tel|phone|fax)\.?{_SAID}"
    rf"(?P<code>[2-8]\d{{2,3}}[ -]?\d{{4}}){_NO_AMOUNT}",
    re.IGNORECASE,
)
_LETTERS: Final = string.ascii_letters
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
    """Return a text with the numbers of persons and telephones in it masked.

    Codes of organisations, dates, amounts and case numbers stay as they are.
    """
    if not _SOME_DIGITS.search(text):
        return text
    folded = text.translate(_HALF_WIDTH)
    hidden: list[tuple[int, int, str]] = []
    done_with = bytearray(len(text))
    for form, shown_of in _FORMS:
        for found in form.finditer(folded):
            start, end = found.span("code")
            shown = shown_of(found["code"])
            if shown != found["code"] and not any(done_with[start:end]):
                hidden.append((start, end, shown))
                done_with[start:end] = b"\1" * (end - start)
    parts, done = [], 0
    for start, end, shown in sorted(hidden):
        parts += [text[done:start], shown]
        done = end
    return "".join((*parts, text[done:]))


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


def _shown_number(code: str) -> str:
    found = parse(IdType.ID_CARD, code)
    if found is None or not (found.full or person_number(found.value)):
        return code
    return mask(IdType.ID_CARD, found.value)


def _shown_paper(code: str) -> str:
    """Return a passport or permit masked; a letter before a date is some office's number."""
    found = recognise(code)
    if found is None or not found.personal or possible_birth_date(code.lstrip(_LETTERS)[:8]):
        return code
    return _ends(code)


def _shown_called(code: str) -> str:
    return code if sum(map(str.isdigit, code)) < 5 else _shown_unless_firm(code)


def _shown_telephone(code: str) -> str:
    """Return a number masked that may be dialled, with its area and its last digits."""
    try:
        number = phonenumbers.parse(code, "CN")
    except phonenumbers.NumberParseException:
        return code
    if not phonenumbers.is_valid_number(number):
        return code
    digits = sum(map(str.isdigit, code))
    if len(str(number.national_number)) == 11 and _MOBILE.fullmatch(code):
        return _starred(code, digits - 8, 4)
    area = phonenumbers.length_of_geographical_area_code(number)
    return _starred(code, digits - len(str(number.national_number)) + area, 2)


def _shown_local(code: str) -> str:
    return _starred(code, 0, 2)


def _starred(code: str, head: int, tail: int) -> str:
    """Return a number with stars for its digits but some first and last ones."""
    places = [place for place, each in enumerate(code) if each.isdigit()]
    hidden = set(places[head : len(places) - tail])
    return "".join("*" if place in hidden else each for place, each in enumerate(code))


def _masked_piece(piece: re.Match[str]) -> str:
    text = piece[0]
    return _shown_unless_firm(text) if any(map(str.isdigit, text)) else text


def _shown_unless_firm(text: str) -> str:
    found = recognise(text)
    return text if found is not None and found.full and not found.personal else _ends(text)


def _ends(text: str) -> str:
    ends = (6, 4) if len(text) >= 15 else (2, 2) if len(text) > 4 else (0, 0)
    return text[: ends[0]] + "*" * (len(text) - sum(ends)) + text[len(text) - ends[1] :]


# In this order: what an earlier form hides is not looked at by a later one.
_FORMS: Final[tuple[tuple[re.Pattern[str], Callable[[str], str]], ...]] = (
    (_RUN, _shown_number),
    (_MOBILE, _shown_telephone),
    (_LANDLINE, _shown_telephone),
    (_CALLED_LOCAL, _shown_local),
    (_PAPER, _shown_paper),
    (_CALLED_PAPER, _shown_called),
)
