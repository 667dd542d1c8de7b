"""What two mentions of persons are compared on.

A name alone never identifies a person, nor does a masked number (DESIGN §10).
"""

from typing import Final

import pyarrow as pa

from resolvers.columns import by_pair, texts
from resolvers.evidence import ADDRESS, BIRTH, EMPLOYER, ID_NUMBER, PHONE
from resolvers.features import Feature, Levels
from resolvers.persons import name_level

__all__ = ["PERSON_FEATURES"]


def _name(left: pa.Table, right: pa.Table) -> Levels:
    return by_pair(texts(left, "name"), texts(right, "name"), name_level)


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
