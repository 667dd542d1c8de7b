"""Errors as answers: what is the administrator's matter is not told to callers."""

import pytest

from api.service.problems import problem_body, status_of
from graph.errors import QueryError, StoreError

PLACE = "db.office.example:7687"
REASONS = [
    StoreError("E521", where=f"neo4j://{PLACE}", reason=f"Couldn't connect to {PLACE}"),
    StoreError("E503", where="/srv/store.db", reason=f"locked by {PLACE}"),
    StoreError("E508", where="/srv/store.db", reason=f"disk I/O error at {PLACE}"),
]


@pytest.mark.parametrize("error", REASONS, ids=lambda error: error.code)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_a_store_says_of_itself_is_not_told(error: StoreError, lang: str) -> None:
    body = problem_body(error, "en" if lang == "en" else "zh")
    assert PLACE not in str(body)
    assert "srv" not in str(body)
    assert (body["where"], body["why"]) == ("", "")
    assert body["code"] == error.code
    assert body["what"]
    assert body["fix"]
    assert status_of(error) == 503


def test_a_reason_that_names_nothing_is_told() -> None:
    assert problem_body(StoreError("E509", where=PLACE), "en")["why"]
    assert problem_body(QueryError("E603", where="s-1"), "en")["where"] == "s-1"
