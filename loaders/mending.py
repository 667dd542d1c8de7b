"""Refused rows on their way out and back: what links a mended row to the refused one."""

import hashlib
import re
from collections.abc import Sequence
from typing import Final, NamedTuple

__all__ = ["FIX", "LINK", "OURS", "REASON", "SURPLUS", "Link", "fingerprint", "link", "read_link"]

OURS: Final = "creditgraph_"
"""How the headings begin that an export of refused rows adds."""

LINK: Final = OURS + "refusal"
REASON: Final = OURS + "reason"
FIX: Final = OURS + "fix"
SURPLUS: Final = OURS + "surplus"
"""Before a number: a cell of a ragged row that no heading stands above."""

_UNSEEN: Final = re.compile(r"[\s\x00-\x1f]+")


class Link(NamedTuple):
    """What a link column says.

    Attributes:
        id: Id of the refused row.
        fingerprint: Of its cells as they were handed out; '' in a link that does not say.
    """

    id: str
    fingerprint: str


def link(row: str, cells: Sequence[str]) -> str:
    """Return the text of a link column."""
    return f"{row} {fingerprint(cells)}"


def read_link(text: str) -> Link:
    """Return what a link column says."""
    row, told = [*text.split(), "", ""][:2]
    return Link(row, told)


def fingerprint(cells: Sequence[str]) -> str:
    """Return a short digest of what a person sees in cells; blank ones at the end do not count."""
    seen = [_UNSEEN.sub("", cell) for cell in cells]
    while seen and not seen[-1]:
        seen.pop()
    return hashlib.blake2b("\x1f".join(seen).encode(), digest_size=6).hexdigest()
