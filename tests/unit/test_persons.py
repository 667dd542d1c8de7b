"""Names of persons, their phones and addresses, and what may be decided on them."""

import pyarrow as pa
import pytest

from graph.identifiers import id_card_check
from resolvers.addresses import address_level, parse_address
from resolvers.compare import compare_pairs
from resolvers.people import PERSON_FEATURES
from resolvers.persons import name_level, parse_person, readings
from resolvers.phones import phone_level, phones

NAME = next(feature for feature in PERSON_FEATURES if feature.name == "name")


def number(birth: str, sequence: str = "001") -> str:
    """Return a valid identity number of nobody alive."""
    head = f"520201{birth}{sequence}"
    return head + id_card_check(head)


def decision(one: str, other: str, **columns: tuple[str, str]) -> str:
    sides = [
        {"name": pa.array([name])} | {key: pa.array([pair[at]]) for key, pair in columns.items()}
        for at, name in enumerate((one, other))
    ]
    return compare_pairs(sides[0], sides[1], "person").decision[0]


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("阿甲·乙丙", "阿甲•乙丙", "name_same_rare"),
        ("阿甲·乙丙", "阿甲乙丙", "name_same_rare"),
        ("阿甲・乙丙", "阿甲．乙丙", "name_same_rare"),
        ("王 某甲", "王某甲", "name_compatible"),
        ("王某某", "王丙丁", "name_compatible"),
        ("王*", "王丙丁", "name_compatible"),
        ("王□丁", "王丙丁", "name_compatible"),
        ("张XX", "张丙丁", "name_compatible"),
        ("王某某", "李丙丁", "name_differs"),
        ("吕YAN", "吕艳", "name_compatible"),
        ("LV艳", "吕艳", "name_compatible"),
        ("吕YAN", "吕伟", "name_differs"),
        ("LYU伟", "吕伟", "name_compatible"),
        ("ZHANG WEI", "张伟", "name_compatible"),
        ("ZHANG WEI", "张丽", "name_differs"),
        ("JOHN SMITH", "JOHN SMIT", "name_near"),
        ("*伟", "张伟", "name_compatible"),
        ("*伟", "张丽", "name_differs"),
        ("王\ue001", "王丙", "name_compatible"),
        ("王\ue001", "王\ue001", "name_compatible"),
        ("王\ufffd丁", "王丙丁", "name_compatible"),
        ("王〓丁", "王丙丁", "name_compatible"),
        ("王𠮷", "王吉", "name_variant"),
        ("张伟〔已故〕", "张伟", "name_same_common"),
        ("王昇", "王升", "name_variant"),
        ("曾ZENG", "曾增", "name_compatible"),
        ("ZENG增", "曾增", "name_compatible"),
        ("CENG增", "曾增", "name_differs"),
        ("张伟", "张玮", "name_slip"),
        ("张伟", "张伟", "name_same_common"),
        ("", "张伟", "name_absent"),
        ("*", "张伟", "name_absent"),
    ],
)
def test_names_stand_to_each_other(one: str, other: str, level: str) -> None:
    assert NAME.levels[name_level(one, other)] == level
    assert name_level(other, one) == name_level(one, other)


def test_a_private_character_is_read() -> None:
    assert parse_person("王\ue863").exact == "王䶮"
    assert name_level("王\ue863", "王䶮") == name_level("王䶮", "王䶮")


def test_a_surname_has_its_own_reading() -> None:
    assert readings("仇", surname=True) == {"qiu"}
    assert "chou" in readings("仇")


def test_a_name_alone_never_merges() -> None:
    assert decision("张伟", "张伟") != "merge"
    assert decision("阚甲淼", "阚甲淼", phone=("13900000000", "13900000000")) == "review"


def test_masked_numbers_never_merge() -> None:
    full = number("18700307")
    masked = full[:10] + "****" + full[14:]
    assert decision("张伟", "张伟", id_number=(masked, full)) == "review"
    assert decision("张伟", "张伟", id_number=(masked, masked)) == "review"
    assert decision("张伟", "张伟", id_number=(full[:6] + "*" * 8 + full[14:], full)) != "merge"


def test_a_full_number_merges_and_two_part() -> None:
    one, other = number("18700307"), number("18700307", "002")
    assert decision("张伟", "张伟", id_number=(one, one)) == "merge"
    assert decision("张伟", "张 伟", id_number=(one, one.lower())) == "merge"
    assert decision("张伟", "张伟", id_number=(one, other)) == "separate"
    assert decision("张伟", "李娜", id_number=(one, one)) == "review"


def test_an_old_number_of_15_digits_is_the_same_number() -> None:
    head = "520201990307001"
    full = head[:6] + "19" + head[6:]
    assert decision("张伟", "张伟", id_number=(head, full + id_card_check(full))) == "merge"


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("0858-8222111", ("+868588222111",)),
        ("(0858)8222111", ("+868588222111",)),
        ("8222111", ("+868588222111",)),
        ("0858－8222111-802", ("+868588222111",)),
        ("8222111转802", ("+868588222111",)),
        ("139-0000-2345", ("+8613900002345",)),
        ("+86 13900002345", ("+8613900002345",)),
        ("13900002345、8222111", ("+8613900002345", "+868588222111")),
        ("13900002345 8222111", ("+8613900002345", "+868588222111")),
        ("0858 8222111\n8222112", ("+868588222111", "+868588222112")),
        ("13900002345.0", ("+8613900002345",)),
        ("1.3900002345E+10", ("+8613900002345",)),
        ("1.39E+10", ()),
        ("0858.8222111", ("+868588222111",)),
        ("139****2345", ("139****2345",)),
        ("822****", ("858822****",)),
        ("无", ()),
        ("00000000000", ()),
    ],
)
def test_phones_are_read(cell: str, numbers: tuple[str, ...]) -> None:
    assert phones(cell) == numbers


def test_a_masked_phone_is_compatible_never_the_same() -> None:
    assert phone_level("139****2345", "13900002345") == 2
    assert phone_level("139****2345", "139****2345") == 2
    assert phone_level("139****2346", "13900002345") == 1
    assert phone_level("139****2345", "1390000****") == 2
    assert phone_level("0858-822****", "8222111") == 2
    assert phone_level("0858-823****", "8222111") == 1
    assert phone_level("13900002345/8222111", "0858-8222111") == 3


def test_an_address_is_cut_into_its_parts() -> None:
    found = parse_address("贵州省六盘水市钟山区人民中路一百二十号附3号2栋1单元501室")
    assert (found.region, found.road, found.number) == ("520201", "人民中路", "120-3")
    assert found.room == "2-1-501"
    assert parse_address("钟山区上海路5号").road == "上海路"


def test_house_and_room_are_told_apart() -> None:
    found = parse_address("钟山区人民中路39号2号楼3单元5层2号")
    assert (found.number, found.room) == ("39", "2-3-5-2")
    found = parse_address("钟山区南环路甲乙新城5栋1单元10层2号")
    assert (found.road, found.number, found.room) == ("南环路", "", "5-1-10-2")


def test_a_zone_is_neither_its_county_nor_part_of_the_road() -> None:
    found = parse_address("六盘水市钟山经济开发区石桥路3号")
    assert (found.region, found.road, found.number) == ("520200", "石桥路", "3")


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("水城县南开乡甲村3组", "贵州省六盘水市钟山区南开乡甲村3组", 5),
        ("水城特区甲乙路3号", "钟山区甲乙路3号", 5),
        ("水城特区甲乙路3号", "水城区甲乙路3号", 5),
        ("盘县特区红果镇甲乙路3号", "盘州市红果街道甲乙路3号", 4),
        ("六盘水市钟山经济开发区甲乙路3号", "水城区甲乙路3号", 4),
        ("钟山区甲乙路120号附3号501室", "钟山区甲乙路120号附5号501室", 4),
        ("水城县南开乡甲村3组", "钟山区南开苗族彝族乡甲村3组", 3),
        ("贵阳市南明区南厂路３８号", "南明区南厂路38号2楼", 4),
        ("贵阳市南明区南厂路38号", "贵阳市云岩区南厂路38号", 1),
        ("南明区南厂路38号", "南明区南厂路40号", 3),
        ("南明区南厂路38号", "南明区北厂路38号", 2),
        ("", "南明区", 0),
    ],
)
def test_addresses_stand_to_each_other(one: str, other: str, level: int) -> None:
    assert address_level(one, other) == address_level(other, one) == level
