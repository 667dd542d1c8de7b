"""Identifiers on clearly different names: signs that a code is somebody else's, not of one body.

An agent's code on many firms, an operator's number on two persons. Such a code joins those whose
names agree, and nobody else; a person is asked. A name that a register says the body bore before
is no other name.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graph.identifiers import STRENGTH, IdType
from resolvers.columns import distinct_pairs, equals
from resolvers.components import components
from resolvers.organisations import NAME_FEATURES
from resolvers.persons import name_level, parse_person
from resolvers.rows import Rows
from resolvers.standardise import standardised_names

__all__ = ["FORMER_NAME", "SILENT", "voices"]

Ints = npt.NDArray[np.int64]

FORMER_NAME: Final = "former_name"
"""Role of a mention by which a register says what a body was called before."""

SILENT: Final = -1
_PRIPID: Final = STRENGTH.index(IdType.PRIPID)
_BRAND: Final = NAME_FEATURES[0]
_DIFFERENT: Final = 1
_OTHER_BRAND: Final = (1, 2, 3)
# Of more names on one code only those that agree wholly are taken for one.
_MOST: Final = 60


def voices(mentions: pa.Table, rows: tuple[Ints, Ints, Ints]) -> Ints:
    """Return for each identifier row a number equal among those a shared key may join.

    It is 0 where the names on a key agree, `SILENT` where they do not and the mention tells none.

    Args:
        mentions: `schema.MENTIONS`.
        rows: Mention, key and rank of each row.
    """
    mention, key, rank = rows
    names, everybody = _names(mentions)
    name = everybody[mention]
    named = np.array([bool(text) for text in names], dtype=np.bool_)[name]
    asked = np.flatnonzero(named & (rank != _PRIPID))
    keys, borne, _ = distinct_pairs(key[asked], name[asked])
    several = np.unique(keys[1:][keys[1:] == keys[:-1]])
    found = np.zeros(len(key), dtype=np.int64)
    if not len(several):
        return found
    person = equals(mentions.column("kind"), "person")[mention]
    former = _former((mentions, names, everybody), mention, key, several)
    # A name the body bore counts as one that stands on the key.
    groups = {
        each: sorted({*own, *former.get(each, ())})
        for each, own in _groups(keys, borne, several).items()
    }
    differ = _Different(names, groups, set(name[person].tolist()))
    split = {}
    for each, own in groups.items():
        # What tells no 字号 of its own, a short name, would agree with everything.
        telling = [text for text in own if differ.tells(text)]
        parts = _parts(telling, former.get(each, set()) & set(telling), differ)
        if len(set(parts)) > 1:
            told = zip(telling, parts, strict=True)
            split.update({(each, text): part + 1 for text, part in told})
    concerned = np.flatnonzero(np.isin(key, sorted({each for each, _ in split})))
    for row in concerned.tolist():
        found[row] = split.get((int(key[row]), int(name[row])), SILENT)
    found[rank == _PRIPID] = 0
    return found


def _groups(keys: Ints, names: Ints, asked: Ints) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    inside = np.isin(keys, asked)
    for key, name in zip(keys[inside].tolist(), names[inside].tolist(), strict=True):
        found[key].append(name)
    return dict(found)


def _names(mentions: pa.Table) -> tuple[list[str], Ints]:
    """Return names, and each mention's among them; one that a person and a body bear is two."""
    coded = pc.dictionary_encode(mentions.column("name").combine_chunks())
    person = equals(mentions.column("kind"), "person")
    names = [name for name in coded.dictionary.to_pylist() for _ in range(2)]
    return names, 2 * coded.indices.to_numpy().astype(np.int64) + person


def _former(
    told: tuple[pa.Table, list[str], Ints], mention: Ints, key: Ints, asked: Ints
) -> dict[int, set[int]]:
    """Return for each key asked about the names that registers say its bodies bore or bear.

    A register's row of a change may show another of the body's identifiers than the key.
    """
    mentions, texts, name = told
    former = equals(mentions.column("role"), FORMER_NAME)
    if not former.any():
        return {}
    changed = np.unique(key[former[mention]])
    holders = np.flatnonzero(np.isin(key, changed))
    renamed: dict[int, set[int]] = defaultdict(set)
    for row in holders.tolist():
        renamed[int(mention[row])].add(int(key[row]))
    names: dict[int, set[int]] = defaultdict(set)
    for row in holders.tolist():
        if texts[name[mention[row]]]:
            names[int(key[row])].add(int(name[mention[row]]))
    found: dict[int, set[int]] = defaultdict(set)
    for row in np.flatnonzero(np.isin(key, asked)).tolist():
        for each in renamed.get(int(mention[row]), ()):
            found[int(key[row])] |= names[each]
    return found


class _Different:
    """Which pairs of names are clearly different, worked out for all groups at once."""

    def __init__(
        self, names: Sequence[str], groups: dict[int, list[int]], persons: set[int]
    ) -> None:
        self._persons = persons
        self._names = names
        used = sorted({name for own in groups.values() for name in own if name not in persons})
        self._place = {name: place for place, name in enumerate(used)}
        table = standardised_names(pa.array([names[each] for each in used], pa.string()))
        self._form = [bool(form) for form in table.column("form").to_pylist()]
        self._core = table.column("core").to_pylist()
        asked = sorted(
            {
                (one, other)
                for own in groups.values()
                if len(own) <= _MOST
                for place, one in enumerate(own)
                for other in own[place + 1 :]
                if one in self._place and other in self._place
            }
        )
        rows = Rows(table)
        left, right = (
            rows.take(np.array([self._place[pair[side]] for pair in asked], dtype=np.int64))
            for side in (0, 1)
        )
        self._brands = dict(zip(asked, _BRAND.compare(left, right).tolist(), strict=True))

    def tells(self, name: int) -> bool:
        """Return whether a name is whole enough to differ from another."""
        if name in self._persons:
            return not parse_person(self._names[name]).odd
        return self._form[self._place[name]]

    def __call__(self, one: int, other: int) -> bool:
        if one in self._persons and other in self._persons:
            return name_level(self._names[one], self._names[other]) == _DIFFERENT
        if one in self._persons or other in self._persons:
            return False
        left, right = self._place[one], self._place[other]
        level = self._brands.get((min(one, other), max(one, other)))
        if level is None:
            return bool(self._core[left] != self._core[right])
        return level in _OTHER_BRAND


def _parts(names: list[int], borne: set[int], differ: _Different) -> list[int]:
    """Return the part of each name: those that agree, or that one body bore, are in one."""
    known = sorted(borne)
    edges = [
        (at, after)
        for at, one in enumerate(names)
        for after in range(at + 1, len(names))
        if not differ(one, names[after])
    ]
    edges += [(names.index(known[0]), names.index(other)) for other in known[1:]]
    ends = np.array(edges, dtype=np.int64).reshape(len(edges), 2)
    return [int(part) for part in components(ends[:, 0], ends[:, 1], len(names))]
