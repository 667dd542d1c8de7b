"""The penalties feed in bulk: one long CSV of the 2018 form, for measuring loads."""

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import numpy as np

from loaders.synthetic.chance import scatter
from loaders.synthetic.codes import body_of, id_number, uscc
from loaders.synthetic.words import FirmWords, NameWords, firm_words, name_words, read_yaml

__all__ = ["write_penalties"]

_CHUNK: Final = 10_000
_DRAWS: Final = 5
# Many a firm is penalised again: rows about two in three distinct firms.
_FIRMS_PER_ROW: Final = 2 / 3
_FIRST_DAY: Final = date(2019, 1, 1)
_DAYS: Final = 2_800
_NAME_STEP: Final = 1_000_003
_PRIME: Final = 4_294_967_291
_MIX: Final = 2_654_435_761
_OFFICE_CODE: Final = uscc("11", "XX000201")


@dataclass(frozen=True, slots=True)
class _Words:
    firm: FirmWords
    person: NameWords
    cases: list[list[str]]
    sanctions: list[list[str]]


def write_penalties(path: Path, rows: int, seed: int) -> None:
    """Write a UTF-8 CSV of distinct penalties: 18 columns, a unit and its representative each.

    Cost: about 17 microseconds a row; constant memory.
    """
    told = read_yaml("penalties.yaml")
    words = _Words(firm_words(), name_words(), told["cases"], told["sanctions"])
    firms = max(1, round(rows * _FIRMS_PER_ROW))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(told["header"].split())
        for start in range(0, rows, _CHUNK):
            count = min(_CHUNK, rows - start)
            draws = np.random.default_rng([seed, start]).integers(0, 1 << 30, (count, _DRAWS))
            writer.writerows(
                _row(words, start + place, firms, drawn)
                for place, drawn in enumerate(draws.tolist())
            )


def _row(words: _Words, number: int, firms: int, drawn: list[int]) -> tuple[str, ...]:
    firm = drawn[0] % firms
    office, sign, act, facts, basis = words.cases[drawn[1] % len(words.cases)]
    category, content = words.sanctions[drawn[2] % len(words.sanctions)]
    decided = _FIRST_DAY + timedelta(days=drawn[3] % _DAYS)
    fine = f"{(drawn[4] % 200 + 1) / 20:g}"
    return (
        _name(words.firm, firm),
        "法人及非法人组织",
        uscc("91", body_of(firm)),
        _representative(words.person, firm),
        "身份证",
        id_number(firm, female=firm % 3 == 0),
        # The running number makes every row a decision of its own.
        f"{sign}〔{decided.year}〕{number + 1}号",
        act,
        facts,
        basis,
        category,
        f"{content}{fine}万元",
        fine,
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


def _representative(words: NameWords, firm: int) -> str:
    sex = int(firm % 3 == 0)
    mixed = scatter(firm + 1, _PRIME, _MIX)
    given = words.first[sex].at(mixed // 1_009) + words.second[sex].at(mixed // 999_983)
    return words.surnames.at(mixed) + given
