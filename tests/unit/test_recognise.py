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
_EACH = pytest.mark.parametrize("feed", _MANIFESTS, ids=lambda feed: feed.source)
# Lists that may come under the very same headings: only more columns or the name tell.
_ALIKE = {
    frozenset({"tax_grade_a", "tax_grade_d"}),
    frozenset({"wage_arrears", "work_safety"}),
}


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
    found = _found(header)
    assert found.manifest.source == feed.source
    assert found.unknown == ()
    assert found.positions == {name: i for i, name in enumerate(_canonical(feed))}


@_EACH
def test_the_order_of_columns_does_not_count(feed: Manifest) -> None:
    columns = list(zip(_canonical(feed), _chinese(feed), strict=True))
    random.Random(7).shuffle(columns)  # noqa: S311 - any order will do
    found = _found([heading for _, heading in columns])
    assert found.manifest.source == feed.source
    assert found.positions == {name: i for i, (name, _) in enumerate(columns)}


@_EACH
def test_what_is_required_is_enough(feed: Manifest) -> None:
    required = [column.name for column in feed.columns if column.required]
    marks = [heading for column in feed.columns for heading in column.hallmarks]
    if any(heading in marks for heading in required) or not marks:
        marks = [""]
    for mark in marks:
        header = [*required, mark] if mark else required
        assert _sources(header) in ({feed.source}, *_ALIKE)
        assert _found(header, source=feed.source).manifest is feed


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
    found = _found(title, note, header, data)
    assert (found.manifest.source, found.header_row) == (feed.source, 3)
    assert found.header == tuple(header)


@_EACH
def test_two_rows_of_headings_are_one_header(feed: Manifest) -> None:
    header = _chinese(feed)
    half = len(header) // 2
    groups = ["基本信息"] * half + ["其他信息"] * (len(header) - half)
    found = _found(["报送表"] * len(header), groups, header, ["x"] * len(header))
    assert (found.manifest.source, found.header_row) == (feed.source, 3)
    assert len(found.positions) == len(header)


def test_a_group_and_its_heading_may_be_one_name() -> None:
    found = _found(
        ["单位名称", "统一社会信用代码", "法定代表人", "法定代表人", "列入事由", "列入决定文号"],
        ["单位名称", "统一社会信用代码", "姓名", "证件号码", "列入事由", "列入决定文号"],
        ["某公司", "", "申某", "", "拖欠工资", "1号"],
    )
    assert found.header_row == 2
    assert found.positions["法定代表人"] == 2
    assert found.positions["法定代表人证件号码"] == 3


def test_a_group_left_blank_by_csv_reaches_to_the_next() -> None:
    found = _found(
        ["单位名称", "法定代表人", "", "列入事由", "欠薪", ""],
        ["", "姓名", "证件号码", "", "拖欠金额（万元）", "涉及人数"],
    )
    assert found.header_row == 2
    assert found.positions == {
        "单位名称": 0,
        "法定代表人": 1,
        "法定代表人证件号码": 2,
        "列入事由": 3,
        "拖欠金额(万元)": 4,
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


def test_equal_fits_are_refused_unless_the_name_or_the_user_tells() -> None:
    header = ["纳税人名称", "纳税人识别号", "评价年度"]
    with pytest.raises(DataError) as caught:
        _found(header)
    assert caught.value.code == "E423"
    assert caught.value.facts["sources"] == "tax_grade_a, tax_grade_d"
    assert _found(header, name="2025年A级纳税人.xlsx").manifest.source == "tax_grade_a"
    assert _found(header, source="tax_grade_d").manifest.source == "tax_grade_d"


def test_the_name_never_outweighs_the_columns() -> None:
    header = _canonical(next(feed for feed in _MANIFESTS if feed.source == "court_defaulter"))
    assert _found(header, name="行政处罚.csv").manifest.source == "court_defaulter"


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
