"""A hand-made district of bidders: who leads, owns and answers the phone for whom."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from loaders.synthetic.codes import id_number, uscc

__all__ = ["FIRMS", "PEOPLE", "write_tender"]

# One letter a firm, after what it stands for in the tests.
FIRMS: Final = {
    letter: (f"贵州{word}工程有限公司", uscc("91", f"XX0007{place:02d}"))
    for place, (letter, word) in enumerate(
        zip("ABCDEFGHKLMNPQRS", "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳", strict=True)
    )
}
PEOPLE: Final = {
    name: id_number(700 + place, female=False)
    for place, name in enumerate(("安一", "柏二", "常三", "杜四", "俄五", "方六", "郭七"))
}
_LEADS: Final = {
    "A": "安一", "B": "安一", "C": "柏二", "D": "常三", "E": "杜四",
    "F": "俄五", "G": "方六",
}  # fmt: skip
# owner, firm, share in per cent
_HOLDS: Final = [
    ("C", "D", "60"),
    ("C", "E", "40"),
    ("俄五", "F", "100"),
    ("F", "G", "60"),
    ("俄五", "H", "70"),
    ("C", "K", "80"),
    ("俄五", "K", "60"),
    ("C", "L", ""),
    # A chain of four firms above R.
    ("郭七", "N", "100"),
    ("N", "P", "80"),
    ("P", "Q", "60"),
    ("Q", "R", "90"),
    ("郭七", "S", "70"),
    ("方六（代持）", "S", "30"),
]
_PHONES: Final = {"A": "18685800001", "E": "186-8580-0001", "M": "18685800009"}
_STREET: Final = "六盘水市钟山区荷泉路{}号"
_DOORS: Final = {"G": 8, "L": 8}


def write_tender(folder: Path) -> Path:
    """Write the district's files; return their folder."""
    folder.mkdir()
    _write(folder / "市场主体登记.csv", _firms())
    _write(folder / "股东及出资.csv", _shares())
    _write(folder / "主要人员.csv", _officers())
    # C held 55 % of M up to the day before.
    _write(
        folder / "股权变更.csv",
        [
            ("pripid", "inv", "certype", "cerno", "altdate", "transamprbf", "transampraf"),
            ("pM", FIRMS["C"][0], "统一社会信用代码", FIRMS["C"][1], "2026-05-15", "55", "0"),
        ],
    )
    _write(
        folder / "失信被执行人.csv",
        [
            ("iname", "partyTypeName", "cardNum", "caseCode", "gistId", "gistUnit", "publishDate"),
            (FIRMS["E"][0], "1", FIRMS["E"][1], "（2026）黔0201执1号", "（2025）黔0201民初1号",
             "某某人民法院", "2026-03-01"),
        ],
    )  # fmt: skip
    _write(
        folder / "投标信息.csv",
        [
            ("项目编号", "项目名称", "标段", "开标日期", "投标人", "统一社会信用代码", "投标报价"),
            *(
                ("P1", "荷泉路", "一标段", day, *FIRMS[letter], price)
                for letter, day, price in (
                    ("D", "2026-06-01", "100.50"),
                    ("H", "2026-06-01", "100.5"),
                    ("M", "2026-06-01", "99"),
                    ("B", "2026-05-01", "99"),
                )
            ),
        ],
    )
    return folder


def _firms() -> list[Sequence[str]]:
    heads = ("pripid", "entname", "uniscid", "enttype", "name", "estdate", "dom", "lv_pripid")
    # A branch of C at the door of G.
    branch = ("pC1", "贵州丙工程有限公司一分公司", "", "有限责任公司分公司", "", "2020-01-01")
    rows: list[Sequence[str]] = [heads, (*branch, _STREET.format(8), "pC")]
    for place, (letter, (name, code)) in enumerate(FIRMS.items()):
        door = _STREET.format(_DOORS.get(letter, 100 + place))
        lead = _LEADS.get(letter, "")
        rows.append((f"p{letter}", name, code, "有限责任公司", lead, "2015-01-01", door, ""))
    return rows


def _shares() -> list[Sequence[str]]:
    rows: list[Sequence[str]] = [("pripid", "inv", "invtype", "certype", "cerno", "conprop")]
    for owner, firm, share in _HOLDS:
        if owner in FIRMS:
            rows.append(
                (
                    f"p{firm}",
                    FIRMS[owner][0],
                    "企业法人",
                    "统一社会信用代码",
                    FIRMS[owner][1],
                    share,
                )
            )
        else:
            rows.append((f"p{firm}", owner, "自然人", "身份证", PEOPLE[owner[:2]], share))
    return rows


def _officers() -> list[Sequence[str]]:
    heads = ("pripid", "personid", "name", "lerepsign", "position_cn", "certype", "cerno", "tel")
    rows: list[Sequence[str]] = [heads]
    for letter, person in _LEADS.items():
        phone = _PHONES.get(letter, "")
        rows.append((f"p{letter}", "1", person, "1", "执行董事", "身份证", PEOPLE[person], phone))
    rows.append(("pM", "1", "常三", "0", "监事", "身份证", PEOPLE["常三"], _PHONES["M"]))
    rows.append(("pM", "2", "郭七", "0", "总经理", "身份证", PEOPLE["郭七"], ""))
    return rows


def _write(path: Path, rows: Sequence[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
