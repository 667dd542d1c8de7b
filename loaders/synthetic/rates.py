"""How often cells and rows are damaged, each share with its reason."""

from typing import Final

__all__ = [
    "BROKEN_EVERY",
    "CARD_DAMAGES",
    "CODE_DAMAGES",
    "MISSING_CARD",
    "MISSING_CODE",
    "ORGANISATION_NAME_DAMAGES",
    "PERSON_NAME_DAMAGES",
    "REPEATED",
]

# Old departments never collected the new code; elsewhere clerks skip it for small bodies.
MISSING_CODE: Final = 0.12
# Identity numbers are asked for but often left out: the public register has none at all.
MISSING_CARD: Final = 0.15
# Monthly deliveries overlap by a few days.
REPEATED: Final = 0.004
# One broken row of each kind in so many rows: a full-width comma that was a real one, a
# pasted empty line. Public dumps show a few dozen in three million (domain section 2.6);
# departments' own sheets are worse.
BROKEN_EVERY: Final = 20_000

ORGANISATION_NAME_DAMAGES: Final = (
    ("form", 0.05),  # the law lets one firm write either form (domain section 2.1)
    ("brackets", 0.5),  # of names with brackets: keyboards default to half-width
    ("region", 0.04),  # clerks leave the region out or add it
    ("typo", 0.02),  # sound-alike and look-alike characters from Pinyin input
    ("trailing", 0.03),  # padded fixed-width exports
)
PERSON_NAME_DAMAGES: Final = (
    ("dot", 0.6),  # of names with a dot: there is no agreed one
    ("spaced", 0.02),  # two-character names are spaced out to align in print
    ("trailing", 0.02),
)
CODE_DAMAGES: Final = (
    ("full_width", 0.02),  # typed with a Chinese input method
    ("letters", 0.03),  # O for 0 and I for 1: the code has neither letter
    ("lower", 0.02),
    ("spaced_code", 0.01),  # copied from a printed certificate
    ("placeholder", 0.02),  # a form that insists on a value
    ("digit", 0.01),  # a slip no checksum can mend
)
CARD_DAMAGES: Final = (
    ("excel", 0.03),  # saved from a worksheet: 5.20201E+17, or the last digits 000
    ("full_width", 0.01),
    ("quote", 0.02),  # the apostrophe that was to keep Excel away
    ("lower", 0.02),
    ("placeholder", 0.01),
    ("digit", 0.01),
)
