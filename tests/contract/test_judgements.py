"""The `Judgements` port: a ledger that only grows, and what it makes of the partition."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.steps import resolve_store
from graph.errors import QueryError
from graph.judgements import JudgedPair, in_force
from graph.model import MentionId
from graph.ports import Store
from loaders.synthetic.codes import uscc
from tests.contract.judging import about, judge, mentions
from tests.contract.rows import NOW, Fresh, Opened, write
from tests.contract.test_resolution import (
    drawn_rows,
    made,
    many,
    members,
    on_file,
    on_server,
    picture,
    row,
    some,
)

LATER = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
U1, U2 = uscc("91", "XX000001"), uscc("91", "XX000002")


def two(store: Store) -> tuple[MentionId, MentionId]:
    """Load and resolve two rows that share nothing; return their mentions."""
    write(store, "lists", [row("a"), row("b")])
    resolve_store(store, NOW, full=False)
    one, other = mentions(store)
    return one, other


def test_the_ledger_gives_back_what_was_added(store: Store) -> None:
    pair = two(store)
    one, other = sorted(pair)
    key = ("fits_several", "regno", b"\x01" * 16)
    uid = judge(store, pair, "different", answered=(key,))
    undo = about(store, uid, "undo", at=LATER)
    first, second = store.judgements.ledger()
    assert (first.uid, first.pairs) == (uid, (JudgedPair(one, other, (key,)),))
    assert (first.by, first.at, first.why, first.verdict) == (
        "wang",
        NOW,
        "the registry's file",
        "different",
    )
    assert (first.task, first.evidence, first.model) == ("t-1", "e", "m")
    assert (second.uid, second.action, second.of, second.at) == (undo, "undo", uid, LATER)


def test_what_nobody_knows_cannot_be_judged(store: Store) -> None:
    one, _ = two(store)
    for pair in ((one, "0" * 32 + ":subject:0"), (one, "nonsense")):
        with pytest.raises(QueryError, match="E610"):
            judge(store, pair, "same")
    with pytest.raises(QueryError, match="E610"):
        about(store, "j-unknown", "undo")
    assert store.judgements.ledger() == []


def test_a_judgement_waits_for_resolve_and_is_undone_by_another_row(store: Store) -> None:
    pair = two(store)
    before = picture(store)
    uid = judge(store, pair, "same")
    assert store.resolution.waiting() == 2
    assert store.overview.stale() == ["resolve", "propagate"]
    resolve_store(store, LATER, full=False)
    assert len(set(members(store).values())) == 1
    assert {line[7] for line in store.overview.clusters()} == {"merge"}
    about(store, uid, "undo")
    resolve_store(store, LATER, full=False)
    assert picture(store) == before
    assert len(store.judgements.ledger()) == 2


def test_a_proposal_counts_once_it_is_confirmed(store: Store) -> None:
    pair = two(store)
    uid = judge(store, pair, "same", pending=True)
    assert store.resolution.waiting() == 0
    assert store.resolution.judgements(None).num_rows == 0
    about(store, uid, "confirm")
    assert store.resolution.waiting() == 2
    assert store.resolution.judgements(None).num_rows == 1
    undo = about(store, uid, "undo", pending=True)
    assert store.resolution.judgements(None).num_rows == 1
    about(store, undo, "confirm")
    assert store.resolution.judgements(None).num_rows == 0


def test_unsure_is_kept_and_changes_nothing(store: Store) -> None:
    pair = two(store)
    judge(store, pair, "unsure")
    assert store.resolution.judgements(None).num_rows == 0
    assert [each.verdict for each in store.judgements.ledger()] == ["unsure"]


def test_a_judgement_on_a_withdrawn_row_rests_until_the_row_comes_back(
    store: Store,
) -> None:
    write(store, "lists", [row("a")])
    write(store, "other", [row("b")], file="b.csv")
    resolve_store(store, NOW, full=False)
    one, other = (line[5] for line in store.overview.clusters())
    judge(store, (one, other), "same")
    resolve_store(store, NOW, full=False)
    joined = picture(store)
    store.evidence.withdraw(store.evidence.batches()[1].uid, NOW)
    resolve_store(store, LATER, full=False)
    assert store.resolution.judgements(None).num_rows == 0
    write(store, "other", [row("b")], file="b.csv")
    resolve_store(store, LATER, full=False)
    assert picture(store) == joined


def test_an_answered_question_is_not_open_and_a_new_one_is(store: Store) -> None:
    a = row("a", ("uscc", U1), ("regno", "R1"), ("tax_id", "T1"))
    b = row("b", ("uscc", U2), ("regno", "R1"))
    write(store, "lists", [a, b])
    resolve_store(store, NOW, full=False)
    (asked,) = store.resolution.reviews().to_pylist()
    one, other = mentions(store)
    question = (asked["reason"], asked["type"], asked["key"])
    uid = judge(store, (one, other), "different", answered=(question,))
    assert store.resolution.reviews().num_rows == 0
    assert store.overview.status()["reviews"] == 0
    resolve_store(store, LATER, full=False)
    assert {line[7] for line in store.overview.clusters()} == {"separate"}
    write(store, "more", [row("c", ("uscc", U2), ("tax_id", "T1"))])
    resolve_store(store, LATER, full=False)
    assert [each["type"] for each in store.resolution.reviews().to_pylist()] == ["tax_id"]
    about(store, uid, "undo")
    resolve_store(store, LATER, full=False)
    assert store.resolution.reviews().num_rows == 2


def test_an_answer_stays_when_its_subjects_are_called_otherwise(store: Store) -> None:
    a = row("a", ("tax_id", "T1"), ("regno", "R1"))
    write(store, "lists", [a, row("b", ("regno", "R1"), kind="person")])
    resolve_store(store, NOW, full=False)
    (asked,) = store.resolution.reviews().to_pylist()
    one, other = mentions(store)
    judge(store, (one, other), "different",
          answered=((asked["reason"], asked["type"], asked["key"]),))  # fmt: skip
    was = store.judgements.subject_of(one)
    write(store, "more", [row("c", ("tax_id", "T1"), ("uscc", U1))])
    resolve_store(store, LATER, full=False)
    assert store.judgements.subject_of(one) != was
    assert store.resolution.reviews().num_rows == 0


def test_a_word_in_doubt_is_still_asked_after_loads_around_it(store: Store) -> None:
    """The doubt hangs on a neighbour's neighbour of what is loaded."""
    a = row("a", ("uscc", U1), ("regno", "R1"))
    b = row("b", ("uscc", U2), ("regno", "R1"))
    write(store, "lists", [a, b, row("c", kind="person")])
    resolve_store(store, NOW, full=False)
    _, two_, person = mentions(store)
    judge(store, (two_, person), "same")
    resolve_store(store, NOW, full=False)
    asked = store.resolution.reviews()
    assert set(asked.column("reason").to_pylist()) == {"two_valid_ids", "judgement_contradicted"}
    write(store, "more", [row("d", ("uscc", U1))])
    resolve_store(store, LATER, full=False)
    assert store.resolution.reviews() == asked


def test_judged_pairs_are_told_by_where_they_are_now(store: Store) -> None:
    uid = judge(store, two(store), "same")
    subjects = sorted(set(members(store).values()))
    assert [(u, *sorted((a, b))) for u, a, b in store.judgements.placed()] == [(uid, *subjects)]
    resolve_store(store, LATER, full=False)
    ((told, one, other),) = store.judgements.placed()
    assert (told, one) == (uid, other) == (uid, store.judgements.subject_of(mentions(store)[0]))
    for unknown in ("nonsense", "0" * 32 + ":subject:0"):
        assert store.judgements.subject_of(MentionId(unknown)) is None


def test_a_trial_leaves_nothing_behind(store: Store) -> None:
    pair = two(store)
    before = picture(store)
    for _ in range(2):
        with store.judgements.trial():
            judge(store, pair, "same")
            resolve_store(store, LATER, full=False)
            assert picture(store) != before
        assert (picture(store), store.judgements.ledger()) == (before, [])
    with store.resolution.transaction():
        judge(store, pair, "same")
        with store.judgements.trial():
            resolve_store(store, LATER, full=False)
    assert store.resolution.waiting() == 2
    with pytest.raises(QueryError):
        _fail_on_trial(store, pair)
    assert len(store.judgements.ledger()) == 1


def test_a_trial_within_a_trial_leaves_the_outer_as_it_was(store: Store) -> None:
    pair = two(store)
    before = picture(store)
    with store.judgements.trial():
        uid = judge(store, pair, "same")
        resolve_store(store, LATER, full=False)
        joined = picture(store)
        with store.judgements.trial():
            about(store, uid, "undo")
            resolve_store(store, LATER, full=False)
            assert picture(store) == before
        assert (picture(store), len(store.judgements.ledger())) == (joined, 1)
    assert (picture(store), store.judgements.ledger()) == (before, [])


def _fail_on_trial(store: Store, pair: tuple[MentionId, MentionId]) -> None:
    with store.judgements.trial():
        judge(store, pair, "different")
        raise QueryError("E610")


def test_the_past_is_told_as_it_was_judged(opened: Opened) -> None:
    with opened(None) as store:
        judge(store, two(store), "same", at=LATER)
    with opened(NOW) as store:
        assert store.judgements.ledger() == []
        assert store.resolution.judgements(None).num_rows == 0


_words = st.lists(
    st.tuples(
        st.integers(0, 7),
        st.integers(0, 7),
        st.sampled_from(("same", "same", "different", "unsure")),
        st.sampled_from(("said", "said", "proposed", "confirmed", "undone")),
    ),
    max_size=5,
)


def _judgements_at_any_point_of_the_loads_give_the_same_subjects(
    fresh: Fresh, drawn: Sequence[Any], words: Sequence[Any], data: st.DataObject
) -> None:
    rows = made(drawn)
    words = [word for word in words if word[0] < word[1] < len(rows)]
    order = data.draw(st.permutations(range(len(rows))))
    ids: dict[int, str] = {}
    with fresh() as whole:
        for place in range(len(rows)):
            _load(whole, rows, place, ids)
        for word in words:
            _say(whole, word, ids)
        resolve_store(whole, NOW, full=True)
        wanted = picture(whole)
        assert _joining(whole) == whole.resolution.judgements(None).num_rows
    ids.clear()
    with fresh() as split:
        waiting = list(words)
        for place in order:
            _load(split, rows, place, ids)
            ready = [word for word in waiting if word[0] in ids and word[1] in ids]
            for word in ready:
                if data.draw(st.booleans()):
                    waiting.remove(word)
                    _say(split, word, ids)
            if data.draw(st.booleans()):
                resolve_store(split, NOW, full=False)
        for word in waiting:
            _say(split, word, ids)
        resolve_store(split, LATER, full=False)
        assert picture(split) == wanted
        resolve_store(split, LATER, full=True)
        assert picture(split) == wanted


@on_file
@many
@given(drawn_rows, _words, st.data())
def test_judgements_at_any_point_of_the_loads_give_the_same_subjects_in_a_file(
    fresh: Fresh, drawn: Sequence[Any], words: Sequence[Any], data: st.DataObject
) -> None:
    _judgements_at_any_point_of_the_loads_give_the_same_subjects(fresh, drawn, words, data)


@on_server
@some
@given(drawn_rows, _words, st.data())
def test_judgements_at_any_point_of_the_loads_give_the_same_subjects_on_a_server(
    fresh: Fresh, drawn: Sequence[Any], words: Sequence[Any], data: st.DataObject
) -> None:
    _judgements_at_any_point_of_the_loads_give_the_same_subjects(fresh, drawn, words, data)


def _joining(store: Store) -> int:
    """Return how many pairs the ledger, read row by row, says are the same or different."""
    return len(
        {
            (row.verdict, pair.one, pair.other)
            for row in in_force(store.judgements.ledger())
            for pair in row.pairs
            if row.verdict != "unsure"
        }
    )


def _load(store: Store, rows: Sequence[Any], place: int, ids: dict[int, str]) -> None:
    rows[place].number = place + 2
    write(store, "lists", [rows[place]], file=f"{place}.csv")
    own = [line[5] for line in store.overview.clusters() if line[2] == place + 2]
    # Of every other row the person is judged, if it names one.
    ids[place] = sorted(own, key=lambda mention: ":subject:" in mention)[place % 2 - 1]


def _say(store: Store, word: Any, ids: dict[int, str]) -> None:
    one, other, verdict, fate = word
    uid = judge(store, (ids[one], ids[other]), verdict, pending=fate in ("proposed", "confirmed"))
    if fate == "confirmed":
        about(store, uid, "confirm")
    if fate == "undone":
        about(store, uid, "undo")
