"""Phones, addresses and prices that the rows of bidders state, to be compared with each other."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from graph.lookup import name_key
from graph.model import SubjectId
from graph.ports import Evidence, Finder
from graph.sanctions.tender import Mark
from loaders.cells import parse_date
from loaders.manifest import BidSpec, Manifest

__all__ = ["marks_of"]

# Canonical columns of the manifests.
_PHONES: Final = re.compile(r"^(?:tel|mobtel)$|电话|手机")
_ADDRESSES: Final = re.compile(r"^(?:dom|oploc)$|住所$|地址$|地点$|^经营场所$")
_PRICES: Final = re.compile(r"报价")
_COUNTRY: Final = re.compile(r"^(?:\+|00)?86(?=1\d{10}$)")
# An address without a number, or a phone of few figures, is shared by whole towns.
_HOUSE: Final = re.compile(r"\d")
_SHORTEST_PHONE, _FEWEST_FIGURES, _SHORTEST_ADDRESS = 7, 3, 8


def marks_of(
    finder: Finder,
    evidence: Evidence,
    manifests: Sequence[Manifest],
    bidder: SubjectId,
    opened: date,
) -> Iterator[Mark]:
    """Yield what the rows about a bidder state of it.

    Args:
        opened: Day of the bid opening; prices are those of bids opened on it.

    Cost: one row of each feed that has such columns, some tenths of a millisecond each.
    """
    telling = {each.source: each for each in manifests if _tells(each)}
    for member in finder.members(bidder):
        manifest = telling.get(member["source"])
        if manifest is None or member["role"] != "subject":
            continue
        record = evidence.record(member["record"])
        if record is None or not record["active"]:
            continue
        for why, key, shown in _stated(manifest, record["cells"], opened):
            yield Mark(bidder, why, key, shown, member["record"])


def _tells(manifest: Manifest) -> bool:
    names = [column.name for column in manifest.columns]
    return any(form.search(name) for name in names for form in (_PHONES, _ADDRESSES, _PRICES))


def _stated(
    manifest: Manifest, cells: Mapping[str, Any], opened: date
) -> Iterator[tuple[str, str, str]]:
    for column, cell in cells.items():
        if _PHONES.search(column):
            for phone in _phones(cell):
                yield "shared_phone", phone, f"{phone[:3]}****{phone[-4:]}"
        elif _ADDRESSES.search(column):
            address = name_key(cell)
            if len(address) >= _SHORTEST_ADDRESS and _HOUSE.search(address):
                yield "shared_address", address, cell.strip()
        elif _PRICES.search(column) and manifest.bid is not None:
            lot = _lot(manifest.bid, cells, opened)
            price = _price(cell)
            if lot is not None and price is not None:
                yield "same_price", f"{lot} {price}", price


def _phones(cell: str) -> Iterator[str]:
    for part in re.split(r"[、，,;；/\s]+", unicodedata.normalize("NFKC", cell)):
        digits = _COUNTRY.sub("", re.sub(r"[()\-]", "", part))
        real = len(digits) >= _SHORTEST_PHONE and len(set(digits)) >= _FEWEST_FIGURES
        if digits.isdecimal() and real:
            yield digits


def _lot(bid: BidSpec, cells: Mapping[str, Any], opened: date) -> str | None:
    """Return the project and lot of a bid opened on the day, None for any other."""
    if parse_date(cells.get(bid.opened, "")) != opened:
        return None
    lot = cells.get(bid.lot, "") if bid.lot is not None else ""
    return name_key(f"{cells.get(bid.project, '')}/{lot}")


def _price(cell: str) -> str | None:
    text = unicodedata.normalize("NFKC", cell).strip().replace(",", "").removesuffix("元")
    try:
        price = Decimal(text)
    except InvalidOperation:
        return None
    return f"{price.normalize():f}" if price.is_finite() and price > 0 else None
