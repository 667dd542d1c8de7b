"""A table and a scorecard in, clusters out."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from graph.errors import DataError
from resolvers.evaluate import quality
from resolvers.link import link
from resolvers.model import read_model, write_model
from tests.unit.tables import CARD, crowd


def _truth(table: pa.Table, truth: list[int]) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    order = np.argsort(np.array(table.column("id").to_pylist()))
    return np.array(truth)[order]


def test_people_are_found_again_without_labels() -> None:
    table, truth = crowd(400, seed=1)
    found = link(table, CARD, seed=7)
    measured = quality(found.cluster, _truth(table, truth))
    assert measured.f1 is not None
    assert measured.f1 > 0.9
    assert measured.precision.low > 0.9


def test_weights_are_learned_as_counted_with_the_truth_known() -> None:
    """EM sees no labels, yet comes close to what labels would say."""
    table, truth = crowd(600, seed=2)
    found = link(table, CARD, seed=7)
    known = _truth(table, truth)
    same = known[found.left] == known[found.right]
    expected = 1 / (1 + np.exp2(-found.bits))
    assert expected.sum() == pytest.approx(same.sum(), rel=0.1)


def test_the_same_seed_gives_the_same_model_to_the_bit_and_another_seed_does_not() -> None:
    table, _ = crowd(120, seed=3)
    one, again, other = (write_model(link(table, CARD, seed).model) for seed in (1, 1, 2))
    assert one == again
    assert one != other


def test_a_model_survives_its_file_to_the_bit_and_gives_the_same_clusters() -> None:
    table, _ = crowd(120, seed=4)
    first = link(table, CARD, seed=1)
    model = read_model(write_model(first.model), CARD.digest, "model.json")
    assert model == first.model
    second = link(table, CARD, seed=99, model=model)
    assert np.array_equal(first.bits, second.bits)
    assert np.array_equal(first.cluster, second.cluster)


def test_a_model_of_another_scorecard_is_refused() -> None:
    table, _ = crowd(60, seed=5)
    text = write_model(link(table, CARD, seed=1).model)
    with pytest.raises(DataError, match="E862"):
        read_model(text, replace(CARD, version=2).digest, "model.json")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 2}', '{"format": 1, "rates": 3}'])
def test_what_is_no_model_is_refused(text: str) -> None:
    with pytest.raises(DataError, match="E861"):
        read_model(text, CARD.digest, "model.json")


def test_an_expression_that_does_not_fit_is_named() -> None:
    table, _ = crowd(5, seed=6)
    card = replace(CARD, fields={**CARD.fields, "town": "upper(city)"})
    with pytest.raises(DataError, match="E855") as told:
        link(table, card, seed=1)
    assert told.value.where == "people: fields.town"


def test_rows_without_a_name_of_their_own_are_refused() -> None:
    table, _ = crowd(5, seed=6)
    with pytest.raises(DataError, match="E856"):
        link(pa.concat_tables([table, table]), CARD, seed=1)


@pytest.mark.parametrize("rows", [0, 1, 2])
def test_small_tables(rows: int) -> None:
    table, _ = crowd(5, seed=6)
    found = link(table.slice(0, rows), CARD, seed=1)
    assert len(found.cluster) == rows


def test_a_column_nobody_fills_says_nothing() -> None:
    table, truth = crowd(200, seed=8)
    empty = pa.nulls(table.num_rows, pa.string())
    found = link(table.set_column(table.column_names.index("town"), "town", empty), CARD, seed=1)
    assert all(np.isfinite(rates.bits).all() for rates in found.model.rates.values())
    measured = quality(found.cluster, _truth(table, truth))
    assert measured.precision.value is not None
    assert measured.precision.value > 0.9


def test_only_rows_of_two_sources_meet() -> None:
    table, _ = crowd(100, seed=9)
    side = pa.array(["ab"[number % 2] for number in range(table.num_rows)])
    found = link(table.append_column("side", side), replace(CARD, apart="side"), seed=1)
    order = np.argsort(np.array(table.column("id").to_pylist()))
    sides = np.array(side.to_pylist())[order]
    for first in np.unique(found.cluster):
        members = sides[found.cluster == first]
        assert len(members) == len(set(members))
    assert len(np.unique(found.cluster)) < len(found.cluster)
