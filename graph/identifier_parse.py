"""From a cell to an identifier: one reading per type, in a fixed order of trust.

A complete code that passes as it stands comes first, then what a spreadsheet cut off,
then letters typed for digits, then masks; what is left is invalid, and kept.
"""

import re
from collections.abc import Iterable
from typing import Final

from graph.identifier_forms import passes_check, read_full
from graph.identifier_masks import masked, truncated
from graph.identifier_repair import Cleaned, clean, is_placeholder, letters_repaired
from graph.identifier_types import Identifier, IdType, Status

__all__ = ["full_readings", "parse", "parse_cell"]

_FAST: Final = frozenset(
    {IdType.USCC, IdType.ID_CARD, IdType.RESIDENCE_PERMIT, IdType.FOREIGN_PERMANENT}
)
_DIGITS_ONLY: Final = _FAST - {IdType.USCC} | {IdType.REGNO}
_EXACT_FLOAT: Final = re.compile(r"([1-9])\.([0-9]{8,19})E\+?([0-9]{1,2})")
_BETWEEN_CODES: Final = re.compile(r"[\s、,，;；/／|｜&+]+|和|及|或")
_SHORTEST_PART: Final = {
    IdType.USCC: 15,
    IdType.ID_CARD: 15,
    IdType.RESIDENCE_PERMIT: 15,
    IdType.FOREIGN_PERMANENT: 15,
    IdType.REGNO: 13,
    IdType.TAX_ID: 15,
    IdType.ORG_CODE: 9,
    IdType.INSTITUTION_CERT: 12,
}
_SHORTEST_OTHER_PART: Final = 6
_PLAIN: Final = re.compile(r"[0-9A-HJKMNP-RT-Y]{9,40}")


def parse(kind: IdType, raw: str) -> Identifier | None:
    """Return the identifier in a cell of the given type; None when the cell is empty.

    Args:
        kind: What the column holds.
        raw: The cell as read. Placeholders (无, /, 待补, N/A, zeros) count as empty.

    Returns:
        An identifier of type `kind`, or of the type a person number's own head names (see
        `Identifier.type`). A cell that is neither code nor placeholder is `invalid` and
        keeps its cleaned text.

    Cost: 2 microseconds for a clean code, some 15 for one that needs mending.
    """
    if len(raw) == 18 and kind in _FAST and raw[0] != "0":
        found = read_full(kind, raw)
        if found is not None:
            return found
    cleaned = clean(raw, kind)
    if is_placeholder(cleaned.text):
        return None
    return (
        _complete(kind, cleaned.text, cleaned.repairs)
        or _written_as_float(kind, cleaned)
        or truncated(kind, cleaned.text, cleaned.repairs)
        or _with_letters_repaired(kind, cleaned)
        or masked(kind, cleaned.text, cleaned.repairs)
        or Identifier(kind, Status.INVALID, cleaned.text, cleaned.repairs)
    )


def full_readings(raw: str, kinds: Iterable[IdType]) -> list[Identifier]:
    """Return what a cell is as a full identifier of each of several types, as `parse` reads it.

    Cost: 10 microseconds for a dozen types and a clean code, where `parse` would mend it for
    each type that it is not.
    """
    if _PLAIN.fullmatch(raw) and not is_placeholder(raw):
        # Cleaning leaves it as it is, and there is no letter to take for a digit.
        found = [read_full(kind, raw) for kind in kinds]
    else:
        found = [parse(kind, raw) for kind in kinds]
    return [each for each in found if each is not None and each.full]


def parse_cell(kind: IdType, raw: str) -> tuple[Identifier, ...]:
    """Return the distinct identifiers of a cell that may hold several.

    The cell is divided only when it is no complete code as a whole and every part is long
    enough to be one, so that a code written in groups stays one.
    """
    whole = parse(kind, raw)
    if whole is None:
        return ()
    if whole.full:
        return (whole,)
    shortest = _SHORTEST_PART.get(kind, _SHORTEST_OTHER_PART)
    parts = [part for part in _BETWEEN_CODES.split(raw) if part]
    if len(parts) < 2 or any(len(part) < shortest for part in parts):
        return (whole,)
    found = [parse(kind, part) for part in parts]
    return tuple(dict.fromkeys(each for each in found if each is not None))


def _complete(kind: IdType, text: str, repairs: tuple[str, ...]) -> Identifier | None:
    found = read_full(kind, text)
    if found is None or not repairs:
        return found
    return found._replace(status=Status.REPAIRED, repairs=(*repairs, *found.repairs))


def _written_as_float(kind: IdType, cleaned: Cleaned) -> Identifier | None:
    """Read a number in scientific notation that still has every digit."""
    written = _EXACT_FLOAT.fullmatch(cleaned.text)
    if written is None or len(written[2]) != int(written[3]):
        return None
    return _complete(kind, written[1] + written[2], (*cleaned.repairs, "scientific"))


def _with_letters_repaired(kind: IdType, cleaned: Cleaned) -> Identifier | None:
    mended = letters_repaired(
        cleaned.spelled,
        lambda reading: passes_check(kind, reading),
        digits=kind in _DIGITS_ONLY,
    )
    if mended is None:
        return None
    return _complete(kind, mended, (*cleaned.repairs, "letter_for_digit"))
