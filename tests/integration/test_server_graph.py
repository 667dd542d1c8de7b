"""docs/GRAPH.md: every query in it is answered; the schema needs the Community Edition only."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import neo4j
import pytest

from api.steps import resolve_store
from graph.model import RELATION_TYPES, SUBJECT_KINDS
from graph.store.address import Server
from graph.store.neo4j_ import Neo4jStore
from graph.store.neo4j_.apply import label_of
from graph.store.neo4j_.statements import migrations, statement
from loaders.synthetic.codes import id_number, uscc
from tests.contract.rows import GROUND, NOW, SEAL, Party, Row, write
from tests.contract.test_findings import body
from tests.support.fixtures import asked, emptied, given_server

GUIDE = Path(__file__).parents[2] / "docs" / "GRAPH.md"
QUERIES = re.findall(
    r"^### (\d+)\. .*?\n```cypher\n(.*?)```", GUIDE.read_text("utf-8"), re.S | re.M
)
A, B, C = (uscc("91", f"XX00000{n}") for n in (1, 2, 3))
ZHANG, WANG = id_number(1, female=False), id_number(2, female=True)
FIRMS = [
    Party("subject", "enterprise", name, [("uscc", code)])
    for name, code in (("甲某某有限公司", A), ("乙某某有限公司", B), ("丙某某有限公司", C))
]
PEOPLE = [
    Party("legal_representative", "person", name, [("id_card", number)])
    for name, number in (("张某", ZHANG), ("王某", WANG))
]


def tie(text: str, kind: str, ends: list[Party], since: str | None, until: str | None) -> Row:
    return Row(text, ends, relations=[(kind, 0, 1, since, until)])


@pytest.fixture(scope="module")
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    """A graph in which each of the ten questions has an answer."""
    found = given_server(request)
    emptied(found)
    decided = {"kind": "penalty", "authority": "某某局", "number": "某罚〔2021〕1号"}
    shares = "2020-01-01"
    rows = [
        tie("1", "legal_representative", [PEOPLE[0], FIRMS[0]], "2015-01-01", "2020-01-01"),
        tie("2", "legal_representative", [PEOPLE[1], FIRMS[0]], "2020-01-01", None),
        tie("3", "legal_representative", [PEOPLE[1], FIRMS[1]], None, None),
        tie("4", "shares_phone", [FIRMS[0], FIRMS[1]], None, None),
        Row("5", [FIRMS[0]], listing=decided | {"decided": "2021-01-01"}),
        Row("6", [FIRMS[0]], events=[("repaired", "2022-01-01", "某某局", "某罚〔2021〕1号")]),
        tie("7", "shareholder", [FIRMS[2], FIRMS[1]], shares, None),
        tie("8", "shareholder", [FIRMS[1], FIRMS[0]], shares, None),
    ]
    with Neo4jStore(found, SEAL) as store:
        write(store, "lists", rows)
        asked(found, "MATCH ()-[t:STATED {type: 'shareholder'}]->() SET t.share = 0.6")
        resolve_store(store, NOW, full=False)
        subject = store.finder.by_keys([SEAL.key_of("uscc", A)])[0].id
        record = next(line[5] for line in store.overview.clusters() if line[2] == 6)
        proof = {"records": [record.partition(":")[0]], "since": "2021-01-01"}
        store.findings.replace({"f-1": body("f-1", subject) | proof}, NOW, GROUND)
    yield found
    emptied(found)


@pytest.fixture(scope="module")
def values(server: Server) -> dict[str, Any]:
    with Neo4jStore(server, SEAL) as store:
        found = {
            name: store.finder.by_keys([SEAL.key_of(kind, code)])[0].id
            for name, kind, code in (("a", "uscc", A), ("wang", "id_card", WANG))
        }
    return {
        "code": A,
        "person": found["wang"],
        "organisation": found["a"],
        "subject": found["a"],
        "on": date(2026, 11, 1),
        "name": "某某有限",
    }


def answer(server: Server, number: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    text = dict(QUERIES)[number]
    with neo4j.GraphDatabase.driver(server.uri, auth=(server.user, server.password)) as driver:
        return [row.data() for row in driver.execute_query(text, values).records]


def test_the_guide_has_ten_queries() -> None:
    assert [number for number, _ in QUERIES] == [str(n) for n in range(1, 11)]


@pytest.mark.neo4j
def test_every_question_of_the_guide_is_answered(server: Server, values: dict[str, Any]) -> None:
    said = {number: answer(server, number, values) for number, _ in QUERIES}
    assert said["1"][0]["s.name"] == "甲某某有限公司"
    assert {f"uscc {A}"} <= set(said["1"][0]["codes"])
    assert [row["o.name"] for row in said["2"]] == ["乙某某有限公司", "甲某某有限公司"]
    assert [row["p.name"] for row in said["3"]] == ["王某"]
    assert [(row["o.name"], row["through"]) for row in said["4"]] == [("乙某某有限公司", "王某")]
    assert [row["what"] for row in said["5"]] == ["SHARES_PHONE"]
    shares = [(row["owner.name"], round(row["share"], 2)) for row in said["6"]]
    assert shares == [("乙某某有限公司", 0.6), ("丙某某有限公司", 0.36)]
    assert [row["events"] for row in said["7"]] == [["repaired 2022-01-01"]]
    assert [(row["f.id"], row["proof"]) for row in said["8"]] == [("f-1", ["file.csv 6"])]
    assert len(said["9"]) == 6
    assert {row["node.name"] for row in said["10"]} == {party.name for party in FIRMS}


@pytest.mark.neo4j
def test_who_led_on_a_past_day_is_not_who_leads_now(server: Server, values: dict[str, Any]) -> None:
    past = values | {"on": date(2019, 6, 1)}
    assert [row["p.name"] for row in answer(server, "3", past)] == ["张某"]
    assert [row["o.name"] for row in answer(server, "2", past)] == ["乙某某有限公司"]


@pytest.mark.neo4j
def test_what_is_withdrawn_leaves_the_picture(server: Server, values: dict[str, Any]) -> None:
    with Neo4jStore(server, SEAL) as store:
        row = tie("9", "legal_representative", [PEOPLE[0], FIRMS[2]], "2023-01-01", None)
        write(store, "lists", [row], file="more.csv")
        resolve_store(store, NOW, full=False)
        third = store.finder.by_keys([SEAL.key_of("uscc", C)])[0].id
        led = values | {"organisation": third}
        assert [row["p.name"] for row in answer(server, "3", led)] == ["张某"]
        store.evidence.withdraw(store.evidence.batches()[-1].uid, NOW)
        resolve_store(store, NOW, full=False)
        assert answer(server, "3", led) == []


_ALLOWED = (
    re.compile(r"CREATE CONSTRAINT \w+ IF NOT EXISTS FOR \(n:\w+\) REQUIRE n\.\w+ IS UNIQUE"),
    re.compile(r"CREATE INDEX \w+ IF NOT EXISTS FOR \(n:\w+\) ON \(n\.\w+\)"),
    re.compile(
        r"CREATE FULLTEXT INDEX \w+ IF NOT EXISTS FOR \(n:\w+\) ON EACH \[n\.\w+(?:, n\.\w+)*\]\s+"
        r"OPTIONS \{indexConfig: \{`fulltext.analyzer`: 'cjk'\}\}"
    ),
)


@pytest.mark.parametrize("text", [text for _, texts in migrations() for text in texts])
def test_the_schema_asks_for_community_features_only(text: str) -> None:
    assert any(form.fullmatch(text) for form in _ALLOWED)


def test_migrations_are_numbered_without_gaps() -> None:
    assert [number for number, _ in migrations()] == list(range(1, len(migrations()) + 1))


def test_every_relation_type_is_looked_at_around_a_subject() -> None:
    texts = statement("ties") + statement("some_drawn")
    lists = re.findall(r"\[t:([A-Z_|\s]+)\]", texts)
    asked_for = [set(re.sub(r"\s", "", each).split("|")) for each in lists]
    assert asked_for == [{kind.upper() for kind in RELATION_TYPES}] * 2


def test_labels_and_relation_types_need_no_quoting() -> None:
    names = [label_of(kind) for kind in SUBJECT_KINDS] + [kind.upper() for kind in RELATION_TYPES]
    assert all(re.fullmatch(r"[A-Z][A-Za-z_]+", name) for name in names)
    assert len(set(names)) == len(names)
