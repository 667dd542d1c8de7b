"""What a judgement is said to do is what it does, and saying so changes nothing."""

import tempfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.blast import When, blast_of
from api.steps import propagate_store, resolve_store
from graph.judgements import JudgedPair, JudgementRow
from graph.model import MentionId
from graph.sanctions.rulebook import load_rulebook
from graph.store.sqlite import SqliteStore
from tests.contract.judging import judge, mentions
from tests.contract.rows import NOW, SEAL, Party, Row, write
from tests.contract.test_resolution import members, picture

RULEBOOK = load_rulebook()
WHEN = When(date(2026, 11, 1), NOW)
_rows = st.lists(
    st.tuples(
        st.lists(
            st.tuples(st.sampled_from(("uscc", "regno")), st.sampled_from("12")),
            max_size=2,
            unique=True,
        ),
        st.sampled_from((None, "court_defaulter", "food_permit_revoked")),
    ),
    min_size=2,
    max_size=6,
)
_word = st.tuples(
    st.integers(0, 5), st.integers(0, 5), st.sampled_from(("same", "same", "different"))
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_rows, st.lists(_word, max_size=2), _word)
def test_what_is_said_is_what_happens(
    drawn: Sequence[Any], before: Sequence[Any], word: tuple[int, int, str]
) -> None:
    words = [each for each in (*before, word) if each[0] < each[1] < len(drawn)]
    if not words:
        return
    rows = [
        Row(f"row {place}", [Party("subject", "enterprise", f"甲{place}厂", codes)],
            listing=None if kind is None else {"kind": kind, "since": "2026-01-01"},
            number=place + 2)
        for place, (codes, kind) in enumerate(drawn)
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as folder, SqliteStore(Path(folder) / "s", SEAL) as store:
        write(store, "lists", rows)
        ids = mentions(store)
        for one, other, verdict in words[:-1]:
            judge(store, (ids[one], ids[other]), verdict)
        resolve_store(store, NOW, full=False)
        propagate_store(store, RULEBOOK, WHEN.as_of, NOW)
        one, other, verdict = words[-1]
        was, had, found = picture(store), members(store), _found(store)
        low, high = sorted((ids[one], ids[other]))
        pair = JudgedPair(MentionId(low), MentionId(high))
        row = JudgementRow("j-new", "judge", "wang", NOW, "x", verdict=verdict, pairs=(pair,))
        blast = blast_of(store, RULEBOOK, [row], WHEN, "zh")
        assert (picture(store), _found(store)) == (was, found)

        store.judgements.add(row)
        resolve_store(store, NOW, full=False)
        propagate_store(store, RULEBOOK, WHEN.as_of, NOW)
        now, has = members(store), _found(store)
        assert {mention: now[mention] for mention in blast.subject_of} == blast.subject_of
        untouched = now.keys() - blast.subject_of.keys()
        assert all(now[mention] == had[mention] for mention in untouched)
        gained = {
            (had[mention], *said)
            for mention in now
            for said in has.get(now[mention], set()) - found.get(had[mention], set())
        }
        assert gained == {(e["was"], *_said(e)) for e in blast.gained}
        lost = {
            (had[mention], *said)
            for mention in now
            for said in found.get(had[mention], set()) - has.get(now[mention], set())
        }
        assert lost == {(e["was"], *_said(e)) for e in blast.lost}


def _said(body: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(body[part] for part in ("rule", "kind", "listing", "suspected"))


def _found(store: SqliteStore) -> dict[str, set[tuple[Any, ...]]]:
    told: dict[str, set[tuple[Any, ...]]] = {}
    for body in store.findings.current():
        told.setdefault(body["subject"], set()).add(_said(body))
    return told
