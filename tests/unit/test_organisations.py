"""Levels of two names of bodies, and what is decided on them."""

import pyarrow as pa
import pytest

from resolvers.compare import compare_pairs
from resolvers.edits import ALIKE, DROPPED, EQUAL, FAR, OTHER, SWAPPED, TWICE, edits_of
from resolvers.organisations import NAME_FEATURES
from resolvers.rows import Rows
from resolvers.standardise import standardised_names


def levels(one: str, other: str) -> dict[str, str]:
    """Return the key of each feature's level for two names."""
    left, right = (Rows(standardised_names(pa.array([name]))) for name in (one, other))
    return {
        feature.name: feature.levels[int(feature.compare(left, right)[0])]
        for feature in NAME_FEATURES
    }


def decision(one: str, other: str, **columns: tuple[str, str]) -> str:
    """Return the decision on two rows."""
    sides = [
        {"name": pa.array([name])} | {key: pa.array([pair[at]]) for key, pair in columns.items()}
        for at, name in enumerate((one, other))
    ]
    return compare_pairs(sides[0], sides[1], "organisation").decision[0]


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("鑫达", "鑫达", EQUAL),
        ("宏达", "洪达", ALIKE),
        ("末来", "未来", ALIKE),
        ("源达", "原达", ALIKE),
        ("双利", "双河", OTHER),
        ("恒达", "恒泰达", DROPPED),
        ("市政工程", "政市工程", SWAPPED),
        ("宏源", "洪原", TWICE),
        ("第四", "第十", OTHER),
        ("甲乙", "丙丁", FAR),
        ("", "甲乙", FAR),
    ],
)
def test_slips_are_told_from_other_differences(one: str, other: str, kind: int) -> None:
    assert edits_of(one, other) == edits_of(other, one) == kind


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        pytest.param(
            "贵州双柳贸易有限公司",
            "贵州双河贸易有限公司",
            {"brand": "brand_differs"},
            id="one-character-of-a-short-brand-is-another-firm",
        ),
        pytest.param(
            "贵州瑞晖贸易有限公司",
            "貴州瑞輝貿易有限责任公司",
            {"trade": "trade_same", "form": "form_same", "region": "region_same"},
            id="traditional-characters-and-form-wording-are-nothing",
        ),
        pytest.param(
            "大方县九龙天麻开发有限公司",
            "九龙天麻开发有限公司",
            {"brand": "brand_same_common", "trade": "trade_same", "region": "region_absent"},
            id="a-brand-that-is-also-a-place",
        ),
        pytest.param(
            "贵阳甲辰商贸有限公司",
            "遵义甲辰商贸有限公司",
            {"region": "region_differs"},
            id="another-city",
        ),
        pytest.param(
            "贵州甲辰商贸有限公司",
            "贵阳甲辰商贸有限公司",
            {"region": "region_nested"},
            id="a-city-in-its-province",
        ),
        pytest.param(
            "大方县食品公司", "台江县食品公司", {"brand": "brand_absent"}, id="no-brand-to-compare"
        ),
        pytest.param(
            "威宁甲辰养殖专业合作社",
            "威宁甲辰养殖专业和作社",
            {"form": "form_same"},
            id="a-slip-in-the-form",
        ),
        pytest.param(
            "甲辰商贸有限公司",
            "甲辰商贸有限公司第二门市部",
            {"branch": "branch_one_side", "ordinal": "ordinal_differs"},
            id="a-branch-is-not-its-parent",
        ),
        pytest.param(
            "甲辰矿业股份有限公司",
            "甲辰矿业有限公司",
            {"form": "form_stock"},
            id="a-stock-company-is-another-form",
        ),
        pytest.param(
            "甲辰商贸有限公司", "甲辰贸易有限公司", {"trade": "trade_synonym"}, id="synonyms"
        ),
    ],
)
def test_parts_are_compared_one_by_one(one: str, other: str, expected: dict[str, str]) -> None:
    found, mirrored = levels(one, other), levels(other, one)
    assert found == mirrored
    assert {name: found[name] for name in expected} == expected


@pytest.fixture(scope="module")
def codes() -> tuple[str, str]:
    """Two valid codes of no one."""
    from graph.identifiers import org_code_check, uscc_check

    made = []
    for number in ("XX000001", "XX000002"):
        head = f"91520201{number}{org_code_check(number)}"
        made.append(head + uscc_check(head))
    return made[0], made[1]


def test_equal_canonical_names_merge_and_partial_ones_wait() -> None:
    name = "贵州甲辰商贸有限公司"
    assert decision(name, "贵州省甲辰商贸有限责任公司") == "merge"
    assert decision(name, "甲辰商贸有限公司") == "review"
    assert decision(name, "贵州乙巳商贸有限公司") == "separate"
    assert decision("贵州甲辰商贸有限公司贵阳分公司", name) == "separate"


def test_two_valid_codes_part_equal_names(codes: tuple[str, str]) -> None:
    name = "贵州甲辰商贸有限公司"
    assert decision(name, name, uscc=codes) == "separate"
    assert decision(name, name, uscc=(codes[0], codes[0])) == "merge"
    assert decision(name, "甲辰商贸", uscc=(codes[0], codes[0])) == "merge"


def test_a_slip_before_a_branch_s_part_parts_nobody() -> None:
    branch = "甲辰邮政集团公司贵州省望谟县乙元支局"
    assert decision(branch, branch.replace("公司", "公同")) == "review"


def test_a_slip_between_two_usual_characters_weighs_less_than_one_that_makes_an_unusual_one() -> (
    None
):
    scores = compare_pairs(
        {"name": pa.array(["贵州万康科技有限公司", "贵州天康科技有限公司"])},
        {"name": pa.array(["贵州旺康科技有限公司", "贵州夭康科技有限公司"])},
        "organisation",
    ).score
    assert scores[0] < scores[1]


def test_one_code_on_different_names_goes_to_review(codes: tuple[str, str]) -> None:
    both = (codes[0], codes[0])
    assert decision("贵州甲辰商贸有限公司", "贵州丙午餐饮有限公司", uscc=both) == "review"
    branch = "贵州甲辰商贸有限公司贵阳分公司"
    assert decision("贵州甲辰商贸有限公司", branch, uscc=both) == "review"


def test_an_embedded_organisation_code_is_the_same_code(codes: tuple[str, str]) -> None:
    assert decision("甲辰商贸", "贵州甲辰商贸有限公司", uscc=(codes[0], codes[0][8:17])) == "merge"


def test_the_reasons_are_told_in_both_languages() -> None:
    sides = [
        {"name": pa.array([name])} for name in ("贵州甲辰商贸有限公司", "贵州乙巳商贸有限公司")
    ]
    assert compare_pairs(sides[0], sides[1], "organisation").why[0].startswith("字号不同 (-12.0)；")
    told = compare_pairs(sides[0], sides[1], "organisation", lang="en").why[0]
    assert told.startswith("The brands differ (-12.0); ")


@pytest.mark.parametrize(
    ("short", "own", "other"),
    [
        ("甲辰股份", "贵州甲辰矿业股份有限公司", "贵州甲辰矿业有限公司"),
        ("黔甲辰A", "贵州甲辰电力股份有限公司", "云南甲辰电力股份有限公司"),
        ("甲辰银行", "中国甲辰银行股份有限公司", "贵州甲子银行股份有限公司"),
        ("ST甲辰", "贵州甲辰文化旅游股份有限公司", "贵州丙甲辰旅游股份有限公司"),
    ],
)
def test_a_short_name_fits_its_own_full_name_best(short: str, own: str, other: str) -> None:
    left = {"name": pa.array([short, short])}
    scores = compare_pairs(left, {"name": pa.array([own, other])}, "organisation").score
    assert scores[0] > scores[1]
    assert decision(short, own) in ("review", "separate")


def test_the_mark_of_an_exchange_makes_no_other_name() -> None:
    left = {"name": pa.array(["甲辰生物-B", "甲辰生物-B"])}
    right = {"name": pa.array(["甲辰生物", "甲辰生物科技股份有限公司"])}
    scores = compare_pairs(left, right, "organisation").score
    assert scores[0] > scores[1] > 0
