"""Every command on a server store: the same district, the same answers, byte for byte."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.store.address import Server
from tests.e2e.conftest import Shell
from tests.support.fixtures import asked, emptied, given_server

pytestmark = pytest.mark.neo4j


@pytest.fixture(scope="module")
def server(request: pytest.FixtureRequest) -> Server:
    found = given_server(request)
    emptied(found)
    return found


@pytest.fixture(scope="module")
def bureau(
    tmp_path_factory: pytest.TempPathFactory, server: Server, office: Shell, district: Path
) -> Iterator[Shell]:
    """A server store that has gone through the same flow as the office's, under its key."""
    folder = tmp_path_factory.mktemp("bureau")
    (folder / "key").write_bytes((office.folder / "key").read_bytes())
    (folder / "key").chmod(0o600)
    shell = Shell(folder, server=server)
    assert shell("load", district / "files", "--json").code == 1
    assert shell("resolve").code == 1
    assert shell("propagate").code == 0
    yield shell
    emptied(server)


@pytest.mark.parametrize("what", ["clusters", "findings"])
def test_exports_are_the_same_bytes_on_both_stores(bureau: Shell, office: Shell, what: str) -> None:
    ours, theirs = bureau("export", what), office("export", what)
    assert ours.out == theirs.out
    assert len(ours.out.splitlines()) > 20


def _plain(text: str) -> object:
    """Return a JSON answer without when and where it was made."""
    told = json.loads(text)
    for name in ("store", "key_file", "resolved_at", "propagated_at"):
        told.pop(name, None)
    for rows in (told.get("sources"), told.get("batches")):
        for row in rows if isinstance(rows, list) else ():
            row.pop("loaded_at", None)
    return told


@pytest.mark.parametrize("words", [("status",), ("quality",), ("batch", "list")])
def test_reports_say_the_same_on_both_stores(
    bureau: Shell, office: Shell, words: tuple[str, ...]
) -> None:
    ours, theirs = bureau(*words, "--json"), office(*words, "--json")
    assert (ours.code, _plain(ours.out)) == (theirs.code, _plain(theirs.out))


def test_questions_are_answered_alike_on_both_stores(bureau: Shell, office: Shell) -> None:
    findings = office("export", "findings", "--format", "jsonl").out.splitlines()
    asked = {told["subject"] for told in map(json.loads, findings[::7])}
    for subject in sorted(asked):
        for words in (("check", subject, "--as-of", "2026-11-01"), ("explain", subject)):
            ours, theirs = bureau(*words, "--json"), office(*words, "--json")
            assert ours.code == theirs.code
            assert _plain(ours.out) == _plain(theirs.out)
    finding = json.loads(findings[0])["id"]
    ours, theirs = bureau("explain", finding, "--json"), office("explain", finding, "--json")
    told = [answer.json for answer in (ours, theirs)]
    for each in told:
        each.pop("recorded_from")
        for record in each["evidence"]:
            for sighting in record["sightings"]:
                assert sighting.pop("batch")
    assert told[0] == told[1]


def test_refused_rows_are_handed_out_alike(bureau: Shell, office: Shell, tmp_path: Path) -> None:
    told = [
        shell("export", "refused", "--out", tmp_path / f"{place}.xlsx", "--json").json
        for place, shell in enumerate((bureau, office))
    ]
    assert told[0]["codes"] == told[1]["codes"]
    assert told[0]["rows"] == told[1]["rows"] > 0


def test_doctor_finds_the_server_fit(bureau: Shell) -> None:
    answer = bureau("doctor", "--json")
    assert answer.code == 0
    assert "creditgraph-test" not in answer.out


def test_no_identity_number_is_in_the_graph(
    bureau: Shell, server: Server, numbers: tuple[str, ...]
) -> None:
    held = "MATCH (n) RETURN properties(n) AS p UNION ALL MATCH ()-[t]->() RETURN properties(t)"
    text = repr([row[0] for row in asked(server, held + " AS p")])
    assert "贵州" in text
    assert not [number for number in numbers if number in text]


def test_a_file_loaded_again_is_known(bureau: Shell, district: Path) -> None:
    before = bureau("export", "clusters").out
    answer = bureau("load", district / "files", "--json")
    assert {told["accepted"] for told in answer.json["files"]} == {0}
    assert bureau("export", "clusters").out == before
