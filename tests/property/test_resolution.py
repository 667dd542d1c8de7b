"""What holds of every partition, whatever the rows and their order."""

import random
from collections import defaultdict
from dataclasses import replace
from itertools import combinations
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.derived import Partition
from graph.identifiers import STRENGTH
from graph.kinds import is_branch
from resolvers.pipeline import resolve
from resolvers.ties import full_name
from tests.unit.resolving import Judged, Said, evidence, ids_by_text

_TYPES = ("uscc", "org_code", "regno", "tax_id", "id_card", "passport", "pripid")
_BODIES = (
    "",
    "",
    "某某有限公司",
    "某某有限公司水城分公司",
    "贵州丙丁餐饮有限公司",
    "贵州某某商贸有限公司",
    "贵州某某商贸有限责任公司",
    "贵州某某商贸有限公司水城分公司",
    "某某商贸有限公司",
    "某谋商贸有限公司",
)
_PEOPLE = ("", "张某", "王小明", "李晓红", "王伟", "王伟")
# Few firms under damaged names, held by people of common names: rounds give evidence.
_ALIKE = (
    "贵州某某商贸有限公司",
    "某某商贸有限公司",
    "贵州丙丁餐饮有限公司",
    "丙丁餐饮有限公司",
    "贵州戊己茶业有限公司",
    "戊己茶业有限公司",
)
_POSTS = ("legal_representative", "director", "finance_officer")
_NAMESAKES = ("王伟", "王伟", "王伟", "李娜")
_TRAITS = (
    ("representative", "欧阳小明"),
    ("representative", "欧阳大明"),
    ("phone", "1"),
    ("phone", "2"),
    ("founded", "2001-02-03"),
    ("address", "六盘水市钟山区人民路1号"),
    ("owner", "贵州戊己投资有限公司"),
)
_SHOWN = (("id_card", "masked", "520201********1234"), ("id_card", "masked", "520201********5678"))
_EXCLUSIVE = {"uscc", "id_card", "org_code", "residence_permit", "foreign_permanent"}

_codes = st.lists(
    st.tuples(st.sampled_from(_TYPES), st.sampled_from("123")), max_size=3, unique=True
)


_told = st.lists(st.sampled_from(_TRAITS), max_size=3, unique_by=lambda each: each[0])


@st.composite
def crowds(draw: st.DrawFn) -> list[Said]:
    """Draw mentions with few codes and names, so that they often share and contradict."""
    many = draw(st.integers(1, 12))
    hinging = draw(st.booleans())
    bodies_called, people_called = (_ALIKE, _NAMESAKES) if hinging else (_BODIES, _PEOPLE)
    kinds = [draw(st.sampled_from(("enterprise", "enterprise", "person"))) for _ in range(many)]
    bodies = [f"row {place}" for place, kind in enumerate(kinds) if kind != "person"]
    found = []
    for place, kind in enumerate(kinds):
        person = kind == "person"
        posts = st.lists(st.sampled_from(bodies), max_size=2, unique=True)
        found.append(
            Said(
                text=f"row {place}",
                codes=tuple(draw(_codes)),
                name=draw(st.sampled_from(people_called if person else bodies_called)),
                kind=kind,
                register=draw(st.sampled_from(("", "registrations", "licences"))),
                shown=(draw(st.sampled_from(_SHOWN)),) if person and draw(st.booleans()) else (),
                posts=tuple(draw(posts)) if person and bodies else (),
                post=draw(st.sampled_from(_POSTS)),
                owns=tuple(draw(posts)) if person and bodies else (),
                traits=() if person else tuple(draw(_told)),
            )
        )
    return found


@st.composite
def judged_crowds(draw: st.DrawFn) -> tuple[list[Said], list[Judged]]:
    """Draw mentions and what people said of some pairs, often against one another."""
    said = draw(crowds())
    pairs = list(combinations([each.text for each in said], 2))
    chosen = draw(st.lists(st.sampled_from(pairs), max_size=6)) if pairs else []
    return said, [(*pair, draw(st.sampled_from(("same", "different")))) for pair in chosen]


def _content(said: list[Said], keys: list[int], found: Partition) -> dict[str, Any]:
    """Return an answer without the integer keys: what must not depend on order."""
    text = {key: each.text for key, each in zip(keys, said, strict=True)}
    members = [
        (text[row["mention"]], row["subject"], row["strong"])
        for row in found.memberships.to_pylist()
    ]
    return {
        "members": sorted(members),
        "subjects": found.subjects.to_pylist(),
        "keys": found.keys.to_pylist(),
        "reviews": found.reviews.to_pylist(),
    }


def _answer(said: list[Said], judged: list[Judged]) -> dict[str, Any]:
    keys = list(range(len(said)))
    return _content(said, keys, resolve(evidence(said, judged=judged)))


@given(judged_crowds(), st.randoms(use_true_random=False))
def test_order_and_numbering_change_nothing(
    crowd: tuple[list[Said], list[Judged]], chance: random.Random
) -> None:
    said, judged = crowd
    shuffled = chance.sample(said, len(said))
    keys = chance.sample(range(10_000), len(said))
    turned = [(other, one, verdict) for one, other, verdict in judged]
    told = evidence(shuffled, keys, chance.sample(judged + turned, 2 * len(judged)))
    mixed = replace(
        told,
        identifiers=_mixed(told.identifiers, chance),
        posts=_mixed(told.posts, chance),
        traits=_mixed(told.traits, chance),
    )
    assert _content(shuffled, keys, resolve(mixed)) == _answer(said, judged)


def _mixed(table: pa.Table, chance: random.Random) -> pa.Table:
    return table.take(pa.array(chance.sample(range(table.num_rows), table.num_rows), pa.int64()))


@given(judged_crowds(), st.randoms(use_true_random=False))
def test_whole_connected_parts_can_be_resolved_alone(
    crowd: tuple[list[Said], list[Judged]], chance: random.Random
) -> None:
    """With a body come the persons in its posts; a person brings no body."""
    said, judged = crowd
    whole = resolve(evidence(said, judged=judged))
    uids = ids_by_text(said, whole)
    shared = defaultdict(set)
    for row in whole.traces.to_pylist():
        shared[row["key"]].add(row["subject"])
    uids_alike = [group for group in shared.values() if len(group) > 1]
    texts = _closed(
        {e.text for e in said if chance.random() < 0.3}, said, judged, (uids, uids_alike)
    )
    chosen = [
        replace(
            e,
            posts=tuple(b if b in texts else uids[b] for b in e.posts),
            owns=tuple(b if b in texts else uids[b] for b in e.owns),
        )
        for e in said
        if e.text in texts
    ]
    alone = resolve(evidence(chosen, judged=[row for row in judged if row[0] in texts]))
    ids = {uid for text, uid in uids.items() if text in texts}
    assert ids_by_text(chosen, alone) == {text: uids[text] for text in texts}
    for name, column in (("subjects", "id"), ("keys", "subject"), ("traces", "subject")):
        assert getattr(alone, name).to_pylist() == [
            row for row in getattr(whole, name).to_pylist() if row[column] in ids
        ]
    assert alone.reviews.to_pylist() == [
        row for row in whole.reviews.to_pylist() if row["subject"] in ids
    ]


def _closed(
    texts: set[str],
    said: list[Said],
    judged: list[Judged],
    subjects: tuple[dict[str, str], list[set[str]]],
) -> set[str]:
    """Return the texts with all that they may move, slowly.

    Args:
        subjects: Subject of each text, and those that hang together by what they have in common.
    """
    uids, together = subjects

    def named(each: Said) -> set[tuple[str, str]]:
        return {(each.name, uids[body]) for body in each.posts}

    found: set[str] = set()
    while found != texts:
        found = set(texts)
        inside = [each for each in said if each.text in found]
        for each in said:
            if any(
                uids[each.text] == uids[other.text]
                or set(each.codes) & set(other.codes)
                or (
                    full_name(each.name) is not None
                    and full_name(each.name) == full_name(other.name)
                )
                or named(each) & named(other)
                or uids[other.text] in {uids[body] for body in (*each.posts, *each.owns)}
                or any({uids[each.text], uids[other.text]} <= group for group in together)
                or any({each.text, other.text} == set(row[:2]) for row in judged)
                for other in inside
            ):
                texts.add(each.text)
    return found


def _connected(said: list[Said], judged: list[Judged], *, names: bool = True) -> list[list[Said]]:
    """Return mentions by components of shared codes, judgements and names, slowly."""
    together = {frozenset(row[:2]) for row in judged}
    held = {each.text: {o.name for o in said if each.text in (*o.posts, *o.owns)} for each in said}

    def meets(one: Said, other: Said) -> bool:
        full = full_name(one.name), full_name(other.name)
        alike = one.name == other.name != "" or full[0] == full[1] is not None
        named = names and alike and one.kind == other.kind
        # A body may be told by one sign beside a name that is nearly the same.
        named |= names and bool(set(one.traits) & set(other.traits) and one.name and other.name)
        shared = set(one.codes) & set(other.codes) or {one.text, other.text} in together
        named |= names and bool(held[one.text] & held[other.text] and one.name and other.name)
        holding = (one.posts or one.owns) and (other.posts or other.owns)
        return bool(shared) or (named and (one.kind != "person" or bool(holding)))

    parts: list[list[Said]] = []
    for each in said:
        touching = [p for p in parts if any(meets(each, o) for o in p)]
        parts = [p for p in parts if p not in touching]
        parts.append([each, *(other for part in touching for other in part)])
    return parts


@given(judged_crowds())
def test_vetoes_hold_and_every_mention_has_one_subject(
    crowd: tuple[list[Said], list[Judged]],
) -> None:
    said, judged = crowd
    found = resolve(evidence(said, judged=judged))
    ids = ids_by_text(said, found)
    assert found.memberships.num_rows == len(said) == len(ids)
    assert set(found.subjects.column("id").to_pylist()) == set(ids.values())
    for one, other in combinations(said, 2):
        if ids[one.text] == ids[other.text]:
            assert (one.kind == "person") == (other.kind == "person")
            if "person" not in (one.kind, other.kind) and one.name and other.name:
                assert is_branch(one.name) == is_branch(other.name)
            for kind in _EXCLUSIVE:
                assert not _contradict(_own(one, kind), _own(other, kind))
    for one_text, other_text, verdict in judged:
        assert verdict == "same" or ids[one_text] != ids[other_text]


@given(judged_crowds())
def test_a_judgement_same_joins_or_is_asked_again(
    crowd: tuple[list[Said], list[Judged]],
) -> None:
    said, judged = crowd
    found = resolve(evidence(said, judged=judged))
    ids = ids_by_text(said, found)
    asked = {
        frozenset((row["subject"], row["other"]))
        for row in found.reviews.to_pylist()
        if row["type"] == "judgement"
    }
    strong = {said[row["mention"]].text: row["strong"] for row in found.memberships.to_pylist()}
    for one, other, verdict in judged:
        if verdict == "same" and ids[one] != ids[other]:
            assert {ids[one], ids[other]} in asked
    lone = [row for row in judged if not any(set(row[:2]) & set(o[:2]) for o in judged if o != row)]
    codes = {each.text: set(each.codes) for each in said}
    for one, other, verdict in lone:
        if verdict == "same" and not codes[one] | codes[other] and ids[one] == ids[other]:
            assert strong[one]
            assert strong[other]


def _own(said: Said, kind: str) -> set[str]:
    return {value for name, value in said.codes if name == kind}


def _contradict(one: set[str], other: set[str]) -> bool:
    return len(one) == len(other) == 1 and one != other


@given(judged_crowds())
def test_no_subject_joins_rows_that_share_nothing(
    crowd: tuple[list[Said], list[Judged]],
) -> None:
    said, judged = crowd
    linked = [row for row in judged if row[2] == "same"]
    connected = _connected(said, linked)
    parts = {each.text: place for place, part in enumerate(connected) for each in part}
    held = defaultdict(set)
    for text, uid in ids_by_text(said, resolve(evidence(said, judged=judged))).items():
        held[uid].add(parts[text])
    assert all(len(places) == 1 for places in held.values())


@given(crowds())
def test_rows_that_share_codes_without_conflict_are_one_subject(said: list[Said]) -> None:
    """The slow oracle: a connected part in which nobody contradicts anybody is a subject."""
    ids = ids_by_text(said, resolve(evidence(said)))
    for part in _connected(said, [], names=False):
        if not _conflict(part):
            assert len({ids[each.text] for each in part}) == 1


def _conflict(part: list[Said]) -> bool:
    persons = {each.kind == "person" for each in part}
    marks = {is_branch(each.name) for each in part if each.name and each.kind != "person"}
    several = any(len(set().union(*(_own(each, kind) for each in part))) > 1 for kind in _EXCLUSIVE)
    # 丙丁 is no other writing of 某某 or 某谋, nor 李晓红 of 王小明 or of 李娜.
    words = ("丙丁", "某某", "戊己", "王小明", "李晓红", "王伟", "李娜")
    names = [each.name.replace("某谋", "某某") for each in part]
    called = {word for name in names for word in words if word in name}
    return len(persons) > 1 or len(marks) > 1 or several or len(called) > 1


@given(crowds())
def test_disputes_are_asked_once_in_order_and_not_squared(said: list[Said]) -> None:
    found = resolve(evidence(said))
    asked = found.reviews.to_pylist()
    order = [(r["subject"], r["other"], r["reason"], r["type"], r["key"]) for r in asked]
    assert order == sorted(set(order))
    assert all(row["subject"] < row["other"] for row in asked)
    keys = found.keys
    holders = defaultdict(set)
    for row in keys.to_pylist():
        holders[row["key"]].add(row["subject"])
        assert row["type"] in {kind.value for kind in STRENGTH}
    for key, subjects in holders.items():
        own = [row for row in asked if row["key"] == key]
        assert len(own) == len(subjects) - 1
        assert {r["subject"] for r in own} | {r["other"] for r in own} == (
            subjects if len(subjects) > 1 else set()
        )
    disputed = set(keys.filter(pc.field("disputed")).column("key").to_pylist())
    assert disputed == {key for key, subjects in holders.items() if len(subjects) > 1}


@settings(max_examples=30)
@given(crowds(), crowds())
def test_more_evidence_elsewhere_changes_no_id(said: list[Said], more: list[Said]) -> None:
    """Rows that share no code and no full name with a part leave its id alone."""
    moved = [
        Said(
            text=f"more {e.text}",
            codes=tuple((k, f"9{v}") for k, v in e.codes),
            name=_elsewhere(e.name),
            kind=e.kind,
            posts=tuple(f"more {body}" for body in e.posts),
            owns=tuple(f"more {body}" for body in e.owns),
        )
        for e in more
    ]
    together = ids_by_text([*said, *moved], resolve(evidence([*said, *moved])))
    assert ids_by_text(said, resolve(evidence(said))).items() <= together.items()


def _elsewhere(name: str) -> str:
    """Return a name as if of another province and another firm."""
    for here, there in (
        ("贵州", "云南"),
        ("某某", "庚辛"),
        ("某谋", "庚辛"),
        ("丙丁", "壬癸"),
        ("戊己", "寅卯"),
    ):
        name = name.replace(here, there)
    return name
