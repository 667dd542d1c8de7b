"""Whom a full name, or a name in a post of one body, makes one; and whom never."""

import pytest

from graph.identifiers import id_card_check
from resolvers.ties import full_name
from tests.unit.resolving import Said, groups, ids_by_text, resolved

FIRM, SAME = "六盘水双利商贸有限公司", "双利（六盘水）商贸有限责任公司"
U1, U2 = ("uscc", "U1"), ("uscc", "U2")
N1, N2 = (f"{first}{id_card_check(first)}" for first in ("52020118760219001", "52020118800315002"))
I1, I2 = ("id_card", N1), ("id_card", N2)
HIDDEN1, HIDDEN2 = (("id_card", "masked", f"{n[:6]}********{n[14:]}") for n in (N1, N2))


def parts(*texts: str) -> set[frozenset[str]]:
    return {frozenset(text.split()) for text in texts}


def head(text: str, *codes: tuple[str, str], at: str = "firm", name: str = "王小明") -> Said:
    return Said(text, codes, name, "person", posts=(at,))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (FIRM, SAME),
        (FIRM, "六盘水市双利商贸有限公司"),
        ("钟山区双利小吃店", "六盘水市钟山区双利小吃店"),
    ],
)
def test_ways_of_writing_one_full_name_are_one(one: str, other: str) -> None:
    assert full_name(one) == full_name(other) is not None


@pytest.mark.parametrize(
    "other",
    [
        "六盘水双柳商贸有限公司",
        "六盘水双利商贸股份有限公司",
        "六盘水双利建材有限公司",
        "贵州双利商贸有限公司",
        "六盘水双利商贸有限公司水城分公司",
    ],
)
def test_full_names_of_two_bodies_differ(other: str) -> None:
    assert full_name(FIRM) != full_name(other) is not None


@pytest.mark.parametrize(
    "part", ["双利商贸有限公司", "六盘水双利", "六盘水市双利小吃店", "有限公司", "", "?"]
)
def test_a_name_that_leaves_out_who_is_meant_is_not_full(part: str) -> None:
    """A shop's name is one shop's in its county, not in the whole city."""
    assert full_name(part) is None


def test_a_full_name_joins_who_has_no_code_to_who_has() -> None:
    said = (Said("a", (U1,), FIRM), Said("m", (), SAME), Said("x", (), "双利商贸有限公司"))
    assert groups(*said) == parts("a m", "x")
    strong = {row["mention"]: row["strong"] for row in resolved(*said).memberships.to_pylist()}
    assert strong == {0: True, 1: False, 2: False}


def test_whom_a_name_fits_twice_is_asked_about_with_both() -> None:
    said = (Said("a", (U1,), FIRM), Said("b", (U2,), FIRM), Said("m", (), FIRM))
    found = resolved(*said)
    ids = ids_by_text(said, found)
    assert len(set(ids.values())) == 3
    asked = {(r["subject"], r["other"], r["reason"], r["type"]) for r in found.reviews.to_pylist()}
    pairs = {tuple(sorted((ids["m"], ids[other]))) for other in "ab"}
    assert asked == {(*pair, "fits_several", "name") for pair in pairs}


def test_a_parents_name_never_joins_its_branch() -> None:
    assert groups(Said("a", (U1,), FIRM), Said("b", (), f"{FIRM}水城分公司")) == parts("a", "b")


def test_a_name_in_a_post_of_one_body_is_one_person() -> None:
    said = (
        Said("firm", (U1,), FIRM),
        Said("seen", (), SAME),
        head("a", I1),
        head("m", at="seen"),
        head("other", name="李晓红"),
    )
    assert groups(*said) == parts("firm seen", "a m", "other")


def test_a_name_in_posts_of_two_bodies_is_not() -> None:
    said = (Said("firm", (U1,)), Said("else", (U2,)), head("a", I1), head("m", at="else"))
    assert groups(*said) == parts("firm", "else", "a", "m")


@pytest.mark.parametrize(
    ("one", "other"), [("李昇", "李升"), ("王某某", "王某某"), ("吕YAN", "吕YAN"), ("王", "王")]
)
def test_what_is_not_plainly_one_name_joins_nobody(one: str, other: str) -> None:
    said = (Said("firm", (U1,)), head("a", I1, name=one), head("m", name=other))
    assert groups(*said) == parts("firm", "a", "m")


def test_dots_and_blanks_in_a_name_make_no_other() -> None:
    said = (Said("firm", (U1,)), head("a", I1, name="买买提·艾力"), head("m", name="买买提 艾力"))
    assert groups(*said) == parts("firm", "a m")


def test_namesakes_in_one_body_leave_the_third_to_a_person() -> None:
    said = (Said("firm", (U1,)), head("a", I1), head("b", I2), head("m"), head("n"))
    found = resolved(*said)
    ids = ids_by_text(said, found)
    assert groups(*said) == parts("firm", "a", "b", "m", "n")
    asked = {frozenset((r["subject"], r["other"])) for r in found.reviews.to_pylist()}
    assert asked == {frozenset((ids[m], ids[known])) for m in "mn" for known in "ab"}


def test_a_hidden_number_speaks_against_a_name_but_never_for_it() -> None:
    firm = Said("firm", (U1,))
    fits = Said("m", (), "王小明", "person", shown=(HIDDEN1,), posts=("firm",))
    against = Said("n", (), "王小明", "person", shown=(HIDDEN2,), posts=("firm",))
    elsewhere = Said("o", (), "王小明", "person", shown=(HIDDEN1,))
    assert groups(firm, head("a", I1), fits, against, elsewhere) == parts("firm", "a m", "n", "o")
    assert resolved(firm, head("a", I1), against).reviews.num_rows == 0


def test_hidden_numbers_that_contradict_each_other_join_nobody() -> None:
    firm = Said("firm", (U1,))
    one = Said("m", (), "王小明", "person", shown=(HIDDEN1,), posts=("firm",))
    other = Said("n", (), "王小明", "person", shown=(HIDDEN2,), posts=("firm",))
    assert groups(firm, one, other, head("p")) == parts("firm", "m", "n", "p")


def test_a_number_with_one_slip_does_not_part_and_another_one_asks() -> None:
    firm = Said("firm", (U1,))
    slip = ("id_card", "invalid", f"{N1[:13]}{(int(N1[13]) + 1) % 10}{N1[14:]}")
    other = ("id_card", "invalid", "5202011985")
    near = Said("m", (), "王小明", "person", shown=(slip,), posts=("firm",))
    far = Said("n", (), "王小明", "person", shown=(other,), posts=("firm",))
    assert groups(firm, head("a", I1), near) == parts("firm", "a m")
    said = (firm, head("a", I1), far)
    assert groups(*said) == parts("firm", "a", "n")
    assert [row["reason"] for row in resolved(*said).reviews.to_pylist()] == ["number_unclear"]


def test_a_judgement_parts_what_a_name_would_join() -> None:
    said = (Said("a", (U1,), FIRM), Said("m", (), FIRM))
    assert groups(*said, judged=[("a", "m", "different")]) == parts("a", "m")


def test_a_judgement_same_brings_a_name_no_second_body() -> None:
    """Who is one by a person's word joins by a post in one body what has the same number."""
    said = (
        Said("firm", (U1,)),
        Said("else", (U2,)),
        head("a", I1),
        head("m"),
        head("n", at="else"),
    )
    assert groups(*said, judged=[("m", "n", "same")]) == parts("firm", "else", "a m n")


def test_two_register_rows_written_in_two_ways_may_be_two_bodies() -> None:
    """盘县 became 盘州市, and the works of one name were registered there again."""
    old, new = "盘县水塘供销合作社", "盘州市水塘供销合作社"
    said = (
        Said("a", (), old, register="registrations"),
        Said("b", (), new, register="registrations"),
    )
    assert full_name(old) == full_name(new)
    assert groups(*said) == parts("a", "b")
    assert resolved(*said).reviews.num_rows == 1
    assert groups(*said, Said("m", (), old), Said("n", (), new)) == parts("a m", "b n")
    coded = (
        Said("a", (U1,), old, register="registrations"),
        Said("b", (U1,), new, register="registrations"),
    )
    assert groups(*coded, Said("m", (), new)) == parts("a b m")
