"""Who becomes one subject, who never does, and what a person is asked."""

from datetime import date

from tests.unit.resolving import SEAL, Said, groups, ids_by_text, resolved

U1, U2 = ("uscc", "U1"), ("uscc", "U2")
O1, O2 = ("org_code", "O1"), ("org_code", "O2")
R1, R2 = ("regno", "R1"), ("regno", "R2")
I1, I2 = ("id_card", "I1"), ("id_card", "I2")
P1 = ("pripid", "P1")


def parts(*texts: str) -> set[frozenset[str]]:
    return {frozenset(text.split()) for text in texts}


def test_nothing_in_gives_nothing_out() -> None:
    found = resolved()
    assert [t.num_rows for t in (found.memberships, found.subjects, found.keys)] == [0, 0, 0]


def test_one_code_joins_whatever_the_names_say() -> None:
    said = (Said("a", (U1,), "甲厂"), Said("b", (U1,), "甲工厂"), Said("c", (U2,), "甲厂"))
    assert groups(*said) == parts("a b", "c")


def test_a_name_alone_joins_nobody() -> None:
    assert groups(Said("a", name="甲厂"), Said("b", name="甲厂")) == parts("a", "b")


def test_codes_chain_through_a_row_that_has_both() -> None:
    said = (Said("new", (U1, O1)), Said("old", (R1,)), Said("both", (O1, R1)))
    assert groups(*said) == parts("new old both")


def test_two_valid_codes_of_one_type_are_never_one_subject() -> None:
    assert groups(Said("a", (U1, R1)), Said("b", (U2, R1))) == parts("a", "b")


def test_two_valid_codes_are_apart_even_through_a_chain() -> None:
    said = (Said("a", (U1, R1)), Said("m", (R1, R2)), Said("b", (U2, R2)))
    assert groups(*said) == parts("a", "m", "b")


def test_who_fits_two_subjects_joins_neither() -> None:
    said = (Said("a", (U1, R1)), Said("a2", (U1, R1)), Said("b", (U2, R1)), Said("m", (R1,)))
    assert groups(*said) == parts("a a2", "b", "m")


def test_two_who_fit_several_do_not_join_each_other() -> None:
    said = (Said("a", (U1, R1)), Said("b", (U2, R1)), Said("m", (R1,)), Said("n", (R1,)))
    assert groups(*said) == parts("a", "b", "m", "n")


def test_renumbered_firms_keep_both_numbers() -> None:
    """Registration numbers changed from 13 to 15 digits; one firm may show both."""
    assert groups(Said("a", (U1, R1)), Said("b", (U1, R2))) == parts("a b")


def test_a_person_and_a_firm_never_meet() -> None:
    said = (Said("firm", (R1,)), Said("person", (R1, I1), kind="person"))
    assert groups(*said) == parts("firm", "person")


def test_a_branch_with_its_parents_code_stays_apart() -> None:
    said = (
        Said("parent", (U1,), "某某有限公司"),
        Said("branch", (U1,), "某某有限公司水城分公司"),
        Said("same branch", (U1,), "某某有限公司水城分公司(筹)"),
        Said("nameless", (U1,)),
    )
    assert {len(part) for part in groups(*said)} == {1, 2}
    assert frozenset({"branch", "same branch"}) in groups(*said)


def test_a_nameless_row_joins_where_nobody_disputes() -> None:
    assert groups(Said("a", (U1,), "某某有限公司"), Said("b", (U1,))) == parts("a b")


def test_a_row_with_two_full_codes_joins_nobody() -> None:
    said = (Said("a", (U1, R1)), Said("torn", (U1, U2, R1)), Said("b", (U2,)))
    assert groups(*said) == parts("a", "torn", "b")


def test_a_mistyped_organisation_code_does_not_take_the_full_code_away() -> None:
    said = (Said("typo", (U1, O1, O2)), Said("a", (U1, O1)), Said("other", (O2,)))
    assert groups(*said) == parts("typo a", "other")


def test_a_subject_is_called_after_its_strongest_code_alone() -> None:
    one = (Said("a", (U1, R1)), Said("b", (R1,)))
    other = (Said("c", (U1, R2)),)
    named = ids_by_text(one, resolved(*one))["a"]
    assert named == ids_by_text(other, resolved(*other))["c"]
    assert named != ids_by_text((Said("b", (R1,)),), resolved(Said("b", (R1,))))["b"]


def test_a_code_in_dispute_names_nobody() -> None:
    said = (Said("a", (U1,), "某某有限公司"), Said("b", (U1,), "某某有限公司水城分公司"))
    found = resolved(*said)
    alone = resolved(said[0])
    ids = ids_by_text(said, found)
    assert ids_by_text(said[:1], alone)["a"] not in ids.values()
    assert found.keys.column("disputed").to_pylist() == [True, True]
    assert found.subjects.column("strong").to_pylist() == [False, False]
    assert found.memberships.column("strong").to_pylist() == [False, False]


def test_a_registry_key_alone_is_not_strong() -> None:
    weak = resolved(Said("a", (P1,)), Said("b", (P1,)))
    assert weak.memberships.column("strong").to_pylist() == [False, False]
    held = resolved(Said("a", (P1, U1)), Said("b", (P1,)))
    assert held.memberships.column("strong").to_pylist() == [True, True]
    assert held.subjects.column("strong").to_pylist() == [True]


def test_a_disputed_code_asks_a_person_and_says_why() -> None:
    cases = {
        "two_valid_ids": (Said("a", (U1, R1)), Said("b", (U2, R1))),
        "branch_marker": (Said("a", (R1,), "某某有限公司"), Said("b", (R1,), "某某有限公司分公司")),
        "person_and_organisation": (Said("a", (R1,)), Said("b", (R1,), kind="person")),
    }
    for reason, said in cases.items():
        found = resolved(*said)
        asked = found.reviews.to_pylist()
        assert [(row["reason"], row["type"]) for row in asked] == [(reason, "regno")]
        assert [asked[0]["subject"], asked[0]["other"]] == sorted(
            found.subjects.column("id").to_pylist()
        )
        assert asked[0]["key"] == SEAL.key_of("regno", "R1")


def test_who_fits_several_is_shown_with_them() -> None:
    found = resolved(Said("a", (U1, R1)), Said("b", (U2, R1)), Said("m", (R1,)))
    assert "fits_several" in found.reviews.column("reason").to_pylist()


def test_a_code_misused_by_hundreds_asks_one_question_each() -> None:
    said = [Said(f"{i}", (("uscc", f"U{i}"), R1)) for i in range(300)]
    assert resolved(*said).reviews.num_rows == 299


def test_registers_are_believed_before_decisions_and_new_rows_before_old() -> None:
    found = resolved(
        Said("a", (U1,), "宏达有限公司", version=date(2020, 1, 1), register="registrations"),
        Said("b", (U1,), "鸿达有限公司", version=date(2024, 1, 1), register="registrations"),
        Said("c", (U1,), "洪达有限公司", version=date(2025, 1, 1)),
        Said("d", (U1,), "洪达有限公司", version=date(2025, 1, 1)),
        Said("e", (U1,), "", version=date(2026, 1, 1), register="registrations"),
    )
    assert found.subjects.column("name").to_pylist() == ["鸿达有限公司"]


def test_a_subject_with_a_branchs_name_is_a_branch() -> None:
    found = resolved(Said("a", (U1,), "某某有限公司水城分公司"))
    assert found.subjects.column("kind").to_pylist() == ["branch"]
    person = resolved(Said("p", (I1,), "某某支行", kind="person"))
    assert person.subjects.column("kind").to_pylist() == ["person"]


def test_people_join_on_a_full_number_only() -> None:
    said = (
        Said("a", (I1,), "张某", "person"),
        Said("b", (I1,), "张莫", "person"),
        Said("c", (I2,), "张某", "person"),
        Said("d", (), "张某", "person"),
    )
    assert groups(*said) == parts("a b", "c", "d")


SAME, DIFFERENT = "same", "different"


def test_a_persons_word_joins_and_is_a_strong_identity() -> None:
    said = (Said("a", name="甲厂"), Said("b", (), "甲工厂"), Said("c", (R1,)))
    judged = [("a", "b", SAME)]
    assert groups(*said, judged=judged) == parts("a b", "c")
    found = resolved(*said, judged=judged)
    strong = dict(
        zip(
            found.memberships.column("mention").to_pylist(),
            found.memberships.column("strong").to_pylist(),
            strict=True,
        )
    )
    assert strong[0]
    assert strong[1]
    assert found.reviews.num_rows == 0


def test_a_persons_word_does_not_make_the_registrys_own_key_strong() -> None:
    said = (Said("a", (P1,)), Said("b"), Said("c", (P1,)))
    found = resolved(*said, judged=[("a", "b", SAME)])
    assert found.memberships.column("strong").to_pylist() == [True, True, False]


def test_judged_different_never_meet_whatever_they_share() -> None:
    said = (Said("a", (U1, R1)), Said("b", (U1, R1)))
    judged = [("a", "b", DIFFERENT)]
    assert groups(*said, judged=judged) == parts("a", "b")
    assert not any(resolved(*said, judged=judged).memberships.column("strong").to_pylist())


def test_judged_different_never_meet_through_others() -> None:
    said = (Said("a", (R1,)), Said("m", (R1, R2)), Said("b", (R2,)), Said("n", (U1,)))
    judged = [("a", "b", DIFFERENT), ("m", "n", SAME)]
    assert groups(*said, judged=judged) == parts("a", "b", "m n")


def test_who_shares_a_code_with_two_judged_different_joins_neither() -> None:
    said = (Said("a", (U1,)), Said("b", (U1,)), Said("c", (U1,)), Said("d", (U1,)))
    assert groups(*said, judged=[("a", "b", DIFFERENT)]) == parts("a", "b", "c", "d")
    sided = [("a", "b", DIFFERENT), ("a", "c", SAME), ("b", "d", SAME)]
    assert groups(*said, judged=sided) == parts("a c", "b d")


def test_judgements_in_conflict_join_nothing_and_are_asked() -> None:
    said = (Said("a"), Said("b"), Said("c"))
    judged = [("a", "b", SAME), ("b", "c", SAME), ("a", "c", DIFFERENT)]
    assert groups(*said, judged=judged) == parts("a", "b", "c")
    asked = resolved(*said, judged=judged).reviews.to_pylist()
    assert [row["reason"] for row in asked] == ["judgements_conflict"] * 2
    both = [("a", "b", SAME), ("a", "b", DIFFERENT)]
    assert groups(*said, judged=both) == parts("a", "b", "c")


def test_a_word_against_two_valid_codes_joins_nothing_and_is_asked() -> None:
    for one, other in (
        (Said("a", (U1,)), Said("b", (U2,))),
        (Said("a", (I1,), kind="person"), Said("b", (I2,), kind="person")),
        (Said("a", (), "某某有限公司"), Said("b", (), "某某有限公司水城分公司")),
        (Said("a"), Said("b", kind="person")),
    ):
        judged = [("a", "b", SAME)]
        assert groups(one, other, judged=judged) == parts("a", "b")
        asked = resolved(one, other, judged=judged).reviews.to_pylist()
        assert [(row["reason"], row["type"]) for row in asked] == [
            ("judgement_contradicted", "judgement")
        ]


def test_evidence_against_a_word_asks_and_leaves_the_word_standing() -> None:
    """Two rows a person joined are later tied to different codes: neither code wins."""
    said = (Said("a", (R1,)), Said("b", (R2,)), Said("x", (U1, R1)), Said("y", (U2, R2)))
    judged = [("a", "b", SAME)]
    assert groups(*said, judged=judged) == parts("a b", "x", "y")
    asked = resolved(*said, judged=judged).reviews.to_pylist()
    assert [row["reason"] for row in asked] == ["fits_several"] * 2


def test_one_code_on_clearly_different_names_joins_only_those_that_agree() -> None:
    said = (
        Said("a", (U1,), "贵州双利商贸有限公司"),
        Said("a2", (U1,), "双利商贸有限责任公司"),
        Said("b", (U1,), "贵州明德餐饮有限公司"),
        Said("nameless", (U1,)),
        Said("short", (U1,), "双利"),
    )
    assert groups(*said) == parts("a a2", "b", "short", "nameless")
    assert {row["reason"] for row in resolved(*said).reviews.to_pylist()} == {"names_differ"}


def test_one_number_on_two_persons_names_joins_nobody_but_namesakes() -> None:
    said = tuple(
        Said(text, (I1,), name, "person")
        for text, name in (("a", "王小明"), ("b", "李晓红"), ("a2", "王小明"), ("typo", "王晓明"))
    )
    assert groups(*said) == parts("a a2 typo", "b")
    assert [row["reason"] for row in resolved(*said).reviews.to_pylist()] == ["names_differ"]


def test_a_name_the_register_says_it_bore_is_no_other_name() -> None:
    old, new = "贵州双利商贸有限公司", "贵州明德餐饮有限公司"
    now = Said("now", (U1, P1), new, register="registrations")
    then = Said("then", (U1,), "双利商贸有限公司")
    assert groups(now, then) == parts("now", "then")
    renamed = Said("renamed", (P1,), old, register="registrations", role="former_name")
    assert groups(now, then, renamed) == parts("now then renamed")
    (subject,) = resolved(now, then, renamed).subjects.to_pylist()
    assert subject["name"] == new
