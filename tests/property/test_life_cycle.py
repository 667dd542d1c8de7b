"""Findings follow the evidence: whatever comes, goes and is judged, as if all were asked anew.

A small invented district is cut into pieces of its department files; pieces come and go in any
order, people judge who is who and take it back, and after each step the stored findings, brought
up to date incrementally, are those of a full evaluation, and the change feed leads to them.
"""

import csv
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from api.steps import loader_of, propagate_store, refresh_store
from graph.sanctions.inquiry import assess_all
from graph.sanctions.rulebook import load_rulebook
from graph.secrecy import Seal
from graph.store.sqlite import SqliteStore
from loaders.encoding import encoding_of
from loaders.manifest_reader import read_manifests
from loaders.synthetic.district import generate
from tests.contract.judging import about, judge

DAY = date(2026, 11, 1)
NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
SEAL = Seal(bytes(range(32)))
PIECES = 3


@dataclass(frozen=True)
class Cut:
    """The pieces of the department files of a district."""

    pieces: tuple[Path, ...]


@pytest.fixture(scope="module")
def cut(tmp_path_factory: pytest.TempPathFactory) -> Cut:
    folder = tmp_path_factory.mktemp("cut")
    made = generate(40, 5, folder / "district")
    return Cut(tuple(piece for file in sorted(made.files) for piece in _pieces(file, folder)))


def _pieces(file: Path, folder: Path) -> Iterator[Path]:
    """Yield a text file's rows dealt out to several files; a workbook stays whole."""
    if file.suffix != ".csv":
        yield file
        return
    text = file.read_text(encoding_of(file))
    delimiter = "\t" if "\t" in text else ","
    header, *rows = csv.reader(text.splitlines(keepends=True), delimiter=delimiter)
    for turn in range(PIECES):
        piece = folder / f"{file.stem}-{turn}.csv"
        with piece.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, delimiter=delimiter).writerows([header, *rows[turn::PIECES]])
        yield piece


class Office:
    """A store whose findings are kept up to date, and a reader of its change feed."""

    def __init__(self, path: Path) -> None:
        self.store = SqliteStore(path, SEAL)
        self.now = NOON
        self.cursor = 0
        self.seen: set[str] = set()
        propagate_store(self.store, RULES, DAY, self.now)

    def load(self, piece: Path) -> None:
        self.now += timedelta(seconds=1)
        loader = loader_of(self.store, MANIFESTS, SEAL, self.now)
        report = loader.load(piece, source=None, progress=lambda rows: None)
        assert report.error is None

    def withdraw(self, piece: Path) -> None:
        self.now += timedelta(seconds=1)
        for batch in self.store.evidence.batches():
            if batch.file == piece.name and batch.withdrawn_at is None:
                self.store.evidence.withdraw(batch.uid, self.now)

    def judge(self, data: st.DataObject) -> None:
        """Judge two mentions of one name or any, or take a judgement back."""
        made = [row.uid for row in self.store.judgements.ledger()]
        undo: bool = data.draw(st.booleans())
        if made and undo:
            about(self.store, data.draw(st.sampled_from(made)), "undo", at=self.now)
            return
        found = sorted({line[5] for line in self.store.overview.clusters()})
        if len(found) > 1:
            drawn = data.draw(st.lists(st.sampled_from(found), min_size=2, max_size=2, unique=True))
            verdict = data.draw(st.sampled_from(("same", "same", "different")))
            judge(self.store, (drawn[0], drawn[1]), verdict, at=self.now)

    def refresh(self) -> None:
        refresh_store(self.store, RULES, DAY, self.now)

    def follow(self) -> None:
        while changes := self.store.findings.changes(self.cursor, 7):
            for change in changes:
                assert change.cursor > self.cursor
                self.cursor = change.cursor
                (self.seen.add if change.what == "appeared" else self.seen.remove)(change.finding)


RULES = load_rulebook()
MANIFESTS = read_manifests()


@given(data=st.data())
# Shrinking would load hundreds of stores; the drawn steps tell enough.
@settings(max_examples=12, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
def test_findings_kept_up_to_date_are_those_of_a_full_evaluation(
    cut: Cut, data: st.DataObject
) -> None:
    coin = st.booleans()
    with tempfile.TemporaryDirectory() as name:
        office = Office(Path(name) / "store.db")
        loaded: list[Path] = []
        order = data.draw(st.permutations(cut.pieces))
        while order:
            step = data.draw(st.integers(1, 25))
            for piece in order[:step]:
                office.load(piece)
            loaded, order = loaded + order[:step], order[step:]
            if data.draw(coin):
                gone = data.draw(st.lists(st.sampled_from(loaded), unique=True, max_size=4))
                for piece in gone:
                    office.withdraw(piece)
                loaded = [piece for piece in loaded if piece not in gone]
                order = order + data.draw(st.permutations(gone))[: len(gone) // 2]
            for _ in range(data.draw(st.integers(0, 6))):
                office.judge(data)
            office.refresh()
            if office.store.overview.stale() == ["propagate"]:  # a full register came or went
                propagate_store(office.store, RULES, DAY, office.now)
            outcome = assess_all(office.store.facts, RULES, DAY)
            current = {body["id"] for body in office.store.findings.current()}
            assert current == {finding.id for finding in outcome.findings}
            office.follow()
            assert office.seen == current
        office.store.close()
