"""Typed codes of firms and people: what a cell says, how far to trust it, what follows.

The one door to the identifier modules. Everything here is total: no text raises.
"""

from graph.check_digits import id_card_check, org_code_check, regno_check, uscc_check
from graph.identifier_masks import compare, mask
from graph.identifier_parse import full_readings, parse, parse_cell
from graph.identifier_search import (
    certificate_type,
    found_in_text,
    recognise,
    text_without_identifiers,
)
from graph.identifier_types import PERSONAL, STRENGTH, Identifier, IdType, Status

__all__ = [
    "PERSONAL",
    "STRENGTH",
    "IdType",
    "Identifier",
    "Status",
    "certificate_type",
    "compare",
    "found_in_text",
    "full_readings",
    "id_card_check",
    "mask",
    "org_code_check",
    "parse",
    "parse_cell",
    "recognise",
    "regno_check",
    "text_without_identifiers",
    "uscc_check",
]
