"""The `Finder` port: by identifier, by name, by id; and what a subject is made of."""

import pytest

from api.steps import resolve_store
from graph.lookup import name_key, search_rank
from graph.ports import Store
from loaders.synthetic.codes import id_number, uscc
from tests.contract.rows import NOW, SEAL, Party, Row, write

FIRM = uscc("91", "XX000001")
PERSON = id_number(1, female=False)


def loaded(store: Store) -> Store:
    firm = [("uscc", FIRM)]
    write(store, "lists", [Row("a", [Party("subject", "enterprise", "贵州·某某（集团）", firm)])])
    write(store, "other", [Row("b", [Party("subject", "enterprise", "旧名有限公司", firm)])])
    person = Party("subject", "person", "张某", [("id_card", PERSON)])
    write(store, "people", [Row("c", [person]), Row("d", [Party("subject", "person", "张某")])])
    resolve_store(store, NOW, full=False)
    return store


def test_a_code_finds_its_holder_and_the_code_inside_it_too(store: Store) -> None:
    loaded(store)
    keys = [SEAL.key_of("uscc", FIRM), SEAL.key_of("org_code", FIRM[8:17])]
    found = [store.finder.by_keys([key]) for key in keys]
    assert found[0] == found[1] == store.finder.by_keys(keys)
    assert found[0][0].strong
    assert store.finder.by_keys([]) == []
    assert store.finder.by_keys([b"?" * 16]) == []


def test_any_recorded_name_finds_a_subject_however_it_is_typed(store: Store) -> None:
    loaded(store)
    named = [store.finder.by_name(name, 9) for name in ("旧名有限公司", "贵州 某某(集团)")]
    assert named[0] == named[1]
    assert len(named[0]) == 1
    assert store.finder.by_name("旧名", 9) == []


def test_namesakes_are_all_told_up_to_the_limit(store: Store) -> None:
    loaded(store)
    both = store.finder.by_name("张某", 9)
    assert [each.id for each in both] == sorted(each.id for each in both)
    assert [each.strong for each in both].count(True) == 1
    assert store.finder.by_name("张某", 1) == both[:1]


def test_an_id_finds_its_subject(store: Store) -> None:
    loaded(store)
    for each in store.finder.by_name("张某", 9):
        assert store.finder.by_id(each.id) == each
    assert store.finder.by_id("s-unknown") is None


def test_members_show_masked_codes_and_where_they_stand(store: Store) -> None:
    loaded(store)
    (firm,) = store.finder.by_name("旧名有限公司", 9)
    members = store.finder.members(firm.id)
    assert [(each["source"], each["strong"]) for each in members] == [
        ("lists", True),
        ("other", True),
    ]
    assert {each["identifiers"][0]["value"] for each in members} == {FIRM}
    (person,) = store.finder.by_keys([SEAL.key_of("id_card", PERSON)])
    shown = store.finder.members(person.id)[0]["identifiers"][0]["value"]
    assert "*" in shown
    assert PERSON[6:14] not in shown
    assert store.finder.members("s-unknown") == []


class TestSearch:
    """A part of a name finds its holders, in one order on every store."""

    NAMES = (
        "钟山区双利商贸有限公司",
        "双利商贸有限公司",
        "六盘水双利",
        "双利",
        "贵州双柳商贸有限公司",
    )

    @pytest.fixture
    def named(self, store: Store) -> Store:
        rows = [Row(name, [Party("subject", "enterprise", name)]) for name in self.NAMES]
        write(store, "lists", rows)
        resolve_store(store, NOW, full=False)
        return store

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            pytest.param("双利商贸", ["双利商贸有限公司", "钟山区双利商贸有限公司"], id="part"),
            pytest.param(
                "双利",
                ["双利", "双利商贸有限公司", "六盘水双利", "钟山区双利商贸有限公司"],
                id="whole name, beginning, then shorter",
            ),
            pytest.param(
                "双利 有限公司", ["双利商贸有限公司", "钟山区双利商贸有限公司"], id="words"
            ),
            pytest.param("有限公司 贵州", ["贵州双柳商贸有限公司"], id="words in any order"),
            pytest.param("双利 柳", [], id="every word"),
            pytest.param("商双", [], id="as it stands"),
            pytest.param('"双利" OR 商*', [], id="no query language"),
            pytest.param("%_", [], id="no pattern"),
            pytest.param(" · ", [], id="nothing asked"),
        ],
    )
    def test_every_word_is_a_part_of_the_name(
        self, named: Store, text: str, expected: list[str]
    ) -> None:
        assert [hit.name for hit in named.finder.search(text, 9)] == expected
        assert [hit.name for hit in named.finder.search(text, 1)] == expected[:1]

    ODD = (
        "贵州ABC·德利(集团)有限公司",
        "abcd贸易",
        "第1分店",
        "𠮷利贸易行",
        "\ue000利贸易行",
        "～利贸易行",
        "the贸易and店",
        "々利㐂贸易",
        "a",
    )

    def test_every_part_of_every_name_finds_it(self, store: Store) -> None:
        rows = [Row(name, [Party("subject", "enterprise", name)]) for name in self.ODD]
        write(store, "lists", rows)
        resolve_store(store, NOW, full=False)
        ids = {each.name: each.id for row in rows for each in store.finder.by_name(row.text, 1)}
        keys = {name: name_key(name) for name in self.ODD}
        parts = {
            key[start : start + length]
            for key in keys.values()
            for length in (1, 2, 3, 5)
            for start in range(len(key) - length + 1)
        }
        for part in sorted(parts):
            holders = [name for name, key in keys.items() if part in key]
            holders.sort(key=lambda name: (search_rank([part], keys[name]), ids[name]))
            assert [hit.name for hit in store.finder.search(part, 99)] == holders, part
            assert [hit.name for hit in store.finder.search(part, 2)] == holders[:2], part

    def test_a_subject_with_several_names_comes_once_at_its_best(self, store: Store) -> None:
        loaded(store)
        (firm,) = store.finder.search("某某 集团", 9)
        assert store.finder.search("旧名有限", 9) == [firm]

    def test_names_follow_the_partition(self, named: Store) -> None:
        write(named, "more", [Row("x", [Party("subject", "enterprise", "双利商贸一店")])])
        resolve_store(named, NOW, full=False)
        assert "双利商贸一店" in [hit.name for hit in named.finder.search("双利商贸", 9)]
        (batch,) = [each for each in named.evidence.batches() if each.source == "more"]
        named.evidence.withdraw(batch.uid, NOW)
        resolve_store(named, NOW, full=False)
        found = [hit.name for hit in named.finder.search("双利商贸", 9)]
        assert found == ["双利商贸有限公司", "钟山区双利商贸有限公司"]
        resolve_store(named, NOW, full=True)
        assert [hit.name for hit in named.finder.search("双利商贸", 9)] == found
