"""The evaluate command: the store's clusters beside the truth the generator knows."""

import struct
from pathlib import Path

import pytest

from tests.e2e.conftest import Shell

STRATA = [
    "full_id", "masked_id", "no_id", "minority_name", "rare_character", "branch", "renamed",
    "namesake",
]  # fmt: skip


def test_the_whole_and_each_stratum_are_measured(office: Shell, district: Path) -> None:
    told = office("evaluate", "--truth", district / "truth.csv", "--by", "role", "--json")
    assert told.code == 0
    body = told.json
    rows = len((district / "truth.csv").read_text("utf-8").splitlines()) - 1
    assert body["truth"] == {"rows": rows, "met": rows, "unknown": 0}
    assert body["pairwise"]["precision"] > 0.99
    assert body["bcubed"]["recall"] > 0.9
    by_name = {each["stratum"]: each for each in body["strata"]}
    assert [name for name in by_name if "=" not in name] == STRATA
    parts = [by_name[name]["rows"] for name in STRATA[:3]]
    assert sum(parts) == rows
    assert by_name["role=subject"]["rows"] > 0
    shares = body["key_recall"]
    assert {"uscc", "id_card", "full_name", "name", "head", "place", "post", "*"} <= shares.keys()
    assert max(shares.values()) == shares["chain"] > 0.97
    assert 0 < shares["post"] < shares["*"] < shares["chain"]
    merged, with_review = body["thresholds"]
    assert with_review["pairwise"]["recall"] >= merged["pairwise"]["recall"]


def test_a_split_truth_shows_as_wrong_joins(office: Shell, district: Path, tmp_path: Path) -> None:
    """A truth in which every mention is its own entity makes every join wrong."""
    head, *lines = (district / "truth.csv").read_text("utf-8").splitlines()
    apart = [f"{line.rpartition(',')[0]},e{number}" for number, line in enumerate(lines)]
    truth = tmp_path / "truth.csv"
    truth.write_text("\n".join([head, *apart]) + "\n", encoding="utf-8")
    told = office("evaluate", "--truth", truth, "--json").json["pairwise"]
    assert told["pairs"] == told["wrong"] > 0
    assert told["precision"] == 0
    assert told["recall"] is None


def test_charts_are_one_page_that_needs_nothing_else(
    office: Shell, district: Path, tmp_path: Path
) -> None:
    told = office("evaluate", "--truth", district / "truth.csv", "--charts", tmp_path / "charts")
    assert told.code == 0
    assert "分支机构" in told.out
    page = (tmp_path / "charts" / "evaluation.html").read_text("utf-8")
    assert page.count("<svg") == 4
    assert "分支机构" in page
    assert "http" not in page


def test_pictures_are_drawn_beside_the_page(office: Shell, district: Path, tmp_path: Path) -> None:
    truth, folder = district / "truth.csv", tmp_path / "charts"
    told = office("evaluate", "--truth", truth, "--charts", folder, "--png", "--lang", "en")
    assert told.code == 0
    pictures = sorted(folder.glob("*.png"))
    assert [each.stem for each in pictures] == [
        "bcubed_precision",
        "bcubed_recall",
        "precision",
        "recall",
    ]
    for each in pictures:
        body = each.read_bytes()
        assert body.startswith(b"\x89PNG")
        wide, high = struct.unpack(">II", body[16:24])
        assert wide > 1000
        assert high > 26 * 2 * len(STRATA)


def test_pictures_without_a_folder_are_refused(office: Shell, district: Path) -> None:
    told = office("evaluate", "--truth", district / "truth.csv", "--png")
    assert told.code == 2
    assert "--charts" in told.talk


@pytest.mark.parametrize(
    "text", ["", "source,file\n", "source,file,row,role,ordinal,entity\na,b\n"]
)
def test_what_is_no_truth_is_refused(office: Shell, tmp_path: Path, text: str) -> None:
    truth = tmp_path / "truth.csv"
    truth.write_text(text, encoding="utf-8")
    told = office("evaluate", "--truth", truth)
    assert (told.code, "E871" in told.talk) == (3, True)


def test_a_column_that_is_not_there_is_named(office: Shell, district: Path) -> None:
    told = office("evaluate", "--truth", district / "truth.csv", "--by", "colour")
    assert (told.code, "E872" in told.talk) == (2, True)
