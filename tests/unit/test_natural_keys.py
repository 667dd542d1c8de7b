"""Which rows of a feed are about one thing: its new version, or another thing of the same day."""

import pytest

from graph.secrecy import Seal
from loaders.manifest_reader import read_manifests
from loaders.prepare import Preparer
from loaders.table import Chunk

_FEEDS = {feed.source: feed for feed in read_manifests()}
_BASE = {
    "procurement_violation": "供应商名称=某某商贸有限公司,执法单位=某财政局,处罚日期=2026-01-01",
    "tax_serious": "纳税人名称=某某公司,公布机关=某税务局,公布日期=2026-01-01,案件性质=虚开",
    "honours": "名称=申某,荣誉名称=道德模范,授予机关=某文明办,授予日期=2026-01-01",
    "licence_v2": "XK_XDR_MC=某某商贸有限公司,XK_WSH=1号,XK_XKJG=某局",
    "abnormal_operation": "entname=红星小吃店,abntime=2026-01-01,specause_cn=未年报",
    "market_serious": "entname=申某,abntime=2026-01-01,serillrea_cn=某行为",
    "market_equity_changes": "pripid=p1,inv=申某,altdate=2026-01-01",
}


def _key(source: str, cells: str) -> bytes | None:
    """Return the natural key of a row given as `column=cell,…`."""
    row = dict(part.split("=") for part in f"{_BASE[source]},{cells}".split(",") if part)
    feed, header = _FEEDS[source], tuple(row)
    assert set(header) <= {column.name for column in feed.columns}
    positions = {name: place for place, name in enumerate(header)}
    preparer = Preparer(feed, positions, header, None, Seal(bytes(range(32))))
    ((_, _, key, _),) = preparer.prepare(Chunk([2], [list(row.values())]), 1).records
    assert key is None or isinstance(key, bytes)
    return key


@pytest.mark.parametrize(
    ("source", "one", "other"),
    [
        ("procurement_violation", "决定书文号=1号", "决定书文号=2号"),
        (
            "procurement_violation",
            "严重违法失信行为的具体情形=串通",
            "严重违法失信行为的具体情形=虚假材料",
        ),
        ("tax_serious", "决定书文号=1号", "决定书文号=2号"),
        ("honours", "证件号码=52010218990101001X", "证件号码=52010218880101001X"),
        ("honours", "授予文号=1号", "授予文号=2号"),
        ("licence_v2", "XK_XKBH=1", "XK_XKBH=2"),
        ("abnormal_operation", "pripid=p1", "pripid=p2"),
        ("abnormal_operation", "uniscid=1", "uniscid=2"),
        ("abnormal_operation", "busexclist=1号", "busexclist=2号"),
        ("market_serious", "cerno=1", "cerno=2"),
        ("market_serious", "illid=1号", "illid=2号"),
        ("market_equity_changes", "transampraf=40", "transampraf=20"),
        ("market_equity_changes", "cerno=1", "cerno=2"),
    ],
)
def test_two_things_of_one_day_stay_two(source: str, one: str, other: str) -> None:
    keys = {_key(source, one), _key(source, other), _key(source, "")}
    assert None not in keys
    assert len(keys) == 3


@pytest.mark.parametrize(
    ("source", "later"),
    [
        ("procurement_violation", "截止日期=2027-01-01"),
        ("tax_serious", "停止公布日期=2027-01-01"),
        ("honours", "撤销日期=2027-01-01"),
        ("licence_v2", "XK_ZT=注销"),
        ("abnormal_operation", "remdate=2027-01-01"),
        ("market_serious", "remdate=2027-01-01"),
    ],
)
def test_the_end_of_a_thing_is_its_new_version(source: str, later: str) -> None:
    assert _key(source, later) == _key(source, "") is not None
