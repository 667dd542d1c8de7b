"""What a graph export makes of awkward rows, without a store."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import networkx as nx
import pyarrow as pa
import pytest

from api.exports.bods import ownership_statements
from api.exports.extract import Extract
from api.exports.ftm import follow_the_money
from api.exports.graphml import graphml
from api.exports.lines import lines
from api.exports.tables import tables
from graph import schema
from graph.model import Listing, SubjectId

DAY = date(2026, 11, 1)


@dataclass
class Rows:
    """A store of a few rows: `CaseFacts` and `Overview` as far as an export asks."""

    people: list[tuple[str, str, str, bool]]
    told: list[dict[str, Any]]
    held: list[tuple[str, str, str]] = ()  # type: ignore[assignment]
    against: list[Listing] = ()  # type: ignore[assignment]

    def subjects(self, ids: object) -> pa.Table:
        names = schema.SUBJECTS.names
        rows = [dict(zip(names, each, strict=True)) for each in self.people]
        return pa.Table.from_pylist(rows, schema.SUBJECTS)

    def relations(self, ids: object) -> pa.Table:
        return pa.Table.from_pylist(self.told, schema.RELATIONS)

    def listings(self, ids: object, kinds: object = None) -> list[Listing]:
        return list(self.against)

    def codes(self) -> Iterator[tuple[str, str, str]]:
        return iter(self.held)


def tie(record: str, **told: Any) -> dict[str, Any]:
    common = {"type": "shareholder", "source": "s-a", "target": "s-b", "strong": True}
    return common | {"record": record} | told


def extract(rows: Rows, *, registered: bool = False, suspected: bool = False) -> Extract:
    return Extract(rows, rows, DAY, registered, suspected)  # type: ignore[arg-type]


def firms(name: str = "甲公司") -> list[tuple[str, str, str, bool]]:
    return [("s-a", "person", "田一", True), ("s-b", "enterprise", name, True)]


def test_what_several_records_state_is_one_tie_whatever_their_order() -> None:
    told = [tie("r2", share=0.6), tie("r1", share=0.6), tie("r3", share=0.4)]
    ties = list(extract(Rows(firms(), told)).ties())
    assert [(each.share, each.records) for each in ties] == [(0.4, ("r3",)), (0.6, ("r1", "r2"))]
    assert ties == list(extract(Rows(firms(), told[::-1])).ties())


def test_a_weak_end_or_a_weak_row_makes_a_tie_suspected() -> None:
    people = [*firms(), ("s-c", "person", "田二", False)]
    told = [tie("r1", strong=False), tie("r2", source="s-c"), tie("r3", type="director")]
    plain = extract(Rows(people, told))
    assert [each.id for each in plain.nodes()] == ["s-a", "s-b"]
    assert [each.records for each in plain.ties()] == [("r3",)]
    assert plain.left_out == {"subjects": 1, "ties": 2}
    asked = list(lines(extract(Rows(people, told), suspected=True)))
    marks = {each["records"][0]: each["identity"] for each in asked if each["what"] == "relation"}
    assert marks == {"r1": "suspected", "r2": "suspected", "r3": "strong"}


@pytest.mark.parametrize(
    ("until", "found"), [(date(2026, 11, 1), False), (date(2026, 11, 2), True), (None, True)]
)
def test_the_end_is_the_first_day_a_tie_no_longer_counts(until: date | None, found: bool) -> None:
    rows = Rows(firms(), [tie("r1", until=until)])
    assert bool(list(extract(rows, registered=True).ties())) is found
    assert len(list(extract(rows).ties())) == 1


@pytest.mark.parametrize("name", ["=1+1", "+86", "-2", "@cmd", "\tx", "＝1", "a\n=1", 'a";=1'])
def test_no_cell_is_a_formula_and_every_cell_comes_back(name: str) -> None:
    for sheet in tables(extract(Rows(firms(name), [tie("r1")]))):
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerows([sheet.heads, *sheet.rows])
        read = list(csv.DictReader(io.StringIO(text.getvalue())))
        assert not any(cell[:1] in "=+-@＝\t" for row in read for cell in row.values() if cell)
        if sheet.name == "subjects.csv":
            assert read[1]["name"].removeprefix("'") == name


def test_graphml_holds_what_xml_cannot_and_ties_side_by_side() -> None:
    rows = Rows(firms('<甲&"乙">\x00\ud7ff'), [tie("r1"), tie("r2", type="director")])
    graph = nx.parse_graphml("".join(graphml(extract(rows))), force_multigraph=True)
    assert graph.nodes["s-b"]["name"] == '<甲&"乙">\ufffd\ud7ff'
    assert sorted(told["type"] for _, _, told in graph.edges(data=True)) == [
        "director",
        "shareholder",
    ]


def test_a_masked_number_and_an_open_end_are_not_told_to_those_who_match_on_them() -> None:
    held = [
        ("s-a", "id_card", "520201********3888"),
        ("s-b", "tax_id", "5202************88"),
        ("s-b", "uscc", "91520201XX0001011N"),
    ]
    rows = Rows(firms(), [tie("r1", until=date.max)], held)
    for write in (follow_the_money, ownership_statements):
        text = json.dumps(list(write(extract(rows))), ensure_ascii=False)
        assert "91520201XX0001011N" in text
        assert "*" not in text
        assert "9999" not in text
    assert "520201********3888" in "".join(graphml(extract(rows)))


def test_a_tie_whose_ends_do_not_fit_is_an_unknown_link() -> None:
    rows = Rows(firms(), [tie("r1", source="s-b", target="s-a")])
    link = list(follow_the_money(extract(rows)))[-1]
    assert (link["schema"], link["properties"]["role"]) == ("UnknownLink", ["shareholder"])
    assert [each["recordType"] for each in ownership_statements(extract(rows))] == [
        "person",
        "entity",
    ]


def test_listings_in_force_only_and_honours_are_no_sanctions() -> None:
    party = SubjectId("s-b")
    against = [
        Listing("l-1", party, "tax_serious"),
        Listing("l-2", party, "tax_serious", until=DAY),
        Listing("l-3", party, "tax_serious", since=date(2027, 1, 1)),
        Listing("l-4", party, "honour"),
        Listing("l-5", party, "tax_serious", weakly=frozenset({party})),
    ]
    rows = Rows(firms(), [], against=against)
    told = [each["id"] for each in lines(extract(rows)) if each["what"] == "listing"]
    assert told == ["l-1", "l-4"]
    schemas = [each["schema"] for each in follow_the_money(extract(rows))]
    assert schemas == ["Person", "Company", "Sanction"]
