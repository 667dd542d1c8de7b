"""No person's number in full: not in the store's bytes, not in answers, not in errors."""

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.e2e.conftest import Shell


def test_the_store_holds_no_number_in_plain(office: Shell, numbers: tuple[str, ...]) -> None:
    for file in office.folder.iterdir():
        content = file.read_bytes()
        for number in numbers:
            assert number.encode() not in content
            assert number.encode("utf-16-le") not in content


def answers(office: Shell) -> Iterator[str]:
    for words in (
        ("export", "clusters"), ("export", "findings"), ("export", "findings", "--format", "jsonl"),
        ("export", "graph", "--with-suspected"), ("export", "graph", "--format", "bods"),
        ("status", "--json"), ("quality", "--json"), ("batch", "list", "--json"), ("doctor",),
    ):  # fmt: skip
        yield office(*words).out
    for batch in office("batch", "list", "--json").json["batches"]:
        if batch["refused"]:
            yield office("batch", "show", batch["batch"], "--json").out


def test_no_answer_shows_a_number(office: Shell, numbers: tuple[str, ...]) -> None:
    shown = "\n".join(answers(office))
    assert not [number for number in numbers if number in shown]


def test_explaining_shows_no_number(office: Shell, numbers: tuple[str, ...]) -> None:
    findings = list(csv.DictReader(io.StringIO(office("export", "findings").out)))
    # One of each rule: the same records and subjects come again and again.
    chosen = list({row["rule"]: row for row in findings}.values())
    ids = [row["id"] for row in chosen]
    records = sorted({record for row in chosen for record in row["records"].split()})
    subjects = sorted({row["subject"] for row in chosen})
    told = [office("explain", each, "--json") for each in (*ids, *records, *subjects)]
    told += [office("explain", each) for each in (ids[0], records[0], subjects[0])]
    shown = "\n".join(answer.out + answer.talk for answer in told)
    assert "********" in shown
    assert not [number for number in numbers if number in shown]


def test_checking_by_number_does_not_repeat_it(office: Shell, numbers: tuple[str, ...]) -> None:
    for number in numbers[:2]:
        for words in (("check", number), ("check", number, "--json"), ("explain", number)):
            told = office(*words)
            assert number not in told.out + told.talk


def test_a_refused_row_shows_no_number_until_it_is_exported(
    copied: Callable[[], Shell], tmp_path: Path, numbers: tuple[str, ...]
) -> None:
    shell = copied()
    file = tmp_path / "x.csv"
    file.write_text(
        f"CF_XDR_MC,CF_FR_ZJHM,CF_WSH\n,{numbers[0]},1号\n甲,{numbers[0]},2,3\n", "utf-8"
    )
    told = shell("load", file, "--json")
    batch = told.json["files"][0]["batches"][0]
    shown = shell("batch", "show", batch, "--json")
    refused = [row["id"] for row in shown.json["refused_rows"]]
    assert len(refused) == 2
    for answer in (told, shown, *(shell("explain", each) for each in refused)):
        assert numbers[0] not in answer.out + answer.talk
    assert numbers[0].encode() not in shell.store.read_bytes()
