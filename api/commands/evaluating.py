"""`creditgraph evaluate`: the store's clusters beside a known truth."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from api.commands.charts import write_charts, write_pictures
from api.commands.measures import told, told_table
from api.exits import OK
from api.session import Session
from api.steps import given_of
from graph.errors import DataError, UsageError
from graph.model import MentionId, RecordId, mention_id
from graph.texts import phrase
from resolvers.evaluate import Ints, Quality, joined, quality, recall_of_keys
from resolvers.given import Given
from resolvers.reached import keys_met_by
from resolvers.strata import STRATA, strata

__all__ = ["Charts", "evaluate"]

Bools = npt.NDArray[np.bool_]

_PLACE: Final = ("source", "file", "row", "role", "ordinal")
_ENTITY: Final = "entity"


@dataclass(frozen=True, slots=True)
class _Met:
    """Mentions that stand both in the truth and in the store, in order of their place.

    Attributes:
        truth: Rows of the truth, met or not.
        unknown: Mentions of the store that the truth does not name.
        rows: Rows of the truth that were met.
        mentions: Id of each mention.
        subjects: Subject of each.
        ids: Number of each subject by its id.
    """

    truth: int
    unknown: int
    rows: list[dict[str, str]]
    mentions: list[MentionId]
    subjects: Ints
    ids: dict[str, int]


@dataclass(frozen=True, slots=True)
class Charts:
    """Where charts go: a page in a folder, and pictures beside it if they are wanted."""

    folder: Path
    png: bool


def evaluate(session: Session, truth: Path, by: Sequence[str], charts: Charts | None) -> int:
    """Report pairwise and B-cubed precision and recall, whole and by stratum.

    Args:
        by: Columns of the truth to part it by as well.

    Raises:
        DataError: E871, the truth cannot be read.
        UsageError: E872, it has no such column; E126, pictures need an extra.
    """
    met = _meet(session, truth)
    for column in by:
        if met.rows and column not in met.rows[0]:
            allowed = ", ".join(met.rows[0])
            raise UsageError("E872", where=str(truth), column=column, allowed=allowed)
    entity = _numbers([row[_ENTITY] for row in met.rows])
    reviewed = joined(met.subjects, _under_review(session, met.ids))
    steps = {"merged": met.subjects, "with_review": reviewed}
    thresholds = {name: quality(labels, entity) for name, labels in steps.items()}
    work = session.store.resolution
    given = given_of(work, None, work.judgements(None))
    place = _places(given.mentions, met)
    strata_ = _parts(given, place, met, by)
    parts = {name: quality(met.subjects, entity, inside) for name, inside in strata_}
    keys = _key_recall(given, place, met.subjects, entity)
    _tell(session, met, thresholds, parts, keys)
    if charts is not None:
        shown = {_shown(name, session): each for name, each in (thresholds | parts).items()}
        session.out.say(str(write_charts(charts.folder, shown, session.lang)))
        for picture in write_pictures(charts.folder, shown, session.lang) if charts.png else ():
            session.out.say(str(picture))
    return OK


def _tell(
    session: Session,
    met: _Met,
    thresholds: dict[str, Quality],
    parts: dict[str, Quality],
    keys: dict[str, float],
) -> None:
    if session.json:
        session.out.document(_body(met, thresholds, parts) | {"key_recall": keys})
        return
    facts = {"truth": met.truth, "met": len(met.rows), "unknown": met.unknown}
    session.out.line(phrase("evaluated", session.lang, **facts))
    shown = {_shown(name, session): each for name, each in (thresholds | parts).items()}
    told_table(session.out, shown, session.lang)
    rows = [(name, f"{share:.5f}") for name, share in keys.items()]
    session.table(("key", "key_recall"), rows)


def _shown(name: str, session: Session) -> str:
    if name in STRATA:
        return phrase(f"stratum_{name}", session.lang)
    return name if "=" in name else phrase(f"measure_{name}", session.lang)


def _meet(session: Session, truth: Path) -> _Met:
    rows = {tuple(row[column] for column in _PLACE): row for row in _read(truth)}
    ids: dict[str, int] = {}
    met = _Met(len(rows), 0, [], [], np.zeros(0, dtype=np.int64), ids)
    subjects, unknown = [], 0
    for source, file, line, role, ordinal, mention, subject, _ in session.store.overview.clusters():
        row = rows.get((source, file, str(line), role, str(ordinal)))
        number = ids.setdefault(subject, len(ids))
        if row is None:
            unknown += 1
            continue
        met.rows.append(row)
        met.mentions.append(MentionId(mention))
        subjects.append(number)
    numbers = np.array(subjects, dtype=np.int64)
    return _Met(met.truth, unknown, met.rows, met.mentions, numbers, ids)


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


def _places(mentions: pa.Table, met: _Met) -> Ints:
    """Return where each mention met stands among all mentions of the store."""
    keys = (mentions.column(name).to_pylist() for name in ("record", "role", "ordinal"))
    known = {
        mention_id(RecordId(record.hex()), role, ordinal): place
        for place, (record, role, ordinal) in enumerate(zip(*keys, strict=True))
    }
    return np.array([known[mention] for mention in met.mentions], dtype=np.int64)


def _key_recall(given: Given, place: Ints, subjects: Ints, entity: Ints) -> dict[str, float]:
    """Return the share of true pairs that each kind of key brings together."""
    truth = np.full(given.mentions.num_rows, -1, dtype=np.int64)
    truth[place] = entity
    subject = -1 - np.arange(len(truth))  # of whom the truth does not name: somebody of their own
    subject[place] = subjects
    return recall_of_keys(keys_met_by(given, subject), truth)


def _parts(given: Given, place: Ints, met: _Met, by: Sequence[str]) -> Iterator[tuple[str, Bools]]:
    """Yield the strata of the mentions, then those of the columns asked for, and who is in each."""
    mine = given.mentions.take(pa.array(place))
    names, kinds = (mine.column(name).to_pylist() for name in ("name", "kind"))
    full, incomplete = (
        np.asarray(pc.is_in(mine.column("mention"), marked))
        for marked in (
            given.identifiers.column("mention").unique(),
            given.incomplete,
        )
    )
    entities = [row[_ENTITY] for row in met.rows]
    yield from strata(names, kinds, (full, incomplete), entities).items()
    for column in by:
        values = np.array([row[column] for row in met.rows], dtype=object)
        for value in sorted(set(values.tolist())):
            yield f"{column}={value}", values == value


def _numbers(values: list[str]) -> Ints:
    known = {value: number for number, value in enumerate(sorted(set(values)))}
    return np.array([known[value] for value in values], dtype=np.int64)


def _body(met: _Met, thresholds: dict[str, Quality], parts: dict[str, Quality]) -> dict[str, Any]:
    merged = told(thresholds["merged"])
    return {
        "truth": {"rows": met.truth, "met": len(met.rows), "unknown": met.unknown},
        "pairwise": merged["pairwise"],
        "bcubed": merged["bcubed"],
        "thresholds": [{"joined": name, **told(each)} for name, each in thresholds.items()],
        "strata": [{"stratum": name, **told(each)} for name, each in parts.items()],
    }
