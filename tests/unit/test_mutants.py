"""The list of mutants stays true to the code, and the smallest of them is killed."""

import pytest

from tests.mutants import MUTANTS, ROOT, Mutant


@pytest.mark.parametrize("mutant", [pytest.param(each, id=each.what) for each in MUTANTS])
def test_each_mutant_changes_one_place(mutant: Mutant) -> None:
    text = (ROOT / mutant.file).read_text(encoding="utf-8")
    assert mutant.after is None or text.count(mutant.before) == 1
    assert mutant.after != mutant.before
