"""Every command on a server store: the same district, the same answers, byte for byte."""

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

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


def test_a_part_of_a_name_finds_the_same_on_both_stores(bureau: Shell, office: Shell) -> None:
    for part in ("商贸", "贵州 公司", "钟山区", "限", "ABC", "没有这个字号"):
        ours, theirs = (shell("check", part, "--json") for shell in (bureau, office))
        assert (ours.code, _plain(ours.out)) == (theirs.code, _plain(theirs.out))


def test_the_feed_tells_the_same_changes_on_both_stores(bureau: Shell, office: Shell) -> None:
    told = [shell("changes", "--json").json for shell in (bureau, office)]
    for each in told:
        for change in each["changes"]:
            change.pop("at")
    assert told[0] == told[1]
    assert len(told[0]["changes"]) > 20


def test_a_listing_is_tried_alike_on_both_stores(
    bureau: Shell, office: Shell, tmp_path: Path
) -> None:
    found = office("export", "findings", "--format", "jsonl").out.splitlines()
    subject = next(told["subject"] for told in map(json.loads, found) if told["rule"] == "R18")
    file = tmp_path / "listing.json"
    added = {"subject": subject, "kind": "tax_serious", "decision_date": "2026-10-01"}
    file.write_text(json.dumps(added), encoding="utf-8")
    words = ("simulate", "--add-listing", file, "--as-of", "2026-11-01")
    ours, theirs = bureau(*words), office(*words)
    assert (ours.code, ours.out) == (theirs.code, theirs.out)
    assert ours.json["findings"]


@pytest.fixture(scope="module")
def twins(
    bureau: Shell, office: Shell, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Shell, Shell]:
    """The server store, and a copy of the office's to be changed with it."""
    folder = tmp_path_factory.mktemp("twin")
    for name in ("store.db", "key"):
        shutil.copy(office.folder / name, folder / name)
    return bureau, Shell(folder)


class TestWriting:
    """What changes a store changes both alike; these come last, on a copy of the office's."""

    def test_a_file_loaded_again_is_known(self, bureau: Shell, district: Path) -> None:
        before = bureau("export", "clusters").out
        answer = bureau("load", district / "files", "--json")
        assert {told["accepted"] for told in answer.json["files"]} == {0}
        assert bureau("export", "clusters").out == before

    def test_mended_rows_are_taken_back_alike(
        self, twins: tuple[Shell, Shell], tmp_path: Path
    ) -> None:
        loaded = []
        for place, shell in enumerate(twins):
            folder = tmp_path / str(place)
            folder.mkdir()
            book = folder / "mended.xlsx"  # a file's name is part of what a mention is told by
            assert shell("export", "refused", "--out", book).code == 0
            _mend(book)
            loaded.append(shell("load", book, "--json").json["files"][0])
            shell("resolve")
            shell("propagate")
        counts = [{name: each[name] for name in ("read", "mended", "repeated")} for each in loaded]
        assert counts[0] == counts[1]
        assert counts[0]["mended"] > 0
        _alike(twins)

    def test_a_withdrawal_is_followed_alike_and_the_old_answer_is_kept(
        self, twins: tuple[Shell, Shell]
    ) -> None:
        def asked(shell: Shell, *more: str) -> list[str]:
            return [shell("export", what, *more).out for what in ("clusters", "findings")]

        before = asked(twins[0])
        for shell in twins:
            moment = datetime.now(UTC).isoformat()
            batches = shell("batch", "list", "--json").json["batches"]
            wages = next(each["batch"] for each in batches if each["source"] == "wage_arrears")
            shell("batch", "withdraw", wages)
            shell("resolve")
            shell("propagate")
            assert asked(shell) != before
            assert asked(shell, "--known-at", moment) == before
            held = json.loads(shell("export", "findings", "--known-at", moment, "--json").out)
            subject = next(each["subject"] for each in held if each["rule"] == "R18")
            then, now = (
                shell("check", subject, *more, "--as-of", "2026-11-01", "--json").json
                for more in (("--known-at", moment), ())
            )
            sides = ("own", "linked")
            assert [then[side] for side in sides] != [now[side] for side in sides]
        _alike(twins)


def _mend(book: Path) -> None:
    workbook = load_workbook(book)
    for sheet in workbook.worksheets:
        heads = [str(cell.value) for cell in sheet[1]]
        reason = heads.index("creditgraph_reason")
        named = [n for n, head in enumerate(heads) if "名称" in head or head == "CF_XDR_MC"]
        for row in sheet.iter_rows(min_row=2):
            if "为空" in str(row[reason].value):
                row[named[0]].value = "贵州补名有限公司"
    workbook.save(book)


def _alike(shells: tuple[Shell, Shell]) -> None:
    for what in ("clusters", "findings"):
        ours, theirs = (shell("export", what).out for shell in shells)
        assert ours == theirs
    told = [shell("changes", "--json").json["changes"] for shell in shells]
    names = ("what", "finding", "subject")
    assert [[each[name] for name in names] for each in told[0]] == [
        [each[name] for name in names] for each in told[1]
    ]
