"""What one cell says: dates, shares, money, names, and nothing at all."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loaders.cells import (
    LONG_TERM,
    case_text,
    day_of,
    fen,
    name_text,
    parse_date,
    parse_share,
    plain,
    split_list,
)


@pytest.mark.parametrize(
    "cell",
    [
        "2019-07-09",
        "20190709",
        "2019/7/9",
        "2019.7.9",
        "2019年07月09日",
        "2019年7月9",
        "2019 年 7 月 9 日",
        "2019-07-09 10:11:12",
        "2019-07-09T10:11:12Z",
        "20190709101112",
        "２０１９－０７－０９",
        "43655",
        "43655.5",
        "'2019-07-09",
        " 2019-07-09 ",
    ],
)
def test_every_form_of_a_date_names_the_same_day(cell: str) -> None:
    assert parse_date(cell) == date(2019, 7, 9)


@pytest.mark.parametrize("cell", ["长期", "9999-09-09", "2099-12-31", "永久有效"])
def test_an_open_end_is_known_to_be_open(cell: str) -> None:
    assert parse_date(cell) == LONG_TERM


@pytest.mark.parametrize(
    "cell", ["", "无", "2019", "2019-13-01", "2019-02-30", "1900-01-01", "0001-01-01", "12", "昨天"]
)
def test_what_names_no_day_is_unknown(cell: str) -> None:
    assert parse_date(cell) is None


def test_days_count_from_1970() -> None:
    assert day_of(date(1970, 1, 2)) == 1
    assert day_of(date(1969, 12, 31)) == -1


@pytest.mark.parametrize(
    ("cell", "share"),
    [
        ("51%", 0.51),
        ("５１％", 0.51),
        ("51", 0.51),
        ("0.51", 0.51),
        ("1", 1.0),
        ("100%", 1.0),
        ("0.5%", 0.005),
        ("0", 0.0),
        ("120", None),
        ("-5%", None),
        ("一半", None),
        ("", None),
        ("nan", None),
        ("1e999", None),
    ],
)
def test_a_share_is_a_part_of_one_or_unknown(cell: str, share: float | None) -> None:
    assert parse_share(cell) == share


@pytest.mark.parametrize(
    ("cell", "wan", "amount"),
    [
        ("1.5", True, 1_500_000),
        ("1.5", False, 150),
        ("1.5万元", False, 1_500_000),
        ("15000元", True, 1_500_000),
        ("1,234.56", False, 123_456),
        ("0.29", True, 290_000),
        ("免", False, None),
        ("inf", False, None),
        ("", True, None),
    ],
)
def test_an_amount_is_fen_whatever_its_unit(cell: str, wan: bool, amount: int | None) -> None:
    assert fen(cell, wan=wan) == amount


@pytest.mark.parametrize(
    "cell", ["无", " 无 ", "/", "——", "N/A", "null", "\\N", "待补", "", "NaN", "\u200b无"]
)
def test_words_for_nothing_say_nothing(cell: str) -> None:
    assert name_text(cell) == ""
    assert plain(cell.strip("\u200b")) == ""


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("黔州\u200b商贸\ufeff", "黔州商贸"),
        ("  Qian   Zhou\tLtd ", "Qian Zhou Ltd"),
        ("阿依古丽·买买提", "阿依古丽·买买提"),
        ("无锡商贸", "无锡商贸"),
    ],
)
def test_a_name_is_shown_as_written_without_what_cannot_be_seen(cell: str, name: str) -> None:
    assert name_text(cell) == name


def test_a_list_is_cut_at_every_separator_but_the_point_inside_a_name() -> None:
    assert split_list("赵甲、钱乙，孙丙;李丁；\n阿依·买买提,无") == [
        "赵甲",
        "钱乙",
        "孙丙",
        "李丁",
        "阿依·买买提",
    ]


@pytest.mark.parametrize(
    "cell",
    [
        "黔市监罚〔2019〕7号",
        "黔市监罚[2019] 7号",
        "黔市监罚(２０１９)7号",
        "黔市监罚【2019】7 号\n",
    ],
)
def test_clerks_spellings_of_a_decision_number_are_one(cell: str) -> None:
    assert case_text(cell) == "黔市监罚(2019)7号"


@given(st.text(max_size=30))
def test_every_cell_has_an_answer(cell: str) -> None:
    parse_date(cell)
    share = parse_share(cell)
    assert share is None or 0 <= share <= 1
    fen(cell, wan=True)
    assert not any(map(str.isspace, case_text(cell)))
    assert name_text(name_text(cell)) == name_text(cell)
    assert all(split_list(cell))


@given(st.text(alphabet="0123456789.-/年月日 :eE+%万元,∞", max_size=16))
def test_every_cell_like_a_number_has_an_answer(cell: str) -> None:
    parse_date(cell)
    parse_share(cell)
    fen(cell, wan=False)
