"""A body's name in its parts: region, place, brand, trade, form, branch, ordinals, notes."""

import pytest

from graph.errors import DataError
from graph.forms import read_endings
from resolvers.names import parse
from resolvers.ordinals import number_of, ordinals
from resolvers.regions import DIFFERENT, EQUAL, NESTED, UNKNOWN, regions, relation
from resolvers.trades import classes_of


@pytest.mark.parametrize(
    ("name", "region", "brand", "trade", "form"),
    [
        ("六盘水市钟山区甲乙商贸有限公司", "520201", "甲乙", "商贸", "limited"),
        ("贵州甲乙商贸有限责任公司", "520000", "甲乙", "商贸", "limited"),
        ("甲乙（贵州）科技有限公司", "520000", "甲乙", "科技", "limited"),
        ("甲乙〔贵州〕科技股份有限公司", "520000", "甲乙", "科技", "joint_stock"),
        ("甲乙生物技术贵州有限公司", "520000", "甲乙", "生物技术", "limited"),
        ("水城县甲乙养殖农民专业合作社", "520204", "甲乙", "养殖", "cooperative"),
        ("盘县甲乙煤业有限公司", "520281", "甲乙", "煤业", "limited"),
        ("大方县食品公司", "520521", "", "食品", "company"),
        ("甲乙管理中心（有限合伙）", "", "甲乙", "管理", "partnership"),
        ("甲乙水稻研究所(有限公司)", "", "甲乙", "水稻", "limited"),
        ("六盘水甲乙矿业", "520200", "甲乙", "矿业", ""),
        ("甲乙丙村镇银行有限公司", "", "甲乙丙", "村镇银行", "limited"),
        ("盘州市城乡建筑工程有限公司", "520281", "城乡", "建筑工程", "limited"),
        ("內蒙古甲乙餐飲有限公司", "150000", "甲乙", "餐饮", "limited"),
        ("杭州市政工程有限公司", "330100", "", "市政工程", "limited"),
    ],
)
def test_a_name_is_cut_into_its_parts(
    name: str, region: str, brand: str, trade: str, form: str
) -> None:
    found = parse(name)
    assert (found.region, found.brand, found.trade, found.form) == (region, brand, trade, form)


def test_a_bare_county_is_a_region_only_before_a_brand() -> None:
    assert parse("九龙甲乙天麻有限公司").brand == "甲乙"
    assert parse("九龙天麻有限公司").brand == "九龙"


@pytest.mark.parametrize(
    ("region", "bare"),
    [("贵州", "贵州"), ("贵州省", "贵州"), ("盘州市", "盘州"), ("黔南州", "黔南")],
)
def test_only_the_kind_of_a_place_is_left_out_of_its_bare_name(region: str, bare: str) -> None:
    assert parse(f"{region}甲乙商贸有限公司").bare == f"{bare}甲乙商贸"


def test_a_township_is_a_place_and_no_brand() -> None:
    found = parse("修文县甲石乡建丁肉鸽养殖场")
    assert (found.place, found.brand, found.trade) == ("甲石乡", "建丁", "肉鸽")
    assert parse("二连市甲乙货物运输有限公司").place == "二连市"


@pytest.mark.parametrize(
    ("name", "tail", "branch", "numbers"),
    [
        ("贵州甲乙商贸有限公司", "", False, ""),
        ("贵州甲乙商贸有限公司第二分公司", "第二分公司", True, "2"),
        ("贵州甲乙商贸有限公司一门市", "一门市", True, "1"),
        ("甲乙物资回收有限公司第四十二回收站", "第四十二回收站", True, "42"),
        ("甲乙科技有限公司(西藏分公司)", "(西藏分公司)", True, ""),
        ("甲乙服装厂门市部", "门市部", True, ""),
        ("某某供销社甲村分销店", "甲村分销店", True, ""),
        ("甲乙通信有限公司某某电信局", "某某电信局", True, ""),
        ("甲乙百货有限公司第二专柜", "第二专柜", True, "2"),
        ("甲乙有限公司工会委员会", "工会委员会", False, ""),
        ("甲乙矿业有限公司三号井", "三号井", True, "3"),
        ("三联食品有限公司", "", False, ""),
    ],
)
def test_a_branch_is_told_from_its_parent(name: str, tail: str, branch: bool, numbers: str) -> None:
    found = parse(name)
    assert (found.tail, found.branch, found.ordinals) == (tail, branch, numbers)


def test_notes_at_the_end_are_read_and_taken_off() -> None:
    found = parse("甲乙商贸有限公司（原丙丁商贸有限公司）（已注销）")
    assert (found.former, found.mark, found.brand) == ("丙丁商贸有限公司", "已注销", "甲乙")
    assert parse("甲乙小吃店(个体工商户)").note == "individual"


@pytest.mark.parametrize(
    ("name", "form"), [("甲乙种植专业和作社", "cooperative"), ("甲乙商贸有眼公司", "company")]
)
def test_one_slip_in_a_long_form_is_read_through(name: str, form: str) -> None:
    assert parse(name).form == form


def test_a_slip_in_the_parents_form_does_not_hide_the_branch() -> None:
    found = parse("贵州甲乙商贸有限共司第一分公司")
    assert (found.brand, found.form, found.tail) == ("甲乙", "limited", "第一分公司")


def test_numerals_are_ordinals_only_where_they_count() -> None:
    assert ordinals("六盘水三联八一路百货") == ""
    assert ordinals("第十二小学") == "12"
    assert [number_of(text) for text in ("三百零五", "二十", "12", "一六三")] == [305, 20, 12, 163]


def test_a_renamed_place_is_the_same_place() -> None:
    known = regions().aliases
    for former, today in (("水城县", "水城区"), ("盘县", "盘州市"), ("遵义县", "播州区")):
        codes = ["|".join(known[name].codes) for name in (former, today)]
        assert relation(*codes) == EQUAL


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("520000", "520201", NESTED),
        ("520200", "520201", NESTED),
        ("520201", "520201", EQUAL),
        ("520201", "520203", DIFFERENT),
        ("520201|330100", "330100", EQUAL),
        ("", "520201", UNKNOWN),
    ],
)
def test_places_are_equal_nested_or_different(one: str, other: str, expected: int) -> None:
    assert relation(one, other) == relation(other, one) == expected


def test_trades_have_synonyms() -> None:
    assert classes_of("商贸") == classes_of("贸易")
    assert classes_of("建筑工程") == classes_of("建设工程")
    assert classes_of("煤业") != classes_of("餐饮")


def test_a_lexicon_of_the_wrong_shape_is_a_data_error() -> None:
    with pytest.raises(DataError, match="E812"):
        read_endings({"forms": {"limited": {"endings": ["公司"]}}})
