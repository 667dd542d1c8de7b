"""The invented district: the same bytes for a seed, a truth that fits, nobody alive in it."""

import csv
import hashlib
import re
import tracemalloc
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from graph.errors import UsageError
from graph.identifiers import id_card_check, org_code_check, uscc_check
from graph.model import RELATION_TYPES
from graph.ports import PLACES, Rows
from graph.secrecy import Seal
from graph.texts import explain
from loaders.files import tables
from loaders.manifest_reader import read_manifests
from loaders.prepare import Preparer
from loaders.recognise import Recognised, recognise
from loaders.synthetic.district import Generated, generate
from loaders.synthetic.feeds import Feed, feeds
from loaders.synthetic.penalties import write_penalties
from loaders.synthetic.stories import read_cast
from loaders.synthetic.writers import FeedFile, Truth
from loaders.table import Table

SOURCES = (
    "market_main market_personnel market_shareholders market_changes market_equity_changes "
    "market_guarantees individual_business social_organisation public_institution "
    "rural_collective government_body penalty_v1 penalty_v2 licence_v2 court_defaulter "
    "abnormal_operation market_serious tax_serious tax_arrears tax_grade_a tax_grade_d "
    "wage_arrears work_safety environment procurement_violation bids professionals honours "
    "commitments credit_repair objection public_register"
)
Lines = dict[int, list[Any]]


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Generated:
    return generate(300, 7, tmp_path_factory.mktemp("district"))


def by_name(generated: Generated) -> dict[str, tuple[Feed, Path]]:
    """Return feed and path of every file, split workbooks included."""
    paths = {path.name: path for path in generated.files}
    return {feed.layout.name: (feed, paths[feed.layout.name]) for feed in feeds()}


def lines_of(path: Path, feed: Feed) -> Lines:
    """Return the rows of a file by the number the loader gives them."""
    if feed.layout.worksheet:
        sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
        return dict(enumerate(sheet.to_python(skip_empty_area=False), start=1))
    encoding = feed.layout.encoding
    with path.open(encoding=encoding, newline="") as file:
        return dict(enumerate(csv.reader(file, delimiter=feed.layout.delimiter), start=1))


def truth_of(generated: Generated) -> list[dict[str, str]]:
    with generated.truth.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def texts_of(generated: Generated) -> Iterator[tuple[str, str]]:
    """Yield every text cell of every file but placeholders of zeros, with the file's name."""
    for name, (feed, path) in by_name(generated).items():
        for cells in lines_of(path, feed).values():
            for cell in cells:
                if isinstance(cell, str) and set(cell) != {"0"}:
                    yield name, cell


def digests(folder: Path) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_same_seed_gives_the_same_bytes(district: Generated, tmp_path: Path) -> None:
    again = generate(300, 7, tmp_path)
    assert digests(tmp_path) == digests(district.truth.parent)
    assert (again.rows, again.mentions) == (district.rows, district.mentions)


def test_another_seed_gives_another_crowd_and_the_same_cast(
    district: Generated, tmp_path: Path
) -> None:
    other = generate(300, 8, tmp_path)
    assert digests(tmp_path) != digests(district.truth.parent)
    scripted = [
        {line["entity"] for line in truth_of(made) if line["entity"].startswith("S-")}
        for made in (district, other)
    ]
    assert scripted[0] == scripted[1]


def test_every_source_has_a_file(district: Generated) -> None:
    assert [feed.source for feed in feeds()] != []
    assert {feed.source for feed in feeds()} == set(SOURCES.split())
    assert {line["source"] for line in truth_of(district)} == set(SOURCES.split())
    assert len(district.files) == len(SOURCES.split())


def test_every_line_of_truth_points_at_a_row_with_its_width(district: Generated) -> None:
    rows = {name: lines_of(path, feed) for name, (feed, path) in by_name(district).items()}
    feed_of = {name: feed for name, (feed, _) in by_name(district).items()}
    for line in truth_of(district):
        cells = rows[line["file"]][int(line["row"])]
        assert len(cells) == len(feed_of[line["file"]].columns), line
        assert any(cells), line
        assert line["source"] == feed_of[line["file"]].source


def test_ordinals_count_from_zero_within_row_and_role(district: Generated) -> None:
    seen: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for line in truth_of(district):
        seen[line["file"], line["row"], line["role"]].append(int(line["ordinal"]))
    assert all(ordinals == list(range(len(ordinals))) for ordinals in seen.values())
    assert any(len(ordinals) > 1 for ordinals in seen.values())


def test_roles_are_known_words(district: Generated) -> None:
    known = {*RELATION_TYPES, "subject", "parent", "responsible_person", "creditor", "debtor"}
    known |= {"employer", "former_name"}
    assert {line["role"] for line in truth_of(district)} <= known


def test_no_identity_number_belongs_to_anybody_alive(district: Generated) -> None:
    found = Counter[str]()
    for name, text in texts_of(district):
        for number in re.findall(r"(?<!\d)\d{6}([12]\d{3}|0\d{3})\d{7}[\dXx](?!\d)", text):
            assert 1850 <= int(number) <= 1899, (name, text)
            found[name] += 1
        for year in re.findall(r"(?<!\d)\d{6}(\d{4})\*{4}", text):
            assert 1850 <= int(year) <= 1899, (name, text)
    assert sum(found.values()) > 100


def test_no_fifteen_digit_number_reads_as_an_identity_number(district: Generated) -> None:
    # A 15-digit identity number always means a birth after 1900.
    for name, text in texts_of(district):
        for number in re.findall(r"(?<!\d)\d{15}(?!\d)", text):
            assert number.startswith("520299"), (name, text)


def test_every_organisation_code_starts_with_the_unissued_letters(district: Generated) -> None:
    codes = 0
    for name, text in texts_of(district):
        for code in re.findall(r"(?<![0-9A-Z])(?:9|5|1|N)[1-5]520201\w{10}(?!\w)", text):
            if code.isascii() and not code.isdigit():
                assert code[8:10].upper() in {"XX"}, (name, text)
                codes += 1
        for body in re.findall(r"(?<![0-9A-Z])([0-9A-Z]{8})-[0-9X](?![0-9A-Z])", text):
            assert body.startswith("XX"), (name, text)
    assert codes > 200


def test_the_register_prints_only_right_codes(district: Generated) -> None:
    feed, path = by_name(district)["市监局_市场主体登记信息.csv"]
    place = feed.header.index("uniscid")
    for number, cells in lines_of(path, feed).items():
        code = cells[place]
        if number > 1:
            assert uscc_check(code[:17]) == code[17]
            assert org_code_check(code[8:16]) == code[16]


def test_phones_are_ones_nobody_can_have(district: Generated) -> None:
    for name, text in texts_of(district):
        for phone in re.findall(r"(?<!\d)1\d{10}(?!\d)", text):
            assert phone.startswith("1990000"), (name, text)
        for phone in re.findall(r"0858-(\d+)", text):
            assert phone.startswith("0"), (name, text)


def test_every_story_is_told_to_the_departments(district: Generated) -> None:
    cast = read_cast()
    told = {line["entity"] for line in truth_of(district)}
    rules = {rule for story in cast.stories for rule in story.rules}
    asked = (1, 2, 7, 10, 13, 18, 19, 35, 37, 41, 47, 50)
    assert rules >= {f"R{number:02d}" for number in asked}
    for story in cast.stories:
        for party in story.parties:
            assert party.key in told, (story.id, party.key)


def test_every_file_is_recognised_as_its_source(district: Generated) -> None:
    manifests = read_manifests()
    for name, (feed, path) in by_name(district).items():
        with tables(path) as found:
            known = [recognise(table.preview, manifests, name, None) for table in found]
        assert [each.manifest.source for each in known] == [feed.source]
        assert known[0].unknown == ()


def test_the_truth_is_what_the_loader_mentions(district: Generated) -> None:
    manifests = read_manifests()
    truth: dict[str, set[tuple[int, str, int]]] = defaultdict(set)
    for line in truth_of(district):
        truth[line["file"]].add((int(line["row"]), line["role"], int(line["ordinal"])))
    for name, (_, path) in by_name(district).items():
        with tables(path) as found:
            rows = prepared(found[0], recognise(found[0].preview, manifests, name, None))
        numbers = {key: number for number, key in rows.sightings}
        mentions = {(numbers[m[0] // PLACES], m[1], m[2]) for m in rows.mentions}
        assert mentions == truth[name], name


def test_a_full_identifier_means_one_entity_but_where_a_story_says_so(
    district: Generated,
) -> None:
    manifests = read_manifests()
    truth = {
        (line["file"], int(line["row"]), line["role"], int(line["ordinal"])): line["entity"]
        for line in truth_of(district)
    }
    holders: dict[Any, set[str]] = defaultdict(set)
    for name, (_, path) in by_name(district).items():
        with tables(path) as found:
            rows = prepared(found[0], recognise(found[0].preview, manifests, name, None))
        numbers = {key: number for number, key in rows.sightings}
        entities = {m[0]: truth[name, numbers[m[0] // PLACES], m[1], m[2]] for m in rows.mentions}
        for identifier in rows.identifiers:
            if identifier[3] in ("valid", "repaired", "implied"):
                holders[identifier[2], identifier[5]].add(entities[identifier[0]])
    shared = {frozenset(those) for those in holders.values() if len(those) > 1}
    # The branch whose row bears its parent's code (domain section 1.3).
    assert shared == {frozenset({"S-branch", "S-parent_firm"})}


def prepared(table: Table, feed: Recognised) -> Rows:
    """Return the statements of a table's only chunk."""
    preparer = Preparer(feed.manifest, feed.positions, feed.header, None, Seal(b"1" * 32))
    chunks = list(table.chunks(feed.header_row, feed.width, 10_000))
    assert len(chunks) == 1
    return preparer.prepare(chunks[0], 0)


def test_the_cast_has_right_numbers_and_namesakes() -> None:
    cast = read_cast()
    people = list(cast.people.values())
    assert all(id_card_check(person.id_number[:17]) == person.id_number[17] for person in people)
    assert len({person.id_number for person in people}) == len(people)
    same_name = [person for person in people if person.name == "黄艳"]
    masks = {(person.id_number[:10], person.id_number[14:]) for person in same_name}
    assert (len(same_name), len(masks)) == (3, 2)


def test_the_crowd_has_namesakes_dots_and_distinct_numbers(tmp_path: Path) -> None:
    made = generate(6000, 3, tmp_path)
    feed, path = by_name(made)["市监局_主要人员信息.csv"]
    name, card = feed.header.index("name"), feed.header.index("cerno")
    holders: dict[str, set[str]] = defaultdict(set)
    for number, cells in lines_of(path, feed).items():
        if number > 1:
            holders[cells[name]].add(cells[card])
    assert max(len(cards) for cards in holders.values()) > 2
    assert any("·" in each for each in holders)
    assert sum(len(cards) for cards in holders.values()) == len(set().union(*holders.values()))


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param(r"^\d\.\d{5}E\+17$", id="id-as-a-float"),
        pytest.param(r"^\d{15}000$", id="id-with-lost-digits"),
        pytest.param(r"^[０-９Ａ-Ｚ]{18}$", id="full-width-code"),
        pytest.param(r"^[0-9A-Z]*[OI][0-9A-Z]*$", id="letter-for-digit"),
        pytest.param(r"^\d{10}\*{4}\d{3}[\dX]$", id="court-mask"),
        pytest.param(r"^\d{6}\*{8}\d{3}[\dX]$", id="birth-mask"),
        pytest.param(r"^XX[0-9A-Z]{6}-[0-9X]$", id="organisation-code"),
        pytest.param(r"^520201XX[0-9A-Z]{7}$", id="old-tax-number"),
        pytest.param(r"^无$", id="placeholder"),
        pytest.param(r"  $", id="trailing-spaces"),
        pytest.param(r"[•・．]", id="dot-variant"),
    ],
)
def test_a_small_district_shows_the_damage(district: Generated, pattern: str) -> None:
    assert any(re.search(pattern, text) for _, text in texts_of(district))


def test_broken_rows_stand_in_the_files_and_not_in_the_truth(district: Generated) -> None:
    feed, path = by_name(district)["双公示_行政处罚信息_2018版.csv"]
    true_rows = {int(line["row"]) for line in truth_of(district) if line["file"] == path.name}
    rows = lines_of(path, feed)
    untold = [cells for number, cells in rows.items() if number > 1 and number not in true_rows]
    assert {len(cells) for cells in untold} == {0, len(feed.columns), len(feed.columns) + 1}


def test_a_number_cell_of_eighteen_digits_has_no_mention(district: Generated) -> None:
    feed, path = by_name(district)["人社局_拖欠农民工工资失信名单.xlsx"]
    true_rows = {int(line["row"]) for line in truth_of(district) if line["file"] == path.name}
    numeric = [
        number
        for number, cells in lines_of(path, feed).items()
        if any(isinstance(cell, float) and cell > 1e15 for cell in cells)
    ]
    assert numeric
    assert not set(numeric) & true_rows


def test_a_full_worksheet_goes_on_in_another_file(tmp_path: Path) -> None:
    feed = next(feed for feed in feeds() if feed.source == "bids")
    cells = ["x"] * len(feed.columns)
    with (
        Truth(tmp_path / "truth.csv") as truth,
        FeedFile(tmp_path, feed, truth, sheet_rows=2) as file,
    ):
        for _ in range(5):
            file.write(cells, [("subject", 0, "S-x")])
    assert [path.stem[-2:] for path in file.paths] == ["信息", "_2", "_3"]
    assert [len(lines_of(path, feed)) for path in file.paths] == [4, 4, 3]
    with (tmp_path / "truth.csv").open(encoding="utf-8", newline="") as lines:
        told = [(line["file"][-6:-5], line["row"]) for line in csv.DictReader(lines)]
    assert told == [("息", "3"), ("息", "4"), ("2", "3"), ("2", "4"), ("3", "3")]


def test_some_rows_are_repeated(district: Generated) -> None:
    repeats = 0
    for feed, path in by_name(district).values():
        rows = [tuple(cells) for cells in lines_of(path, feed).values() if any(cells)]
        repeats += len(rows) - len(set(rows))
    assert repeats > 0


def test_progress_adds_up_to_the_rows(tmp_path: Path) -> None:
    told: list[int] = []
    made = generate(3000, 1, tmp_path, told.append)
    assert sum(told) == made.rows
    assert max(told) < made.rows


@pytest.mark.parametrize("subjects", [0, 10_000_001])
def test_a_size_out_of_range_is_refused(tmp_path: Path, subjects: int) -> None:
    with pytest.raises(UsageError) as caught:
        generate(subjects, 1, tmp_path)
    assert caught.value.code == "E801"
    assert explain(caught.value, "en").fix


def test_a_folder_in_use_is_refused(tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "other.csv").write_text("x", encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        generate(100, 1, tmp_path)
    assert caught.value.code == "E802"


@pytest.mark.slow
def test_memory_does_not_grow_with_the_district(tmp_path: Path) -> None:
    peaks = []
    for subjects in (4_000, 12_000):
        tracemalloc.start()
        generate(subjects, 1, tmp_path / str(subjects))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    # Caches fill up with the smaller one already; three times the rows may not show.
    assert peaks[1] < 1.5 * peaks[0]


def test_bulk_penalties_are_distinct_and_have_eighteen_columns(tmp_path: Path) -> None:
    path = tmp_path / "penalties.csv"
    write_penalties(path, 12_000, 5)
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert len(rows) == 12_001
    assert {len(row) for row in rows} == {18}
    assert len({tuple(row) for row in rows}) == len(rows)
    assert all(id_card_check(row[5][:17]) == row[5][17] for row in rows[1:])
    assert all(uscc_check(row[2][:17]) == row[2][17] for row in rows[1:])
    firms = {row[2]: (row[0], row[3], row[5]) for row in rows[1:]}
    assert all(firms[row[2]] == (row[0], row[3], row[5]) for row in rows[1:])


def test_bulk_penalties_are_deterministic(tmp_path: Path) -> None:
    written = []
    for name, seed in (("a", 5), ("b", 5), ("c", 6)):
        write_penalties(tmp_path / name, 100, seed)
        written.append((tmp_path / name).read_bytes())
    assert written[0] == written[1]
    assert written[0] != written[2]
