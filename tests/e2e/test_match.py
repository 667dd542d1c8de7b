"""The match command: any table in, clusters, pairs, a model and measures out."""

import csv
import json
from pathlib import Path

import pytest

from tests.e2e.conftest import Shell
from tests.unit.tables import crowd

CARD = """
scorecard: crowd
version: 1
key: id
fields: {given: given, last: last, birth: birth, town: town}
features:
  given: {compare: edits, by: damerau, steps: [0, 1]}
  last: {compare: edits, by: damerau, steps: [0, 1]}
  birth: {compare: dates, years: 5}
  town: {compare: exact}
blocking:
  names: {by: [last, given]}
  birth: {by: [birth]}
  last_town: {by: [last, town]}
limits: {connect: -2, review: -6, merge: 0, largest: 100}
sample: 5000
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    rows, truth = crowd(150, seed=4)
    file = tmp_path / "crowd.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([*rows.column_names, "who"])
        cells = zip(*(column.to_pylist() for column in rows.columns), strict=True)
        writer.writerows([*row, who] for row, who in zip(cells, truth, strict=True))
    (tmp_path / "crowd.yaml").write_text(CARD, encoding="utf-8")
    return file


def _read(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_clusters_pairs_and_measures(shell: Shell, table: Path, tmp_path: Path) -> None:
    card, out, pairs = tmp_path / "crowd.yaml", tmp_path / "out.csv", tmp_path / "pairs.csv"
    options = ("--scorecard", card, "--out", out, "--pairs", pairs, "--truth", "who")
    told = shell("match", table, *options, "--json")
    assert told.code == 0
    rows = _read(out)
    assert list(rows[0]) == ["id", "cluster", "review"]
    assert [row["id"] for row in rows] == sorted(row["id"] for row in _read(table))
    assert told.json["rows"] == len(rows)
    assert told.json["clusters"] == len({row["cluster"] for row in rows})
    assert told.json["pairwise"]["f1"] > 0.9
    low, high = told.json["pairwise"]["precision_interval"]
    assert low <= told.json["pairwise"]["precision"] <= high
    recalls = told.json["key_recall"]
    assert max(recalls["names"], recalls["birth"]) <= recalls["*"] <= 1
    wrong = [each["pairwise"]["wrong"] for each in told.json["thresholds"]]
    assert wrong == sorted(wrong, reverse=True)
    cluster = {row["id"]: row["cluster"] for row in rows}
    for pair in _read(pairs):
        assert (pair["merged"] == "1") == (cluster[pair["left"]] == cluster[pair["right"]])


def test_a_model_is_written_once_and_used_again(shell: Shell, table: Path, tmp_path: Path) -> None:
    card, model = tmp_path / "crowd.yaml", tmp_path / "model.json"
    outs = [tmp_path / f"{name}.csv" for name in ("first", "again")]
    shell("match", table, "--scorecard", card, "--out", outs[0], "--model", model)
    text = model.read_bytes()
    asked = ("match", table, "--scorecard", card, "--out", outs[1], "--model", model, "--seed", "9")
    assert shell(*asked).code == 0
    assert model.read_bytes() == text
    assert outs[0].read_bytes() == outs[1].read_bytes()
    assert json.loads(text)["scorecard"] == "crowd"
    card.write_text(CARD.replace("years: 5", "years: 6"), encoding="utf-8")
    refused = shell(*asked)
    assert (refused.code, "E862" in refused.talk) == (3, True)


@pytest.mark.parametrize(
    ("options", "code", "exit_code"),
    [
        (("--scorecard", "nothing"), "E857", 2),
        (("--scorecard", "febrl3"), "E855", 3),
        (("--scorecard", "{card}", "--truth", "nobody"), "E858", 2),
    ],
)
def test_mistakes_are_told(
    shell: Shell, table: Path, tmp_path: Path, options: tuple[str, ...], code: str, exit_code: int
) -> None:
    words = [word.format(card=tmp_path / "crowd.yaml") for word in options]
    told = shell("match", table, "--out", tmp_path / "out.csv", *words)
    assert (told.code, told.out) == (exit_code, "")
    assert code in told.talk
    assert not (tmp_path / "out.csv").exists()


def test_an_empty_table_is_refused(shell: Shell, tmp_path: Path) -> None:
    table = tmp_path / "empty.csv"
    table.write_bytes(b"")
    told = shell("match", table, "--scorecard", "febrl3", "--out", tmp_path / "out.csv")
    assert (told.code, "E859" in told.talk) == (3, True)
