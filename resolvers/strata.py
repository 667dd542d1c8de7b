"""Groups of mentions in which resolving is harder, so that each is measured on its own."""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Indel

from resolvers.names import parse

__all__ = ["STRATA", "strata"]

Bools = npt.NDArray[np.bool_]

STRATA = (
    "full_id",
    "masked_id",
    "no_id",
    "minority_name",
    "rare_character",
    "branch",
    "renamed",
    "namesake",
)
"""A full identifier; only a masked, cut or failing one; none. A person's name with a point or of
five characters or more. A character outside GB 2312. A branch by its name. A body whose rows, by
the truth, bear names with little in common. A person's name that, by the truth, several bear."""

_LONG_NAME = 5
_LITTLE = 0.5


def strata(
    names: Sequence[str],
    kinds: Sequence[str],
    identifiers: tuple[Bools, Bools],
    entities: Sequence[str],
) -> dict[str, Bools]:
    """Return for each of `STRATA` which mentions are in it.

    Args:
        identifiers: Which have a full one, and which an incomplete one.
        entities: Whom each is about, by the truth.

    Cost: some 20 microseconds a distinct name.
    """
    full, incomplete = identifiers
    person = np.array([kind == "person" for kind in kinds], dtype=np.bool_)
    by_name = {name: _of_name(name) for name in set(names)}
    marks = np.array([by_name[name] for name in names], dtype=np.bool_).reshape(-1, 3)
    long, rare, branch = marks.T
    return {
        "full_id": full,
        "masked_id": incomplete & ~full,
        "no_id": ~full & ~incomplete,
        "minority_name": long & person,
        "rare_character": rare,
        "branch": branch & ~person,
        "renamed": _several(entities, names, ~person, _apart),
        "namesake": _several(names, entities, person, lambda borne: len(borne) > 1),
    }


def _of_name(name: str) -> tuple[bool, bool, bool]:
    """Return whether a name is a minority person's by its look, rare in writing, a branch's."""
    plain = name.strip()
    long = "·" in plain or len(plain) >= _LONG_NAME
    return long, _is_rare(plain), bool(plain) and parse(plain).branch


def _is_rare(name: str) -> bool:
    # Points and signs beyond that set are no rare characters.
    letters = "".join(char for char in name if char.isalpha())
    return letters.encode("gb2312", "ignore").decode("gb2312") != letters


def _several(
    groups: Sequence[str],
    values: Sequence[str],
    inside: Bools,
    test: Callable[[set[str]], bool],
) -> Bools:
    """Return which rows are in a group whose values pass a test; '' is no group and no value."""
    found: dict[str, set[str]] = {}
    for place in np.flatnonzero(inside).tolist():
        if groups[place] and values[place]:
            found.setdefault(groups[place], set()).add(values[place])
    chosen = {group for group, told in found.items() if test(told)}
    return inside & np.array([group in chosen for group in groups], dtype=np.bool_)


def _apart(names: set[str]) -> bool:
    brands = sorted({parse(name).brand for name in names} - {""})
    return any(
        Indel.normalized_similarity(one, other) < _LITTLE
        for place, one in enumerate(brands)
        for other in brands[place + 1 :]
    )
