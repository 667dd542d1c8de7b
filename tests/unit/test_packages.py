"""What is installed and imported is ours, and imports run one way."""

import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", ["graph", "resolvers", "loaders", "api"])
def test_no_other_distribution_brings_a_package_of_our_name(name: str) -> None:
    # An editable install lists no packages; a foreign one always does.
    assert set(packages_distributions().get(name, [])) <= {"creditgraph"}


def test_imports_run_one_way() -> None:
    run = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout.decode()


def test_the_command_line_starts_without_development_tools() -> None:
    blocked = "['pytest', 'hypothesis', 'networkx', 'stdnum', 'openpyxl', 'mypy']"
    code = f"import sys\nfor name in {blocked}: sys.modules[name] = None\nimport api.cli"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_lock_files_pin_by_hash_and_name_no_host(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    pinned = [line for line in text.splitlines() if line and line[0].isalnum()]
    assert all("==" in line for line in pinned)
    assert text.count("--hash=sha256:") >= len(pinned)
