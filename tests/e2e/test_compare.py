"""The compare command's contract: the input's columns and rows, then score, decision, why."""

import csv
from pathlib import Path

import pytest

from tests.e2e.conftest import Shell

PAIRS = (
    "id,name_a,name_b,phone_a,phone_b\n"
    "1,贵州甲辰商贸有限公司,贵州甲辰商贸有限责任公司,,\n"
    '2,"贵州甲辰商贸有限公司","贵州乙巳餐饮有限公司",,\n'
    "3,,贵州甲辰商贸有限公司,8222111,0858-8222111\n"
    "4,贵州甲辰商贸有限公司,甲辰商贸有限公司,8222111,0858-8222111\n"
)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_every_row_comes_back_in_order_with_its_score(
    shell: Shell, tmp_path: Path, encoding: str
) -> None:
    source, out = tmp_path / "pairs.csv", tmp_path / "scored.csv"
    source.write_text(PAIRS, encoding=encoding)
    told = shell("compare", source, "--out", out)
    assert (told.code, told.out) == (0, "")
    found = rows(out)
    assert list(found[0]) == [
        "id", "name_a", "name_b", "phone_a", "phone_b", "score", "decision", "why",
    ]  # fmt: skip
    assert [row["id"] for row in found] == ["1", "2", "3", "4"]
    assert [row["decision"] for row in found] == ["merge", "separate", "review", "merge"]
    scores = [float(row["score"]) for row in found]
    assert scores[1] < scores[0]
    assert "字号不同" in found[1]["why"]


def test_persons_are_compared_by_number_and_told_in_english(shell: Shell, tmp_path: Path) -> None:
    source, out = tmp_path / "pairs.csv", tmp_path / "scored.csv"
    source.write_text(
        "name_a,name_b,id_number_a,id_number_b\n"
        "王某甲,王某甲,,\n"
        "王甲乙,王甲乙,5202011870****0015,520201187003070015\n"
        "王甲乙,王甲乙,520201187003070015,520201187003070023\n"
        "王甲乙,王甲乙,520201187003070015,520201187003070015\n",
        encoding="utf-8",
    )
    told = shell("compare", source, "--out", out, "--as", "person", "--lang", "en", "--json")
    assert told.json == {"rows": 4, "merge": 1, "review": 1, "separate": 2, "out": str(out)}
    found = rows(out)
    assert [row["decision"] for row in found] == ["separate", "review", "separate", "merge"]
    assert "a name alone identifies nobody" in found[2]["why"]


@pytest.mark.parametrize(
    ("text", "arguments", "code", "exit_code"),
    [
        ("a,b\n1,2\n", (), "E821", 3),
        ("name_a,name_b,uscc_a\n甲,乙,\n", (), "E822", 3),
        ("name_a,name_b\n甲,乙\n甲\n", (), "E823", 3),
        ("name_a,name_b\n甲,乙\n", ("--as", "ship"), "E824", 2),
        ("", (), "E821", 3),
    ],
)
def test_a_table_that_cannot_be_compared_is_told_and_nothing_is_written(
    shell: Shell,
    tmp_path: Path,
    text: str,
    arguments: tuple[str, ...],
    code: str,
    exit_code: int,
) -> None:
    source, out = tmp_path / "pairs.csv", tmp_path / "scored.csv"
    source.write_text(text, encoding="utf-8")
    told = shell("compare", source, "--out", out, *arguments)
    assert told.code == exit_code
    assert code in told.talk
    assert [path.name for path in tmp_path.iterdir() if path.suffix != ".db"] == ["pairs.csv"]


def test_a_file_that_is_not_there_is_told(shell: Shell, tmp_path: Path) -> None:
    told = shell("compare", tmp_path / "no.csv", "--out", tmp_path / "scored.csv")
    assert (told.code, "E201" in told.talk) == (3, True)


def test_a_header_alone_gives_a_header(shell: Shell, tmp_path: Path) -> None:
    source, out = tmp_path / "pairs.csv", tmp_path / "scored.csv"
    source.write_text("name_a,name_b\n", encoding="utf-8")
    assert shell("compare", source, "--out", out).code == 0
    assert out.read_text(encoding="utf-8") == "name_a,name_b,score,decision,why\n"
