"""What a row tells of a body beside its name and identifiers: phone, address, founding day."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Final

from loaders.cells import LONG_TERM, parse_date
from loaders.manifest import Party

__all__ = ["PHONE", "TRAITS", "read_traits"]

PHONE: Final = "phone"
ADDRESS: Final = "address"
FOUNDED: Final = "founded"
TRAITS: Final = (PHONE, ADDRESS, FOUNDED)

_SEVERAL: Final = re.compile(r"[、，,;；/\s]+")
_WRITTEN: Final = re.compile(r"[()\-]")
_COUNTRY: Final = re.compile(r"^(?:\+|00)?86(?=1\d{10}$)")
_PHONE: Final = re.compile(r"\d{7,12}")
# 88888888 and the like stand for no phone at all.
_FEWEST_FIGURES: Final = 3


def read_traits(party: Party, values: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return type and value of what a row tells of a body; of a type that is told twice none."""
    found: dict[str, set[str]] = {}
    for column, kind in party.traits:
        cell = values.get(column)
        if cell:
            found.setdefault(kind, set()).update(_READ[kind](cell))
    return tuple((kind, next(iter(told))) for kind, told in found.items() if len(told) == 1)


def _phones(cell: str) -> Iterator[str]:
    for part in _SEVERAL.split(unicodedata.normalize("NFKC", cell)):
        digits = _COUNTRY.sub("", _WRITTEN.sub("", part))
        if _PHONE.fullmatch(digits) and len(set(digits)) >= _FEWEST_FIGURES:
            yield digits


def _addresses(cell: str) -> Iterator[str]:
    yield cell.strip()


def _days(cell: str) -> Iterator[str]:
    day = parse_date(cell)
    if day is not None and day != LONG_TERM:
        yield day.isoformat()


_READ: Final = {PHONE: _phones, ADDRESS: _addresses, FOUNDED: _days}
