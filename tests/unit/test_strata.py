"""Groups of mentions that are measured on their own."""

import numpy as np

from resolvers.strata import strata

FIRMS = ["甲辰商贸有限公司", "乙巳物流有限公司", "甲辰商贸有限公司水城分公司"]
NAMES = ["张甲", "张甲", "阿卜杜·某某", "张㛃", *FIRMS]
KINDS = ["person"] * 4 + ["enterprise"] * 3
ENTITIES = ["p1", "p2", "p3", "p4", "f1", "f1", "f2"]
FULL = np.array([True, False, False, False, True, False, False])
CUT = np.array([True, True, False, False, False, False, False])


def test_strata() -> None:
    found = strata(NAMES, KINDS, (FULL, CUT), ENTITIES)
    told = {name: np.flatnonzero(inside).tolist() for name, inside in found.items()}
    assert told == {
        "full_id": [0, 4],
        "masked_id": [1],
        "no_id": [2, 3, 5, 6],
        "minority_name": [2],
        "rare_character": [3],
        "branch": [6],
        "renamed": [4, 5],
        "namesake": [0, 1],
    }


def test_no_mentions_at_all() -> None:
    none = np.zeros(0, dtype=np.bool_)
    assert all(len(inside) == 0 for inside in strata([], [], (none, none), []).values())
