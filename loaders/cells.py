"""What one cell says: dates, shares, money, names. Total functions over text, no state."""

import re
import unicodedata
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Final

__all__ = [
    "LONG_TERM",
    "NOTHING",
    "case_text",
    "day_of",
    "fen",
    "name_text",
    "parse_date",
    "parse_share",
    "plain",
    "split_list",
]

LONG_TERM: Final = date(9999, 12, 31)
"""A known open end (长期, 9999-09-09, 2099-12-31), unlike None, which is an unknown one."""

_EPOCH: Final = date(1970, 1, 1)
_EXCEL_EPOCH: Final = date(1899, 12, 30)
NOTHING: Final = frozenset(
    {
        "无",
        "/",
        "-",
        "--",
        "—",
        "——",
        "\\",
        "\\n",
        "n/a",
        "na",
        "null",
        "none",
        "nan",
        "待补",
        "空",
        "不详",
        "暂无",
    }
)
"""Cells, in lower case, that only say that there is nothing."""

_LONG: Final = frozenset({"长期", "长期有效", "永久", "永久有效", "无固定期限", "无限期"})
_YEAR_FIRST: Final = re.compile(
    r"(\d{4})\s*(?:[-/.年])\s*(\d{1,2})\s*(?:[-/.月])\s*(\d{1,2})\s*日?(?:[T ].*|\s*\d{1,2}:.*)?"
)
_COMPACT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\d{6}|[T ].*)?")
_SERIAL: Final = re.compile(r"([1-6]\d{4})(?:\.\d+)?")
_LIST: Final = re.compile(r"[、，,;；\n\r]+")
_INVISIBLE: Final = re.compile(r"[\u200b-\u200f\u2060\ufeff\u00ad]")
_UNTIDY: Final = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\u00ad]")
_CASE_FOLD: Final = str.maketrans(
    dict.fromkeys("〔［【[{〈《", "(") | dict.fromkeys("〕］】]}〉》", ")") | {" ": None}
)


def plain(cell: str) -> str:
    """Return the cell trimmed, or '' where it only says that there is nothing."""
    text = cell.strip()
    return "" if text.lower() in NOTHING else text


def name_text(cell: str) -> str:
    """Return a name as shown: trimmed, invisible characters dropped, inner spaces single."""
    text = plain(cell)
    return plain(" ".join(_INVISIBLE.sub("", text).split())) if _UNTIDY.search(text) else text


def split_list(cell: str) -> list[str]:
    """Return the parts of a cell that lists several parties; blank parts are dropped."""
    return [part for part in (plain(part) for part in _LIST.split(cell)) if part]


@lru_cache(maxsize=65_536)
def parse_date(cell: str) -> date | None:
    """Return the day a cell names, `LONG_TERM` for an open end, None if it names none.

    Reads 20190709, 2019年07月13日, 2019/7/9, 2019-07-09 10:11:12 and Excel serials (43655).
    """
    text = unicodedata.normalize("NFKC", cell).strip().lstrip("'")
    if text in _LONG:
        return LONG_TERM
    serial = _SERIAL.fullmatch(text)
    if serial:
        return _EXCEL_EPOCH + timedelta(days=int(serial[1]))
    found = _YEAR_FIRST.fullmatch(text) or _COMPACT.fullmatch(text)
    return None if found is None else _day_named(*(int(part) for part in found.groups()[:3]))


def _day_named(year: int, month: int, day: int) -> date | None:
    try:
        value = date(year, month, day)
    except ValueError:
        return None
    # Registers print 2099-12-31 and 9999-09-09 for "no end", and 1900-01-01 for "not known".
    if year >= 2099:
        return LONG_TERM
    return value if value > date(1900, 1, 1) else None


def day_of(value: date) -> int:
    """Return days since 1970-01-01."""
    return (value - _EPOCH).days


def _number(cell: str) -> Decimal | None:
    text = unicodedata.normalize("NFKC", cell).strip().replace(",", "")
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() and abs(value) < Decimal(10) ** 15 else None


@lru_cache(maxsize=4_096)
def parse_share(cell: str) -> float | None:
    """Return a share as a fraction of 1; numbers above 1 and those with % are per cent.

    A share outside 0-100 % is unknown, never clipped.
    """
    text = unicodedata.normalize("NFKC", cell).strip()
    value = _number(text.rstrip("%"))
    if value is None:
        return None
    if text.endswith("%") or value > 1:
        value /= 100
    return float(value) if 0 <= value <= 1 else None


@lru_cache(maxsize=65_536)
def fen(cell: str, *, wan: bool) -> int | None:
    """Return an amount given in yuan, or in 10,000 yuan, as fen."""
    text = unicodedata.normalize("NFKC", cell).strip()
    unit = 10_000 if wan else 1
    for suffix, factor in (("万元", 10_000), ("元", 1)):
        if text.endswith(suffix):
            text, unit = text.removesuffix(suffix), factor
            break
    value = _number(text)
    return None if value is None else int(value * unit * 100)


def case_text(cell: str) -> str:
    """Return an authority or decision number without what clerks vary: width, spaces, brackets."""
    text = unicodedata.normalize("NFKC", cell).upper().translate(_CASE_FOLD)
    return "".join(text.split())
