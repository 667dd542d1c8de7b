"""What departments wrote is never run by the spreadsheet that people open it in."""

import csv
import io
import json
from pathlib import Path

import pytest

from loaders.synthetic.codes import uscc
from tests.e2e.conftest import Shell

NAMES = [
    "=HYPERLINK(甲)物流公司",
    "+86物流公司",
    "-乙物流公司",
    "@丙物流公司",
    "＝丁物流公司",
    "戊=物流公司",
]


@pytest.fixture
def listed(shell: Shell, tmp_path: Path) -> Shell:
    """A store with tax offenders of names like formulas."""
    with (tmp_path / "重大税收违法失信主体.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["纳税人名称", "统一社会信用代码", "案件性质", "决定书文号", "决定日期"])
        for at, name in enumerate(NAMES):
            case = ["逃避追缴欠税", f"钟税稽罚〔2026〕{at}号", "2026-10-01"]
            writer.writerow([name, uscc("91", f"XX00093{at}"), *case])
    assert shell("load", tmp_path / "重大税收违法失信主体.csv").code == 0
    shell("resolve")
    assert shell("propagate").code == 0
    return shell


def test_no_cell_of_the_findings_is_a_formula(listed: Shell) -> None:
    rows = list(csv.DictReader(io.StringIO(listed("export", "findings").out)))
    assert {row["name"] for row in rows} == {*("'" + name for name in NAMES[:5]), NAMES[5]}
    for row in rows:
        assert not [cell for cell in row.values() if cell.startswith(tuple("=+-@＝"))]
    told = listed("export", "findings", "--format", "jsonl").out.splitlines()
    assert {json.loads(line)["name"] for line in told} == set(NAMES)
