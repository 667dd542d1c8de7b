"""The promises other systems rely on: JSON shapes, exit codes, options, exported columns."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import Shell

AS_OF = ("--as-of", "2026-11-01")
GOLDEN = Path(__file__).parents[1] / "golden"
ENTRY = {"file", "source", "read", "accepted", "refused", "repeated", "error"}
NOTHING = {"read": 0, "accepted": 0, "refused": 0, "repeated": 0}


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


class TestLoad:
    """One entry for every file, whatever it is; the worst of them makes the exit code."""

    def test_a_folder_is_walked_and_hidden_files_are_left_alone(
        self, shell: Shell, tmp_path: Path
    ) -> None:
        folder = tmp_path / "in"
        row = "CF_XDR_MC,CF_WSH\n贵州甲有限公司,1号\n"
        for name in ("a.csv", "deep/er/b.csv", ".hidden.csv", ".git/c.csv"):
            write(folder / name, row)
        told = shell("load", folder, folder / "a.csv", "--json")
        assert told.code == 0
        assert [Path(each["file"]).name for each in told.json["files"]] == ["a.csv", "b.csv"]
        assert all(set(each) >= ENTRY for each in told.json["files"])

    def test_when_every_file_fails_it_is_still_one_document(
        self, shell: Shell, tmp_path: Path
    ) -> None:
        strange = write(tmp_path / "x.csv", "甲,乙\n1,2\n")
        long_name = tmp_path / ("x" * 300)
        told = shell("load", tmp_path / "nowhere", strange, "/dev/null", long_name, "--json")
        assert told.code == 3
        entries = {Path(each["file"]).name: each for each in told.json["files"]}
        assert {name: each["error"]["code"] for name, each in entries.items()} == {
            "nowhere": "E201", "null": "E201", "x" * 300: "E201", "x.csv": "E427",
        }  # fmt: skip
        for each in entries.values():
            assert NOTHING.items() <= each.items()
            assert each["error"]["fix"]

    def test_an_empty_path_is_not_the_current_folder(self, shell: Shell) -> None:
        assert shell("load", "").code == 2

    def test_a_folder_without_files_is_no_error(self, shell: Shell, tmp_path: Path) -> None:
        (tmp_path / "empty").mkdir()
        told = shell("load", tmp_path / "empty", "--json")
        assert (told.code, told.json) == (0, {"files": []})

    def test_a_store_that_cannot_be_opened_is_a_backend_error(
        self, shell: Shell, tmp_path: Path
    ) -> None:
        good = write(tmp_path / "a.csv", "CF_XDR_MC,CF_WSH\n贵州甲有限公司,1号\n")
        told = shell("load", good, "--json", "--store", tmp_path)
        assert told.code == 4
        assert set(told.json["error"]) == {"code", "what", "where", "why", "fix"}


class TestExport:
    """Exported tables: columns, order, line ends."""

    def test_clusters_are_plain_sorted_csv(self, office: Shell) -> None:
        text = office("export", "clusters").out
        assert not text.startswith("\ufeff")
        assert "\r" not in text
        places = [
            (row["source"], row["file"], int(row["row"]), row["role"], int(row["ordinal"]))
            for row in rows_of(text)
        ]
        assert places == sorted(places)
        assert len(places) == len(set(places))
        assert min(place[4] for place in places) == 0
        assert all("/" not in place[1] for place in places)

    @pytest.mark.parametrize("what", ["clusters", "findings"])
    def test_a_file_holds_what_stdout_shows_and_its_ending_picks_the_form(
        self, office: Shell, tmp_path: Path, what: str
    ) -> None:
        table, lines = tmp_path / "x.csv", tmp_path / "x.jsonl"
        assert office("export", what, "--out", table).out == ""
        assert table.read_text("utf-8") == office("export", what).out
        office("export", what, "--out", lines)
        bodies = [json.loads(line) for line in lines.read_text("utf-8").splitlines()]
        assert len(bodies) == len(rows_of(table.read_text("utf-8")))
        assert office("export", what, "--format", "jsonl").out == lines.read_text("utf-8")
        assert office("export", what, "--json").json == bodies

    def test_findings_name_their_rule_subject_and_basis(self, office: Shell) -> None:
        rows = rows_of(office("export", "findings").out)
        assert [row["id"] for row in rows] == sorted(row["id"] for row in rows)
        for row in rows:
            assert row["rule"].startswith("R")
            assert row["subject"].startswith("s-")
            assert row["name"]
            assert row["basis"]
            assert row["kind"] in {"restriction", "attention", "conditional", "suspected"}
            assert row["records"]


class TestCheck:
    """A question about a subject."""

    def test_the_answer_has_the_promised_parts(self, office: Shell) -> None:
        told = office("check", "91520201XX0001011N", *AS_OF, "--json")
        assert told.code == 1
        assert set(told.json) >= {"subject", "own", "linked", "historical", "coverage"}
        source = told.json["coverage"]["sources"][0]
        assert set(source) == {"source", "department", "rows", "data_date", "stale"}

    def test_a_subject_id_finds_the_same_as_its_code(self, office: Shell) -> None:
        by_code = office("check", "91520201XX0001011N", *AS_OF, "--json").json
        by_id = office("check", by_code["subject"]["id"], *AS_OF, "--json").json
        assert by_id == by_code

    def test_the_day_asked_about_decides(self, office: Shell) -> None:
        before = office("check", "520201186511089850", "--as-of", "2026-02-09", "--json")
        assert (before.code, before.json["own"]) == (0, [])
        after = office("check", "520201186511089850", "--as-of", "2029-02-11", "--json")
        assert (after.code, after.json["own"]) == (0, [])
        last = office("check", "520201186511089850", "--as-of", "2029-02-10", "--json")
        assert (last.code, last.json["own"][0]["rule"]) == (1, "R18")

    @pytest.mark.parametrize("query", ["", "  "])
    def test_an_empty_query_is_no_clean_bill(self, office: Shell, query: str) -> None:
        told = office("check", query, "--json")
        assert (told.code, told.json["error"]["code"]) == (2, "E605")

    def test_the_only_bearer_of_a_name_is_not_picked_either(
        self, shell: Shell, tmp_path: Path
    ) -> None:
        row = "CF_XDR_MC,CF_XDR_LB,CF_WSH\n阿西·木加,自然人,1号\n"
        shell("load", write(tmp_path / "a.csv", row))
        shell("resolve")
        told = shell("check", "阿西·木加", "--json")
        assert (told.code, told.json["subject"]) == (1, None)
        assert [hit["name"] for hit in told.json["candidates"]] == ["阿西·木加"]

    def test_it_says_when_loads_wait(self, shell: Shell, tmp_path: Path) -> None:
        shell("load", write(tmp_path / "a.csv", "CF_XDR_MC,CF_WSH\n贵州甲有限公司,1号\n"))
        waiting = shell("check", "贵州甲有限公司", "--json").json["coverage"]["waiting"]
        assert waiting == ["resolve", "propagate"]
        assert "creditgraph resolve" in shell("check", "贵州甲有限公司").talk
        shell("resolve")
        assert shell("status", "--json").json["stale"] == ["propagate"]
        shell("propagate")
        assert shell("status", "--json").json["stale"] == []
        assert shell("check", "贵州甲有限公司").talk == ""


class TestSimulate:
    """A hand-written case, no store."""

    def test_a_case_with_findings_ends_with_1(self, shell: Shell) -> None:
        case = next((GOLDEN / "R18").glob("fires*.case.json"))
        told = shell("simulate", case, *AS_OF)
        assert told.code == 1
        assert "R18" in {each["rule"] for each in told.json["findings"]}
        assert not shell.store.exists()
        assert not (shell.folder / "key").exists()

    def test_a_case_nothing_follows_from_ends_with_0(self, shell: Shell, tmp_path: Path) -> None:
        told = shell("simulate", write(tmp_path / "nothing.json", "{}"), *AS_OF)
        assert (told.code, told.json["findings"]) == (0, [])

    @pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"subjects": 7}', "[" * 10**5])
    def test_a_broken_case_is_bad_data(self, shell: Shell, tmp_path: Path, text: str) -> None:
        told = shell("simulate", write(tmp_path / "case.json", text))
        assert told.code == 3
        assert told.json["error"]["fix"]

    def test_a_case_that_is_not_there_is_bad_data_too(self, shell: Shell, tmp_path: Path) -> None:
        for path in (tmp_path, tmp_path / "nowhere.json"):
            told = shell("simulate", path)
            assert (told.code, told.json["error"]["code"]) == (3, "E430")


class TestOptions:
    """Options every command shares."""

    @pytest.mark.parametrize("before", [True, False])
    def test_store_and_language_stand_before_or_after_the_verb(
        self, office: Shell, shell: Shell, before: bool
    ) -> None:
        options = ("--store", f"sqlite:///{office.store}", "--lang", "en")
        words = (*options, "status") if before else ("status", *options)
        # The store of the options is opened with the key of the environment, which is another.
        (shell.folder / "key").write_bytes((office.folder / "key").read_bytes())
        (shell.folder / "key").chmod(0o600)
        told = shell(*words)
        assert told.code == 0
        assert str(office.store) in told.out
        assert told.out.startswith("store: ")
        assert not shell.store.exists()

    def test_the_one_after_the_verb_wins(self, shell: Shell, tmp_path: Path) -> None:
        near, far = tmp_path / "near.db", tmp_path / "far.db"
        assert shell("--store", far, "status", "--store", near, "--json").json["store"] == str(near)
        assert not far.exists()

    def test_a_store_of_another_key_is_refused(self, office: Shell, shell: Shell) -> None:
        told = shell("status", "--store", office.store, "--json")
        assert (told.code, told.json["error"]["fix"] != "") == (4, True)

    @pytest.mark.parametrize(
        "words",
        [("generate", "--subjects", "100", "--out"), ("demo", "--out")],
        ids=["generate", "demo"],
    )
    def test_a_folder_that_cannot_be_made_is_told(
        self, shell: Shell, tmp_path: Path, words: tuple[str, ...]
    ) -> None:
        told = shell(*words, write(tmp_path / "file", "a file is no folder") / "x")
        assert told.code == 2
        assert told.talk.startswith("E123")


def test_generate_says_what_it_wrote_and_overwrites_nothing(shell: Shell, tmp_path: Path) -> None:
    told = shell("generate", "--subjects", 100, "--seed", 3, "--out", tmp_path / "d", "--json")
    assert told.code == 0
    assert all(Path(path).is_file() for path in told.json["files"])
    with Path(told.json["truth"]).open(encoding="utf-8") as stream:
        assert stream.readline().strip() == "source,file,row,role,ordinal,entity"
    again = shell("generate", "--subjects", 100, "--seed", 3, "--out", tmp_path / "d", "--json")
    assert (again.code, again.json["error"]["code"]) == (2, "E802")


def test_a_withdrawn_batch_loaded_again_restores_everything(
    copied: Callable[[], Shell], district: Path
) -> None:
    shell = copied()
    before = [shell("export", what).out for what in ("clusters", "findings")]
    batches: list[dict[str, Any]] = shell("batch", "list", "--json").json["batches"]
    wages = next(each for each in batches if each["source"] == "wage_arrears")
    shown = shell("batch", "show", wages["batch"], "--json").json
    assert wages.items() <= shown.items()
    shell("batch", "withdraw", wages["batch"])
    assert "wage_arrears" not in shell("export", "clusters").out
    assert shell("batch", "withdraw", wages["batch"]).code == 2
    shell("load", district / "files" / wages["file"])
    shell("resolve")
    shell("propagate")
    assert [shell("export", what).out for what in ("clusters", "findings")] == before


def test_one_mended_row_of_a_batch_is_counted_and_its_refusal_gone(
    copied: Callable[[], Shell], tmp_path: Path
) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    shell = copied()
    file = write(tmp_path / "one.csv", "CF_XDR_MC,CF_WSH\n,77号\n,78号\n")
    batch = shell("load", file, "--json").json["files"][0]["batches"][0]
    book = tmp_path / "refused.xlsx"
    told = shell("export", "refused", "--batch", batch, "--out", book, "--json")
    assert (told.code, told.json["rows"], told.json["codes"]) == (0, 2, {"E311": 2})
    workbook = openpyxl.load_workbook(book)
    sheet = workbook.worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    sheet.cell(2, heads.index("CF_XDR_MC") + 1).value = "贵州补名有限公司"
    sheet.delete_rows(3)
    workbook.save(book)
    loaded = shell("load", book, "--json")
    entry = loaded.json["files"][0]
    assert (loaded.code, entry["accepted"], entry["mended"], entry["error"]) == (0, 1, 1, None)
    assert len(shell("batch", "show", batch, "--json").json["refused_rows"]) == 1
    assert shell("batch", "show", entry["batches"][0], "--json").json["mended"] == 1
    shell("resolve")
    assert shell("check", "贵州补名有限公司", "--json").json["subject"] is not None
