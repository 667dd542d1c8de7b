"""`creditgraph evaluate`: the store's clusters beside a known truth."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from api.exits import OK
from api.session import Session
from graph.errors import DataError, UsageError
from graph.texts import phrase
from resolvers.evaluate import Measure, Quality, joined, quality

__all__ = ["evaluate"]

Ints = npt.NDArray[np.int64]

_PLACE: Final = ("source", "file", "row", "role", "ordinal")
_ENTITY: Final = "entity"
_HEADS: Final = (
    "stratum",
    "mentions_met",
    "precision",
    "recall",
    "f1",
    "bcubed_precision",
    "bcubed_recall",
    "bcubed_f1",
    "wrong",
    "missed",
)


@dataclass(frozen=True, slots=True)
class _Met:
    """Mentions that stand both in the truth and in the store, in order of their place.

    Attributes:
        truth: Rows of the truth, met or not.
        unknown: Mentions of the store that the truth does not name.
        rows: Rows of the truth that were met.
        subjects: Subject of each.
        ids: Number of each subject by its id.
    """

    truth: int
    unknown: int
    rows: list[dict[str, str]]
    subjects: Ints
    ids: dict[str, int]


def evaluate(session: Session, truth: Path, by: Sequence[str]) -> int:
    """Report pairwise and B-cubed precision and recall, whole and by columns of the truth.

    Raises:
        DataError: E871, the truth cannot be read.
        UsageError: E872, it has no such column.
    """
    met = _meet(session, truth)
    for column in by:
        if met.rows and column not in met.rows[0]:
            raise UsageError(
                "E872", where=str(truth), column=column, allowed=", ".join(met.rows[0])
            )
    entity = _numbers([row[_ENTITY] for row in met.rows])
    reviewed = joined(met.subjects, _under_review(session, met.ids))
    steps = {"merged": met.subjects, "with_review": reviewed}
    thresholds = {name: quality(labels, entity) for name, labels in steps.items()}
    strata = {
        f"{column}={value}": quality(met.subjects, entity, inside)
        for column in by
        for value, inside in _strata([row[column] for row in met.rows])
    }
    if session.json:
        session.out.document(_body(met, thresholds, strata))
        return OK
    facts = {"truth": met.truth, "met": len(met.rows), "unknown": met.unknown}
    session.out.line(phrase("evaluated", session.lang, **facts))
    shown = {phrase(f"measure_{name}", session.lang): q for name, q in thresholds.items()}
    session.table(_HEADS, [_cells(name, each) for name, each in (shown | strata).items()])
    return OK


def _meet(session: Session, truth: Path) -> _Met:
    rows = {tuple(row[column] for column in _PLACE): row for row in _read(truth)}
    ids: dict[str, int] = {}
    found, subjects, unknown = [], [], 0
    for source, file, line, role, ordinal, _, subject, _ in session.store.overview.clusters():
        row = rows.get((source, file, str(line), role, str(ordinal)))
        number = ids.setdefault(subject, len(ids))
        if row is None:
            unknown += 1
        else:
            found.append(row)
            subjects.append(number)
    return _Met(len(rows), unknown, found, np.array(subjects, dtype=np.int64), ids)


def _read(truth: Path) -> list[dict[str, str]]:
    try:
        with truth.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            missing = {*_PLACE, _ENTITY} - set(reader.fieldnames or ())
            if missing:
                raise DataError("E871", where=str(truth), reason=", ".join(sorted(missing)))
            rows = list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as fault:
        raise DataError("E871", where=str(truth), reason=str(fault)) from fault
    ragged = next((n for n, row in enumerate(rows, 2) if None in row.values() or None in row), None)
    if ragged is not None:
        raise DataError("E871", where=f"{truth}:{ragged}", reason="ragged")
    return rows


def _under_review(session: Session, ids: dict[str, int]) -> Ints:
    """Return the open review pairs as numbers of subjects, one pair a row."""
    asked = session.store.resolution.reviews()
    ones, others = asked.column("subject").to_pylist(), asked.column("other").to_pylist()
    pairs = [(ids[a], ids[b]) for a, b in zip(ones, others, strict=True) if a in ids and b in ids]
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


def _strata(values: list[str]) -> Iterator[tuple[str, npt.NDArray[np.bool_]]]:
    column = np.array(values, dtype=object)
    for value in sorted(set(values)):
        yield value, column == value


def _numbers(values: list[str]) -> Ints:
    known = {value: number for number, value in enumerate(sorted(set(values)))}
    return np.array([known[value] for value in values], dtype=np.int64)


def _body(met: _Met, thresholds: dict[str, Quality], strata: dict[str, Quality]) -> dict[str, Any]:
    merged = _told(thresholds["merged"])
    return {
        "truth": {"rows": met.truth, "met": len(met.rows), "unknown": met.unknown},
        "pairwise": merged["pairwise"],
        "bcubed": merged["bcubed"],
        "thresholds": [{"joined": name, **_told(each)} for name, each in thresholds.items()],
        "strata": [{"stratum": name, **_told(each)} for name, each in strata.items()],
    }


def _told(found: Quality) -> dict[str, Any]:
    return {
        "rows": found.rows,
        "pairwise": {
            "precision": asdict(found.precision),
            "recall": asdict(found.recall),
            "f1": found.f1,
            "pairs": found.pairs,
            "wrong": found.wrong,
            "missed": found.missed,
        },
        "bcubed": {
            "precision": asdict(found.bcubed_precision),
            "recall": asdict(found.bcubed_recall),
            "f1": found.bcubed_f1,
        },
    }


def _cells(name: str, found: Quality) -> tuple[Any, ...]:
    return (
        name,
        found.rows,
        _share(found.precision),
        _share(found.recall),
        _number(found.f1),
        _share(found.bcubed_precision),
        _share(found.bcubed_recall),
        _number(found.bcubed_f1),
        found.wrong,
        found.missed,
    )


def _share(measure: Measure) -> str:
    if measure.value is None:
        return ""
    return f"{measure.value:.5f} [{measure.low:.5f}, {measure.high:.5f}]"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.5f}"
