"""Every rule on hand-written cases: one that fires, one that must not, one edge of time.

A case is `<rule>/<name>.case.json`, exactly a CASE.json of `creditgraph simulate`; beside it
`<name>.expected.json` holds the answer for each day asked about. The rulebook's digest is left
out: it changes with every edit of a rule file.

To add a case, write it with an expected file naming the days (`{"2025-01-01": null}`), run with
CREDITGRAPH_UPDATE_GOLDEN=1, and read the difference as you would read a judgement.
"""

import json
import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from graph.sanctions.case import read_case, simulate
from graph.sanctions.rulebook import Rulebook, load_rulebook

ROOT = Path(__file__).parent
CASES = sorted(ROOT.glob("R*/*.case.json"))
BOOK = load_rulebook()
# Rules that are off or await records, and R49, which stops rule files and never a case.
SILENT = {rule.id for rule in BOOK.rules if not rule.enabled or rule.awaits} | {"R49"}


def answers(case: Path, rulebook: Rulebook, days: list[str]) -> dict[str, Any]:
    content = read_case(json.loads(case.read_text(encoding="utf-8")))
    found = {}
    for day in days:
        answer = simulate(content, rulebook, date.fromisoformat(day))
        assert answer.pop("rulebook") == rulebook.digest
        found[day] = answer
    return found


def expected_of(case: Path) -> Path:
    return case.with_name(case.name.replace(".case.json", ".expected.json"))


@pytest.mark.parametrize(
    "case", [pytest.param(case, id=f"{case.parent.name}-{case.name[:-10]}") for case in CASES]
)
def test_case_gives_the_findings_written_down(case: Path) -> None:
    file = expected_of(case)
    expected = json.loads(file.read_text(encoding="utf-8"))
    found = answers(case, BOOK, list(expected))
    if os.environ.get("CREDITGRAPH_UPDATE_GOLDEN") == "1":
        text = json.dumps(found, ensure_ascii=False, indent=1)
        file.write_text(text + "\n", encoding="utf-8")
    assert found == json.loads(file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("rule", [rule.id for rule in BOOK.rules])
def test_each_rule_has_a_case_that_fires_one_that_must_not_and_an_edge(rule: str) -> None:
    cases = [case for case in CASES if case.parent.name == rule]
    kinds = ["not_"]
    if rule in SILENT:
        assert not any(_spoke(case, rule) for case in cases), "a rule that is off speaks"
    else:
        assert any(_spoke(case, rule) for case in cases), "no case in which the rule speaks"
        kinds.append("edge_")
    for kind in kinds:
        assert any(case.name.startswith(kind) for case in cases), f"no case {kind}*"


def test_no_expected_file_is_left_without_its_case() -> None:
    assert {expected_of(case) for case in CASES} == set(ROOT.glob("R*/*.expected.json"))


def _spoke(case: Path, rule: str) -> bool:
    expected = json.loads(expected_of(case).read_text(encoding="utf-8"))
    return any(
        rule
        in {row["rule"] for row in answer["findings"]} | {row["by"] for row in answer["blocked"]}
        for answer in expected.values()
    )
