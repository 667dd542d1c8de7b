"""Who holds a body says who the body is, in rounds: who is joined, asked about, and who never."""

from itertools import permutations

import pytest

from resolvers.telling import growth_of
from tests.unit.resolving import Said, evidence, groups, ids_by_text, resolved

U1 = ("uscc", "91520201MA6DXX0A1T")
U2 = ("uscc", "91520201MA6DXX0B2K")
FIRM, SHORT = "贵州鑫源商贸有限公司", "鑫源商贸有限公司"
RARE, OTHER_RARE, COMMON = "欧阳璟雯", "尉迟砚舟", "王伟"
ONE, TWO = ("id_card", "1"), ("id_card", "2")
PASSPORT = ("passport", "3")


def owner(text: str, name: str, *bodies: str, codes: tuple[tuple[str, str], ...] = ()) -> Said:
    return Said(text, codes, name, kind="person", role="shareholder", owns=bodies)


def officer(
    text: str,
    name: str,
    *bodies: str,
    codes: tuple[tuple[str, str], ...] = (),
    post: str = "director",
) -> Said:
    return Said(text, codes, name, kind="person", role="director", posts=bodies, post=post)


def pair(*held: Said) -> tuple[Said, ...]:
    """Return a firm with its code, one without and without its region, and who holds them."""
    return (Said("a", (U1,), FIRM), Said("b", (), SHORT), *held)


def together(said: tuple[Said, ...], one: str = "a", other: str = "b") -> bool:
    ids = ids_by_text(said, resolved(*said))
    return ids[one] == ids[other]


def asked(said: tuple[Said, ...]) -> set[frozenset[str]]:
    found = resolved(*said)
    text = {uid: each for each, uid in ids_by_text(said, found).items()}
    rows = found.reviews.to_pylist()
    return {frozenset((text[row["subject"]], text[row["other"]])) for row in rows}


def test_owners_of_one_rare_name_join_a_damaged_row() -> None:
    assert together(pair(owner("p", RARE, "a"), owner("q", RARE, "b")))


def test_directors_do_too_but_not_who_keeps_the_books() -> None:
    for post, one in (("director", True), ("supervisor", True), ("finance_officer", False)):
        held = (officer("p", RARE, "a", post=post), officer("q", RARE, "b", post=post))
        assert together(pair(*held)) is one


def test_owners_of_one_common_name_do_not() -> None:
    said = pair(owner("p", COMMON, "a"), owner("q", COMMON, "b"))
    assert not together(said)
    assert frozenset("ab") in asked(said)


def test_several_common_names_count_together() -> None:
    said = pair(
        *(owner(f"{place}a", name, "a") for place, name in enumerate((COMMON, "李秀英"))),
        *(owner(f"{place}b", name, "b") for place, name in enumerate((COMMON, "李秀英"))),
    )
    assert together(said)


def test_one_owner_by_number_counts_whatever_the_name() -> None:
    assert together(
        pair(owner("p", COMMON, "a", codes=(ONE,)), owner("q", COMMON, "b", codes=(ONE,)))
    )


def test_the_same_name_under_two_numbers_counts_for_nothing() -> None:
    said = pair(owner("p", RARE, "a", codes=(ONE,)), owner("q", RARE, "b", codes=(TWO,)))
    assert not together(said)


def test_a_number_that_only_one_side_shows_contradicts_nobody_in_whatever_order() -> None:
    rows = (
        *pair(owner("p", RARE, "a", codes=(ONE,)), owner("q", RARE, "b")),
        Said("c", (), SHORT),
        owner("r", RARE, "c"),
    )
    for order in list(permutations(rows))[::37]:
        assert together(order)
        assert together(order, "a", "c")


def test_owners_are_no_evidence_that_a_masked_name_or_number_may_contradict() -> None:
    shown = (("id_card", "masked", "520201********1234"),)
    hidden = Said("q", (), RARE, kind="person", shown=shown, owns=("b",))
    assert not together(pair(owner("p", RARE, "a"), hidden))
    assert not together(pair(owner("p", "欧阳某某", "a"), owner("q", "欧阳某某", "b")))


def test_lists_of_owners_with_nobody_in_common_hold_a_merge_back() -> None:
    head = ("representative", "诸葛砚")
    said = (
        Said("a", (U1,), FIRM, traits=(head,)),
        Said("b", (), SHORT, traits=(head,)),
        owner("p", RARE, "a"),
        owner("q", OTHER_RARE, "b"),
    )
    assert together(said[:2])
    assert not together(said)
    assert frozenset("ab") in asked(said)


def test_a_body_that_owns_both_is_no_sign_alone() -> None:
    # It owns firms that are called alike.
    held = ("owner", "六盘水某某投资集团有限公司")
    said = Said("a", (U1,), FIRM, traits=(held,)), Said("b", (), SHORT, traits=(held,))
    assert not together(said)
    assert frozenset("ab") in asked(said)


@pytest.mark.parametrize("name", ["贵州鑫源物流有限公司", "贵州鑫源商贸有限公司水城分公司"])
def test_firms_of_one_family_stay_apart(name: str) -> None:
    said = (
        Said("a", (U1,), FIRM),
        Said("b", (), name),
        *(
            owner(f"{place}{body}", who, body)
            for place, who in enumerate((RARE, OTHER_RARE))
            for body in "ab"
        ),
    )
    assert not together(said)


def test_an_owner_told_once_more_beside_a_body_is_one_person_if_the_name_is_rare() -> None:
    for name, one in ((RARE, True), (COMMON, False)):
        said = (
            Said("a", (U1,), FIRM),
            Said("c", (U1,), FIRM),
            owner("p", name, "a"),
            owner("q", name, "c"),
        )
        assert together(said, "p", "q") is one


def by_way_of_another_firm() -> tuple[Said, ...]:
    """Return rows of which each round needs the one before.

    The two rows of C are one by their representative; so who directs them is one person, known
    by a card here and by a passport there; so A and B have an owner in common.
    """
    head = ("representative", "诸葛砚")
    return (
        Said("c", (U2,), "贵州岷江茶业有限公司", traits=(head,)),
        Said("d", (), "岷江茶业有限公司", traits=(head,)),
        officer("pc", COMMON, "c", codes=(ONE,)),
        officer("pd", COMMON, "d", codes=(PASSPORT,)),
        *pair(owner("pa", COMMON, "a", codes=(ONE,)), owner("pb", COMMON, "b", codes=(PASSPORT,))),
    )


def test_persons_joined_by_one_firm_let_another_be_joined() -> None:
    said = by_way_of_another_firm()
    assert groups(*said) == {frozenset("cd"), frozenset("ab"), frozenset(("pa", "pb", "pc", "pd"))}
    without = tuple(each for each in said if each.text != "pd")
    assert not together(without)


def test_rounds_come_to_the_same_in_whatever_order_rows_stand() -> None:
    said = by_way_of_another_firm()
    found = {frozenset(groups(*order)) for order in list(permutations(said))[::997]}
    assert len(found) == 1


def test_what_joined_in_a_later_round_tells_its_round() -> None:
    said = by_way_of_another_firm()
    steps = growth_of(evidence(said)).steps([4, 5], "en")
    assert [(each.by, each.round) for each in steps] == [("holders", 2)]
    told = steps[0].compared
    assert told is not None
    assert "holders" in [name for name, _, _ in told.features]
    assert sum(weight for _, weight, _ in told.features) == pytest.approx(told.weight)


def torn_in_a_later_round() -> tuple[Said, ...]:
    """Return rows of which a later round would part what an earlier one joined.

    X is C by its representative, whom they know by a card and a passport: so A and B would have an
    owner in common. But the rows of E are one by their address, so who directs them is one person,
    and owns Y as well as X: X is as like Y as C.
    """
    head, place = ("representative", COMMON), ("address", "六盘水市钟山区人民路12号")
    card, passport = ("id_card", "5"), ("passport", "6")
    return (
        Said("c", (U2,), "贵州丙丁餐饮有限公司", traits=(head,)),
        Said("x", (), "丙丁餐饮有限公司", traits=(head,)),
        officer("pc", COMMON, "c", codes=(ONE,)),
        officer("px", COMMON, "x", codes=(PASSPORT,)),
        Said("y", (("uscc", "91520201MA6DXX0C3R"),), "云南丙丁餐饮有限公司"),
        owner("ox", "李娜", "x", codes=(passport,)),
        owner("oy", "李娜", "y", codes=(card,)),
        Said("e", (("uscc", "91520201MA6DXX0D4M"),), "贵州戊己茶业有限公司", traits=(place,)),
        Said("f", (), "戊己茶业有限公司", traits=(place,)),
        officer("pe", "李娜", "e", codes=(card,)),
        officer("pf", "李娜", "f", codes=(passport,)),
        *pair(owner("pa", COMMON, "a", codes=(ONE,)), owner("pb", COMMON, "b", codes=(PASSPORT,))),
    )


def test_nothing_rests_on_what_a_later_round_would_part() -> None:
    said = torn_in_a_later_round()
    assert not together(said)
    assert not together(said, "c", "x")
    assert {frozenset("ab"), frozenset("cx")} <= asked(said)
    without = tuple(each for each in said if each.text not in ("oy", "y"))
    assert together(without)
    assert together(without, "c", "x")


def test_who_heads_both_counts_once() -> None:
    traits = (("representative", RARE),)
    said = (
        Said("a", (U1,), FIRM, traits=traits),
        Said("b", (), SHORT, traits=traits),
        officer("p", RARE, "a", post="legal_representative"),
        officer("q", RARE, "b", post="person_in_charge"),
    )
    (step,) = growth_of(evidence(said)).steps([0, 1], "en")
    told = step.compared
    assert told is not None
    names = [name for name, _, _ in told.features]
    assert "representative" in names
    assert "holders" not in names


def test_an_owner_elsewhere_makes_no_doubt_of_who_is_in_a_post() -> None:
    """Another firm is owned by two namesakes; in this one a single one of them is in a post."""
    said = (
        Said("a", (U1,), FIRM),
        Said("c", (U2,), "贵州岷江茶业有限公司"),
        officer("p", RARE, "a", codes=(ONE,)),
        officer("q", RARE, "a"),
        owner("r", RARE, "c", codes=(ONE,)),
        owner("s", RARE, "c", codes=(TWO,)),
    )
    assert together(said, "p", "q")
    assert not together(said, "r", "s")
