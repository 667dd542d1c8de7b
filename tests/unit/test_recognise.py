"""Which feed a file is of: by its columns, whatever their order, spelling and surroundings."""

import random
from collections.abc import Sequence
from typing import get_args

import pytest

from graph.errors import DataError, UsageError
from graph.texts import Lang, explain
from loaders.headings import heading_key
from loaders.manifest import Manifest
from loaders.manifest_reader import read_manifest, read_manifests
from loaders.recognise import Recognised, nearest, recognise

_MANIFESTS = read_manifests()
# A file of all grades is of either feed, only its name or the user tells.
_ALIKE = frozenset({"tax_grade_a", "tax_grade_d"})
_NAMES = {"tax_grade_a": "纳税信用A级.csv"}
_EACH = pytest.mark.parametrize("feed", _MANIFESTS, ids=lambda feed: feed.source)


def _name(feed: Manifest) -> str:
    return _NAMES.get(feed.source, "数据.csv")


def _row(text: str) -> list[str]:
    return text.split(",")


def _found(*rows: Sequence[str], name: str = "数据.csv", source: str | None = None) -> Recognised:
    return recognise(list(enumerate(rows, start=1)), _MANIFESTS, name, source)


def _canonical(feed: Manifest) -> list[str]:
    return [column.name for column in feed.columns]


def _chinese(feed: Manifest, place: int = 0) -> list[str]:
    """Return each column's alias at a place, the last one if it has fewer, else its name."""
    spellings = [
        [alias for alias in column.hallmarks or column.aliases if not alias.isascii()]
        or [column.name]
        for column in feed.columns
    ]
    return [spelling[min(place, len(spelling) - 1)] for spelling in spellings]


def _sources(header: list[str]) -> frozenset[str]:
    """Return the feed a header is of, or those it fits equally."""
    try:
        return frozenset({_found(header).manifest.source})
    except DataError as error:
        return frozenset(str(error.facts.get("sources", error.code)).split(", "))


@_EACH
@pytest.mark.parametrize("spelling", ["canonical", "chinese", "second alias"])
def test_a_feed_is_known_by_its_full_header(feed: Manifest, spelling: str) -> None:
    header = {
        "canonical": _canonical(feed),
        "chinese": _chinese(feed),
        "second alias": _chinese(feed, 1),
    }[spelling]
    found = _found(header, name=_name(feed))
    assert found.manifest.source == feed.source
    assert found.unknown == ()
    assert found.positions == {name: i for i, name in enumerate(_canonical(feed))}


@_EACH
def test_the_order_of_columns_does_not_count(feed: Manifest) -> None:
    columns = list(zip(_canonical(feed), _chinese(feed), strict=True))
    random.Random(7).shuffle(columns)  # noqa: S311 - any order will do
    found = _found([heading for _, heading in columns], name=_name(feed))
    assert found.manifest.source == feed.source
    assert found.positions == {name: i for i, (name, _) in enumerate(columns)}


@_EACH
def test_what_is_required_is_enough(feed: Manifest) -> None:
    required = [column.name for column in feed.columns if column.required]
    marks = [heading for column in feed.columns for heading in column.hallmarks]
    if any(heading in marks for heading in required) or not marks:
        marks = [""]
    entries = _entries(feed)
    for mark in marks:
        header = [*required, mark] if mark else required
        if entries and entries.isdisjoint(header):
            header = [*header, min(entries)]
        assert _sources(header) in ({feed.source}, _ALIKE)
        assert _found(header, source=feed.source).manifest is feed


@_EACH
def test_what_only_this_feed_has_is_missed(feed: Manifest) -> None:
    """Neither its required columns nor what other lists have too make a file of it."""
    own = {heading for column in feed.columns for heading in column.hallmarks}
    if not own:
        return
    others = [
        next((h for h in (column.name, *column.aliases) if h not in own), "")
        for column in feed.columns
    ]
    assert _sources([heading for heading in others if heading]) != {feed.source}


@_EACH
def test_a_name_may_stand_for_a_hallmark_but_not_for_an_entry(feed: Manifest) -> None:
    if not _entries(feed):
        return
    own = {heading for column in feed.columns for heading in column.hallmarks}
    name = feed.files[0].replace("*", "") + ".csv"
    spelled = [
        [heading for heading in (column.name, *column.aliases) if heading not in own]
        for column in feed.columns
    ]
    header = [headings[0] for headings in spelled if headings]
    assert _found(header, name=name).manifest is feed
    header = [heading for heading in header if heading not in _entries(feed)]
    with pytest.raises(DataError, match=r"E42[137]"):
        _found(header, name=name)


def _entries(feed: Manifest) -> set[str]:
    return {heading for column in feed.columns for heading in column.entries}


@_EACH
def test_without_a_required_column_the_feed_is_refused(feed: Manifest) -> None:
    for column in feed.columns:
        if not column.required:
            continue
        header = [name for name in _canonical(feed) if name != column.name]
        with pytest.raises(DataError) as caught:
            _found(header, source=feed.source)
        assert caught.value.code == "E422"
        assert column.name in str(caught.value.facts["missing"])


@_EACH
def test_titles_above_the_header_are_skipped(feed: Manifest) -> None:
    header = _chinese(feed)
    title, note = (
        ["钟山区信用信息报送表"] * len(header),
        ["填报单位：某局", *[""] * (len(header) - 1)],
    )
    data = [str(i) for i in range(len(header))]
    found = _found(title, note, header, data, name=_name(feed))
    assert (found.manifest.source, found.header_row) == (feed.source, 3)
    assert found.header == tuple(header)


@_EACH
def test_two_rows_of_headings_are_one_header(feed: Manifest) -> None:
    header = _chinese(feed)
    half = len(header) // 2
    groups = ["基本信息"] * half + ["其他信息"] * (len(header) - half)
    found = _found(["报送表"] * len(header), groups, header, ["x"] * len(header), name=_name(feed))
    assert (found.manifest.source, found.header_row) == (feed.source, 3)
    assert len(found.positions) == len(header)


def test_a_group_and_its_heading_may_be_one_name() -> None:
    found = _found(
        ["单位名称", "统一社会信用代码", "法定代表人", "法定代表人", "列入事由", "列入决定文号"],
        ["单位名称", "统一社会信用代码", "姓名", "证件号码", "列入事由", "列入决定文号"],
        ["某公司", "", "申某", "", "拖欠工资", "1号"],
        name="欠薪.csv",
    )
    assert found.header_row == 2
    assert found.positions["法定代表人"] == 2
    assert found.positions["法定代表人证件号码"] == 3


def test_a_group_left_blank_by_csv_reaches_to_the_next() -> None:
    found = _found(
        ["单位名称", "法定代表人", "", "列入事由", "欠薪", ""],
        ["", "姓名", "证件号码", "", "拖欠金额（万元）", "涉及人数"],
        name="欠薪名单.csv",
    )
    assert found.header_row == 2
    assert found.positions == {
        "单位名称": 0,
        "法定代表人": 1,
        "法定代表人证件号码": 2,
        "列入事由": 3,
        "拖欠工资金额(万元)": 4,
        "涉及人数": 5,
    }


def test_a_header_alone_is_enough() -> None:
    assert _found(_canonical(_MANIFESTS[0])).header_row == 1


def test_row_numbers_are_those_of_the_preview() -> None:
    header = _canonical(_MANIFESTS[0])
    assert recognise([(4, ["标题"]), (9, header)], _MANIFESTS, "x.csv").header_row == 9


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("企业名称", "*企业 名称（必填）", True),
        ("企业名称", "企业\n名称：", True),
        ("ＣＦ＿ＷＳＨ", "cf_wsh", True),
        ("统一社会信用代码", "统一社会信用代码（18位）", True),
        ("成立日期", "成立日期(格式：yyyy-mm-dd)", True),
        ("证件类型", "证件类型【选填】", True),
        ("机构类型", "机构类型（如：机关）", True),
        ("罚款金额（万元）", "罚款金额（元）", False),
        ("有效期（自）", "有效期（至）", False),
        ("法定代表人", "法定代表人（负责人）", False),
    ],
)
def test_headings_are_compared_without_what_clerks_add(one: str, other: str, same: bool) -> None:
    assert (heading_key(one) == heading_key(other)) is same


def test_what_no_feed_knows_is_reported_and_kept() -> None:
    found = _found(["CF_XDR_MC", "CF_WSH", "经办人", "", "备注2"], ["某公司", "1号", "申", "", "x"])
    assert found.manifest.source == "penalty_v2"
    assert found.unknown == ("经办人", "备注2")
    assert found.header == ("CF_XDR_MC", "CF_WSH", "经办人", "", "备注2")


def test_blank_columns_at_the_end_are_no_columns() -> None:
    found = _found(["CF_XDR_MC", "CF_WSH", "", ""], ["某公司", "1号"])
    assert (found.width, found.header) == (2, ("CF_XDR_MC", "CF_WSH"))


def test_a_mended_refusal_names_the_row_it_mends() -> None:
    ours = ["creditgraph_reason", "Creditgraph_Refusal", "creditgraph_fix"]
    found = _found([*ours, "CF_XDR_MC", "CF_WSH"])
    assert found.refusal_column == 1
    assert found.unknown == ()
    assert _found(["CF_XDR_MC", "CF_WSH"]).refusal_column is None


def test_two_columns_for_one_name_are_refused() -> None:
    with pytest.raises(DataError) as caught:
        _found(["行政相对人名称", "决定书文号", "处罚决定书文号", "处罚类别"])
    assert caught.value.code == "E424"
    assert "CF_WSH" in str(caught.value.facts["column"])


@pytest.mark.parametrize("header", [["position", "position_cn"], ["position_cn", "position"]])
def test_a_column_under_its_own_name_wins_over_an_alias(header: list[str]) -> None:
    found = _found(["pripid", "name", *header])
    assert found.positions["position_cn"] == 2 + header.index("position_cn")
    assert found.unknown == ("position",)


def test_an_unknown_file_is_told_what_it_comes_near() -> None:
    with pytest.raises(DataError) as caught:
        _found(["CF_XDR_MC", "CF_XDR_SHXYM", "CF_CFLB", "CF_NR", "CF_JDRQ"], ["某公司"])
    error = caught.value
    assert (error.code, error.where) == ("E421", "数据.csv")
    assert error.facts["nearest"] == "penalty_v2"
    assert error.facts["missing"] == "CF_WSH（行政处罚决定书文号）"


@pytest.mark.parametrize(
    ("header", "near"),
    [
        (["iname", "cardNum", "courtName", "publishDate"], "court_defaulter"),
        (["entname", "abntime", "decorg_cn", "remdate"], "market_serious"),
        (["统一社会信用代码", "理事长", "成员数"], "rural_collective"),
        (["altitem", "altbe", "altaf", "altdate"], "market_changes"),
    ],
)
def test_near_misses_name_their_neighbour(header: list[str], near: str) -> None:
    with pytest.raises(DataError, match="E421") as caught:
        _found(header)
    assert near in [each.manifest.source for each in nearest([(1, header)], _MANIFESTS)[:2]]
    assert caught.value.facts["missing"]


def test_a_list_of_consumption_limits_is_no_list_of_defaulters() -> None:
    """It has a name, a case number and a court, but nothing about conduct or duty."""
    with pytest.raises(DataError, match="E421"):
        _found(["被执行人姓名/名称", "案号", "执行法院", "立案时间", "发布时间"])


def test_a_list_that_says_nothing_about_itself_is_not_guessed() -> None:
    header = ["企业名称", "统一社会信用代码", "列入原因", "列入日期", "列入机关"]
    with pytest.raises(DataError, match="E421"):
        _found(header, name="某失信名单.csv")


def test_what_the_columns_leave_open_the_name_or_the_user_tells() -> None:
    header = ["纳税人名称", "纳税人识别号", "评价年度"]
    with pytest.raises(DataError, match="E421"):
        _found(header)
    assert _found(header, name="2025年A级纳税人.xlsx").manifest.source == "tax_grade_a"
    assert _found(header, name="税务局Ｄ级名单.xlsx").manifest.source == "tax_grade_d"
    assert _found(header, source="tax_grade_d").manifest.source == "tax_grade_d"


@pytest.mark.parametrize("name", ["名单.csv", "纳税信用A级和D级.csv"])
def test_equal_fits_are_refused(name: str) -> None:
    header = ["纳税人名称", "纳税人识别号", "评价年度", "纳税信用级别"]
    with pytest.raises(DataError) as caught:
        _found(header, name=name)
    assert caught.value.code == "E423"
    assert caught.value.facts["sources"] == "tax_grade_a, tax_grade_d"


def test_the_name_never_makes_another_feed_of_the_columns() -> None:
    header = _canonical(next(feed for feed in _MANIFESTS if feed.source == "market_main"))
    assert _found(header, name="行政处罚.csv").manifest.source == "market_main"


def test_a_list_that_speaks_against_people_never_loads_against_its_name() -> None:
    header = _canonical(next(feed for feed in _MANIFESTS if feed.source == "court_defaulter"))
    with pytest.raises(DataError) as caught:
        _found(header, name="发改局_信用修复.csv")
    assert caught.value.code == "E423"
    assert caught.value.facts["sources"] == "court_defaulter, credit_repair"
    for name in ("名单.csv", "失信被执行人信用修复前.csv"):
        assert _found(header, name=name).manifest.source == "court_defaulter"
    assert _found(header, name="信用修复.csv", source="court_defaulter")


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("2025年度评价.csv", "纳税人名称,纳税人识别号,法定代表人,法定代表人证件号码,评价年度"),
        ("劳动保障诚信等级.csv", "企业名称,统一社会信用代码,评价年度,评价结果"),
        ("餐饮量化D级名单.csv", "单位名称,统一社会信用代码,评价年度,评价日期"),
        (
            "消防_严重失信名单.csv",
            "企业名称,统一社会信用代码,法定代表人,列入依据,列入机关,列入日期",
        ),
        ("医保_失信名单.csv", "企业名称,统一社会信用代码,列入决定文号,列入机关,列入日期,列入事由"),
        ("统计_失信名单.csv", "单位名称,列入事由,列入机关,直接责任人员,截止日期,移出日期"),
        ("拖欠中小企业账款.csv", "单位名称,统一社会信用代码,列入日期,拖欠金额(万元),涉及人数"),
        ("欠薪线索台账.csv", "单位名称,统一社会信用代码,法定代表人,拖欠金额(万元),涉及人数"),
        ("欠薪线索.csv", "单位名称,欠薪金额(万元),欠薪人数,联系电话"),
        ("欠薪处罚.csv", "单位名称,决定书文号,决定日期,决定机关"),
        ("单位通讯录.csv", "单位名称,统一社会信用代码,负责人,联系电话"),
        ("安全生产责任人通讯录.csv", "单位名称,统一社会信用代码,主要负责人,联系电话"),
        ("应急局_安全生产检查.csv", "生产经营单位名称,主要负责人,违法行为,处理结果,检查日期"),
        ("安全生产重点监管名单.csv", "单位名称,主要负责人,名单类型,列入理由,列入日期"),
        ("事故快报.csv", "单位名称,主要负责人,事故发生日期,违法行为,处理决定"),
        ("城管局_案件.csv", "企业名称,处罚决定书文号,违法事实,处罚结果,决定日期"),
        ("住建.csv", "单位名称,决定书文号,违法事实,处罚结果,处罚机关"),
        ("环境卫生检查.csv", "单位名称,环境违法行为,检查日期"),
        ("文旅_案件.csv", "企业名称,案件性质,违法事实,处罚结果"),
        ("稽查案件.csv", "纳税人名称,纳税人识别号,案件性质,违法事实,税务机关"),
        ("供应商评价.csv", "供应商名称,统一社会信用代码,处罚结果,处罚日期"),
        ("政府采购成交结果.csv", "供应商名称,统一社会信用代码,项目编号,公布日期"),
        ("执行案件.csv", "被执行人姓名/名称,案号,执行法院,立案时间,执行依据文号,履行情况"),
        ("表彰决定.csv", "行政相对人名称,统一社会信用代码,决定书文号,决定日期"),
        ("异常情况.csv", "企业名称,统一社会信用代码,列入原因,列入日期,列入机关,移出日期"),
        ("花名册.csv", "单位名称,统一社会信用代码,负责人"),
    ],
)
def test_lists_of_other_things_are_no_list_of_ours(name: str, header: str) -> None:
    """A department sends what it has; a list taken for another would bar who is in it."""
    with pytest.raises(DataError, match=r"E42[13]"):
        _found(_row(header), name=name)


@pytest.mark.parametrize(
    ("name", "header", "source"),
    [
        (
            "拖欠农民工工资失信联合惩戒名单.xlsx [Sheet1]",
            "单位名称,统一社会信用代码,法定代表人,法定代表人证件号码,主要负责人,直接负责的主管人员,"
            "其他直接责任人员,列入事由,列入依据,列入决定文号,列入机关,列入日期,列入期限,移出日期",
            "wage_arrears",
        ),
        ("名单.csv", "单位名称,欠薪金额(万元),列入日期", "wage_arrears"),
        ("失信主体.csv", "失信主体名称,主要负责人,失信行为简况,信息报送机关", "work_safety"),
        ("应急处罚.csv", "单位名称,处罚决定书文号,违法行为,处罚内容", "work_safety"),
        (
            "重大税收违法.csv",
            "纳税人名称,纳税人识别号,注册地址,法定代表人,案件性质,违法事实,公布机关,公布日期",
            "tax_serious",
        ),
        ("x.csv", "名称,纳税人识别号,案件性质,违法事实,依据及处理处罚情况", "tax_serious"),
        ("失信被执行人.csv", "被执行人姓名/名称,案号,执行法院,发布时间", "court_defaulter"),
        (
            "政府采购严重违法失信行为记录.csv",
            "企业名称,企业地址,处罚依据,处罚结果,处罚(记录)日期,执法单位",
            "procurement_violation",
        ),
        ("2025年度A级纳税人名单.csv", "纳税人名称,法定代表人,评价年度,主管税务机关", "tax_grade_a"),
        ("名单.csv", "纳税人名称,纳税人识别号,评价年度,判D原因", "tax_grade_d"),
        ("环保.csv", "单位名称,决定书文号,违法事实,处罚结果", "environment"),
        ("处罚.csv", "行政相对人名称,决定书文号,决定日期", "penalty_v2"),
        ("x.csv", "行政相对人名称,行政处罚决定书文号", "penalty_v2"),
    ],
)
def test_real_subsets_are_known(name: str, header: str, source: str) -> None:
    assert _found(_row(header), name=name).manifest.source == source


def test_where_no_column_is_known_no_neighbour_is_named() -> None:
    with pytest.raises(DataError) as caught:
        _found(["甲", "乙"], ["1", "2"])
    assert (caught.value.code, caught.value.facts) == ("E427", {})


@pytest.mark.parametrize("preview", [[], [(1, [])], [(1, ["", " "]), (2, ["\u200b"])]])
def test_a_file_without_any_text_is_empty(preview: list[tuple[int, list[str]]]) -> None:
    with pytest.raises(DataError, match="E425"):
        recognise(preview, _MANIFESTS, "x.csv")
    assert nearest([], _MANIFESTS) == ()


def test_an_unknown_source_is_the_users_mistake() -> None:
    with pytest.raises(UsageError, match="E426"):
        _found(["CF_XDR_MC", "CF_WSH"], source="penalties")


def test_every_refusal_has_its_sentences() -> None:
    missing = {"nearest": "a", "title": "b", "title_en": "c", "missing": "d", "found": 1}
    facts: dict[str, dict[str, object]] = {
        "E421": missing,
        "E422": missing,
        "E423": {"sources": "a, b"},
        "E424": {"column": "a", "source": "b"},
        "E425": {},
        "E426": {"source": "a", "allowed": "b"},
        "E427": {},
    }
    for code, told in facts.items():
        for lang in get_args(Lang):
            message = explain(DataError(code, where="x.csv", **told), lang)
            assert all((message.what, message.why, message.fix))


def test_the_public_register_is_no_market_feed() -> None:
    header = "企业名称,统一社会信用代码,注册日期,企业类型,法人代表,注册资金,经营范围"
    header += ",所在省份,地区,注册地址"
    assert _found(header.split(",")).manifest.source == "public_register"


def test_a_feed_of_ones_own_joins_the_others() -> None:
    text = """
source: own
title: {zh: 自定, en: Own}
department: {zh: 某局, en: An office}
evidence: assumed
delivery: incremental
files: []
columns: {甲方: {required: true}, 乙方: []}
parties: {subject: {name: 甲方, kind: party}}
natural_key: [甲方]
expectations: {max_age_days: 1}
"""
    own = read_manifest(text, "own.yaml")
    assert recognise([(1, ["甲方", "乙方"])], (*_MANIFESTS, own), "x.csv").manifest is own
