"""What readers ask the server has a twin that reads a past moment, wherever time changes it."""

import re
from importlib.resources import files

import pytest

from graph.store.neo4j_.statements import statement, statement_then

READ_BY_ASKERS = ("answers", "evidence", "facts", "judgements")
ASKED_OF_NOW_ALONE = {"batch_by_uid", "changes", "judgement_uids"}
CHANGING = re.compile(r"RESOLVED_TO|:Judgement|\.(recorded_to|withdrawn_at|loaded_at|state)\b")
WRITING = re.compile(r"\b(CREATE|MERGE|SET|DELETE)\b")


def names(file: str) -> list[str]:
    text = files("graph.store.neo4j_").joinpath("cypher", f"{file}.cypher").read_text("utf-8")
    return re.findall(r"^// name: (\w+)$", text, re.MULTILINE)


def asked() -> list[str]:
    found = [name for file in READ_BY_ASKERS for name in names(file)]
    return [name for name in found if not WRITING.search(statement(name))]


@pytest.mark.parametrize("name", sorted(set(asked()) - ASKED_OF_NOW_ALONE))
def test_what_changes_in_time_has_a_twin_of_the_same_columns(name: str) -> None:
    now, then = statement(name), statement_then(name)
    if CHANGING.search(now):
        assert then != now
    if then != now:
        assert "$known_at" in then or name == "search_reach"
        assert "RESOLVED_TO" not in then or "WAS_RESOLVED_TO" in then


def test_every_twin_is_the_twin_of_a_statement() -> None:
    twins = [
        name for file in ("past_answers", "past_evidence", "past_facts") for name in names(file)
    ]
    assert twins
    for twin in twins:
        assert statement_then(twin.removesuffix("_then")) == statement(twin)
