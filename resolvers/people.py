"""What two mentions of persons are compared on.

A name alone never identifies a person, nor does a masked number (DESIGN §10).
"""

from typing import Final

from resolvers.columns import by_pair
from resolvers.evidence import ADDRESS, BIRTH, EMPLOYER, ID_NUMBER, PHONE
from resolvers.features import Feature, Levels
from resolvers.persons import name_level
from resolvers.rows import Rows

__all__ = ["PERSON_FEATURES"]


def _name(left: Rows, right: Rows) -> Levels:
    return by_pair(left.texts("name"), right.texts("name"), name_level)


_NAME: Final = Feature(
    "name",
    ("name",),
    _name,
    (
        "name_absent",
        "name_differs",
        "name_near",
        "name_slip",
        "name_compatible",
        "name_variant",
        "name_same_common",
        "name_same",
        "name_same_rare",
    ),
)
PERSON_FEATURES: Final = (ID_NUMBER, _NAME, BIRTH, PHONE, ADDRESS, EMPLOYER)
"""In the order a reviewer reads them."""
