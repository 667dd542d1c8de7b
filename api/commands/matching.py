"""The match command: any table and a scorecard in, clusters of its rows out; no store."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from api.commands.measures import told, told_table
from api.exits import OK
from api.output import Output, writing
from graph.errors import DataError, UsageError
from graph.texts import Lang, phrase
from loaders.files import tables
from resolvers.evaluate import Quality, quality, recall_by_key
from resolvers.link import Linked, link
from resolvers.model import Model, read_model, write_model
from resolvers.scorecard import Scorecard
from resolvers.scorecard_reader import read_scorecard, shipped, shipped_names

__all__ = ["Match", "match"]

_PARQUET: Final = b"PAR1"
_ROWS: Final = 50_000
_LINES: Final = (-8, -4, 0, 2, 4, 6, 8, 10, 12, 15, 20)
"""Bits the table of thresholds is told for."""


@dataclass(frozen=True, slots=True)
class Match:
    """What is asked.

    Attributes:
        scorecard: Name of one that is shipped, or a file.
        model: File of a model: used if it is there, else learned and written to it.
        pairs: File the weighed pairs are written to.
        truth: Column that says which rows are one subject.
    """

    table: Path
    scorecard: str
    out: Path
    seed: int
    model: Path | None
    pairs: Path | None
    truth: str | None


def match(asked: Match, output: Output, lang: Lang, *, json: bool) -> int:
    """Write which rows of a table are one subject, and which a person should look at.

    Raises:
        UsageError: E857, no such scorecard; E858, no such truth column.
        DataError: E851 to E856, the scorecard or its fit with the table; E861 and E862, the model;
            E823, a row that cannot be read; and those of `tables`.
    """
    card = _card(asked.scorecard)
    table = _table(asked.table)
    if asked.truth is not None and asked.truth not in table.column_names:
        allowed = ", ".join(table.column_names)
        raise UsageError("E858", where=str(asked.table), column=asked.truth, allowed=allowed)
    found = link(table, card, asked.seed, _model(asked.model, card), _lines(asked))
    _write(asked, card, found, output)
    measured = None if asked.truth is None else _measured(asked, table, card, found)
    counts, body = _counts(found), _body(card, found)
    if json:
        output.document({**counts, **body, **(measured.body if measured else {})})
        return OK
    output.say(phrase("matched_told", lang, **counts, out=asked.out))
    if measured is not None:
        told_table(output, measured.rows(lang), lang)
    _tell_keys(found, measured, output, lang)
    return OK


def _tell_keys(found: Linked, measured: "_Measured | None", output: Output, lang: Lang) -> None:
    """Print what each blocking key made and lost, and the share of true pairs it made."""
    names = ("key", "pairs_made", "pairs_lost", *(("key_recall",) if measured else ()))
    rows: list[tuple[Any, ...]] = [(each.name, each.made, each.lost) for each in found.report]
    rows.append(("*", len(found.left), ""))
    if measured is not None:
        shares = measured.recall.values()
        rows = [(*row, f"{share:.5f}") for row, share in zip(rows, shares, strict=True)]
    output.table([phrase(f"head_{name}", lang) for name in names], rows)


def _card(name: str) -> Scorecard:
    if name in shipped_names():
        return read_scorecard(shipped(name))
    if not Path(name).is_file():
        raise UsageError("E857", where=name, allowed=", ".join(shipped_names()))
    return read_scorecard(Path(name))


def _table(path: Path) -> pa.Table:
    try:
        with path.open("rb") as stream:
            parquet = stream.read(4) == _PARQUET
        if parquet:
            return pq.read_table(path)
    except (OSError, pa.ArrowException) as fault:
        raise DataError("E201", where=str(path), reason=str(fault)) from fault
    with tables(path) as found:
        sheet = next((one for one in found if one.preview), None)
        if sheet is None:
            raise DataError("E859", where=str(path))
        after, heads = sheet.preview[0]
        names = [cell.strip().lstrip("\ufeff") for cell in heads]
        columns: list[list[str | None]] = [[] for _ in names]
        for chunk in sheet.chunks(after, len(names), _ROWS):
            if chunk.defects:
                row = chunk.numbers[min(chunk.defects)]
                raise DataError("E823", where=str(path), row=row)
            for column, cells in zip(columns, zip(*chunk.rows, strict=True), strict=True):
                column.extend(cell.strip() or None for cell in cells)
    return pa.table([pa.array(column, pa.string()) for column in columns], names=names)


def _model(file: Path | None, card: Scorecard) -> Model | None:
    if file is None or not file.exists():
        return None
    return read_model(file.read_text("utf-8"), card.digest, str(file))


def _lines(asked: Match) -> tuple[float, ...]:
    return () if asked.truth is None else tuple(map(float, _LINES))


def _write(asked: Match, card: Scorecard, found: Linked, output: Output) -> None:
    keys = found.keys.cast(pa.string()).to_pylist()
    rows = zip(
        keys,
        (keys[place] for place in found.cluster.tolist()),
        (keys[place] for place in found.review.tolist()),
        strict=True,
    )
    output.csv((card.key, "cluster", "review"), rows, asked.out)
    if asked.pairs is not None:
        output.csv(("left", "right", "bits", "merged"), _pairs(found, keys), asked.pairs)
    if asked.model is not None and not asked.model.exists():
        with writing(asked.model):
            asked.model.write_text(write_model(found.model) + "\n", "utf-8")


def _pairs(found: Linked, keys: list[str]) -> Iterator[tuple[str, str, str, int]]:
    merged = found.cluster[found.left] == found.cluster[found.right]
    columns = (found.left, found.right, found.bits, merged)
    for left, right, bits, one in zip(*(column.tolist() for column in columns), strict=True):
        yield keys[left], keys[right], f"{bits:.4f}", int(one)


@dataclass(frozen=True, slots=True)
class _Measured:
    """How well the clusters match a truth.

    Attributes:
        lines: Bits, and what merging from there on gives.
        recall: Share of true pairs that each blocking key makes; `*` is all together.
    """

    merged: Quality
    with_review: Quality
    lines: list[tuple[float, Quality]]
    recall: dict[str, float]

    @property
    def body(self) -> dict[str, Any]:
        """The measures as JSON."""
        return {
            **told(self.merged),
            "with_review": told(self.with_review),
            "thresholds": [{"bits": bits, **told(each)} for bits, each in self.lines],
            "key_recall": self.recall,
        }

    def rows(self, lang: Lang) -> dict[str, Quality]:
        """Return the measures by what a person reads."""
        shown = {
            phrase("measure_merged", lang): self.merged,
            phrase("measure_with_review", lang): self.with_review,
        }
        return shown | {
            phrase("measure_line", lang, bits=f"{bits:g}"): each for bits, each in self.lines
        }


def _measured(asked: Match, table: pa.Table, card: Scorecard, found: Linked) -> _Measured:
    given = table.select([card.key, asked.truth]).sort_by(card.key)
    truth = given.column(1).combine_chunks().dictionary_encode().indices.to_numpy(False)
    truth = truth.astype(np.int64)
    names = [each.name for each in found.report]
    shares = recall_by_key((found.left, found.right), found.made_by, truth, len(names))
    return _Measured(
        quality(found.cluster, truth),
        quality(found.review, truth),
        [(bits, quality(each, truth)) for bits, each in zip(_LINES, found.at, strict=True)],
        dict(zip([*names, "*"], shares, strict=True)),
    )


def _counts(found: Linked) -> dict[str, int]:
    clusters, groups = (len(np.unique(each)) for each in (found.cluster, found.review))
    return {"rows": len(found.keys), "clusters": clusters, "review": clusters - groups}


def _body(card: Scorecard, found: Linked) -> dict[str, Any]:
    return {
        "scorecard": card.name,
        "pairs": len(found.left),
        "model": {"digest": card.digest, "seed": found.model.seed, "prior": found.model.prior},
        "blocking": [asdict(each) for each in found.report],
    }
