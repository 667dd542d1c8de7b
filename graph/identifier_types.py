"""What an identifier is: its type, how far it can be trusted, and what it implies."""

import re
from enum import StrEnum
from typing import Final, NamedTuple

from graph.check_digits import id_card_check

__all__ = ["COUNTING", "PERSONAL", "STRENGTH", "IdType", "Identifier", "Status", "person_number"]


class IdType(StrEnum):
    """The kind of code; the values are a contract with stores and wire formats."""

    # Members are dictionary keys in the innermost loops; Enum hashes in Python, str in C.
    __hash__ = str.__hash__

    USCC = "uscc"
    ORG_CODE = "org_code"
    REGNO = "regno"
    TAX_ID = "tax_id"
    ID_CARD = "id_card"
    PASSPORT = "passport"
    MAINLAND_PERMIT = "mainland_permit"
    TAIWAN_PERMIT = "taiwan_permit"
    RESIDENCE_PERMIT = "residence_permit"
    FOREIGN_PERMANENT = "foreign_permanent"
    INSTITUTION_CERT = "institution_cert"
    SOCIAL_CERT = "social_cert"
    PRIPID = "pripid"


class Status(StrEnum):
    """How much of the code is there. Only `valid` and `repaired` may identify anyone."""

    __hash__ = str.__hash__

    VALID = "valid"
    REPAIRED = "repaired"
    MASKED = "masked"
    TRUNCATED = "truncated"
    INVALID = "invalid"


PERSONAL: Final[frozenset[IdType]] = frozenset(
    {
        IdType.ID_CARD,
        IdType.RESIDENCE_PERMIT,
        IdType.FOREIGN_PERMANENT,
        IdType.PASSPORT,
        IdType.MAINLAND_PERMIT,
        IdType.TAIWAN_PERMIT,
    }
)
STRENGTH: Final[tuple[IdType, ...]] = (
    IdType.USCC,
    IdType.ID_CARD,
    IdType.RESIDENCE_PERMIT,
    IdType.FOREIGN_PERMANENT,
    IdType.PASSPORT,
    IdType.MAINLAND_PERMIT,
    IdType.TAIWAN_PERMIT,
    IdType.ORG_CODE,
    IdType.TAX_ID,
    IdType.REGNO,
    IdType.SOCIAL_CERT,
    IdType.INSTITUTION_CERT,
    IdType.PRIPID,
)

COUNTING: Final = ("0123456789" * 4, "9876543210" * 4)
"""What clerks type where a code is asked for and none is known."""

_WITH_SEQUENCE: Final = 20
_PERSON_NUMBER: Final = re.compile(
    r"L?(?P<region>[0-9]{6})(?P<birth>(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01]))"
    r"(?P<rest>[0-9*]{1,3}(?:(?<=[0-9*]{3})[0-9X*](?:[0-9]{2})?)?)"
    r"|(?:\+?86)?(?P<mobile>1[3-9][0-9](?:[- ]?[0-9]){8})"
)


class Identifier(NamedTuple):
    """One code as read from a cell.

    Attributes:
        type: What the code is. Person numbers printed with 18 digits name their own type
            (81/82/83 0000… is a residence permit, 9… a permanent residence card), which
            then differs from the type the column claimed.
        status: See `Status`.
        value: Canonical text. Masked: `*` for every hidden character, at full length where
            that is known. Truncated: the surviving leading digits; those of `5.20201E+17`
            are rounded, so the last one may be one too high. Invalid: the cleaned text.
        repairs: Stable short codes of what was mended, in order.
        implied: What follows from the value. An `id_card` implied by a tax id is that of
            the *operator* the tax office named it after: a link to a person, never the
            identity of the shop.
    """

    type: IdType
    status: Status
    value: str
    repairs: tuple[str, ...] = ()
    implied: tuple[tuple[IdType, str], ...] = ()

    @property
    def full(self) -> bool:
        """Whether the code is complete and passed its checks, so may identify."""
        return self.status is Status.VALID or self.status is Status.REPAIRED

    @property
    def of_operator(self) -> bool:
        """Whether it is a tax id that is only its holder's person number, without a sequence.

        Tax offices gave it to every shop a person runs: it says who runs a shop, and together
        with a name which one it is.
        """
        if self.type is not IdType.TAX_ID or len(self.value) == _WITH_SEQUENCE:
            return False
        return any(kind in PERSONAL for kind, _ in self.implied)

    @property
    def personal(self) -> bool:
        """Whether the value reveals a living person's number, whatever its column says."""
        if self.type in PERSONAL:
            return True
        shaped = person_number(self.value) is not None
        if self.full and self.type is not IdType.TAX_ID:
            number = self.value.removeprefix("L")
            return shaped and id_card_check(number[:17]) == number[17:18]
        implied = {kind for kind, _ in self.implied}
        if IdType.USCC in implied:
            return False
        return shaped or bool(PERSONAL & implied)


def person_number(value: str) -> re.Match[str] | None:
    """Return the parts (region, birth, rest | mobile) of a text shaped like a person's number.

    Shape only, no check digit: a mistyped identity number must be kept from view as well.
    """
    return _PERSON_NUMBER.fullmatch(value)
