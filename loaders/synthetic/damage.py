"""Realistic damage to cells: what clerks, spreadsheets and old systems make of the truth."""

from collections.abc import Callable, Mapping
from typing import Final

from graph.identifiers import id_card_check
from loaders.synthetic.chance import Lot
from loaders.synthetic.rates import (
    CARD_DAMAGES,
    CODE_DAMAGES,
    MISSING_CARD,
    MISSING_CODE,
    ORGANISATION_NAME_DAMAGES,
    PERSON_NAME_DAMAGES,
)

__all__ = ["damage_card", "damage_cell", "damage_code", "damage_organisation", "damage_person"]

_ALIKE: Final = "金鑫 宏鸿 源远 达大 辉晖 恒衡 佳嘉 钰玉 磊垒 兴新 盛胜 瑞睿"
_SWAPS: Final = {pair[place]: pair[1 - place] for pair in _ALIKE.split() for place in range(2)}
_DOTS: Final = ("•", "・", "．", ".", "")
_REGIONS: Final = ("六盘水市钟山区", "六盘水市", "六盘水", "贵州")
_PLACEHOLDERS: Final = ("无", "/", "000000000000000000", "待补")
_FULL_WIDTH: Final = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


def _form(text: str, _lot: Lot) -> str:
    if text.endswith("有限责任公司"):
        return text.removesuffix("有限责任公司") + "有限公司"
    if text.endswith("有限公司") and not text.endswith("股份有限公司"):
        return text.removesuffix("有限公司") + "有限责任公司"
    return text


def _brackets(text: str, lot: Lot) -> str:
    pair = lot.pick(("()", "〔〕", "()"))
    return text.replace("（", pair[0]).replace("）", pair[1])


def _region(text: str, _lot: Lot) -> str:
    for start in _REGIONS:
        if text.startswith(start):
            return text.removeprefix(start)
    return f"六盘水市{text}" if text.endswith("公司") else text


def _typo(text: str, _lot: Lot) -> str:
    for place, character in enumerate(text):
        if character in _SWAPS:
            return text[:place] + _SWAPS[character] + text[place + 1 :]
    return text


def _letters(text: str, _lot: Lot) -> str:
    # One of the two only: the repair must stay unique.
    return text.replace("0", "O", 1) if "0" in text[6:] else text.replace("1", "I", 1)


def _digit(text: str, lot: Lot) -> str:
    place = 8 + lot.below(max(1, len(text) - 9))
    if not text[place : place + 1].isdigit():
        return text
    return text[:place] + str((int(text[place]) + 1) % 10) + text[place + 1 :]


def _excel(text: str, lot: Lot) -> str:
    if not text.isdigit() or len(text) < 16:
        return text
    cut = text[:15] + "0" * (len(text) - 15)
    # One in eleven cut numbers passes the check by accident: that would be somebody else.
    return f"{float(text):.5E}" if lot.chance(0.5) or id_card_check(cut[:17]) == "0" else cut


_DAMAGES: Final[Mapping[str, Callable[[str, Lot], str]]] = {
    "form": _form,
    "brackets": _brackets,
    "region": _region,
    "typo": _typo,
    "trailing": lambda text, _: text + "  ",
    "dot": lambda text, lot: text.replace("·", lot.pick(_DOTS)),
    "spaced": lambda text, _: f"{text[0]}\u3000{text[1]}" if len(text) == 2 else text,
    "full_width": lambda text, _: text.translate(_FULL_WIDTH),
    "letters": _letters,
    "lower": lambda text, _: text.lower(),
    "spaced_code": lambda text, _: f"{text[:8]} {text[8:]}",
    "placeholder": lambda text, lot: lot.pick(_PLACEHOLDERS),
    "digit": _digit,
    "excel": _excel,
    "excel_float": lambda text, _: f"{float(text):.5E}" if text.isdigit() else text,
    "excel_zeros": lambda text, _: text[:15] + "000",
    "quote": lambda text, _: f"'{text}",
    "missing": lambda text, _: "",
}


def damage_cell(text: str, how: str, lot: Lot) -> str:
    """Return the text after a named damage; texts it cannot happen to stay whole."""
    return _DAMAGES[how](text, lot) if text else text


def damage_organisation(text: str, lot: Lot) -> str:
    """Return an organisation's name as a clerk may write it."""
    return _one_of(ORGANISATION_NAME_DAMAGES, text, lot)


def damage_person(text: str, lot: Lot) -> str:
    """Return a person's name as a clerk may write it."""
    return _one_of(PERSON_NAME_DAMAGES, text, lot)


def damage_code(text: str, lot: Lot) -> str:
    """Return a code of an organisation as it may stand in a file, often left out."""
    return "" if lot.chance(MISSING_CODE) else _one_of(CODE_DAMAGES, text, lot)


def damage_card(text: str, lot: Lot) -> str:
    """Return an identity number as it may stand in a file, often left out."""
    return "" if lot.chance(MISSING_CARD) else _one_of(CARD_DAMAGES, text, lot)


def _one_of(shares: tuple[tuple[str, float], ...], text: str, lot: Lot) -> str:
    """Return the text after the first damage that both is drawn and changes it."""
    for how, share in shares:
        if lot.chance(share):
            changed = damage_cell(text, how, lot)
            if changed != text:
                return changed
    return text
