"""What a name or a code says of its bearer, above all whether it is a branch's."""

import pytest

from graph.kinds import is_branch, kind_of_code, kind_of_name, looks_like_organisation


@pytest.mark.parametrize(
    "name",
    [
        "贵州某某商贸有限公司贵阳分公司",
        "贵州某某商贸有限公司贵阳分公司（筹）",
        "贵州某某商贸有限公司 第一 分店",
        "某某财产保险股份有限公司水城支公司",
        "某某银行股份有限公司钟山支行",
        "某某县农村信用合作联社城南信用社",
        "某某县农村信用合作联社城南分社",
        "水城县某某供销合作社甲村分销店",
        "某某供销社综合门市部",
        "某某供销社第五门市",
        "贵州某某矿业有限公司水城县甲乙煤矿",
        "某某（集团）有限公司红果经营部",
        "某某石化销售有限公司贵州甲乙加油站",
        "某某餐饮（成都）有限公司甲乙餐厅",
        "某某种植农民专业合作社第五分社",
        "某某通信股份有限公司甲乡营业部",
        "贵州某某建设集团有限公司驻水城项目部",
        "某某建筑工程公司贵阳分公司.",
        "某某科技有限公司（西藏分公司）",
        "某某通信有限公司甲乙电信局",
        "某某百货有限公司甲乙商厦",
        "某某百货有限公司第二专柜",
        "某某服装厂门市部",
    ],
)
def test_a_name_with_a_whole_firm_before_it_is_a_branch(name: str) -> None:
    assert is_branch(name)
    assert kind_of_name(name) == "branch"


@pytest.mark.parametrize(
    "name",
    [
        "",
        "贵州某某商贸有限公司",
        "贵州某某商贸有限责任公司(普通合伙)",
        "某某（集团）有限公司",
        "某某有限公司（国营第九九九厂）",
        "贵州某某店业有限公司",
        "某某县农村信用合作联社",
        "某某县供销合作社联合社",
        "某某村股份经济合作社",
        "某某种植农民专业合作社",
        "某某供销社农资有限公司",
        "某某公司投资的某某贸易有限公司",
        "某某有限公司工会委员会",
        "某某研究所（有限公司）",
        "某某银行",
        "甲乙加油站",
        "甲乙小吃店",
        "水城区甲乙煤矿",
        "张某某",
    ],
)
def test_a_firm_of_its_own_is_no_branch(name: str) -> None:
    assert not is_branch(name)
    assert kind_of_name(name) != "branch"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("贵州某某商贸有限公司", "enterprise"),
        ("某某企业管理中心（有限合伙）", "enterprise"),
        ("贵州某某律师事务所", "law_firm"),
        ("某某种植农民专业合作社", "cooperative"),
        ("水城县某某供销合作社联合社", "cooperative"),
        ("某某镇甲村股份经济合作社", "rural_collective"),
        ("某某小吃店", "individual_business"),
        ("某某运输服务队（个体工商户）", "individual_business"),
        ("某某商会", "social_organisation"),
        ("某某县人民政府", "government_body"),
        ("某某市市场监督管理局", "government_body"),
        ("某某县第一中学", "public_institution"),
        ("某某外国有限公司贵阳代表处", "foreign_office"),
        ("张某某", None),
        ("", None),
    ],
)
def test_a_name_tells_the_kind(name: str, kind: str | None) -> None:
    assert kind_of_name(name) == kind


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        ("11", "government_body"),
        ("12", "public_institution"),
        ("31", "law_firm"),
        ("51", "social_organisation"),
        ("91", "enterprise"),
        ("92", "individual_business"),
        ("93", "cooperative"),
        ("N2", "rural_collective"),
        ("A1", None),
    ],
)
def test_a_code_tells_the_kind_by_its_head(head: str, kind: str | None) -> None:
    assert kind_of_code(f"{head}520201XX00000000") == kind


def test_people_do_not_look_like_organisations() -> None:
    assert not looks_like_organisation("张某")
    assert not looks_like_organisation("阿卜杜·某某某·某某")
    assert not looks_like_organisation("")
    assert looks_like_organisation("某某小吃店")
    assert looks_like_organisation("一个没有组织形式的长字号")
