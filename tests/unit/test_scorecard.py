"""Reading scorecards, and refusing bad ones by file, key and reason."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import yaml

from graph.errors import DataError
from graph.texts import explain
from resolvers.link import link
from resolvers.scorecard import FeatureSpec, Rarity
from resolvers.scorecard_reader import read_scorecard, shipped
from tests.unit.tables import CARD, crowd

_GOOD = {
    "scorecard": "people",
    "version": 1,
    "key": "id",
    "fields": {"name": "lower(full_name)", "town": "town"},
    "features": {
        "name": {"compare": "similar", "by": "jaro_winkler", "steps": [0.8, 0.9]},
        "town": {"compare": "exact", "rarity": {"steps": [4, 8], "since": 2}},
    },
    "blocking": {"name": {"by": ["name"], "then": ["town"], "limit": 50}},
    "limits": {"connect": -2, "review": -1, "merge": 3},
}


def _file(folder: Path, **changes: object) -> Path:
    content = {key: value for key, value in (_GOOD | changes).items() if value is not None}
    file = folder / "people.yaml"
    file.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return file


def test_a_scorecard_is_read_whole(tmp_path: Path) -> None:
    card = read_scorecard(_file(tmp_path))
    assert [spec.name for spec in card.features] == ["name", "town"]
    assert card.features[1].rarity is not None
    assert card.blocking[0].then == ("town",)
    assert card.limits.merge == 3


def test_the_digest_follows_the_content_not_the_layout(tmp_path: Path) -> None:
    first = read_scorecard(_file(tmp_path)).digest
    file = _file(tmp_path)
    file.write_text("# a remark\n" + file.read_text(encoding="utf-8"), encoding="utf-8")
    assert read_scorecard(file).digest == first
    assert read_scorecard(_file(tmp_path, version=2)).digest != first


@pytest.mark.parametrize("name", ["febrl3", "febrl4", "historical_50k", "register_mentions"])
def test_those_shipped_are_sound(name: str) -> None:
    assert read_scorecard(shipped(name)).name == name


@pytest.mark.parametrize(
    ("changes", "code", "where"),
    [
        pytest.param({"weights": 1}, "E852", "weights", id="unknown key"),
        pytest.param({"key": None}, "E853", "key", id="key missing"),
        pytest.param({"version": "one"}, "E854", "version", id="wrong type"),
        pytest.param({"vetoes": ["code"]}, "E854", "vetoes", id="veto on no field"),
        pytest.param({"limits": {"merge": 1}}, "E853", "limits: connect", id="limit missing"),
        pytest.param(
            {"limits": {"connect": 0, "review": 5, "merge": 1}},
            "E854",
            "limits: review",
            id="review above merge",
        ),
        pytest.param(
            {"features": {"name": {"compare": "magic"}}},
            "E854",
            "features.name: compare",
            id="comparator",
        ),
        pytest.param(
            {"features": {"name": {"compare": "dates"}}},
            "E853",
            "features.name: years",
            id="option missing",
        ),
        pytest.param(
            {"features": {"name": {"compare": "prefix", "steps": [3, 2]}}},
            "E854",
            "features.name: steps",
            id="steps fall",
        ),
        pytest.param(
            {"features": {"age": {"compare": "exact"}}},
            "E854",
            "features.age: column",
            id="no such field",
        ),
        pytest.param(
            {"blocking": {"name": {"by": []}}}, "E854", "blocking.name: by", id="empty key"
        ),
        pytest.param({"fields": ["name"]}, "E854", "fields", id="list for mapping"),
    ],
)
def test_a_fault_names_file_key_and_reason(
    tmp_path: Path, changes: dict[str, object], code: str, where: str
) -> None:
    with pytest.raises(DataError) as told:
        read_scorecard(_file(tmp_path, **changes))
    assert told.value.code == code
    assert told.value.where == f"people.yaml: {where}"
    for lang in ("zh", "en"):
        assert "{" not in explain(told.value, lang).what


def test_no_yaml_is_said(tmp_path: Path) -> None:
    file = tmp_path / "people.yaml"
    file.write_text("a: [", encoding="utf-8")
    with pytest.raises(DataError, match="E851"):
        read_scorecard(file)


def test_what_is_said_of_a_level_holds_for_all_parts_rarity_makes_of_it() -> None:
    spec = FeatureSpec("town", "town", "exact", {}, Rarity((4.0, 8.0), 2))
    assert spec.own(np.arange(8)).tolist() == [0, 1, 2, 2, 2, 3, 3, 3]
    plain = FeatureSpec("town", "town", "exact", {}, None)
    assert plain.own(np.arange(4)).tolist() == [0, 1, 2, 3]


def test_doubted_pairs_are_shown_and_never_merged() -> None:
    table, _ = crowd(60, seed=2)
    first = link(table, CARD, seed=1)
    doubted = tuple(
        replace(spec, doubts=(2,)) if spec.name == "town" else spec for spec in CARD.features
    )
    found = link(table, replace(CARD, features=doubted), seed=1, model=first.model)
    towns = dict(zip(table["id"].to_pylist(), table["town"].to_pylist(), strict=True))
    told = [towns[key] for key in found.keys.to_pylist()]
    merged = [(a, b) for b, a in enumerate(found.cluster.tolist()) if a != b]
    assert all(told[a] != told[b] or told[a] is None for a, b in merged)
    assert np.array_equal(found.review, first.review)
    assert len(np.unique(found.cluster)) > len(np.unique(first.cluster))
