"""Rows become records, mentions and statements, or are refused with what is wrong."""

import json
from datetime import date
from typing import Any

import pytest

from graph.identifiers import id_card_check, org_code_check, uscc_check
from graph.ports import PLACES, Rows
from graph.secrecy import Seal
from loaders.cells import LONG_TERM, day_of
from loaders.manifest_reader import read_manifest
from loaders.mending import link
from loaders.prepare import Preparer
from loaders.statements import case_key
from loaders.table import Chunk, Defect

SEAL = Seal(bytes(range(32)))
ORG = "XX123456" + org_code_check("XX123456")
USCC = "91520102" + ORG + uscc_check("91520102" + ORG)
PERSON = "52010218990101123" + id_card_check("52010218990101123")
OTHER = "52010218850101123" + id_card_check("52010218850101123")
FEED = """
source: feed
title: {zh: 处罚, en: Penalties}
department: {zh: 局, en: Bureau}
evidence: assumed
delivery: incremental
files: ["*"]
empty: ["未填"]
columns:
  名称: {aliases: [企业名称], required: true}
  代码: []
  类别: []
  代表人: []
  代表人证件: []
  证件类型: []
  责任人: []
  责任人证件: []
  文号: {required: true}
  机关: []
  决定日期: []
  截止日期: []
  公示日期: []
  金额: []
  状态: []
  职务: []
  比例: []
parties:
  subject:
    name: 名称
    kind: {column: 类别, patterns: {自然人: person, 个体: individual_business}, default: party}
    identifiers: {代码: form}
  representative:
    role:
      column: 职务
      patterns: {监事: supervisor, 股东: shareholder}
      default: legal_representative
    name: 代表人
    kind: person
    identifiers: {代表人证件: {by: 证件类型}}
    when: {column: 类别, matches: 自然人, negate: true}
  responsible:
    name: 责任人
    kind: person
    many: true
    identifiers: {责任人证件: id_card}
relations:
  - type: "@role"
    from: representative
    to: subject
    since: 决定日期
    until: {column: 截止日期, inclusive: true}
    share: 比例
listing:
  party: subject
  kind: penalty
  authority: 机关
  decision_number: 文号
  decision_date: 决定日期
  since: 决定日期
  until: {column: 截止日期, inclusive: true}
  named: [responsible]
  facts:
    penalty_type: {column: 类别}
    amount_fen: {column: 金额, form: amount_wan}
    responsible_persons: {party: responsible}
  events:
    - {status: repaired, on: 公示日期}
    - {status: withdrawn, when: {column: 状态, matches: 撤销}}
  when: {column: 状态, matches: 草稿, negate: true}
natural_key: [文号, 机关]
version: [公示日期, 决定日期]
expectations: {max_age_days: 30}
"""
CASE = """
source: repair
title: {zh: 修复, en: Repairs}
department: {zh: 局, en: Bureau}
evidence: assumed
delivery: incremental
files: ["*"]
columns: {名称: {required: true}, 文号: [], 机关: [], 修复日期: []}
parties: {subject: {name: 名称, kind: party}}
case:
  party: subject
  authority: 机关
  decision_number: 文号
  events: [{status: repaired, on: 修复日期}]
natural_key: [文号]
version: [修复日期]
expectations: {max_age_days: 30}
"""
BID = """
source: bid
title: {zh: 投标, en: Bids}
department: {zh: 中心, en: Centre}
evidence: assumed
delivery: incremental
files: ["*"]
columns: {名称: {required: true}, 项目: [], 标段: [], 开标: []}
parties: {subject: {name: 名称, kind: party}}
bid: {project: 项目, lot: 标段, opened: 开标, bidder: subject}
natural_key: [项目, 名称]
version: [开标]
expectations: {max_age_days: 30}
"""
ROW = {"名称": "黔州虚构商贸有限公司", "文号": "黔罚〔2019〕7号", "机关": "黔州市监局"}


def preparer(header: list[str], feed: str = FEED) -> Preparer:
    manifest = read_manifest(feed, feed.split()[1] + ".yaml")
    known = {column.name for column in manifest.columns}
    return Preparer(
        manifest=manifest,
        positions={name: i for i, name in enumerate(header) if name in known},
        header=tuple(header),
        refusal_column=header.index("creditgraph_refusal")
        if "creditgraph_refusal" in header
        else None,
        seal=SEAL,
    )


def prepared(*rows: dict[str, str], feed: str = FEED, **given: Any) -> Rows:
    header = list(dict.fromkeys(name for row in rows for name in row))
    cells = [[row.get(name, "") for name in header] for row in rows]
    chunk = Chunk(list(range(2, len(rows) + 2)), cells, **given)
    return preparer(header, feed).prepare(chunk, 10)


def mentions(rows: Rows) -> list[tuple[str, int, str, str]]:
    return [(role, ordinal, kind, name) for _, role, ordinal, kind, name in rows.mentions]


def identifiers(rows: Rows) -> list[tuple[int, str, str, str]]:
    return [
        (key % PLACES, kind, status, value if isinstance(value, str) else SEAL.open(value).decode())
        for key, _, kind, status, value, _, _ in rows.identifiers
    ]


def refusal(rows: Rows) -> tuple[str, dict[str, Any]]:
    ((_, code, facts, _),) = rows.refusals
    assert not rows.records
    assert not rows.mentions
    return code, json.loads(facts)


@pytest.mark.parametrize("name", ["", "  ", "无", "未填", "/"])
def test_a_row_that_does_not_say_whom_it_is_about_is_refused(name: str) -> None:
    assert refusal(prepared({**ROW, "名称": name})) == ("E311", {"column": "名称"})


def test_an_empty_column_that_says_nothing_of_the_party_refuses_no_row() -> None:
    assert len(prepared({**ROW, "文号": "", "决定日期": "昨天", "代码": "？"}).records) == 1


@pytest.mark.parametrize(
    ("column", "refused"),
    [("代码", True), ("代表人证件", True), ("责任人证件", True), ("金额", False), ("文号", False)],
)
def test_a_number_that_lost_digits_refuses_the_row_only_as_identifier(
    column: str, refused: bool
) -> None:
    row = {**ROW, column: "520102189001011328"}
    rows = prepared(row, long_numbers={0: (list(row).index(column),)})
    if refused:
        assert refusal(rows) == ("E312", {"column": column})
    else:
        assert not rows.refusals


def test_more_parties_than_a_row_can_hold_refuse_it_whole() -> None:
    names = "、".join(f"赵{i}" for i in range(PLACES))
    code, facts = refusal(prepared({**ROW, "责任人": names}))
    assert (code, facts) == ("E313", {"parties": PLACES + 1, "limit": PLACES})
    assert len(prepared({**ROW, "责任人": names.rpartition("、")[0]}).mentions) == PLACES


def test_a_defect_is_told_with_its_facts_and_the_cells_as_read() -> None:
    header = [*ROW]
    chunk = Chunk([7], [["甲 ", "x"]], defects={0: Defect("E301", {"found": 2, "expected": 3})})
    ((number, code, facts, sealed),) = preparer(header).prepare(chunk, 1).refusals
    assert (number, code, json.loads(facts)) == (7, "E301", {"found": 2, "expected": 3})
    assert json.loads(SEAL.open(sealed)) == ["甲 ", "x"]


def test_keys_follow_the_offsets_of_the_rows_refused_ones_included() -> None:
    rows = prepared(ROW, {**ROW, "名称": ""}, {**ROW, "文号": "8"})
    assert [record[0] for record in rows.records] == [10, 12]
    assert rows.sightings == [(2, 10), (4, 12)]
    assert [mention[0] // PLACES for mention in rows.mentions] == [10, 12]
    assert rows.read == 3


def test_an_identifier_inside_a_name_is_taken_out_of_it() -> None:
    rows = prepared({**ROW, "名称": f"黔州虚构商贸有限公司（{USCC}）"})
    assert mentions(rows) == [("subject", 0, "enterprise", "黔州虚构商贸有限公司")]
    assert (0, "uscc", "valid", USCC) in identifiers(rows)


def test_several_people_in_one_cell_are_paired_with_their_ids_by_position() -> None:
    rows = prepared({**ROW, "责任人": "赵甲、钱乙", "责任人证件": f"{PERSON}、{OTHER}"})
    assert [m for m in mentions(rows) if m[0] == "responsible"] == [
        ("responsible", 0, "person", "赵甲"),
        ("responsible", 1, "person", "钱乙"),
    ]
    assert [(place, value) for place, _, _, value in identifiers(rows)] == [(1, PERSON), (2, OTHER)]


def test_ids_that_are_not_as_many_as_the_names_are_given_to_nobody() -> None:
    rows = prepared({**ROW, "责任人": "赵甲、钱乙", "责任人证件": PERSON})
    assert len(rows.mentions) == 3
    assert not rows.identifiers


def test_personal_ids_are_sealed_and_others_are_not() -> None:
    rows = prepared({**ROW, "代码": USCC, "代表人": "赵甲", "代表人证件": PERSON})
    assert [type(row[4]) for row in rows.identifiers] == [str, bytes]
    assert PERSON.encode() not in b"".join(block for _, block in rows.blocks)


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        pytest.param({"代码": USCC}, "enterprise", id="by code"),
        pytest.param(
            {"代码": USCC, "名称": "黔州虚构商贸有限公司贵山分公司"}, "branch", id="branch"
        ),
        pytest.param({"名称": "赵甲"}, "person", id="by name, a person"),
        pytest.param({"名称": "赵甲", "类别": "自然人"}, "person", id="by category"),
        pytest.param(
            {"名称": "贵山区老赵面馆", "类别": "个体工商户"}, "individual_business", id="business"
        ),
        pytest.param({"名称": "黔州虚构商贸有限公司"}, "enterprise", id="by name, a firm"),
    ],
)
def test_the_kind_of_a_party_follows_code_category_and_name(
    given: dict[str, str], kind: str
) -> None:
    assert mentions(prepared({**ROW, **given}))[0][2] == kind


def test_a_condition_decides_whether_a_party_is_there() -> None:
    person = {**ROW, "名称": "赵甲", "类别": "自然人", "代表人": "钱乙"}
    assert [role for role, *_ in mentions(prepared(person))] == ["subject"]


def test_a_role_taken_from_a_cell_names_the_relation() -> None:
    rows = prepared(
        {**ROW, "代表人": "赵甲", "职务": "股东", "比例": "30%", "决定日期": "2019-7-9"}
    )
    ((_, _, kind, source, target, since, until, share),) = rows.relations
    assert (kind, source % PLACES, target % PLACES) == ("shareholder", 1, 0)
    assert (since, until, share) == (day_of(date(2019, 7, 9)), None, 0.3)


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        pytest.param("2020-07-09", day_of(date(2020, 7, 10)), id="the last day is inside"),
        pytest.param("长期", day_of(LONG_TERM), id="open end"),
        pytest.param("", None, id="unknown"),
    ],
)
def test_a_last_day_becomes_a_half_open_end(cell: str, day: int | None) -> None:
    assert prepared({**ROW, "截止日期": cell}).listings[0][9] == day


def test_a_listing_tells_all_the_row_does() -> None:
    row = {
        **ROW,
        "责任人": "赵甲、钱乙",
        "金额": "1.5",
        "决定日期": "20190709",
        "公示日期": "2020/1/2",
        "状态": "已撤销",
    }
    ((key, kind, party, authority, number, case, _, decided, *rest),) = prepared(row).listings
    assert (key, kind, party, authority, number) == (
        10,
        "penalty",
        10 * PLACES,
        "黔州市监局",
        "黔罚〔2019〕7号",
    )
    assert case == case_key("黔州市监局 ", "黔罚[2019]7号")
    assert decided == day_of(date(2019, 7, 9))
    named, facts, events = (json.loads(text) for text in rest[-3:])
    people = [10 * PLACES + 1, 10 * PLACES + 2]
    assert named == people
    assert facts == {"amount_fen": 1_500_000, "responsible_persons": people}
    assert events == [["repaired", day_of(date(2020, 1, 2))], ["withdrawn", None]]


def test_a_condition_decides_whether_a_row_lists_anybody() -> None:
    rows = prepared({**ROW, "状态": "草稿"})
    assert not rows.listings
    assert len(rows.records) == 1


def test_an_event_without_its_date_has_not_happened() -> None:
    assert prepared({**ROW, "公示日期": "待补"}).listings[0][-1] is None


def test_a_repair_finds_its_listing_by_the_same_key() -> None:
    listing = prepared(ROW).listings[0]
    repair = {"名称": "黔州虚构商贸有限公司", "文号": "黔罚【2019】 7号", "机关": "黔州市监局"}
    rows = prepared({**repair, "修复日期": "2020-1-2"}, feed=CASE)
    ((_, _, status, day, party, _, _, case),) = rows.case_events
    assert (status, day, party, case) == (
        "repaired",
        day_of(date(2020, 1, 2)),
        10 * PLACES,
        listing[5],
    )
    assert not prepared(repair, feed=CASE).case_events


def test_no_key_is_made_of_half_a_case() -> None:
    assert case_key("", "7号") is None
    assert case_key("局", " ") is None


def test_a_bid_is_told_by_project_lot_and_day() -> None:
    row = {"名称": "黔州虚构商贸有限公司", "项目": " qz-1", "标段": "１", "开标": "2021-3-4"}
    day = day_of(date(2021, 3, 4))
    assert prepared(row, feed=BID).bids == [(10, "QZ-1", "1", day, 10 * PLACES)]


def test_a_change_names_what_it_and_the_next_are_about() -> None:
    feed = FEED + "series: [名称]\n"
    base = {**ROW, "代表人": "赵甲", "文号": "1"}

    def series(**more: str) -> list[bytes]:
        return [key for _, key in prepared({**base, **more}, feed=feed).series]

    assert len(series()) == 1
    assert series() == series(代表人="钱乙", 文号="2")
    assert series() != series(职务="股东")
    assert series() != series(名称="黔州另一商贸有限公司")
    assert series(代表人="") == []


def test_a_full_files_row_names_its_office() -> None:
    feed = FEED.replace("delivery: incremental", "delivery: full") + "whole_of: [机关]\n"

    def wholes(office: str) -> list[bytes]:
        return [key for _, key in prepared({**ROW, "机关": office}, feed=feed).wholes]

    assert wholes("某区 税务局") == wholes("某区税务局") != wholes("另一税务局")
    assert wholes("") == []


def record(row: dict[str, str]) -> tuple[Any, ...]:
    (found,) = prepared(row).records
    return found[1:]


def test_a_record_is_the_same_however_its_file_is_laid_out() -> None:
    plain = record(ROW)
    assert record(dict(reversed(ROW.items()))) == plain
    assert record({**ROW, "名称": f"  {ROW['名称']}\n"}) == plain
    assert record({**ROW, "没听说过": "x"}) == plain
    assert record({**ROW, "代码": ""}) == plain
    assert record({**ROW, "代码": USCC}) != plain


def test_cells_that_change_places_make_another_record() -> None:
    assert record({**ROW, "代表人": "甲", "责任人": "乙"}) != record(
        {**ROW, "代表人": "乙", "责任人": "甲"}
    )


def test_the_natural_key_outlives_a_change_of_other_cells() -> None:
    digest, key, version = record({**ROW, "决定日期": "2019-07-09"})
    later = record({**ROW, "决定日期": "2019-07-09", "公示日期": "2020-01-02"})
    assert later[0] != digest
    assert later[1] == key
    assert (version, later[2]) == (day_of(date(2019, 7, 9)), day_of(date(2020, 1, 2)))


def test_what_keeps_rows_of_one_key_apart_may_be_empty() -> None:
    feed = FEED.replace("natural_key: [文号, 机关]", "natural_key: [机关]\napart_by: [文号, 类别]")
    assert feed != FEED
    keys = [
        prepared({**ROW, **cells}, feed=feed).records[0][2]
        for cells in (
            {"文号": "1号"},
            {"文号": "2号"},
            {"文号": "2号", "类别": "自然人"},
            {"公示日期": ""},
        )
    ]
    assert None not in keys
    assert len(set(keys)) == 4


@pytest.mark.parametrize("cell", ["", "无", "未填"])
def test_half_a_natural_key_is_none(cell: str) -> None:
    assert record({**ROW, "机关": cell})[1] is None


def test_unknown_columns_and_cells_as_read_are_kept_with_the_record() -> None:
    rows = prepared({**ROW, "名称": " 黔州虚构商贸有限公司", "没听说过": "x "})
    ((first, block),) = rows.blocks
    assert first == 10
    (document,) = json.loads(SEAL.open_block(block))
    assert document["cells"]["名称"] == "黔州虚构商贸有限公司"
    assert document["as_read"] == {"名称": " 黔州虚构商贸有限公司"}
    assert document["other"] == {"没听说过": "x "}


def test_a_mended_row_carries_its_link_and_is_otherwise_the_same_record() -> None:
    rows = prepared({**ROW, "creditgraph_refusal": " ab:0:7 "})
    assert rows.mended == [("ab:0:7", 10)]
    assert rows.records[0][1:] == record(ROW)


def test_a_refused_row_that_comes_back_as_it_was_handed_out_is_a_repeat() -> None:
    cells = list(ROW.values())
    told = link("ab:0:7", [*cells, "多余"])
    back = ROW | {"creditgraph_refusal": told, "creditgraph_reason": "r", "creditgraph_fix": "f"}
    unmended = prepared(back | {"creditgraph_surplus_1": " 多余 "})
    assert (unmended.read, unmended.returned, unmended.records) == (1, 1, [])
    for mended in (back | {"creditgraph_surplus_1": ""}, back | {"名称": "黔州改名商贸有限公司"}):
        assert prepared(mended).mended == [("ab:0:7", 10)]


def test_a_shop_is_not_another_because_one_person_runs_both() -> None:
    """The tax office files a shop under its operator's number."""
    feed = FEED.replace("{代码: form}", "{代码: tax_id}")
    shop = {"名称": "红星小吃店", "代码": PERSON, "文号": "1", "类别": "个体"}
    other, person = shop | {"名称": "蓝天百货店"}, shop | {"类别": "自然人"}
    keys = [prepared(row, feed=feed).identifiers[0][5] for row in (shop, other, person)]
    assert len({*keys}) == 3
    again = prepared(shop | {"名称": "红星 小吃店", "文号": "2"}, feed=feed)
    assert again.identifiers[0][5] == keys[0]
    with_sequence = [
        prepared(row | {"代码": PERSON + "01"}, feed=feed).identifiers[0][5]
        for row in (shop, other)
    ]
    assert len({*with_sequence}) == 1
