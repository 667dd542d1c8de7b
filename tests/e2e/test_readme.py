"""The commands of both READMEs run, and print what the READMEs show."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
VOLATILE = re.compile(r"s-[0-9a-f]{24}")  # subject ids depend on the installation key


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the demo has run."""
    place = tmp_path_factory.mktemp("readme")
    command = [sys.executable, "-m", "api.cli", "demo"]
    environment = os.environ | {"CREDITGRAPH_KEY_FILE": str(place / "key")}
    subprocess.run(command, cwd=place, env=environment, check=True, capture_output=True)
    return place


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_commands_print_what_the_readme_shows(name: str, folder: Path) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    environment = os.environ | {"CREDITGRAPH_KEY_FILE": str(folder / "key")}
    environment.pop("CREDITGRAPH_LANG", None)
    shown = re.findall(r"```console\n(.*?)```", text, flags=re.S)
    assert len(shown) >= 4
    for block in shown:
        command, expected = "", []
        for line in block.splitlines():
            if line.startswith("$ export "):
                environment |= dict(word.split("=", 1) for word in shlex.split(line[9:]))
            elif line.startswith("$ "):
                command = line[2:]
            else:
                expected.append(line.rstrip())
        words = shlex.split(command)
        assert words[0] == "creditgraph"
        run = subprocess.run(
            [sys.executable, "-m", "api.cli", *words[1:]],
            cwd=folder,
            env=environment,
            capture_output=True,
            check=False,
        )
        printed = VOLATILE.sub("s-", (run.stdout + run.stderr).decode())
        lines = [line.rstrip() for line in printed.splitlines()]
        for line in expected:
            assert VOLATILE.sub("s-", line) in lines, (command, printed)


def test_the_makefile_has_the_two_commands_of_the_readme() -> None:
    assert shutil.which("make")
    listed = subprocess.run(
        ["make", "--no-print-directory", "help"], cwd=ROOT, capture_output=True, check=True
    ).stdout.decode()
    for target in ("demo", "test", "check", "bench"):
        assert f"{target} -" in listed
