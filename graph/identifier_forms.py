"""The complete form of every type of code: its pattern, its check, what it implies.

`read_full` takes cleaned text and yields an identifier or nothing; it mends nothing but
what a form itself calls for, such as the upgrade of a 15-digit identity number.

Source: reference texts named in `check_digits`; regions are not checked, since numbers
were issued under codes that did not exist in the holder's birth year.
"""

import re
from collections.abc import Callable
from typing import Final

from graph.check_digits import id_card_check, org_code_check, regno_check, uscc_check
from graph.identifier_types import COUNTING, Identifier, IdType, Status

__all__ = [
    "LENGTHS",
    "passes_check",
    "person_type",
    "possible_birth_date",
    "read_full",
    "read_of_18",
    "upgraded",
]

# Lengths a numeric cell of the type can have had before a spreadsheet rewrote it.
LENGTHS: Final[dict[IdType, frozenset[int]]] = {
    IdType.USCC: frozenset({18}),
    IdType.ORG_CODE: frozenset({9}),
    IdType.REGNO: frozenset({13, 15}),
    IdType.TAX_ID: frozenset({15, 18, 20}),
    IdType.ID_CARD: frozenset({15, 18}),
    IdType.RESIDENCE_PERMIT: frozenset({18}),
    IdType.FOREIGN_PERMANENT: frozenset({18}),
    IdType.TAIWAN_PERMIT: frozenset({8, 10}),
    IdType.INSTITUTION_CERT: frozenset({12}),
    IdType.PRIPID: frozenset(range(12, 37)),
}

_USCC: Final = re.compile(r"[0-9A-HJ-NP-RTUWXY]{2}[0-9]{6}[0-9A-HJ-NP-RTUWXY]{10}")
_ORG_CODE: Final = re.compile(r"[0-9A-Z]{8}[0-9X]")
_PERSON: Final = re.compile(
    r"[0-9]{6}(?:1[89][0-9]{2}|20[0-9]{2}|2100)(?:0[1-9]|1[0-2])[0-3][0-9]{4}[0-9X]"
)
_DIGITS: Final = re.compile(r"[0-9]+")
_TAX_ID_OLD: Final = re.compile(r"[0-9]{6}[0-9A-Z]{9}")
_TAX_ID_OF_PERSON: Final = re.compile(
    r"(?:L(?P<short>[0-9]{17}[0-9X])|(?P<long>[0-9]{17}[0-9X])[0-9]{2})"
)
_CHINESE_PASSPORT: Final = re.compile(r"[EGDSPH][0-9]{8}|E[A-Z][0-9]{7}")
_FOREIGN_PASSPORT: Final = re.compile(r"(?![EG][0-9]{5,7}$)(?=(?:[A-Z]*[0-9]){5})[A-Z0-9]{6,9}")
_MAINLAND_PERMIT: Final = re.compile(r"([HM][0-9]{8})([0-9]{0,2})")
_TAIWAN_PERMIT: Final = re.compile(r"([0-9]{8})([0-9]{2}(?:\([A-Z]\)?)?)?")
_FOREIGN_PERMANENT_OLD: Final = re.compile(r"[A-Z]{3}[0-9]{12}")
_INSTITUTION_CERT: Final = re.compile(r"(?:事证(?:字)?第?)?([0-9]{12})号?")
_SOCIAL_CERT: Final = re.compile(r"(?P<authority>.*)[社民基].{0,4}证字?.{0,12}?[0-9]{3,}号?")
_PRIPID: Final = re.compile(r"[0-9A-Za-z_-]{1,64}")
_MOBILE: Final = re.compile(r"(?:86)?1[3-9][0-9]{9}")
_RESIDENCE_REGIONS: Final = ("810000", "820000", "830000")
_LAST_DAYS: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_DAYS_OF_YEAR: Final = frozenset(
    f"{month:02}{day:02}"
    for month, last in enumerate(_LAST_DAYS, start=1)
    for day in range(1, last + 1)
)


def read_full(kind: IdType, text: str) -> Identifier | None:
    """Return the identifier a cleaned text completely is, or None."""
    return _READERS[kind](text)


def passes_check(kind: IdType, text: str) -> bool:
    """Whether a check character vouches for the text; false for types that have none."""
    found = read_full(kind, text)
    if found is None:
        return False
    if kind is IdType.TAX_ID:
        return bool(found.implied) and (len(text) > 15 or IdType.ID_CARD not in dict(found.implied))
    if kind in {IdType.REGNO, IdType.ID_CARD, IdType.FOREIGN_PERMANENT}:
        return len(text) == (15 if kind is IdType.REGNO else 18)
    return kind in {IdType.USCC, IdType.ORG_CODE, IdType.RESIDENCE_PERMIT}


def read_of_18(text: str) -> Identifier | None:
    """Return the credit code or person number a text completely is.

    Every 31st identity number passes as a credit code, while a credit code hardly ever
    holds a birth date and the right check digit for it: who is both is a person. Only
    with a 9 in front is it the other way round, for there cards are few and firms many.
    """
    person, firm = _person(text), _uscc(text)
    if person is not None and firm is not None:
        return firm if text[0] == "9" else person
    return person or firm


def person_type(digits: str, otherwise: IdType = IdType.ID_CARD) -> IdType:
    """Return whose number a (partly hidden) 18-digit person number is, by its head."""
    if digits.startswith(_RESIDENCE_REGIONS):
        return IdType.RESIDENCE_PERMIT
    if digits.startswith("9"):
        return IdType.FOREIGN_PERMANENT
    return otherwise if "*" in digits[:6] else IdType.ID_CARD


def possible_birth_date(digits: str) -> bool:
    """Whether eight digits are a real day of the years 1800 to 2100."""
    year, day = digits[:4], digits[4:]
    if not ("1800" <= year <= "2100") or day not in _DAYS_OF_YEAR:
        return False
    return day != "0229" or _is_leap(int(year))


def upgraded(text: str) -> str | None:
    """Return the 18-digit form of a 15-digit identity number, None when it has no date.

    The sequence numbers 996 to 999 were kept for people older than a hundred at issue.
    """
    if len(text) != 15 or not _DIGITS.fullmatch(text):
        return None
    century = "18" if text[12:] >= "996" else "19"
    if not possible_birth_date(century + text[6:12]):
        return None
    body = text[:6] + century + text[6:]
    return body + id_card_check(body)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _valid(kind: IdType, value: str, *implied: tuple[IdType, str]) -> Identifier:
    return Identifier(kind, Status.VALID, value, (), implied)


def _repaired(kind: IdType, value: str, repair: str) -> Identifier:
    return Identifier(kind, Status.REPAIRED, value, (repair,))


def _cut_off(text: str) -> bool:
    """Whether a spreadsheet may have set the last digits of an 18-digit number to zero."""
    return text.endswith("000") and text.isdigit()


def _uscc(text: str) -> Identifier | None:
    if not _USCC.fullmatch(text) or uscc_check(text[:17]) != text[17]:
        return None
    if any(text in counting for counting in COUNTING):
        return None
    if org_code_check(text[8:16]) == text[16]:
        return Identifier(IdType.USCC, Status.VALID, text, (), ((IdType.ORG_CODE, text[8:17]),))
    # A wrong inner check digit occurs in genuine codes: it only costs the implication. But a
    # code that was cut off passes the outer check once in 31 times, both once in 341.
    return None if _cut_off(text) else Identifier(IdType.USCC, Status.VALID, text)


def _org_code(text: str) -> Identifier | None:
    if not _ORG_CODE.fullmatch(text) or org_code_check(text[:8]) != text[8]:
        return None
    if not text.strip("0"):
        return None
    return _valid(IdType.ORG_CODE, text)


def _person(text: str) -> Identifier | None:
    if not _PERSON.fullmatch(text) or id_card_check(text[:17]) != text[17]:
        return None
    # One number in eleven that was cut off passes its check, and a district has many people with
    # the same first fifteen digits. The few whose numbers end so by right are identified less.
    if not possible_birth_date(text[6:14]) or _cut_off(text):
        return None
    return Identifier(person_type(text), Status.VALID, text)


def _id_card(text: str) -> Identifier | None:
    if len(text) != 15:
        return _person(text)
    longer = upgraded(text)
    return None if longer is None else _repaired(IdType.ID_CARD, longer, "upgraded_15")


def _foreign_permanent(text: str) -> Identifier | None:
    if _FOREIGN_PERMANENT_OLD.fullmatch(text):
        return _valid(IdType.FOREIGN_PERMANENT, text)
    return _person(text)


def _regno(text: str) -> Identifier | None:
    if not _DIGITS.fullmatch(text) or _MOBILE.fullmatch(text):
        return None
    if len(text) == 13 or (len(text) == 15 and regno_check(text[:14]) == text[14]):
        return _valid(IdType.REGNO, text)
    return None


def _tax_id(text: str) -> Identifier | None:
    if len(text) == 15:
        return _tax_id_of_15(text)
    firm = read_of_18(text)
    if firm is not None and firm.type is IdType.USCC:
        return _valid(IdType.TAX_ID, text, (IdType.USCC, text), *firm.implied)
    wrapped = _TAX_ID_OF_PERSON.fullmatch(text)
    person = _person((wrapped["short"] or wrapped["long"]) if wrapped else text)
    if person is None:
        return None
    return _valid(IdType.TAX_ID, text, (person.type, person.value))


def _tax_id_of_15(text: str) -> Identifier | None:
    if not _TAX_ID_OLD.fullmatch(text):
        return None
    if org_code_check(text[6:14]) == text[14]:
        return _valid(IdType.TAX_ID, text, (IdType.ORG_CODE, text[6:]))
    person = upgraded(text)
    if person is not None:
        return _valid(IdType.TAX_ID, text, (IdType.ID_CARD, person))
    return _valid(IdType.TAX_ID, text)


def _passport(text: str) -> Identifier | None:
    if _CHINESE_PASSPORT.fullmatch(text):
        return _valid(IdType.PASSPORT, text)
    # States number their passports as they like; a run like 123456 is someone's filler.
    if not _FOREIGN_PASSPORT.fullmatch(text) or text in "0123456789":
        return None
    return _valid(IdType.PASSPORT, text)


def _mainland_permit(text: str) -> Identifier | None:
    found = _MAINLAND_PERMIT.fullmatch(text)
    if found is None:
        return None
    if len(found[2]) == 2:  # counts renewals; the holder's number for life stands before it
        return _repaired(IdType.MAINLAND_PERMIT, found[1], "renewal_suffix")
    return _valid(IdType.MAINLAND_PERMIT, text)


def _taiwan_permit(text: str) -> Identifier | None:
    found = _TAIWAN_PERMIT.fullmatch(text)
    if found is None:
        return None
    if found[2]:
        return _repaired(IdType.TAIWAN_PERMIT, found[1], "renewal_suffix")
    return _valid(IdType.TAIWAN_PERMIT, text)


def _institution_cert(text: str) -> Identifier | None:
    found = _INSTITUTION_CERT.fullmatch(text)
    return _valid(IdType.INSTITUTION_CERT, found[1]) if found else None


def _social_cert(text: str) -> Identifier | None:
    if len(text) > 40 or _MOBILE.fullmatch(text):
        return None
    bare = _DIGITS.fullmatch(text)
    found = _SOCIAL_CERT.fullmatch(text)
    # 社证字第0012号 exists in every county: a short number needs its authority before it.
    telling = sum("0" <= letter <= "9" for letter in text) >= 6
    if (bare and telling) or (found and (telling or found["authority"])):
        return _valid(IdType.SOCIAL_CERT, text)
    return None


def _pripid(text: str) -> Identifier | None:
    return _valid(IdType.PRIPID, text) if _PRIPID.fullmatch(text) else None


_READERS: Final[dict[IdType, Callable[[str], Identifier | None]]] = {
    IdType.USCC: _uscc,
    IdType.ORG_CODE: _org_code,
    IdType.REGNO: _regno,
    IdType.TAX_ID: _tax_id,
    IdType.ID_CARD: _id_card,
    IdType.PASSPORT: _passport,
    IdType.MAINLAND_PERMIT: _mainland_permit,
    IdType.TAIWAN_PERMIT: _taiwan_permit,
    IdType.RESIDENCE_PERMIT: _person,
    IdType.FOREIGN_PERMANENT: _foreign_permanent,
    IdType.INSTITUTION_CERT: _institution_cert,
    IdType.SOCIAL_CERT: _social_cert,
    IdType.PRIPID: _pripid,
}
