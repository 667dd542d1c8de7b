"""The graph as other tools read it, from the store of the invented district."""

import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

import networkx as nx
import pandas as pd
import pytest
from followthemoney import model
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource

from tests.e2e.conftest import Shell

FORMS = ("graphml", "jsonl", "ftm", "bods")
_PERSONS = re.compile(r"(?<![\dA-Za-z])[1-9]\d{5}(?:19|20)\d{9}[\dX](?![\dA-Za-z])")


def told(office: Shell, *options: object) -> str:
    answer = office("export", "graph", *options)
    assert answer.code == 0
    return answer.out


def objects(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.parametrize("form", FORMS)
def test_the_same_store_gives_the_same_bytes(office: Shell, form: str, tmp_path: Path) -> None:
    first = told(office, "--format", form)
    told(office, "--format", form, "--out", tmp_path / "graph")
    assert (tmp_path / "graph").read_text(encoding="utf-8") == first


@pytest.mark.parametrize("form", FORMS)
def test_no_number_of_a_person_is_handed_out(office: Shell, form: str) -> None:
    text = told(office, "--format", form, "--with-suspected")
    assert not _PERSONS.search(text)
    assert ("********" in text) is (form in ("graphml", "jsonl"))


def test_networkx_reads_the_graphml_that_the_lines_tell(office: Shell) -> None:
    rows = objects(told(office, "--format", "jsonl"))
    graph = nx.parse_graphml(told(office), force_multigraph=True)
    nodes = {row["id"] for row in rows if row["what"] != "relation"}
    assert set(graph.nodes) == nodes
    ties = [row for row in rows if row["what"] == "relation"]
    listings = [row for row in rows if row["what"] == "listing"]
    assert graph.number_of_edges() == len(ties) + len(listings)
    assert len(ties) > 300
    assert all(row["records"] for row in ties + listings)
    assert {row["identity"] for row in rows} == {"strong"}


def test_what_a_name_alone_tells_is_left_out_said_and_marked_when_asked_for(office: Shell) -> None:
    plain = office("export", "graph", "--format", "jsonl", "--lang", "en")
    counts = re.search(r"subjects (\d+), ties (\d+), listings (\d+)", plain.talk)
    assert counts is not None
    asked = objects(told(office, "--format", "jsonl", "--with-suspected"))
    unsure = [row["what"] for row in asked if row["identity"] != "strong"]
    assert [unsure.count(what) for what in ("subject", "relation", "listing")] == [
        int(count) for count in counts.groups()
    ]
    assert len(asked) - len(unsure) == len(objects(plain.out))


def test_ties_of_a_day(office: Shell) -> None:
    every = objects(told(office, "--format", "jsonl"))
    days = {row["until"] for row in every if row["what"] == "relation" and row["until"]}
    assert days
    day = min(days)
    ties = [
        row for row in objects(told(office, "--format", "jsonl", "--as-of", day)) if "type" in row
    ]
    assert ties
    assert all(row["until"] is None or row["until"] > day for row in ties)
    assert all(row["since"] is None or row["since"] <= day for row in ties)


def test_follow_the_money_takes_every_entity(office: Shell) -> None:
    entities = objects(told(office, "--format", "ftm", "--with-suspected"))
    schemas = {entity["id"]: model[entity["schema"]] for entity in entities}
    for entity in entities:
        schemas[entity["id"]].validate(cast(Any, entity))
        proxy = model.get_proxy(entity, cleaned=False)
        assert {name: set(values) for name, values in entity["properties"].items()} == {
            prop.name: set(proxy.get(prop)) for prop in proxy.iterprops()
        }, "a value was not understood"
        for prop, value in proxy.itervalues():
            if prop.type.name == "entity" and prop.range is not None:
                assert schemas[value].is_a(prop.range), (entity, prop.name)
    names = {schema.name for schema in schemas.values()}
    assert {"Company", "Person", "Ownership", "Directorship", "Sanction"} <= names


def test_bods_statements_keep_to_the_schema_and_its_order(office: Shell) -> None:
    statements = json.loads(told(office, "--format", "bods", "--with-suspected"))
    validator = _bods_validator()
    assert not [error.message for error in validator.iter_errors(statements)]
    seen: dict[str, str] = {}
    for statement in statements:
        details = statement["recordDetails"]
        if statement["recordType"] == "relationship":
            assert seen[details["subject"]] == "entity"
            assert details["interestedParty"] in seen
            assert "records" in statement["source"]["description"]
        seen[statement["recordId"]] = statement["recordType"]
    assert len({statement["statementId"] for statement in statements}) == len(statements)
    assert {"entity", "person", "relationship"} == set(seen.values())
    broken = [{**statements[0], "statementId": "short"}]
    assert list(validator.iter_errors(broken)), "the schema is not applied"


def _bods_validator() -> Draft202012Validator:
    folder = files("libcovebods") / "data" / "schema-0-4-0"
    names = ("statement", "components", "entity-record", "person-record", "relationship-record")
    schemas = [json.loads((folder / f"{name}.json").read_text("utf-8")) for name in names]
    known = Registry().with_resources(
        [(each["$id"], Resource.from_contents(each)) for each in schemas]
    )
    return Draft202012Validator(schemas[0], registry=known, format_checker=FormatChecker())


def test_pandas_reads_the_tables_and_every_end_is_there(office: Shell, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "graph"
    assert told(office, "--format", "csv", "--out", folder) == ""
    read = {path.name: pd.read_csv(path, dtype=str) for path in folder.iterdir()}
    assert set(read) == {"subjects.csv", "listings.csv", "against.csv", "relations.csv"}
    nodes = {*read["subjects.csv"]["id:ID"], *read["listings.csv"]["id:ID"]}
    for name in ("relations.csv", "against.csv"):
        assert nodes >= {*read[name][":START_ID"], *read[name][":END_ID"]}
        assert read[name][":TYPE"].str.fullmatch("[A-Z_]+").all()
    assert read["relations.csv"]["records:string[]"].notna().all()
    assert read["subjects.csv"][":LABEL"].str.startswith("Subject;").all()


def test_a_graph_that_cannot_be_written_says_what_to_do(office: Shell, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for options, code in (
        (("--format", "gexf"), "E128"),
        (("--format", "csv"), "E129"),
        (("--format", "csv", "--out", tmp_path / "file"), "E129"),
        (("--format", "ftm", "--out", tmp_path / "no" / "file"), "E123"),
        (("--as-of", "soon"), "E604"),
    ):
        answer = office("export", "graph", *options)
        assert (answer.code, answer.out) == (2, "")
        assert code in answer.talk
