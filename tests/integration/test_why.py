"""Why two are one or not, as a reviewer is told it."""

from pathlib import Path

import pytest

from api.check import Desk
from api.steps import resolve_store
from api.why import pair_body, steps_body
from graph.errors import QueryError
from graph.model import MentionId, SubjectId
from graph.sanctions.rulebook import load_rulebook
from graph.store.sqlite import SqliteStore
from graph.texts import Lang
from loaders.manifest_reader import read_manifests
from loaders.synthetic.codes import uscc
from tests.contract.rows import NOW, SEAL, Party, Row, write

FIRM, SHORT = "贵州鑫源商贸有限公司", "鑫源商贸有限公司"
U1, U2 = ("uscc", uscc("91", "XX000001")), ("uscc", uscc("91", "XX000002"))


def told(text: str, name: str, *codes: tuple[str, str]) -> Row:
    body = Party("subject", "enterprise", name, codes, traits=(("address", "人民路1号"),))
    tie = ("legal_representative", 1, 0, None, None)
    return Row(text, [body, Party("legal_representative", "person", "欧阳小明")], relations=[tie])


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    store = SqliteStore(tmp_path / "store.db", SEAL)
    rows = [told("a", FIRM, U1), told("b", SHORT), told("c", f"云南{SHORT}", U2)]
    write(store, "register", rows)
    resolve_store(store, NOW, full=False)
    return Desk(store, load_rulebook(), read_manifests(), SEAL, "en")


def mention(desk: Desk, row: int) -> str:
    return next(
        line[5]
        for line in desk.store.overview.clusters()
        if line[2] == row and line[3] == "subject"
    )


def test_two_with_codes_of_their_own_are_told_apart_and_compared(desk: Desk) -> None:
    body = pair_body(desk, mention(desk, 2), mention(desk, 4))
    assert body["one"] is False
    assert [each["code"] for each in body["forbidden"]] == ["two_valid_ids"]
    weights = {each["feature"]: each["weight"] for each in body["features"]}
    assert weights["representative"] > 0 > weights["region"]
    assert body["compared"]["weight"] == pytest.approx(sum(weights.values()))


def test_who_fits_two_is_told_what_is_asked(desk: Desk) -> None:
    body = pair_body(desk, mention(desk, 2), mention(desk, 3))
    assert body["one"] is False
    assert body["forbidden"] == []
    assert [each["code"] for each in body["reviews"]] == ["fits_several"]


def test_a_merge_by_likeness_is_told_with_its_weights(desk: Desk) -> None:
    uid = next(b.uid for b in desk.store.evidence.batches())
    write(desk.store, "lists", [told("a2", FIRM, U1), told("b2", SHORT)], file="again.csv")
    desk.store.evidence.withdraw(uid, NOW)
    resolve_store(desk.store, NOW, full=False)
    one, other = mention(desk, 2), mention(desk, 3)
    body = pair_body(desk, one, other)
    assert body["one"] is True
    assert [step["by"] for step in body["steps"]] == ["likeness"]
    subject = desk.store.judgements.subject_of(MentionId(one))
    assert subject is not None
    (step,) = steps_body(desk, subject)
    assert step["compared"]["decision"] == "merge"
    assert {each["feature"] for each in step["compared"]["features"]} >= {"brand", "address"}


def test_an_unknown_id_is_refused(desk: Desk) -> None:
    with pytest.raises(QueryError):
        pair_body(desk, mention(desk, 2), "s-000000000000000000000000")


def test_a_merge_by_who_holds_both_is_told_with_its_weight_and_round(tmp_path: Path) -> None:
    def held(text: str, name: str, *codes: tuple[str, str]) -> Row:
        body, owner = Party("subject", "enterprise", name, codes), "欧阳璟雯"
        tie = ("shareholder", 1, 0, None, None)
        return Row(text, [body, Party("shareholder", "person", owner)], relations=[tie])

    with SqliteStore(tmp_path / "store.db", SEAL) as store:
        write(store, "lists", [held("a", FIRM, U1), held("b", SHORT)])
        resolve_store(store, NOW, full=False)
        said: dict[Lang, tuple[str, str]] = {
            "en": ("owners or officers, that agree (round 1)", "the same rare name"),
            "zh": ("有相同的股东或任职人员（第 1 轮）", "股东或任职人员同名且少见"),
        }
        for lang, (why, sentence) in said.items():
            desk = Desk(store, load_rulebook(), read_manifests(), SEAL, lang)
            (uid,) = {
                SubjectId(line[6]) for line in store.overview.clusters() if line[3] == "subject"
            }
            (step,) = steps_body(desk, uid)
            assert (step["by"], why in step["text"]) == ("holders", True)
            (told,) = [e for e in step["compared"]["features"] if e["feature"] == "holders"]
            assert told["weight"] > 0
            assert sentence in told["text"]
