"""What kind of party a code or a name speaks of, and whether a name is a branch's.

A kind is a description, never an identity. The branch marker is a veto: a branch's name
contains its parent's whole name (企业名称登记管理规定 art 13), and departments often give the
parent's code for it.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

__all__ = [
    "is_branch",
    "kind_of_code",
    "kind_of_name",
    "kind_of_registered",
    "looks_like_organisation",
]

# First two characters of a 统一社会信用代码: registering department and class of body.
_CODE_HEADS: Final = {
    "11": "government_body",
    "12": "public_institution",
    "13": "social_organisation",
    "19": "public_institution",
    "31": "law_firm",
    "51": "social_organisation",
    "52": "social_organisation",
    "53": "social_organisation",
    "81": "social_organisation",
    "91": "enterprise",
    "92": "individual_business",
    "93": "cooperative",
}
_SUFFIX_NOTE: Final = re.compile(
    r"\((?:普通合伙|特殊普通合伙|有限合伙|个人独资|个体工商户|集团|中国)\)$"
)
_BRANCH: Final = re.compile(
    r"(?:分公司|支公司|分销店|分销点|分店|分厂|分行|支行|分理处|分社|分部|分院|分校|分所|分中心|储蓄所"
    r"|营业厅|营业部|支局)(?:\(.*\))?$"
)
_PARENT: Final = re.compile(r".*(?:公司(?:\(.*?\))?|银行|信用社|联社|供销社|合作社)(?=.)")
_BELONGING: Final = re.compile(
    r"(?:[店厂矿井部站所处点场库队园馆院房室亭厅城坊组]|车间|门市|中心|基地|超市|食堂|酒楼|酒家|旅社"
    r"|驾校|学校|工程|项目|信用社|邮政局|分局)(?:\(.*\))?$"
)
_NAMES: Final = tuple(
    (re.compile(pattern), kind)
    for pattern, kind in (
        (r"律师事务所", "law_firm"),
        (r"(?:股份)?经济(?:联合)?(?:合作)?(?:总)?社$", "rural_collective"),
        (r"合作社(?:联合社)?$", "cooperative"),
        (r"\(个体工商户\)$", "individual_business"),
        (
            r"(?:协会|商会|学会|研究会|促进会|联合会|基金会|联谊会|志愿者.*会|工会(?:委员会)?)$",
            "social_organisation",
        ),
        (r"(?:公司|集团|企业|有限合伙\)?|普通合伙\)?|合伙\)|个人独资\)?)$", "enterprise"),
        (
            r"(?:人民政府|委员会|街道办事处|(?<![邮信])局|法院|检察院|管委会|政府)$",
            "government_body",
        ),
        (
            r"(?:学校|小学|中学|大学|学院|幼儿园|医院|卫生院|研究院|研究所|图书馆|文化馆|服务中心|疾控中心|中心)$",
            "public_institution",
        ),
        (
            r"(?:经营部|门市|门市部|批发部|服务部|商店|商行|小吃店|餐馆|饭店|餐厅|超市|便利店|理发店|药店|药房|诊所|修理厂|加工坊|作坊|店|坊|馆|铺|吧|摊)$",
            "individual_business",
        ),
        (r"(?:厂|矿|场|煤矿|农场|养殖场|加油站|站|社|部|所|园|院|行|庄)$", "enterprise"),
    )
)


def kind_of_code(uscc: str) -> str | None:
    """Return the subject kind a valid 统一社会信用代码 stands for; None for other heads."""
    if uscc.startswith("N"):
        return "rural_collective"
    return _CODE_HEADS.get(uscc[:2])


@lru_cache(maxsize=65_536)
def kind_of_name(name: str) -> str | None:
    """Return the subject kind a name's form speaks of; None where it says nothing.

    Never `person`: a short name without a legal form may be a shop sign.
    """
    text = _plain(name)
    if text.endswith("代表处"):
        return "foreign_office"
    if _marks_branch(text):
        return "branch"
    bare = _SUFFIX_NOTE.sub("", text)
    for pattern, kind in _NAMES:
        if pattern.search(text) or pattern.search(bare):
            return kind
    return None


def kind_of_registered(uscc: str, name: str) -> str:
    """Return the subject kind of a body with a valid code: only its name tells a branch.

    A branch has a code of the same head as its parent.
    """
    text = _plain(name)
    if text.endswith("代表处"):
        return "foreign_office"
    return "branch" if _marks_branch(text) else kind_of_code(uscc) or "enterprise"


def is_branch(name: str) -> bool:
    """Return whether a name carries a branch marker; '' does not."""
    return _marks_branch(_plain(name))


def looks_like_organisation(name: str) -> bool:
    """Return whether a name has an organisation's form, or is too long for a person's."""
    return kind_of_name(name) is not None or ("·" not in name and len(_plain(name)) > 6)


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKC", name).replace(" ", "").rstrip(".,;。、")


def _marks_branch(text: str) -> bool:
    if _BRANCH.search(text):
        return True
    # Whatever stands after a whole name belongs to it: 某某有限公司大湾煤矿.
    parent = _PARENT.match(text)
    return parent is not None and _BELONGING.search(text, parent.end()) is not None
