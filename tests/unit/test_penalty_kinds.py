"""What a decision does itself, and what it only threatens, proposes, remembers or refuses."""

from datetime import date

import pytest

from graph.secrecy import Seal
from loaders.cells import day_of
from loaders.manifest import KindTable
from loaders.manifest_reader import read_manifests
from loaders.prepare import Preparer
from loaders.table import Chunk

_LISTING = next(each for each in read_manifests() if each.source == "penalty_v2").listing


def _kind(content: str, **others: str) -> str:
    assert _LISTING is not None
    assert isinstance(_LISTING.kind, KindTable)
    texts = {"content": content, **others}
    for row in _LISTING.kind.rows:
        if all(pattern.search(texts.get(name, "")) for name, pattern in row.patterns.items()):
            return row.kind
    return _LISTING.kind.default


@pytest.mark.parametrize(
    "content",
    [
        "吊销营业执照",
        "吊销《企业法人营业执照》",
        "给予吊销营业执照的行政处罚",
        "给予当事人吊销营业执照的行政处罚。",
        "决定吊销营业执照",
        "现决定依法吊销其营业执照",
        "依法予以吊销营业执照",
        "并处吊销营业执照",
        "罚款5万元，并处吊销营业执照",
        "处罚款人民币50000.00元并吊销营业执照",
        "罚款1.5万元；吊销营业执照",
        "警告、罚款、吊销营业执照",
        "1.罚款5万元；2.吊销营业执照",
        "1、没收违法所得2、吊销营业执照",
        "（一）没收违法所得（二）吊销营业执照",
        "一、罚款；二、吊销营业执照。",
        "责令停产停业、吊销营业执照",
        "责令停产停业，吊销营业执照",
        "没收不合格食品，吊销营业执照",
        "没收不符合食品安全要求的食品，吊销营业执照",
        "没收假药或者劣药，吊销营业执照",
        "将其生产的不合格食品没收，吊销营业执照",
        "情节严重，吊销营业执照",
        "依据《公司法》第二百六十条的规定，决定吊销营业执照",
        "当事人逾期未改正，本局决定吊销营业执照",
        "责令改正，当事人拒不改正，现决定给予吊销营业执照的处罚",
        "依据“情节严重的，吊销营业执照”的规定，本局决定：吊销营业执照",
        "鉴于该行为应当从重处罚，决定吊销营业执照",
        "对曾某经营的商店，吊销营业执照",
        "对供应商贵州如意商贸有限公司吊销营业执照",
        "许可证件过期，吊销营业执照",
        "由本局吊销营业执照",
        "罚款，逾期不缴纳罚款的，每日按3%加处罚款。吊销营业执照",
        "对当事人作出如下处罚：吊销营业执照",
        "曾因无证经营被罚款，本次决定吊销营业执照",
        "吊销营业执照后五年内不得重新申请",
    ],
)
def test_a_revocation_the_decision_pronounces_counts(content: str) -> None:
    assert _kind(content) == "licence_revoked"
    food = content.replace("《企业法人营业执照》", "营业执照").replace("营业执照", "食品经营许可证")
    assert _kind(food) == "food_permit_revoked"
    assert _kind("吊销许可证件", licence="营业执照") == "licence_revoked"


@pytest.mark.parametrize(
    "content",
    [
        # threatened, on a condition
        "罚款1万元，逾期不缴纳的吊销营业执照",
        "罚款1万元，逾期不缴纳的，吊销营业执照",
        "罚款1万元，逾期不缴纳，吊销营业执照",
        "责令改正，逾期不改的将吊销营业执照",
        "责令改正；拒不改正的，吊销营业执照",
        "责令改正，拒不改正，吊销营业执照",
        "责令改正，仍不改正的，依法吊销营业执照",
        "罚款；情节严重的，吊销营业执照",
        "如再次违法，吊销营业执照",
        "如果再犯，依法吊销营业执照",
        "若不整改，吊销营业执照",
        "限期整改，否则吊销营业执照",
        "不整改则吊销营业执照",
        "一旦发现吊销营业执照",
        "再次违法经营，吊销营业执照",
        "将被吊销营业执照",
        "将依法吊销营业执照",
        "将面临吊销营业执照的处罚",
        "逾期不改的：1.罚款；2.吊销营业执照",
        # possible, due or proposed
        "可能被吊销营业执照",
        "可以吊销营业执照",
        "可并处吊销营业执照",
        "依法应当吊销营业执照，鉴于情节轻微，罚款",
        "应吊销营业执照，因及时改正，罚款",
        "本应吊销营业执照，从轻处罚",
        "建议吊销营业执照",
        "建议市场监管部门罚款，吊销营业执照",
        "提请发证机关吊销营业执照",
        "移送市场监管局吊销营业执照",
        "由发证机关吊销营业执照",
        "拟吊销营业执照",
        "拟作出如下处罚：1.罚款；2.吊销营业执照",
        "符合吊销营业执照条件，罚款",
        "告知当事人吊销营业执照听证权利",
        "存在吊销营业执照风险，予以警示",
        # past, of another day
        "曾因吊销营业执照被处罚",
        "曾被吊销营业执照，从重罚款",
        "已被吊销营业执照",
        "已于2020年吊销营业执照，仍继续经营，罚款",
        "此前吊销营业执照，现罚款",
        "被吊销营业执照后仍从事经营，罚款",
        "吊销营业执照后仍从事经营，罚款",
        "吊销营业执照期间从事经营，罚款",
        "因吊销营业执照未办理注销，罚款",
        "吊销营业执照未注销，罚款",
        # refused, left open or taken back
        "不予吊销营业执照",
        "不予行政处罚 吊销营业执照案",
        "免予吊销营业执照",
        "不再给予吊销营业执照的处罚",
        "未吊销营业执照，罚款",
        "决定不吊销营业执照",
        "罚款或者吊销营业执照",
        "罚款或并处吊销营业执照",
        "警告、罚款，直至吊销营业执照",
        "暂扣或者吊销营业执照",
        "暂扣、吊销营业执照",
        "撤销吊销营业执照的决定",
        "撤销2025年作出的吊销营业执照的行政处罚决定",
        "吊销营业执照的决定予以撤销",
        "吊销营业执照的处罚暂缓执行",
        "变更吊销营业执照为罚款",
    ],
)
def test_a_revocation_that_is_only_spoken_of_does_not(content: str) -> None:
    assert _kind(content) == "penalty"
    assert _kind(content.replace("营业执照", "食品经营许可证")) == "penalty"
    assert _kind(content.replace("营业执照", "许可证"), licence="食品经营许可证") == "penalty"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ("责令关闭", "closure_ordered"),
        ("罚款，并责令关闭企业", "closure_ordered"),
        ("逾期不改正的，责令关闭", "penalty"),
        ("建议人民政府责令关闭", "penalty"),
        ("曾被责令关闭，从重罚款", "penalty"),
        ("列入不良行为记录名单，一年内禁止参加政府采购活动", "procurement_ban"),
        ("再次违法的，禁止参加政府采购活动", "penalty"),
        ("予以取缔", "social_org_revoked"),
        ("建议取缔", "penalty"),
        ("决定取消其一年内的投标资格", "bid_ban"),
        ("可以取消其投标资格", "penalty"),
        ("列入安全生产失信联合惩戒名单", "work_safety_serious"),
        ("建议列入安全生产失信联合惩戒名单", "penalty"),
    ],
)
def test_so_it_is_with_closures_bans_and_lists(content: str, kind: str) -> None:
    assert _kind(content, authority="钟山区民政局") == kind


@pytest.mark.parametrize("part", ["吊销", "，决定", "1.", "；", "逾期", "，决定给予", "吊销，决定"])
def test_a_cell_of_any_length_is_judged(part: str) -> None:
    """A pattern that went back and forth over the whole cell would not come to an end here."""
    assert _kind(part * 5_000) == "penalty"


@pytest.mark.parametrize(
    ("content", "ends"),
    [
        pytest.param("罚款2万元", date(2028, 11, 2), id="a plain penalty, with its publication"),
        pytest.param("吊销食品经营许可证", None, id="a bar, as its law says"),
    ],
)
def test_the_end_of_publication_ends_no_bar(content: str, ends: date | None) -> None:
    manifest = next(each for each in read_manifests() if each.source == "penalty_v2")
    row = {
        "CF_XDR_MC": "黔州虚构商贸有限公司",
        "CF_WSH": "1号",
        "CF_NR": content,
        "CF_JDRQ": "2025-11-01",
        "CF_GSJZQ": "2028-11-01",
    }
    positions = {name: place for place, name in enumerate(row)}
    preparer = Preparer(manifest, positions, tuple(row), None, Seal(bytes(32)))
    (listing,) = preparer.prepare(Chunk([2], [list(row.values())]), 1).listings
    assert listing[9] == (None if ends is None else day_of(ends))
