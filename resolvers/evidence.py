"""What is compared beside a name: codes, identity numbers, representative, phone, address."""

from collections.abc import Callable
from functools import lru_cache
from typing import Final

import numpy as np

from graph.identifiers import Identifier, IdType, Status, compare, parse, recognise
from resolvers.addresses import address_level
from resolvers.columns import by_pair
from resolvers.edits import SWAPPED, TWICE, edits_of
from resolvers.features import Feature, Levels
from resolvers.persons import name_level
from resolvers.phones import phone_level
from resolvers.rows import Rows

__all__ = [
    "ADDRESS",
    "BIRTH",
    "CODE",
    "EMPLOYER",
    "FOUNDED",
    "HOLDERS",
    "ID_NUMBER",
    "PHONE",
    "REPRESENTATIVE",
    "one_slip",
]

_STRONG: Final = 14
"""Digits two masked identity numbers must show together: ten and four leave 1.4 others of a
district of 300,000, six and four leave 91 (simulated)."""


@lru_cache(maxsize=262_144)
def _code(cell: str) -> Identifier | None:
    found = parse(IdType.USCC, cell)
    if found is not None and found.status is Status.INVALID:
        return recognise(cell) or found
    return found


@lru_cache(maxsize=262_144)
def _id_number(cell: str) -> Identifier | None:
    return parse(IdType.ID_CARD, cell)


def _keys(found: Identifier) -> set[tuple[IdType, str]]:
    return {(found.type, found.value), *found.implied} if found.full else set()


def _code_level(one: str, other: str) -> int:
    left, right = _code(one), _code(other)
    if left is None or right is None:
        return 0
    bodies = {IdType.USCC, IdType.ORG_CODE, IdType.REGNO, IdType.TAX_ID}
    shared = {key for key in _keys(left) & _keys(right) if key[0] in bodies}
    if shared:
        return 5
    organisation = [{v for k, v in _keys(i) if k is IdType.ORG_CODE} for i in (left, right)]
    if all(organisation):
        return 1
    said = compare(left, right)
    if said == "contradictory":
        return 1 if left.full and right.full else 2
    if said == "compatible":
        return 4
    return 3 if one_slip(left, right) else 0


def _id_level(one: str, other: str) -> int:
    left, right = _id_number(one), _id_number(other)
    if left is None or right is None:
        return 0
    said = compare(left, right)
    if said == "equal":
        return 6
    if said == "contradictory":
        return 1 if left.full and right.full else 2
    if said == "compatible":
        shown = sum("*" not in pair for pair in zip(left.value, right.value, strict=False))
        return 5 if shown >= _STRONG else 4
    return 3 if one_slip(left, right) else 0


def one_slip(left: Identifier, right: Identifier) -> bool:
    """Return whether one of two codes fails its check and is one slip from the other."""
    if Status.INVALID not in (left.status, right.status) or len(left.value) != len(right.value):
        return False
    differing = sum(a != b for a, b in zip(left.value, right.value, strict=True))
    return differing <= 1 or edits_of(left.value, right.value) in (SWAPPED, TWICE)


def _same(one: str, other: str) -> int:
    return 0 if not one or not other else 2 if one == other else 1


def _on(column: str, rule: Callable[[str, str], int]) -> Callable[[Rows, Rows], Levels]:
    def compared(left: Rows, right: Rows) -> Levels:
        return by_pair(left.texts(column), right.texts(column), rule)

    return compared


def _employer(left: Rows, right: Rows) -> Levels:
    level = by_pair(left.texts("uscc"), right.texts("uscc"), _code_level)
    return np.select([level == 5, level == 1], [2, 1], 0).astype(np.int8)


CODE: Final = Feature(
    "code",
    ("uscc",),
    _on("uscc", _code_level),
    (
        "code_absent",
        "code_differs",
        "code_mask_differs",
        "code_slip",
        "code_compatible",
        "code_same",
    ),
)
ID_NUMBER: Final = Feature(
    "id_number",
    ("id_number",),
    _on("id_number", _id_level),
    (
        "id_absent",
        "id_differs",
        "id_mask_differs",
        "id_slip",
        "id_compatible_weak",
        "id_compatible",
        "id_same",
    ),
)
REPRESENTATIVE: Final = Feature(
    "representative",
    ("representative",),
    _on("representative", name_level),
    (
        "representative_absent",
        "representative_differs",
        "representative_near",
        "representative_slip",
        "representative_compatible",
        "representative_variant",
        "representative_same_common",
        "representative_same",
        "representative_same_rare",
    ),
)
PHONE: Final = Feature(
    "phone",
    ("phone",),
    _on("phone", phone_level),
    ("phone_absent", "phone_differs", "phone_compatible", "phone_same"),
)
ADDRESS: Final = Feature(
    "address",
    ("address",),
    _on("address", address_level),
    (
        "address_absent",
        "address_differs",
        "address_region",
        "address_street",
        "address_number",
        "address_same",
    ),
)
BIRTH: Final = Feature(
    "birth",
    ("birth",),
    _on("birth", _same),
    ("birth_absent", "birth_differs", "birth_same"),
)
FOUNDED: Final = Feature(
    "founded",
    ("founded",),
    _on("founded", _same),
    ("founded_absent", "founded_differs", "founded_same"),
)
HOLDERS: Final = Feature(
    "holders",
    ("holders",),
    # Told by all rows that are one with either side, not by the two: `resolvers.holders`.
    lambda left, _: np.zeros(len(left), dtype=np.int8),
    (
        "holders_absent",
        "holders_differ",
        "holders_same_common",
        "holders_same",
        "holders_same_rare",
    ),
)
EMPLOYER: Final = Feature(
    "employer",
    ("uscc",),
    _employer,
    ("employer_absent", "employer_differs", "employer_same"),
)
