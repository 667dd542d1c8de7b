"""Long commands stand back behind other work, unless their caller says otherwise."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.conftest import Shell

if sys.platform == "win32":
    pytest.skip("Windows knows no niceness", allow_module_level=True)

pytestmark = pytest.mark.skipif(
    os.getpriority(os.PRIO_PROCESS, 0) != 0, reason="these tests are niced themselves"
)
# Runs a command as the console script does, then says which priority that left it with.
_COMMAND = """
import os, sys
from api.__main__ import main
try:
    main()
finally:
    print(os.getpriority(os.PRIO_PROCESS, 0), file=sys.stderr)
"""


def niceness(folder: Path, *words: str, start: int = 0, nice: str = "") -> int:
    """Return the niceness of a process of its own after it ran a command."""
    environment = os.environ | {
        "CREDITGRAPH_STORE": str(folder / "store.db"),
        "CREDITGRAPH_KEY_FILE": str(folder / "key"),
        "CREDITGRAPH_NICE": nice,
    }
    ended = subprocess.run(
        ["nice", "-n", str(start), sys.executable, "-c", _COMMAND, *words],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return int(ended.stderr.split()[-1])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a store."""
    assert Shell(tmp_path)("status").code == 0
    return tmp_path


@pytest.fixture
def file(folder: Path) -> Path:
    path = folder / "empty"
    path.mkdir()
    return path


def test_load_resolve_and_propagate_stand_back(folder: Path, file: Path) -> None:
    for words in (["load", str(file)], ["resolve"], ["propagate"]):
        assert niceness(folder, *words) == 10, words


def test_who_started_it_may_have_chosen(folder: Path) -> None:
    assert niceness(folder, "resolve", start=3) == 3
    assert niceness(folder, "resolve", nice="0") == 0
    assert niceness(folder, "resolve", nice="19") == 19


def test_a_question_is_answered_at_once(folder: Path) -> None:
    assert niceness(folder, "status") == 0


def test_a_command_run_by_another_process_leaves_that_alone(folder: Path, file: Path) -> None:
    shell = Shell(folder)
    assert json.loads(shell("load", file, "--json").out) == {"files": []}
    assert shell("resolve").code == 0
    assert os.getpriority(os.PRIO_PROCESS, 0) == 0
