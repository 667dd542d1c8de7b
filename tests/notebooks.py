"""Runs the notebooks: `python -m tests.notebooks OUT` writes them with their outputs into OUT."""

import sys
from pathlib import Path

import jupytext
import nbformat
from nbclient import NotebookClient

__all__ = ["FOLDER", "run"]

FOLDER = Path(__file__).parents[1] / "notebooks"
_SECONDS_PER_CELL = 120


def run(path: Path) -> nbformat.NotebookNode:
    """Return a notebook executed in a fresh kernel; a cell that fails raises."""
    book = jupytext.read(path)
    client = NotebookClient(book, timeout=_SECONDS_PER_CELL, kernel_name="python3")
    return client.execute(cwd=str(path.parent))


def main(out: Path) -> None:
    """Run every notebook and write it as .ipynb."""
    out.mkdir(parents=True, exist_ok=True)
    for path in sorted(FOLDER.glob("*.py")):
        target = out / f"{path.stem}.ipynb"
        text: str = nbformat.writes(run(path))  # type: ignore[no-untyped-call]
        target.write_text(text, encoding="utf-8")
        print(target)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
