"""Every notebook runs on the invented district, offline, and shows what a reader expects."""

import re
from pathlib import Path

import pytest
from nbformat import NotebookNode

from tests import notebooks
from tests.e2e.conftest import Shell

_EXPECTED = {
    "1_subject_and_network": ("R01", "冯丽", "担保人", "shareholder", "0.722"),
    "2_why_the_same": ("91520201XX0001206G", "分支不是总机构", "separate", "t-"),
    "3_rulebook_and_case": ("R02", "personally_responsible", "restriction", "安一 R02"),
    "4_procurement_list": ("same_person_in_charge", "unresolved", "R09 R10 R38", "nothing_found"),
    "5_quality_by_department": ("wage_arrears", "0.5", "人力资源和社会保障局"),
}
_WIDGET = "application/vnd.jupyter.widget-view+json"


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(_EXPECTED))
def test_a_notebook_runs_and_shows(
    name: str, office: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CREDITGRAPH_STORE", str(office.store))
    monkeypatch.setenv("CREDITGRAPH_KEY_FILE", str(office.folder / "key"))
    # What a library tried to fetch would fail here.
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    book = notebooks.run(notebooks.FOLDER / f"{name}.py")
    outputs = [output for cell in book.cells for output in cell.get("outputs", ())]
    assert not [each for each in outputs if each["output_type"] == "error"]
    assert not [each for each in outputs if each.get("name") == "stderr"]
    shown = "\n".join(_texts(outputs))
    for expected in _EXPECTED[name]:
        assert expected in shown
    assert not re.search(r"https?://(?!www\.w3\.org/)", shown)
    assert any(_WIDGET in each.get("data", ()) for each in outputs) is name.startswith("1_")


def test_no_notebook_is_forgotten() -> None:
    assert {path.stem for path in notebooks.FOLDER.glob("*.py")} == set(_EXPECTED)
    folder: Path = notebooks.FOLDER
    assert not list(folder.glob("*.ipynb")), "outputs are made, not committed"


def _texts(outputs: list[NotebookNode]) -> list[str]:
    return [
        str(text)
        for output in outputs
        for text in (*output.get("data", {}).values(), output.get("text", ""))
    ]
