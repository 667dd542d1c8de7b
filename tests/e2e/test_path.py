"""Paths between two subjects, through the command line."""

from typing import Any

import pytest

from tests.e2e.conftest import Shell
from tests.e2e.tender import FIRMS, PEOPLE, write_tender

AS_OF = ("--as-of", "2026-06-01")


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """A store holding the bidders; for reading."""
    shell = Shell(tmp_path_factory.mktemp("hall"))
    shell("load", write_tender(shell.folder / "files"))
    shell("resolve")
    return shell


def asked(hall: Shell, one: str, other: str, *more: object) -> dict[str, Any]:
    told: dict[str, Any] = hall("path", one, other, *AS_OF, "--json", *more).json
    return told


def test_every_tie_of_every_hop_is_told_with_its_row(hall: Shell) -> None:
    told = asked(hall, FIRMS["G"][1], FIRMS["H"][1])
    assert (told["from"]["name"], told["to"]["name"]) == (FIRMS["G"][0], FIRMS["H"][0])
    (way,) = told["paths"]
    assert (way["hops"], way["identity"]) == (3, "strong")
    assert [step["to_name"] for step in way["steps"]] == [FIRMS["F"][0], "俄五", FIRMS["H"][0]]
    assert [tie["share"] for step in way["steps"] for tie in step["ties"] if tie["share"]] == [
        0.6,
        1.0,
        0.7,
    ]
    for step in way["steps"]:
        for tie in step["ties"]:
            assert hall("explain", tie["record"], "--json").code == 0
    assert (told["complete"], told["cut"]) == (True, [])
    assert hall("path", FIRMS["G"][1], FIRMS["H"][1], *AS_OF).code == 0


def test_no_path_is_told_with_coverage_and_never_as_none_existing(hall: Shell) -> None:
    told = asked(hall, FIRMS["G"][1], FIRMS["H"][1], "--hops", 2)
    assert told["paths"] == []
    assert told["statement"].startswith("未发现（截至 2026-06-01，已覆盖 3 个部门）")
    text = hall("path", FIRMS["G"][1], FIRMS["H"][1], *AS_OF, "--hops", 2).out
    assert "2 跳以内的路径：未发现（截至 2026-06-01" in text
    assert "数据可能过期的信源" in text


def test_ends_are_not_guessed(hall: Shell) -> None:
    told = hall("path", "郭七", "没有的公司", *AS_OF, "--json")
    assert told.code == 0
    assert [each["reason"] for each in told.json["unresolved"]] == ["person_by_name", "unknown"]
    assert (told.json["paths"], told.json["complete"]) == ([], False)
    by_code = asked(hall, PEOPLE["安一"], FIRMS["B"][1])
    assert by_code["paths"][0]["hops"] == 1
    assert "安一" in hall("path", PEOPLE["安一"], FIRMS["B"][1], *AS_OF).out
    assert PEOPLE["安一"] not in str(by_code)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        pytest.param(("a", "b", "--hops", "7"), "E607", id="too far"),
        pytest.param(("a", "b", "--hops", "0"), "E607", id="nowhere"),
        pytest.param(("a", " "), "E605", id="nobody"),
        pytest.param(("a", "b", "--as-of", "x"), "E604", id="no day"),
    ],
)
def test_mistakes_are_told_with_their_code(hall: Shell, words: tuple[str, ...], code: str) -> None:
    told = hall("path", *words, "--json")
    assert (told.code, told.json["error"]["code"]) == (2, code)


@pytest.mark.parametrize(
    ("day", "hops"),
    [pytest.param("2026-05-14", [1], id="the day before"), pytest.param("2026-05-15", [], id="on")],
)
def test_a_tie_counts_up_to_the_day_it_ends(hall: Shell, day: str, hops: list[int]) -> None:
    told = hall("path", FIRMS["C"][1], FIRMS["M"][1], "--as-of", day, "--hops", 1, "--json").json
    assert [way["hops"] for way in told["paths"]] == hops
