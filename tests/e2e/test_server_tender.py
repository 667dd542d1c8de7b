"""Bidders and paths on a server store: what the file answers, answered there."""

from collections.abc import Iterator

import pytest

from tests.e2e.conftest import Shell
from tests.e2e.tender import FIRMS, write_tender
from tests.support.fixtures import emptied, given_server

pytestmark = pytest.mark.neo4j

DAY = "2026-06-01"


@pytest.fixture(scope="module")
def halls(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Shell, Shell]]:
    """The bidders on a server and in a file, under one key."""
    server = given_server(request)
    emptied(server)
    folder = tmp_path_factory.mktemp("halls")
    files = write_tender(folder / "files")
    pair = Shell(folder, server=server), Shell(folder)
    for shell in pair:
        assert shell("load", files, "--json").code == 0
        shell("resolve")
        shell("propagate")
    yield pair
    emptied(server)


def test_bidders_side_by_side_are_told_alike(halls: tuple[Shell, Shell]) -> None:
    codes = [code for _, code in FIRMS.values()]
    ours, theirs = (shell("bidders", *codes, "--opened", DAY, "--json") for shell in halls)
    assert (ours.code, ours.out) == (theirs.code, theirs.out)
    assert len(ours.json["pairs"]) > 10


@pytest.mark.parametrize(("one", "other"), ["GH", "NR", "AB", "DH", "AS"])
def test_paths_are_told_alike(halls: tuple[Shell, Shell], one: str, other: str) -> None:
    words = ("path", FIRMS[one][1], FIRMS[other][1], "--hops", "6", "--as-of", DAY, "--json")
    ours, theirs = (shell(*words) for shell in halls)
    assert (ours.code, ours.out) == (theirs.code, theirs.out)


def test_whole_exports_are_alike(halls: tuple[Shell, Shell]) -> None:
    for what in ("clusters", "findings"):
        ours, theirs = (shell("export", what).out for shell in halls)
        assert ours == theirs
