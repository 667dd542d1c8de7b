"""Subjects and ties as columns: dates, directions, shares, and what is refused."""

from datetime import date

import pyarrow as pa
import pytest

from graph.errors import DataError
from graph.model import RecordId, Relation, Subject, SubjectId
from graph.network import Held, Network
from graph.texts import explain

AN, BO, FIRM, OTHER = (SubjectId(each) for each in ("an", "bo", "firm", "other"))
SUBJECTS = [
    Subject(AN, "person", "安一", strong=True),
    Subject(BO, "person", "安一", strong=False),
    Subject(FIRM, "enterprise", "甲公司", strong=True),
    Subject(OTHER, "enterprise", "", strong=True),
]
BEGIN, END = date(2020, 1, 1), date(2024, 1, 1)
LEADS = Relation(
    "legal_representative", AN, FIRM, BEGIN, END, records=(RecordId("r2"), RecordId("r1"))
)
OWNS = Relation("shareholder", BO, FIRM, share=0.4)


@pytest.fixture
def network() -> Network:
    return Network.of(SUBJECTS, [LEADS, OWNS, Relation("director", AN, OTHER, None, END)])


def at(network: Network, subject: SubjectId) -> int:
    node = network.node(subject)
    assert node is not None
    return node


def test_a_subject_comes_back_as_it_went_in(network: Network) -> None:
    assert [network.subject(at(network, each.id)) for each in SUBJECTS] == SUBJECTS
    assert len(network) == 4
    assert network.node("nobody") is None


def test_a_relation_comes_back_citing_its_least_record(network: Network) -> None:
    (leads,) = network.entering(at(network, FIRM), ["legal_representative"])
    assert network.relation(leads) == Relation(
        "legal_representative", AN, FIRM, BEGIN, END, records=(RecordId("r1"),)
    )
    (owns,) = network.entering(at(network, FIRM), ["shareholder"])
    assert network.relation(owns) == OWNS


def test_ties_are_found_from_both_ends_and_by_type(network: Network) -> None:
    an, firm = at(network, AN), at(network, FIRM)
    assert {network.target(tie) for tie in network.leaving(an)} == {firm, at(network, OTHER)}
    assert {network.source(tie) for tie in network.entering(firm)} == {an, at(network, BO)}
    assert network.entering(an) == []
    assert network.leaving(an, ["supervisor"]) == []


@pytest.mark.parametrize(
    ("day", "held"),
    [
        pytest.param(date(2019, 12, 31), False, id="the-day-before-it-began"),
        pytest.param(BEGIN, True, id="since-is-included"),
        pytest.param(date(2023, 12, 31), True, id="the-last-day"),
        pytest.param(END, False, id="until-is-excluded"),
    ],
)
def test_a_tie_is_registered_and_held_from_since_up_to_until(
    network: Network, day: date, held: bool
) -> None:
    firm = at(network, FIRM)
    assert bool(network.holders(firm, ["legal_representative"], day)) is held
    assert bool(network.posts(at(network, AN), ("legal_representative",), day)) is held
    (tie,) = network.entering(firm, ["legal_representative"])
    assert (network.held(tie, day) is Held.YES) is held


def test_an_unknown_beginning_is_registered_but_never_proof_of_a_past_day(
    network: Network,
) -> None:
    (tie,) = network.entering(at(network, OTHER))
    assert network.posts(at(network, AN), ["director"], BEGIN) == [tie]
    assert network.held(tie, BEGIN) is Held.UNKNOWN
    assert network.held(tie, END) is Held.NO
    assert network.since(tie) is None
    assert network.until(tie) == END


def test_an_unknown_end_is_a_tie_still_held(network: Network) -> None:
    (tie,) = network.entering(at(network, FIRM), ["shareholder"])
    assert network.holders(at(network, FIRM), ["shareholder"], date(2099, 1, 1)) == [tie]
    assert network.until(tie) is None


def test_only_persons_share_a_name(network: Network) -> None:
    assert network.people_named({"安一", "甲公司", ""}) == {
        "安一": [at(network, AN), at(network, BO)]
    }


def test_a_row_that_identifies_its_ends_weakly_is_known() -> None:
    subjects, relations = _tables()
    weak = relations.append_column("strong", pa.array([None], pa.bool_()))
    assert Network.from_arrow(subjects, relations).sure(0)
    assert not Network.from_arrow(subjects, weak).sure(0)


def test_an_empty_network_answers() -> None:
    assert len(Network.of([], [])) == 0
    assert Network.of(SUBJECTS[:1], []).leaving(0) == []


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        pytest.param("type", "friend", "E743", id="relation-type"),
        pytest.param("source", "nobody", "E744", id="source"),
        pytest.param("target", None, "E744", id="target"),
    ],
)
def test_a_relation_outside_the_contract_is_refused(
    column: str, value: str | None, code: str
) -> None:
    subjects, relations = _tables()
    place = relations.column_names.index(column)
    relations = relations.set_column(place, column, pa.array([value], pa.string()))
    with pytest.raises(DataError) as refused:
        Network.from_arrow(subjects, relations)
    assert refused.value.code == code
    assert explain(refused.value, "en").fix


def test_an_unknown_kind_and_an_id_twice_are_refused() -> None:
    with pytest.raises(DataError, match="E742"):
        Network.of([Subject(AN, "robot", "", strong=True)], [])
    with pytest.raises(DataError, match="E741 id=an"):
        Network.of([SUBJECTS[0], SUBJECTS[2], SUBJECTS[0]], [])


def _tables() -> tuple[pa.Table, pa.Table]:
    subjects = pa.table(
        {
            "id": ["an", "firm"],
            "kind": ["person", "enterprise"],
            "name": ["安一", "甲公司"],
            "strong": [True, True],
        }
    )
    relations = pa.table(
        {
            "type": ["director"],
            "source": ["an"],
            "target": ["firm"],
            "since": pa.array([BEGIN], pa.date32()),
            "until": pa.array([None], pa.date32()),
            "share": pa.array([None], pa.float64()),
            "record": pa.array(["r1"], pa.string()),
        }
    )
    return subjects, relations
