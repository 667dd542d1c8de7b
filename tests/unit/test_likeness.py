"""Bodies joined by what else they tell: who is, who is only asked about, and who never."""

from itertools import permutations

import pytest

from resolvers.telling import best_of, growth_of
from tests.unit.resolving import Said, evidence, groups, ids_by_text, resolved

FIRM, SHORT = "贵州鑫源商贸有限公司", "鑫源商贸有限公司"
U1 = ("uscc", "91520201MA6DXX0A1T")
U2 = ("uscc", "91520201MA6DXX0B2K")
HEAD = ("representative", "欧阳小明")
PLACE = ("address", "六盘水市钟山区人民路12号")
PHONE = ("phone", "aa")
DAY = ("founded", "2001-02-03")


def asked(*said: Said) -> set[tuple[str, frozenset[str]]]:
    """Return reason and texts of every question about likeness."""
    found = resolved(*said)
    text = {uid: each for each, uid in ids_by_text(said, found).items()}
    return {
        (row["reason"], frozenset((text[row["subject"]], text[row["other"]])))
        for row in found.reviews.to_pylist()
        if row["type"] == "likeness"
    }


@pytest.mark.parametrize("sign", [HEAD, PLACE, PHONE])
def test_one_sign_beside_the_name_joins_a_row_without_a_code(sign: tuple[str, str]) -> None:
    said = Said("a", (U1,), FIRM, traits=(sign,)), Said("b", (), SHORT, traits=(sign,))
    assert groups(*said) == {frozenset("ab")}


def test_a_name_without_its_region_is_only_asked_about() -> None:
    said = Said("a", (U1,), FIRM), Said("b", (), SHORT)
    assert groups(*said) == {frozenset("a"), frozenset("b")}
    assert asked(*said) == {("names_alike", frozenset("ab"))}


@pytest.mark.parametrize(
    "name",
    [
        "贵州鑫源物流有限公司",
        "六盘水鑫源商贸有限公司",
        "贵州鑫源商贸有限公司水城分公司",
        "贵州金沙商贸有限公司",
    ],
)
def test_firms_of_one_owner_at_one_place_stay_apart(name: str) -> None:
    said = Said("a", (U1,), FIRM, traits=(HEAD, PLACE)), Said("b", (), name, traits=(HEAD, PLACE))
    assert groups(*said) == {frozenset("a"), frozenset("b")}


def test_another_founding_day_holds_a_merge_back() -> None:
    other = ("founded", "2009-09-09")
    said = Said("a", (U1,), FIRM, traits=(HEAD, DAY)), Said("b", (), SHORT, traits=(HEAD, other))
    assert groups(*said) == {frozenset("a"), frozenset("b")}


def test_two_rows_of_one_register_are_asked_about_and_rows_of_two_registers_joined() -> None:
    # 盘县 became 盘州市, and shops of one owner, place and day were registered there again.
    old, new = "盘县甲乙供销社丙丁分销店", "盘州市甲乙供销社丙丁分销店"
    traits = (HEAD, DAY, ("address", "六盘水市盘县水塘苍龙"))
    for register, joined in (("register", False), ("licences", True)):
        said = (
            Said("a", (), old, register="register", traits=traits),
            Said("b", (), new, register=register, traits=traits),
        )
        assert (groups(*said) == {frozenset("ab")}) is joined
        assert resolved(*said).reviews.num_rows == (0 if joined else 1)


def test_a_slip_in_the_name_takes_two_signs() -> None:
    firm, slip = "贵州鑫达商贸有限公司", "贵州欣达商贸有限公司"
    one = Said("a", (U1,), firm, traits=(HEAD, PLACE)), Said("b", (), slip, traits=(HEAD,))
    assert groups(*one) == {frozenset("a"), frozenset("b")}
    two = one[0], Said("b", (), slip, traits=(HEAD, PLACE))
    assert groups(*two) == {frozenset("ab")}


def test_who_is_equally_like_two_joins_neither_and_is_asked_about_with_both() -> None:
    said = (
        Said("a", (U1,), FIRM, traits=(HEAD,)),
        Said("b", (U2,), f"云南{SHORT}", traits=(HEAD,)),
        Said("m", (), SHORT, traits=(HEAD,)),
    )
    assert groups(*said) == {frozenset(each) for each in "abm"}
    assert asked(*said) == {("fits_several", frozenset(pair)) for pair in ("am", "bm")}


def test_three_alike_ask_the_same_two_questions_in_whatever_order_they_came() -> None:
    names = {"a": FIRM, "b": SHORT, "c": SHORT}
    found = {
        frozenset(asked(*(Said(text, (), names[text]) for text in order)))
        for order in permutations(names)
    }
    assert [len(each) for each in found] == [2]


def test_rows_that_likeness_joined_ask_one_question_in_whatever_order_they_came() -> None:
    rows = {
        "a": Said("a", (), SHORT, traits=(PHONE,)),
        "b": Said("b", (), SHORT, traits=(PHONE, DAY)),
        "c": Said("c", (), FIRM),
    }
    found = [resolved(*(rows[text] for text in order)) for order in permutations(rows)]
    questions = [each.reviews.to_pylist() for each in found]
    assert all(each == questions[0] for each in questions)
    assert [row["reason"] for row in questions[0]] == ["names_alike"]


def test_who_is_clearly_more_like_one_is_that_one() -> None:
    said = (
        Said("a", (U1,), FIRM, traits=(HEAD, PLACE)),
        Said("b", (U2,), f"云南{SHORT}", traits=(HEAD,)),
        Said("m", (), SHORT, traits=(HEAD, PLACE)),
    )
    assert groups(*said) == {frozenset("am"), frozenset("b")}


def test_a_number_of_its_own_keeps_a_row_apart_and_makes_it_no_strong_member() -> None:
    rival = (
        Said("a", (U1, ("regno", "1")), FIRM, traits=(HEAD,)),
        Said("b", (("regno", "2"),), SHORT, traits=(HEAD,)),
    )
    assert groups(*rival) == {frozenset("a"), frozenset("b")}
    said = (
        Said("a", (U1,), FIRM, traits=(HEAD,)),
        Said("b", (("regno", "2"),), SHORT, traits=(HEAD,)),
    )
    found = resolved(*said)
    assert groups(*said) == {frozenset("ab")}
    strong = {said[row["mention"]].text: row["strong"] for row in found.memberships.to_pylist()}
    assert strong == {"a": True, "b": False}


def test_a_judgement_different_keeps_likely_rows_apart() -> None:
    said = Said("a", (U1,), FIRM, traits=(HEAD,)), Said("b", (), SHORT, traits=(HEAD,))
    found = groups(*said, judged=[("a", "b", "different")])
    assert found == {frozenset("a"), frozenset("b")}


def test_a_name_in_a_post_of_a_body_found_by_likeness_is_one_person() -> None:
    said = (
        Said("a", (U1,), FIRM, traits=(HEAD, PLACE)),
        Said("b", (), SHORT, traits=(HEAD, PLACE)),
        Said("p", (), "欧阳小明", kind="person", posts=("a",)),
        Said("q", (), "欧阳小明", kind="person", posts=("b",)),
    )
    assert groups(*said) == {frozenset("ab"), frozenset("pq")}


def test_growth_is_told_step_by_step_with_every_weight() -> None:
    said = (
        Said("a", (U1,), FIRM, traits=(HEAD, PLACE)),
        Said("b", (U1,), FIRM),
        Said("c", (), SHORT, traits=(HEAD, PLACE)),
    )
    growth = growth_of(evidence(said))
    steps = growth.steps([0, 1, 2], "en")
    assert [each.by for each in steps] == ["identifier", "likeness"]
    assert steps[0].parts == ((0,), (1,))
    told = steps[1].compared
    assert told is not None
    assert told.decision == "merge"
    assert {"brand", "representative", "address"} <= {name for name, _, _ in told.features}
    assert sum(weight for _, weight, _ in told.features) == pytest.approx(told.weight)


def test_why_two_are_not_one_names_the_veto_and_the_weights() -> None:
    said = Said("a", (U1,), FIRM, traits=(HEAD,)), Said("b", (U2,), FIRM, traits=(HEAD,))
    given = evidence(said)
    growth = growth_of(given)
    assert growth.forbidden([[0], [1]]) == ["two_valid_ids"]
    shown = given.read(given.mentions.column("mention"))
    told = best_of(growth, given.mentions, shown, [[0], [1]], "en")
    assert told is not None
    assert "representative" in [name for name, _, _ in told.features]


def test_persons_are_compared_by_name_and_number() -> None:
    shown = (("id_card", "masked", "520201********1234"),)
    said = (
        Said("p", (), "欧阳小明", kind="person", shown=shown),
        Said("q", (), "欧阳小明", kind="person", shown=shown),
    )
    given = evidence(said)
    growth = growth_of(given)
    assert growth.persons([[0], [1]])
    shown = given.read(given.mentions.column("mention"))
    told = best_of(growth, given.mentions, shown, [[0], [1]], "en")
    assert told is not None
    assert [name for name, _, _ in told.features] == ["name", "id_number"]
    assert told.decision == "review"
