"""Identifiers where no column names their type: search boxes, generic columns, name cells."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from graph.identifier_forms import possible_birth_date, read_of_18, upgraded
from graph.identifier_parse import parse
from graph.identifier_repair import HIDDEN, clean, fold, is_placeholder
from graph.identifier_types import Identifier, IdType, person_number

__all__ = ["certificate_type", "found_in_text", "recognise", "text_without_identifiers"]

_CHINESE: Final = re.compile(r"[㐀-鿿]")
_LONGEST_CODE: Final = 40  # a mask with generous stars
_MASKING_MOU: Final = re.compile(r"(?<=[0-9])某+")
_CERTIFICATE: Final = {"事证": IdType.INSTITUTION_CERT} | dict.fromkeys(
    ("社证", "民证", "基证", "社法证", "民法证", "社团证"), IdType.SOCIAL_CERT
)
_FORMS: Final[tuple[tuple[re.Pattern[str], tuple[IdType, ...]], ...]] = tuple(
    (re.compile(form), kinds)
    for form, kinds in (
        (r"(?=.{2}[0-9OIZS]{6})(?=(?:[A-Z]*[0-9]){8}).{18}", (IdType.USCC, IdType.ID_CARD)),
        (r"[0-9OIZSL]{17}[0-9X]", (IdType.ID_CARD,)),
        (r"L[0-9]{17}[0-9X]|[0-9]{17}[0-9X][0-9]{2}", (IdType.TAX_ID,)),
        (r"[A-Z]{3}[0-9]{12}", (IdType.FOREIGN_PERMANENT,)),
        (r"[0-9OIZSL]{15}", (IdType.REGNO,)),
        (r"[0-9]{13}", (IdType.REGNO,)),
        (r"[HM][0-9]{8}(?:[0-9]{2})?", (IdType.MAINLAND_PERMIT,)),
        (r"[EGDSP][0-9]{8}|E[A-Z][0-9]{7}", (IdType.PASSPORT,)),
        (r"(?=(?:[A-Z]*[0-9]){5})[0-9A-Z]{9}", (IdType.ORG_CODE,)),
        (r"[0-9]{8}", (IdType.TAIWAN_PERMIT,)),
    )
)
# Not complete codes, but nothing else looks like them: mistyped, cut off, masked.
_NEARLY: Final[tuple[tuple[re.Pattern[str], IdType], ...]] = tuple(
    (re.compile(form), kind)
    for form, kind in (
        (r"[0-9]{15}", IdType.REGNO),
        (r"[0-9]{9}", IdType.ORG_CODE),
        (r"[1-8][0-9]{2,13}X{2,}[0-9]{0,4}X?", IdType.ID_CARD),
        (r"(?=(?:[A-Z]*[0-9]){8})[0-9A-Z]{18}", IdType.USCC),
        (r"(?=.{18}$)(?=(?:[^0-9]*[0-9]){5})(?:9[0-9H*]|N[0-9*])[0-9A-Z*]*", IdType.USCC),
        (r"(?=.*\*)(?=(?:\**[0-9]){5})(?!1[3-9][0-9*]{9}$)[1-8*][0-9*]*[0-9X*]", IdType.ID_CARD),
        (r"(?=.{9}$)[EGDSP][0-9*]*", IdType.PASSPORT),
        (r"(?=.{9}$|.{11}$)[HM][0-9*]*", IdType.MAINLAND_PERMIT),
    )
)
_FLOAT: Final = re.compile(r"(?P<head>[1-9])(?:\.[0-9]+)?E\+?(?P<power>1[0-9])")
_PRINTED_ORG_CODE: Final = re.compile(r"[0-9A-Z]{8}-[0-9X]")
_TAX_ID_OLD: Final = re.compile(r"[0-9]{6}[0-9A-Z]{9}")
_IN_TEXT: Final = re.compile(
    r"(?<![0-9])[0-9]{17}[0-9X](?![0-9])|(?<![0-9A-Z])[0-9A-Z]{2}[0-9]{6}[0-9A-Z]{10}(?![0-9A-Z])"
)
_LABEL_BEFORE: Final = re.compile(
    r"(?:(?:公民|居民)?身份证(?:件)?(?:号码?)?|证件号码?|(?:统一)?(?:社会)?信用代码|税号)[\s:：]*$"
)
_LEFT_OVER: Final = " \t\r\n,，;；:：、/／|-—_"
_EMPTY_BRACKETS: Final = re.compile(r"[(（\[【〔]\s*[)）\]】〕]")
_CODES: Final = {
    "1": IdType.ID_CARD,
    "2": IdType.PASSPORT,
    "3": IdType.MAINLAND_PERMIT,
    "4": IdType.TAIWAN_PERMIT,
    "5": IdType.FOREIGN_PERMANENT,
}
# In this order: the longer word first, and None for papers that only sound like ours.
_LABELS: Final[tuple[tuple[str, IdType | None], ...]] = (
    (r"永久居[留住]|外国人居留", IdType.FOREIGN_PERMANENT),
    (r"往来(?:港澳|香港|台湾)|赴台", None),
    (r"[港澳台].*居住证", IdType.RESIDENCE_PERMIT),
    (r"台胞证|台湾.*通行证|来往大陆", IdType.TAIWAN_PERMIT),
    (r"回乡证|[港澳].*通行证|来往内地", IdType.MAINLAND_PERMIT),
    (r"(?:香港|澳门|港澳|台湾|外国|境外).*身份证", None),
    (r"身份证|居民证件|公民身份号码|id ?card|identity card", IdType.ID_CARD),
    (r"护照|passport", IdType.PASSPORT),
    (r"信用代码|uscc", IdType.USCC),
    (r"注册号|登记注册号", IdType.REGNO),
    (r"组织机构代码|机构代码", IdType.ORG_CODE),
    (r"税务登记|纳税人识别|税号", IdType.TAX_ID),
    (r"事业单位|事证", IdType.INSTITUTION_CERT),
    (r"社会组织|社会团体|社团|民办非企业|民非|社会服务机构|基金会", IdType.SOCIAL_CERT),
    (r"营业执照|三证合一|五证合一", IdType.USCC),
    (r"主体身份代码", IdType.PRIPID),
)


def recognise(raw: str) -> Identifier | None:
    """Return the identifier an untyped text is, by form and check digit; None for others.

    Types are tried from the best checked to the least. A 15-digit number that reads as an
    old identity number is taken for one even when it passes as a registration number: it
    is the likelier one, and the safer one to hide. Names, phones and dates are None.
    """
    text = clean(raw).text
    for words, kind in _CERTIFICATE.items():
        if words in text:
            return parse(kind, raw)
    person = person_number(text)
    if len(text) > _LONGEST_CODE or is_placeholder(text):
        return None
    if (person is not None and person["mobile"]) or _CHINESE.search(_MASKING_MOU.sub("*", text)):
        return None
    return _recognise_printed(raw) or _recognise_form(text, raw) or _recognise_rest(text, raw)


def certificate_type(label: str) -> IdType | None:
    """Return the type a 证件类型 cell names, by code (01 to 05) or by words."""
    text = "".join(fold(label)[0].split()).lower().removesuffix(".0")
    if text in {kind.value for kind in IdType}:
        return IdType(text)
    if text.isascii() and text.isdigit():
        return _CODES.get(text.lstrip("0"))
    for words, kind in _LABELS:
        if re.search(words, text):
            return kind
    return None


def found_in_text(text: str) -> tuple[Identifier, ...]:
    """Return the complete 18-character codes written into a text, such as a name cell."""
    return tuple(dict.fromkeys(found for found, _, _ in _spans(text)))


def text_without_identifiers(text: str) -> str:
    """Return the text without those codes, their labels, and the brackets left empty."""
    kept: list[str] = []
    position = 0
    for _, start, end in _spans(text):
        kept.append(_LABEL_BEFORE.sub("", text[position:start]))
        position = end
    if not position:
        return text.strip()
    rest = _EMPTY_BRACKETS.sub("", "".join((*kept, text[position:])))
    return rest.strip(_LEFT_OVER)


def _spans(text: str) -> Iterator[tuple[Identifier, int, int]]:
    folded = "".join(_one_letter(letter) for letter in text)
    for match in _IN_TEXT.finditer(folded):
        found = read_of_18(match[0])
        if found is not None:
            yield found, match.start(), match.end()


def _one_letter(letter: str) -> str:
    """Fold width and case without moving any position of the text."""
    folded = unicodedata.normalize("NFKC", letter).upper()
    return folded if len(folded) == 1 else letter


def _recognise_printed(raw: str) -> Identifier | None:
    text = fold(raw)[0].upper()
    return parse(IdType.ORG_CODE, text) if _PRINTED_ORG_CODE.fullmatch(text) else None


def _recognise_form(text: str, raw: str) -> Identifier | None:
    whole = read_of_18(text)
    if whole is not None:
        return parse(whole.type, raw)
    if upgraded(text) is not None:
        return parse(IdType.ID_CARD, raw)
    for form, kinds in _FORMS:
        if not form.fullmatch(text):
            continue
        for kind in kinds:
            found = parse(kind, raw)
            dated = kind is IdType.TAIWAN_PERMIT and possible_birth_date(text)
            if found is not None and found.full and not dated:
                return found
    if _TAX_ID_OLD.fullmatch(text):
        found = parse(IdType.TAX_ID, raw)
        return found if found is not None and found.implied else None
    return None


def _recognise_rest(text: str, raw: str) -> Identifier | None:
    """Name the type of what is masked, cut off or mistyped."""
    kind = _likely_type(text)
    return None if kind is None else parse(kind, raw)


def _likely_type(text: str) -> IdType | None:
    text = text.translate(HIDDEN)
    written = _FLOAT.fullmatch(text)
    if written is not None:
        of_18 = IdType.USCC if written["head"] == "9" else IdType.ID_CARD
        return {"17": of_18, "14": IdType.REGNO}.get(written["power"])
    person = person_number(text)
    if person is not None and person["birth"] and text[0] in "12345678" and len(text) > 16:
        return IdType.ID_CARD
    return next((kind for form, kind in _NEARLY if form.fullmatch(text)), None)
