"""Two bidders: ties by rule, hints by rule, facts no rule speaks of, and what is told once."""

from dataclasses import replace
from datetime import date

import pyarrow as pa

from graph import schema
from graph.model import RecordId, Relation, Subject, SubjectId
from graph.network import Network
from graph.sanctions.between import observed
from graph.sanctions.control import Ownership
from graph.sanctions.rule import Effect, Reach, ReachStep
from graph.sanctions.rulebook import Rulebook, load_rulebook
from graph.sanctions.tender import Link, Mark, shared_marks, statutory

AN, BO = SubjectId("an"), SubjectId("bo")
ONE, TWO, MID = SubjectId("one"), SubjectId("two"), SubjectId("mid")
AS_OF = date(2026, 6, 1)
BOOK = load_rulebook()


R13_ALONE = replace(BOOK, rules=tuple(rule for rule in BOOK.rules if rule.id == "R13"))


def book(*types: str, kind: str = "attention") -> Rulebook:
    """Return a rulebook with R13 and one more rule about bids, over one kind of tie."""
    r13 = BOOK.rule("R13")
    assert r13 is not None
    up, down = (
        ReachStep(relations=types, towards=towards, when="as_of") for towards in ("holders", "held")
    )
    hint = replace(
        r13,
        id="R99",
        kind=kind,
        reach=(Reach(start="bidder", steps=(up, down)),),
        effect=Effect(measure="no_joint_bid", kind=kind),
    )
    return replace(BOOK, rules=(r13, hint))


def tie(type_: str, source: SubjectId, target: SubjectId, **more: object) -> Relation:
    records = (RecordId(f"{type_}:{source}:{target}"),)
    return replace(Relation(type_, source, target, records=records), **more)  # type: ignore[arg-type]


def subjects(weak: SubjectId | None = None) -> list[Subject]:
    return [
        Subject(each, "person" if each in (AN, BO) else "enterprise", each, strong=each != weak)
        for each in (AN, BO, MID, ONE, TWO)
    ]


def links(
    ties: list[Relation],
    rules: Rulebook = R13_ALONE,
    weak: SubjectId | None = None,
    as_of: date = AS_OF,
) -> list[Link]:
    network = Network.of(subjects(weak), ties)
    rows = [
        {"type": each.type, "source": each.source, "target": each.target, "share": each.share}
        | {"since": each.since, "until": each.until, "record": each.records[0], "strong": True}
        for each in ties
    ]
    people = [
        {"id": each.id, "kind": each.kind, "name": each.name, "strong": each.strong}
        for each in subjects(weak)
    ]
    ownership = Ownership.of(
        pa.Table.from_pylist(people, schema.SUBJECTS),
        pa.Table.from_pylist(rows, schema.RELATIONS),
        as_of,
    )
    told = statutory(rules, network, [ONE, TWO], as_of)
    seen = observed(network, ownership, [ONE, TWO], as_of, told)
    assert told.keys() | seen.keys() <= {(ONE, TWO)}
    return [*told.get((ONE, TWO), []), *seen.get((ONE, TWO), [])]


def codes(found: list[Link]) -> list[tuple[str | None, str]]:
    return [(each.rule, each.why) for each in found]


def test_every_way_of_being_tied_is_told_and_each_once() -> None:
    ties = [
        tie("legal_representative", AN, ONE),
        tie("legal_representative", AN, ONE, records=(RecordId("again"),)),
        tie("operator", AN, TWO),
        tie("legal_representative", BO, TWO),
        tie("person_in_charge", BO, ONE),
        tie("shareholder", ONE, TWO, share=0.6),
        tie("branch_of", TWO, ONE),
        tie("controller", ONE, TWO),
    ]
    found = links(ties)
    assert sorted(codes(found), key=str) == [
        ("R13", "direct_holding"),
        ("R13", "management"),
        ("R13", "management"),
        ("R13", "same_person_in_charge"),
        ("R13", "same_person_in_charge"),
    ]
    assert {each.kind for each in found} == {"restriction"}
    assert [each.shares for each in found if each.why == "direct_holding"] == [(0.6,)]


def test_a_weak_identity_on_the_way_leaves_a_question() -> None:
    ties = [tie("legal_representative", AN, ONE), tie("legal_representative", AN, TWO)]
    (found,) = links(ties, weak=AN)
    assert (found.kind, found.suspected, found.missing) == ("conditional", True, ("identity",))


def test_a_rule_that_asks_for_attention_is_cited_and_its_fact_told_once() -> None:
    ties = [tie("contact", AN, ONE), tie("contact", AN, TWO)]
    (bare,) = links(ties)
    assert (bare.rule, bare.kind, bare.why, bare.basis) == (None, "attention", "shared_contact", ())
    (cited,) = links(ties, book("contact"))
    assert (cited.rule, cited.kind, cited.why) == ("R99", "attention", "shared_contact")
    assert cited.basis
    assert cited.records == bare.records
    (shipped,) = links(ties, BOOK)
    assert (shipped.rule, shipped.kind, shipped.why) == ("R16", "attention", "shared_contact")


def test_what_a_rule_says_of_one_person_is_not_said_of_another() -> None:
    ties = [
        tie(kind, who, firm)
        for who, kind in ((AN, "contact"), (BO, "agent"))
        for firm in (ONE, TWO)
    ]
    assert codes(links(ties, book("contact"))) == [
        ("R99", "shared_contact"),
        (None, "shared_agent"),
    ]


def test_officers_owners_and_mixed_roles_are_facts_without_a_rule() -> None:
    director = [tie("director", AN, ONE), tie("supervisor", AN, TWO)]
    assert codes(links(director)) == [(None, "shared_officer")]
    mixed = [tie("director", AN, ONE), tie("shareholder", AN, TWO, share=0.1)]
    assert codes(links(mixed)) == [(None, "shared_person")]
    owner = [tie("shareholder", AN, firm, share=0.2) for firm in (ONE, TWO)]
    assert codes(links(owner)) == [(None, "common_owner")]
    lender = [tie("guarantor", MID, firm) for firm in (ONE, TWO)]
    assert links(lender) == []
    kin = [tie("relative", AN, ONE), tie("relative", AN, TWO)]
    assert links(kin) == []


def test_who_controls_both_is_told_with_the_whole_chain_and_no_link_of_it_again() -> None:
    ties = [
        tie("shareholder", AN, MID, share=0.9),
        tie("shareholder", MID, ONE, share=0.6),
        tie("shareholder", MID, TWO, share=0.7),
    ]
    found = links(ties)
    assert codes(found) == [(None, "common_control")]
    assert [step.source for step in found[0].path] == [AN, MID, MID]
    assert found[0].shares == (0.9, 0.6, 0.7)


def test_indirect_control_of_the_other_bidder_is_told_with_its_chain() -> None:
    ties = [tie("shareholder", ONE, MID, share=0.6), tie("shareholder", MID, TWO, share=0.51)]
    (found,) = links(ties)
    assert (found.why, found.kind, found.shares) == ("indirect_holding", "attention", (0.6, 0.51))
    half = [tie("shareholder", ONE, MID, share=0.6), tie("shareholder", MID, TWO, share=0.5)]
    assert links(half) == []


def test_parents_investments_and_succession_are_told() -> None:
    assert codes(links([tie("branch_of", ONE, MID), tie("branch_of", TWO, MID)])) == [
        (None, "same_parent")
    ]
    joint = [tie("shareholder", ONE, MID, share=0.3), tie("shareholder", TWO, MID)]
    assert codes(links(joint)) == [(None, "common_investment")]
    assert codes(links([tie("successor_of", ONE, TWO)])) == [(None, "succession")]
    assert codes(links([tie("guarantor", TWO, ONE)])) == [(None, "guarantee")]
    assert codes(links([tie("director", TWO, ONE)])) == [(None, "registered_tie")]


def test_before_any_article_is_in_force_there_are_facts_and_no_ties() -> None:
    ties = [tie("shareholder", ONE, TWO, share=0.6), tie("branch_of", TWO, ONE)]
    assert codes(links(ties, as_of=date(2012, 1, 31))) == [
        (None, "direct_holding"),
        (None, "management"),
    ]
    assert {rule for rule, _ in codes(links(ties, as_of=date(2012, 2, 1)))} == {"R13"}


def test_nothing_counts_on_the_day_it_has_ended() -> None:
    ends = {"until": AS_OF}
    ties = [tie("legal_representative", AN, firm, **ends) for firm in (ONE, TWO)]
    assert links(ties) == []
    assert links([tie("shareholder", ONE, TWO, share=0.9, **ends)]) == []


def test_marks_are_compared_by_kind_and_key_and_cite_a_rule_that_walks_them() -> None:
    marks = [
        Mark(ONE, "shared_phone", "1", "1**", "r1"),
        Mark(ONE, "shared_phone", "1", "1**", "r0"),
        Mark(TWO, "shared_phone", "1", "1**", "r2"),
        Mark(TWO, "shared_address", "1", "1", "r3"),
    ]
    (found,) = shared_marks(BOOK, marks, [TWO, ONE], AS_OF)[TWO, ONE]
    assert (found.why, found.records, found.facts) == (
        "shared_phone",
        ("r2", "r0"),
        {"shown": "1**"},
    )
    (cited,) = shared_marks(book("shares_phone"), marks, [ONE, TWO], AS_OF)[ONE, TWO]
    assert cited.rule == "R99"
    assert cited.basis
