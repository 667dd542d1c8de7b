"""What a person sees who makes a mistake: a code, a reason, a cure, an exit code, no trace."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.conftest import Shell


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_an_unknown_file_is_refused_whole_and_the_nearest_feed_named(
    shell: Shell, tmp_path: Path
) -> None:
    file = write(tmp_path / "x.csv", "CF_XDR_MC,CF_JDRQ,别的\n甲,2026-01-01,1\n")
    told = shell("load", file, "--json")
    assert told.code == 3
    entry = told.json["files"][0]
    assert (entry["read"], entry["accepted"], entry["refused"], entry["repeated"]) == (0, 0, 0, 0)
    assert set(entry["error"]) == {"code", "what", "where", "why", "fix"}
    assert "penalty_v2" in str(entry["error"])
    assert entry["error"]["fix"]


def test_a_path_that_does_not_exist_is_an_entry_with_an_error(shell: Shell, tmp_path: Path) -> None:
    good = write(tmp_path / "good.csv", "CF_XDR_MC,CF_WSH\n贵州甲有限公司,1号\n")
    told = shell("load", tmp_path / "nowhere.csv", good, "--json")
    assert told.code == 3
    by_name = {Path(entry["file"]).name: entry for entry in told.json["files"]}
    assert by_name["nowhere.csv"]["error"]["code"] == "E201"
    assert by_name["good.csv"]["accepted"] == 1


def test_a_header_alone_is_no_error(shell: Shell, tmp_path: Path) -> None:
    told = shell("load", write(tmp_path / "x.csv", "CF_XDR_MC,CF_WSH\n"), "--json")
    assert told.code == 0
    assert (told.json["files"][0]["read"], told.json["files"][0]["error"]) == (0, None)


def test_a_number_cell_of_an_identifier_is_refused_with_its_cure(
    shell: Shell, tmp_path: Path
) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["CF_XDR_MC", "CF_XDR_SHXYM", "CF_WSH"])
    book.active.append(["贵州甲有限公司", 915202010000000000, "1号"])
    book.active.append(["贵州乙有限公司", "5.20201E+17", "2号"])
    book.save(tmp_path / "x.xlsx")
    told = shell("load", tmp_path / "x.xlsx", "--json")
    assert told.code == 1
    entry = told.json["files"][0]
    assert (entry["read"], entry["accepted"], entry["refused"]) == (2, 1, 1)
    batch = shell("batch", "show", entry["batches"][0], "--json").json
    assert [(row["row"], row["code"]) for row in batch["refused_rows"]] == [(2, "E312")]
    health = shell("quality", "--json").json["sources"][0]["identifiers"]
    assert health["uscc"] == {"truncated": 1}


@pytest.mark.parametrize(
    ("words", "code", "exit_code"),
    [
        pytest.param(("load", "x", "--store", "neo4j://host/x"), "E104", 2, id="server store"),
        pytest.param(("status", "--lang", "fr"), "E101", 2, id="language"),
        pytest.param(("check", "x", "--as-of", "soon"), "E604", 2, id="date"),
        pytest.param(("batch", "withdraw", "nothing"), "E601", 2, id="batch"),
        pytest.param(("export", "clusters", "--format", "pdf"), "E122", 2, id="format"),
        pytest.param(("export", "refused", "--out", "x.csv"), "E121", 2, id="refused as csv"),
        pytest.param(("export", "refused", "--out", "no/x.xlsx"), "E123", 2, id="no folder"),
        pytest.param(("export", "clusters", "--out", "no/x.csv"), "E123", 2, id="no folder, csv"),
    ],
)
def test_a_mistake_has_a_code_a_cure_and_an_exit_code(
    shell: Shell, words: tuple[str, ...], code: str, exit_code: int
) -> None:
    shell("status")
    told = shell(*words)
    assert told.code == exit_code
    assert told.talk.startswith(code)
    assert "处理" in told.talk
    assert "Traceback" not in told.talk


@pytest.mark.parametrize(
    "words",
    ["check 甲", "explain x", "export clusters", "quality", "batch list", "resolve", "propagate"],
)
def test_a_mistyped_store_is_refused_and_not_made(shell: Shell, words: str) -> None:
    told = shell(*words.split(), "--lang", "en")
    assert told.code == 4
    assert told.talk.startswith("E517")
    assert str(shell.store) in told.talk
    assert not shell.store.exists()


def test_a_damaged_store_is_a_backend_error(shell: Shell) -> None:
    shell.store.write_bytes(b"this is not a database, it only looks like a file" * 100)
    told = shell("status", "--json")
    assert told.code == 4
    assert told.json["error"]["code"] == "E505"


def test_simulate_judges_a_case_and_refuses_a_broken_one(shell: Shell, tmp_path: Path) -> None:
    case = next((Path(__file__).parents[1] / "golden" / "R18").glob("*.case.json"))
    told = shell("simulate", case, "--as-of", "2026-11-01")
    assert set(told.json) == {"as_of", "rulebook", "findings", "blocked"}
    broken = write(tmp_path / "broken.json", '{"subject": []}')
    assert shell("simulate", broken).code == 3
    assert shell("simulate", write(tmp_path / "not.json", "{")).json["error"]["code"] == "E430"


def test_pipes_and_gbk_consoles_do_not_crash(tmp_path: Path) -> None:
    environment = os.environ | {
        "CREDITGRAPH_STORE": str(tmp_path / "store.db"),
        "CREDITGRAPH_KEY_FILE": str(tmp_path / "key"),
        "PYTHONIOENCODING": "gbk",
    }
    command = f"{sys.executable} -m api.cli status | head -1; {sys.executable} -m api.cli doctor"
    run = subprocess.run(["bash", "-c", command], env=environment, capture_output=True, check=False)
    assert run.returncode == 0
    assert b"Traceback" not in run.stderr
    assert "通过".encode("gbk") in run.stdout


@pytest.mark.parametrize(
    ("words", "first", "code"),
    [
        pytest.param("export clusters", "source,file,row", 0, id="csv"),
        pytest.param("export findings --format jsonl", '{"id"', 0, id="json lines"),
        pytest.param("check 91520201XX0001011N --json", "{", 1, id="document"),
        pytest.param("batch list", "批次", 0, id="table"),
    ],
)
def test_a_reader_that_leaves_early_changes_neither_exit_code_nor_talk(
    office: Shell, words: str, first: str, code: int
) -> None:
    environment = os.environ | {
        "CREDITGRAPH_STORE": str(office.store),
        "CREDITGRAPH_KEY_FILE": str(office.folder / "key"),
        "PYTHONIOENCODING": "gbk",
    }
    command = f"{sys.executable} -m api.cli {words} | head -1; exit ${{PIPESTATUS[0]}}"
    run = subprocess.run(["bash", "-c", command], env=environment, capture_output=True, check=False)
    assert run.returncode == code
    assert run.stderr == b""
    # Only what is meant for eyes follows the console; data is UTF-8 always.
    shown = run.stdout.decode("gbk" if words == "batch list" else "utf-8")
    assert shown.startswith(first)


def test_an_english_error_is_one_json_document(shell: Shell) -> None:
    shell("status")
    told = shell("explain", "nothing", "--json", "--lang", "en")
    assert json.loads(told.out)["error"]["what"] == "Nothing has this id"
