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


def parameters(text: str) -> set[str]:
    return set(re.findall(r"\$(\w+)", text))


def columns(text: str) -> int:
    """Return how many values the last RETURN gives."""
    told = text.rpartition("RETURN")[2].partition("ORDER BY")[0]
    while told != (inner := re.sub(r"[(\[{][^()\[\]{}]*[)\]}]", "", told)):
        told = inner
    return told.count(",") + 1


def twins() -> list[str]:
    return [
        name for file in ("past_answers", "past_evidence", "past_facts") for name in names(file)
    ]


@pytest.mark.parametrize("name", sorted(set(asked()) - ASKED_OF_NOW_ALONE))
def test_what_changes_in_time_has_a_twin(name: str) -> None:
    if CHANGING.search(statement(name)):
        assert statement_then(name) != statement(name)


@pytest.mark.parametrize("twin", twins())
def test_a_twin_takes_and_gives_what_its_statement_does(twin: str) -> None:
    name = twin.removesuffix("_then")
    now, then = statement(name), statement(twin)
    assert statement_then(name) == then
    assert "$known_at" in then or name == "search_reach"
    assert "RESOLVED_TO" not in then or "WAS_RESOLVED_TO" in then
    assert columns(then) == columns(now)
    assert parameters(then) <= parameters(now) | {"known_at"}
