"""What a CASE.json may not hold is refused by place, never with a crash."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.errors import DataError
from graph.sanctions.case import read_case, simulate
from graph.texts import explain
from tests.unit.test_case import AS_OF, BOOK, changed


@pytest.mark.parametrize(
    ("change", "code", "where"),
    [
        pytest.param(lambda c: c.update(extra=[]), "E752", "extra", id="top-key"),
        pytest.param(
            lambda c: c["subjects"][0].update(age=3), "E752", "subjects[0].age", id="subject-key"
        ),
        pytest.param(
            lambda c: c["relations"][0].update(record="r"),
            "E752",
            "relations[0].record",
            id="relation-key",
        ),
        pytest.param(
            lambda c: c["listings"][0].update(events=[]),
            "E752",
            "listings[0].events",
            id="listing-key",
        ),
        pytest.param(
            lambda c: c["listings"][0]["facts"].update(mood="bad"),
            "E752",
            "listings[0].facts.mood",
            id="fact",
        ),
        pytest.param(lambda c: c["bids"][0].update(price=1), "E752", "bids[0].price", id="bid-key"),
        pytest.param(
            lambda c: c["subjects"][0].pop("id"), "E753", "subjects[0].id", id="id-missing"
        ),
        pytest.param(
            lambda c: c["subjects"][0].update(id=7), "E751", "subjects[0].id", id="id-number"
        ),
        pytest.param(
            lambda c: c["subjects"][0].update(kind="robot"),
            "E754",
            "subjects[0].kind",
            id="subject-kind",
        ),
        pytest.param(
            lambda c: c["subjects"][0].update(kind=["person"]),
            "E751",
            "subjects[0].kind",
            id="kind-list",
        ),
        pytest.param(
            lambda c: c["subjects"][0].update(identity="sure"),
            "E754",
            "subjects[0].identity",
            id="identity",
        ),
        pytest.param(
            lambda c: c["subjects"][0].update(name=7), "E751", "subjects[0].name", id="name-number"
        ),
        pytest.param(
            lambda c: c["subjects"][0].update(id="\ud800"),
            "E751",
            "subjects[0].id",
            id="lone-surrogate",
        ),
        pytest.param(
            lambda c: c["subjects"].append(c["subjects"][0]),
            "E756",
            "subjects[4].id",
            id="subject-twice",
        ),
        pytest.param(
            lambda c: c["relations"][0].update(type="friend"),
            "E754",
            "relations[0].type",
            id="relation-type",
        ),
        pytest.param(
            lambda c: c["relations"][0].update({"from": "nobody"}),
            "E757",
            "relations[0].from",
            id="unknown-end",
        ),
        pytest.param(
            lambda c: c["relations"][0].update(since="2020-1-1"),
            "E755",
            "relations[0].since",
            id="date-form",
        ),
        pytest.param(
            lambda c: c["relations"][0].update(since="2020-02-30"),
            "E755",
            "relations[0].since",
            id="date-impossible",
        ),
        pytest.param(
            lambda c: c["relations"][0].update(since=20200101),
            "E755",
            "relations[0].since",
            id="date-number",
        ),
        pytest.param(
            lambda c: c["relations"][0].update(until="2019-12-31"),
            "E759",
            "relations[0].until",
            id="ends-before-it-begins",
        ),
        pytest.param(
            lambda c: c["relations"][1].update(share=51), "E758", "relations[1].share", id="percent"
        ),
        pytest.param(
            lambda c: c["relations"][1].update(share=True), "E758", "relations[1].share", id="bool"
        ),
        pytest.param(
            lambda c: c["relations"][1].update(share=float("nan")),
            "E758",
            "relations[1].share",
            id="nan",
        ),
        pytest.param(
            lambda c: c["relations"][1].update(share=10**400),
            "E758",
            "relations[1].share",
            id="huge",
        ),
        pytest.param(
            lambda c: c["listings"][0].update(kind="bad_mood"),
            "E754",
            "listings[0].kind",
            id="listing-kind",
        ),
        pytest.param(
            lambda c: c["listings"][0].update(status="done"),
            "E754",
            "listings[0].status",
            id="status",
        ),
        pytest.param(
            lambda c: c["listings"][0].update(named=["nobody"]),
            "E757",
            "listings[0].named",
            id="named-nobody",
        ),
        pytest.param(
            lambda c: c["listings"][0].update(named="an"),
            "E751",
            "listings[0].named",
            id="named-text",
        ),
        pytest.param(
            lambda c: c["listings"][0]["facts"].update(large_debt="yes"),
            "E751",
            "listings[0].facts.large_debt",
            id="debt-text",
        ),
        pytest.param(
            lambda c: c["listings"][0]["facts"].update(amount_fen=True),
            "E751",
            "listings[0].facts.amount_fen",
            id="amount-bool",
        ),
        pytest.param(
            lambda c: c["listings"].append(c["listings"][0]),
            "E756",
            "listings[1].id",
            id="listing-twice",
        ),
        pytest.param(
            lambda c: c["bids"][0].update(bidder="nobody"), "E757", "bids[0].bidder", id="bidder"
        ),
        pytest.param(lambda c: c.update(bids={}), "E751", "bids", id="bids-no-list"),
        pytest.param(lambda c: c.update(bids=["x"]), "E751", "bids[0]", id="bid-no-object"),
    ],
)
def test_what_is_outside_the_contract_is_refused_by_name(
    change: Callable[[dict[str, Any]], object], code: str, where: str
) -> None:
    with pytest.raises(DataError) as refused:
        read_case(changed(change))
    assert (refused.value.code, refused.value.where) == (code, where)
    assert explain(refused.value, "zh").fix
    assert explain(refused.value, "en").fix


@pytest.mark.parametrize("data", [None, [], "x", 3, True])
def test_a_document_that_is_no_object_is_refused(data: object) -> None:
    with pytest.raises(DataError, match="E751"):
        read_case(data)


# JSON text may hold lone surrogates, which no file can.
texts = st.text(st.characters(exclude_categories=())) | st.text(max_size=3)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner) | st.dictionaries(texts, inner),
    max_leaves=8,
)


@settings(deadline=None)
@given(
    st.sampled_from(["subjects", "relations", "listings", "bids"]),
    st.sampled_from(["id", "kind", "since", "share", "facts", "named", "lot", "status", "to"]),
    json_values,
)
def test_no_json_document_is_answered_with_a_crash(part: str, key: str, value: object) -> None:
    for case in (value, {part: value}, changed(lambda case: case[part][0].update({key: value}))):
        try:
            simulate(read_case(case), BOOK, AS_OF)
        except DataError:
            continue
