"""What kind of party a code or a name speaks of, and whether a name is a branch's.

A kind is a description, never an identity. The branch marker is a veto: a branch's name
contains its parent's whole name (企业名称登记管理规定 art 13), and departments often give the
parent's code for it.
"""

from functools import lru_cache
from typing import Final

from graph.forms import endings, plain

__all__ = [
    "is_branch",
    "kind_of_code",
    "kind_of_name",
    "kind_of_registered",
    "looks_like_organisation",
]

# First two characters of a 统一社会信用代码: registering department and class of body.
_CODE_HEADS: Final = {
    "11": "government_body",
    "12": "public_institution",
    "13": "social_organisation",
    "19": "public_institution",
    "31": "law_firm",
    "51": "social_organisation",
    "52": "social_organisation",
    "53": "social_organisation",
    "81": "social_organisation",
    "91": "enterprise",
    "92": "individual_business",
    "93": "cooperative",
}
# What a note at the end says, whatever form stands before it.
_NOTED: Final = {
    "individual": "individual_business",
    "joint_stock": "enterprise",
    "limited": "enterprise",
    "partnership": "enterprise",
    "sole": "enterprise",
}


def kind_of_code(uscc: str) -> str | None:
    """Return the subject kind a valid 统一社会信用代码 stands for; None for other heads."""
    if uscc.startswith("N"):
        return "rural_collective"
    return _CODE_HEADS.get(uscc[:2])


@lru_cache(maxsize=65_536)
def kind_of_name(name: str) -> str | None:
    """Return the subject kind a name's form speaks of; None where it says nothing.

    Never `person`: a short name without a legal form may be a shop sign.
    """
    text = plain(name)
    known = endings()
    bare = known.without_notes(text)
    if bare.endswith("代表处"):
        return "foreign_office"
    if known.tail(bare)[1]:
        return "branch"
    note = known.notes.get(text[len(bare) + 1 : -1], "")
    if "律师事务所" in bare:
        return "law_firm"
    found = known.ending(bare)
    return _NOTED.get(note) or (found.kind if found is not None else None)


def kind_of_registered(uscc: str, name: str) -> str:
    """Return the subject kind of a body with a valid code: only its name tells a branch.

    A branch has a code of the same head as its parent.
    """
    text = plain(name)
    if text.endswith("代表处"):
        return "foreign_office"
    return "branch" if _marks_branch(text) else kind_of_code(uscc) or "enterprise"


def is_branch(name: str) -> bool:
    """Return whether a name carries a branch marker; '' does not."""
    return _marks_branch(plain(name))


def _marks_branch(text: str) -> bool:
    known = endings()
    return known.tail(known.without_notes(text))[1]


def looks_like_organisation(name: str) -> bool:
    """Return whether a name has an organisation's form, or is too long for a person's."""
    return kind_of_name(name) is not None or ("·" not in name and len(plain(name)) > 6)
