"""Codes that no living person and no real organisation holds, with valid checks.

Births lie in 1850-1899, and organisation codes start with `XX`, which is never issued
(domain section 1.5). Indices below the size of a space give distinct codes.
"""

from datetime import date, timedelta
from typing import Final

from graph.identifiers import id_card_check, org_code_check, regno_check, uscc_check
from loaders.synthetic.chance import scatter

__all__ = [
    "ID_SPACE",
    "body_of",
    "id_number",
    "id_number_of",
    "org_code",
    "registration_number",
    "uscc",
]

_LETTERS: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
# Bodies XX0..... are kept for the scripted cast.
_BODY_SPACE: Final = 30 * 31**5
_BODY_STEP: Final = 412_345_679
_FIRST_BIRTH: Final = date(1850, 1, 1)
_BIRTHS: Final = (date(1899, 12, 31) - _FIRST_BIRTH).days + 1
# Sequence numbers come in pairs, even for women and odd for men; 981-999 are the cast's.
_PAIRS: Final = 490
ID_SPACE: Final = _BIRTHS * _PAIRS
_ID_STEP: Final = 3_141_601
_REGIONS: Final = ("520201",) * 13 + ("520221",) * 3 + ("520203", "520222", "520202", "522401")
_RANK: Final = tuple(_REGIONS[:slot].count(region) for slot, region in enumerate(_REGIONS))


def body_of(index: int) -> str:
    """Return the 8 characters of an organisation's code; at most 858 million indices."""
    place = scatter(index + 1, _BODY_SPACE, _BODY_STEP) + 31**5
    digits = []
    for _ in range(6):
        place, digit = divmod(place, 31)
        digits.append(_LETTERS[digit])
    return "XX" + "".join(reversed(digits))


def org_code(body: str) -> str:
    """Return an organisation code as printed: body, hyphen, check."""
    return f"{body}-{org_code_check(body)}"


def uscc(head: str, body: str) -> str:
    """Return the unified social credit code of a body registered in the district."""
    body17 = f"{head}520201{body}{org_code_check(body)}"
    return body17 + uscc_check(body17)


def registration_number(index: int, *, individual: bool) -> str:
    """Return a 15-digit registration number of an office that does not exist (520299)."""
    first = 6 if individual else 0
    body14 = f"520299{first + index // 10_000_000}{index % 10_000_000:07d}"
    return body14 + regno_check(body14)


def id_number_of(region: str, birth: date, sequence: int) -> str:
    """Return the 18-character number of a person; odd sequence numbers are men's."""
    body17 = f"{region}{birth:%Y%m%d}{sequence:03d}"
    return body17 + id_card_check(body17)


def id_number(index: int, *, female: bool) -> str:
    """Return the identity number of an invented person; at most 8.9 million a region."""
    round_, slot = divmod(index, len(_REGIONS))
    region = _REGIONS[slot]
    place = scatter(round_ * _REGIONS.count(region) + _RANK[slot], ID_SPACE, _ID_STEP)
    pair, day = divmod(place, _BIRTHS)
    birth, sequence = _FIRST_BIRTH + timedelta(days=day), pair * 2 + (2 if female else 1)
    number = id_number_of(region, birth, sequence)
    # A tail of zeros reads as a spreadsheet's. At most one of a day has it, and 000 is free.
    return id_number_of(region, birth, 0) if number.endswith("000") else number
