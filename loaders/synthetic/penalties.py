"""The penalties feed in bulk: one long CSV of the 2018 form, for measuring loads."""

import csv
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import numpy as np

from loaders.synthetic.chance import scatter
from loaders.synthetic.codes import body_of, id_number, uscc
from loaders.synthetic.words import FirmWords, firm_words, name_words

__all__ = ["write_penalties"]

_HEADER: Final = (
    "CF_XDR_MC", "CF_XDR_LB", "CF_XDR_SHXYM", "CF_FRDB", "CF_FR_ZJLX", "CF_FR_ZJHM",
    "CF_WSH", "CF_WFXW", "CF_SY", "CF_YJ", "CF_CFLB", "CF_NR", "CF_NR_FK", "CF_JDRQ",
    "CF_GSJZQ", "CF_CFJG", "CF_CFJGDM", "CF_SJLY",
)  # fmt: skip
_CHUNK: Final = 10_000
_DRAWS: Final = 5
# A penalised firm is penalised again: rows about two in three distinct firms.
_FIRMS_PER_ROW: Final = 2 / 3
_FIRST_DAY: Final = date(2019, 1, 1)
_DAYS: Final = 2_800
_MARKET: Final = ("六盘水市钟山区市场监督管理局", "钟市监处罚")
_CASES: Final = (
    (_MARKET, "食品安全", "经营超过保质期的预包装食品，货值金额三百余元，已主动下架", "《中华人民共和国食品安全法》第一百二十四条第一款第五项"),
    (_MARKET, "产品质量", "销售不符合保障人体健康和人身、财产安全国家标准的电线电缆", "《中华人民共和国产品质量法》第四十九条"),
    (_MARKET, "广告违法", "在店堂广告中使用“国家级”“最佳”等用语", "《中华人民共和国广告法》第五十七条第一项"),
    (_MARKET, "价格违法", "未按照规定明码标价，收取未予标明的费用", "《中华人民共和国价格法》第四十二条"),
    (("六盘水市钟山区交通运输局", "钟交执罚"), "道路运输违法", "货运车辆超过核定载质量行驶，未取得超限运输许可", "《中华人民共和国公路法》第七十六条第五项"),
    (("六盘水市钟山区应急管理局", "钟应急罚"), "安全生产违法", "未如实记录从业人员安全生产教育和培训情况", "《中华人民共和国安全生产法》第九十七条第四项"),
)  # fmt: skip
_SANCTIONS: Final = (
    ("罚款", "处以罚款"),
    ("警告;罚款", "给予警告，并处罚款"),
    ("罚款;没收违法所得", "没收违法所得，并处罚款"),
)
_NAME_STEP: Final = 1_000_003
_PRIME: Final = 4_294_967_291
_MIX: Final = 2_654_435_761
_OFFICE_CODE: Final = uscc("11", "XX000201")


def write_penalties(path: Path, rows: int, seed: int) -> None:
    """Write a UTF-8 CSV of distinct penalties: 18 columns, a unit and its representative each.

    Cost: about 15 microseconds a row; constant memory.
    """
    words = firm_words()
    firms = max(1, round(rows * _FIRMS_PER_ROW))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_HEADER)
        for start in range(0, rows, _CHUNK):
            count = min(_CHUNK, rows - start)
            # One generator a chunk: the same rows whatever the total is.
            draws = np.random.default_rng([seed, start]).integers(0, 1 << 30, (count, _DRAWS))
            writer.writerows(
                _row(words, start + place, firms, drawn)
                for place, drawn in enumerate(draws.tolist())
            )


def _row(words: FirmWords, number: int, firms: int, drawn: list[int]) -> tuple[str, ...]:
    firm = drawn[0] % firms
    (office, sign), act, facts, basis = _CASES[drawn[1] % len(_CASES)]
    category, content = _SANCTIONS[drawn[2] % len(_SANCTIONS)]
    decided = _FIRST_DAY + timedelta(days=drawn[3] % _DAYS)
    fine = (drawn[4] % 200 + 1) / 20
    return (
        _name(words, firm),
        "法人及非法人组织",
        uscc("91", body_of(firm)),
        _representative(firm),
        "身份证",
        id_number(firm, female=firm % 3 == 0),
        # The running number makes every row a decision of its own.
        f"{sign}〔{decided.year}〕{number + 1}号",
        act,
        facts,
        basis,
        category,
        f"{content}{fine:g}万元",
        f"{fine:g}",
        decided.strftime("%Y/%m/%d"),
        f"{decided.year + 1}/{decided.month:02d}/{min(decided.day, 28):02d}",
        office,
        _OFFICE_CODE,
        "六盘水市钟山区发展和改革局",
    )


def _name(words: FirmWords, firm: int) -> str:
    space = len(words.first) * len(words.second) * len(words.trades)
    rest, first = divmod(scatter(firm, space, _NAME_STEP), len(words.first))
    trade, second = divmod(rest, len(words.second))
    return f"贵州{words.first[first]}{words.second[second]}{words.trades[trade].name}有限公司"


def _representative(firm: int) -> str:
    words = name_words()
    sex = int(firm % 3 == 0)
    mixed = scatter(firm + 1, _PRIME, _MIX)
    given = words.first[sex].at(mixed // 1_009) + words.second[sex].at(mixed // 999_983)
    return words.surnames.at(mixed) + given
