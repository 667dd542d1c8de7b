"""Rule files to change and read again."""

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

from graph.sanctions.fields import read_mapping

__all__ = ["Content", "a_folder", "shipped", "write"]

SHIPPED = files("graph") / "sanctions"
Content = dict[str, Any]


def shipped(rule: str) -> Content:
    """Return the content of a shipped rule file, free to be changed."""
    # Through JSON, so that parts shared by a YAML alias become apart.
    content: Content = json.loads(json.dumps(read_mapping(SHIPPED / "rules" / f"{rule}.yaml")))
    return content


def write(folder: Path, rule: str, content: Content) -> None:
    """Write a rule file into a folder; JSON is YAML."""
    text = json.dumps(content, ensure_ascii=False, indent=1)
    (folder / "rules" / f"{rule}.yaml").write_text(text, encoding="utf-8")


def a_folder(root: Path) -> Path:
    """Return a rule folder with the shipped measures and sharing classes and no rules."""
    (root / "rules").mkdir()
    for name in ("measures.yaml", "sharing.yaml"):
        text = (SHIPPED / name).read_text(encoding="utf-8")
        (root / name).write_text(text, encoding="utf-8")
    return root
