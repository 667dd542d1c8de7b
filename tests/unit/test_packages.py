"""What is installed and imported is ours, and imports run one way."""

import re
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, packages_distributions, requires
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


def test_every_module_imports_with_the_declared_dependencies_alone() -> None:
    names = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for package in ("graph", "resolvers", "loaders", "api")
        for path in (ROOT / package).rglob("*.py")
        if ROOT / "api" / "analyst" not in path.parents  # has the extra `notebooks`
    ]
    # What pyarrow, rich and structlog take where it happens to be there.
    code = "import importlib, sys\n"
    code += "for name in ('attr', 'greenlet', 'pandas'): sys.modules[name] = None\n"
    code += f"for name in {names}: importlib.import_module(name)\n"
    code += "print(*{name.partition('.')[0] for name, own in sys.modules.items() if own})"
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    )
    owners = packages_distributions()
    # A development tool may sit in site-packages as a start-up hook; what it loads is its own.
    hooks = subprocess.run(
        [sys.executable, "-c", "import sys; print(*{n.partition('.')[0] for n in sys.modules})"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    needed = _needed("creditgraph")
    # Two distributions may bring one module; that we need one of them is enough.
    foreign = {
        name
        for name in set(run.stdout.split()) - set(hooks.stdout.split())
        if owners.get(name) and not needed & set(map(_plain, owners[name]))
    }
    assert foreign == set()


def _needed(distribution: str) -> set[str]:
    """Return a distribution and everything it needs at run time, extras left out."""
    found: set[str] = set()
    waiting = [distribution]
    while waiting:
        name = _plain(waiting.pop())
        if name in found:
            continue
        try:
            lines = requires(name) or []
        except PackageNotFoundError:  # for another platform
            continue
        found.add(name)
        waiting += [re.split(r"[^\w.-]", line)[0] for line in lines if "extra ==" not in line]
    return found


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


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
