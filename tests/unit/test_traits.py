"""What a row tells of a body beside its name: read from the cells as they are written."""

import pytest

from loaders.manifest import Choice, Party
from loaders.manifest_reader import read_manifests
from loaders.parties import PartyReader
from loaders.traits import read_traits
from tests.unit.resolving import SEAL

PARTY = Party(
    key="subject",
    role=Choice("subject"),
    kind=Choice("enterprise"),
    name="name",
    traits=(("tel", "phone"), ("mobile", "phone"), ("dom", "address"), ("day", "founded")),
)


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"tel": "0858-8223344"}, {"phone": "08588223344"}),
        ({"tel": "+86 13812345678"}, {"phone": "13812345678"}),
        ({"tel": "８６13812345678"}, {"phone": "13812345678"}),
        ({"tel": "138****5678"}, {}),
        ({"tel": "88888888"}, {}),
        ({"tel": "13812345678、13987654321"}, {}),
        ({"tel": "13812345678", "mobile": "13812345678"}, {"phone": "13812345678"}),
        ({"dom": " 人民路1号 "}, {"address": "人民路1号"}),
        ({"day": "2001年2月3日"}, {"founded": "2001-02-03"}),
        ({"day": "长期"}, {}),
        ({"day": "不详"}, {}),
    ],
)
def test_what_cells_tell(cells: dict[str, str], told: dict[str, str]) -> None:
    assert dict(read_traits(PARTY, cells)) == told


def test_of_a_person_nothing_is_kept() -> None:
    (market,) = (each for each in read_manifests() if each.source == "tax_arrears")
    reader = PartyReader(market, SEAL)
    cells = {"纳税人名称": "王小明", "经营地点": "人民路1号"}
    for party in reader.read(cells):
        assert (party.kind != "person") or party.traits == ()
    assert any(party.traits for party in reader.read(cells | {"纳税人名称": "某某有限公司"}))
