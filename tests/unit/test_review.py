"""Tasks out of pairs, pairs out of verdicts, and how far reviewers agree."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph import schema
from graph.errors import QueryError
from graph.judgements import JudgedPair, JudgementRow, states
from graph.model import MentionId
from resolvers.agreement import agreements
from resolvers.review import (
    LARGEST,
    Asked,
    evidence_digest,
    pairs_of,
    person_name,
    proposals,
    signed,
    speaker_for,
    tasks_of,
)

NOW = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)
K1, K2 = b"1" * 16, b"2" * 16


def asked(one: str, other: str, key: bytes = K1, reason: str = "fits_several") -> Asked:
    return Asked(one, other, reason, "regno", key)


def table(*rows: Asked) -> pa.Table:
    columns = ("subject", "other", "reason", "type", "key")
    return pa.Table.from_pylist(
        [{name: getattr(row, name) for name in columns} for row in rows], schema.REVIEWS
    )


def speakers(*names: str) -> dict[str, MentionId]:
    return {name: MentionId(f"m-{name}") for name in names}


def ends(pairs: Sequence[JudgedPair]) -> list[tuple[str, str]]:
    return [(pair.one, pair.other) for pair in pairs]


_pairs = st.lists(
    st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef"), st.sampled_from((K1, K2)))
    .filter(lambda pair: pair[0] < pair[1]),
    unique=True,
    max_size=8,
)  # fmt: skip


@given(_pairs, st.randoms(use_true_random=False))
def test_every_question_is_in_one_task_and_tasks_share_nobody(drawn: Any, chance: Any) -> None:
    rows = [asked(*pair) for pair in drawn]
    found = tasks_of(table(*rows))
    assert sorted(each for task in found for each in task.asked) == sorted(rows)
    names = [uid for task in found for uid in task.subjects]
    assert len(names) == len(set(names))
    assert tasks_of(table(*chance.sample(rows, len(rows)))) == found


def test_a_task_with_other_questions_is_another_task() -> None:
    (one,) = tasks_of(table(asked("a", "b")))
    (more,) = tasks_of(table(asked("a", "b"), asked("a", "b", K2)))
    (again,) = tasks_of(table(asked("a", "b")))
    assert one.id == again.id != more.id


def test_same_ties_all_to_one_and_different_only_those_who_share() -> None:
    rows = (asked("a", "b"), asked("b", "c", K2))
    same = pairs_of("same", speakers("a", "b", "c"), rows, whole=True)
    assert ends(same) == [("m-a", "m-b"), ("m-a", "m-c")]
    apart = pairs_of("different", speakers("a", "b", "c"), rows, whole=True)
    assert ends(apart) == [("m-a", "m-b"), ("m-b", "m-c")]
    picked = pairs_of("different", speakers("a", "b", "c"), rows, whole=False)
    assert ends(picked) == [("m-a", "m-b"), ("m-a", "m-c"), ("m-b", "m-c")]


def test_a_pair_answers_only_what_both_were_asked_about() -> None:
    rows = (asked("a", "b"), asked("a", "c"), asked("b", "c", K2))
    found = pairs_of("different", speakers("a", "b", "c"), rows, whole=True)
    answered = {(p.one, p.other): {key for _, _, key in p.answered} for p in found}
    # a and c do not hold the second key: should they come to, it is asked.
    assert answered == {
        ("m-a", "m-b"): {K1},
        ("m-a", "m-c"): {K1},
        ("m-b", "m-c"): {K1, K2},
    }


def test_nobody_looks_through_hundreds_at_once() -> None:
    names = [f"s{place:03d}" for place in range(LARGEST + 1)]
    rows = [asked(names[0], other) for other in names[1:]]
    with pytest.raises(QueryError, match="E617"):
        pairs_of("different", speakers(*names), rows, whole=True)
    assert len(pairs_of("same", speakers(*names), rows, whole=True)) == LARGEST


def member(mention: str, *held: tuple[str, str], name: str = "甲厂") -> dict[str, Any]:
    identifiers = [{"type": kind, "status": status, "value": "*"} for kind, status in held]
    return {"mention": mention, "kind": "enterprise", "name": name, "identifiers": identifiers}


def test_a_judgement_is_filed_under_the_row_it_is_about() -> None:
    rows = [
        member("m-1"),
        member("m-2", ("regno", "masked")),
        member("m-3", ("uscc", "valid")),
        member("m-4", ("regno", "valid")),
    ]
    assert speaker_for(rows, {"regno"}) == "m-4"
    assert speaker_for(rows, {"tax_id"}) == "m-3"
    assert speaker_for(rows[:2], {"regno"}) == "m-1"


def test_the_evidence_is_what_there_is_to_see_in_any_order() -> None:
    rows = [member("m-1"), member("m-2", ("uscc", "valid"))]
    first = evidence_digest([asked("a", "b"), asked("a", "c")], {"a": rows, "b": []})
    again = evidence_digest([asked("a", "c"), asked("a", "b")], {"b": rows[:1], "a": rows[1:]})
    assert first == again
    more = [*rows, member("m-3", ("uscc", "valid"))]
    assert first == evidence_digest([asked("a", "b"), asked("a", "c")], {"a": more, "b": []})
    assert first != evidence_digest([asked("a", "b"), asked("a", "c")], {"a": rows[:1]})
    assert first != evidence_digest([asked("a", "b", K2), asked("a", "c")], {"a": rows})


def test_a_name_is_one_person_however_it_is_typed() -> None:
    assert person_name("　王 五　") == person_name("王 五") == "王 五"
    assert person_name("ＷＡＮＧ") == "WANG"


def row(uid: str, by: str, verdict: str, *mentions: str, pending: bool = False) -> JudgementRow:
    one, *others = mentions or ("m-1", "m-2")
    pairs = tuple(JudgedPair(MentionId(one), MentionId(other)) for other in others)
    return JudgementRow(uid, "judge", by, NOW, "x", verdict=verdict, pairs=pairs, pending=pending)


def about(uid: str, by: str, action: str, of: str, *, pending: bool = False) -> JudgementRow:
    return JudgementRow(uid, action, by, NOW, "x", of=of, pending=pending)


def test_what_waits_for_another_person() -> None:
    ledger = [
        row("j1", "王", "same", pending=True),
        row("j2", "王", "same", pending=True),
        about("j3", "李", "confirm", "j2"),
        row("j4", "王", "different", pending=True),
        about("j5", "李", "undo", "j4"),
        row("j6", "王", "different"),
        about("j7", "王", "undo", "j6", pending=True),
    ]
    assert [each.uid for each in proposals(ledger)] == ["j1", "j7"]
    assert states(ledger) == {
        "j1": "proposed",
        "j2": "in_force",
        "j4": "undone",
        "j6": "in_force",
    }
    done = [*ledger, about("j8", "李", "confirm", "j7")]
    assert [each.uid for each in proposals(done)] == ["j1"]
    assert states(done)["j6"] == "undone"


def test_rows_that_say_something_else_have_other_ids() -> None:
    said = row("", "王", "same")
    others = [
        row("", "李", "same"),
        row("", "王", "different"),
        row("", "王", "same", "m-1", "m-3"),
        row("", "王", "same", pending=True),
        about("", "王", "undo", "j1"),
    ]
    assert signed(said) == signed(said)
    assert len({signed(each).uid for each in (said, *others)}) == 6


def test_kappa_is_that_of_the_textbook() -> None:
    """Fifty items, 20 and 15 agreed, 5 and 10 not: observed 0.7, by chance 0.5, kappa 0.4."""
    counts = {("same", "same"): 20, ("same", "different"): 5, ("different", "same"): 10,
              ("different", "different"): 15}  # fmt: skip
    ledger, number = [], 0
    for (one, other), count in counts.items():
        for _ in range(count):
            number += 1
            pair = (f"m-{number}", f"n-{number}")
            ledger.append(row(f"a{number}", "安", one, *pair))
            ledger.append(row(f"b{number}", "柏", other, *pair))
    (found,) = agreements(ledger)
    assert (found.one, found.other, found.items, found.agreed) == ("安", "柏", 50, 35)
    assert found.kappa == pytest.approx(0.4)


def test_agreement_counts_last_words_and_confirmations() -> None:
    ledger = [
        row("j1", "王", "same"),
        row("j2", "王", "different"),
        row("j3", "李", "different", pending=True),
        about("j4", "赵", "confirm", "j3"),
        row("j5", "李", "same", "m-8", "m-9"),
    ]
    found = {(each.one, each.other): each for each in agreements(ledger)}
    assert {(e.items, e.agreed) for e in found.values()} == {(1, 1)}
    assert set(found) == {("李", "王"), ("李", "赵"), ("王", "赵")}
    assert all(each.kappa is None for each in found.values())
    assert agreements([]) == []
