"""The compare command: pairs of rows in, the same rows with score, decision and reasons out."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast, get_args

import pyarrow as pa

from api.exits import OK
from api.output import Advance, Output, writing
from graph.errors import DataError, UsageError
from graph.texts import Lang, phrase
from loaders.files import tables
from loaders.table import Chunk, Table
from resolvers.compare import FIELDS, Kind, compare_pairs

__all__ = ["compare"]

_ADDED: Final = ("score", "decision", "why")
_ROWS: Final = 50_000
_NEEDED: Final = ("name_a", "name_b")


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where the fields of both sides stand.

    Attributes:
        after: Number of the header row.
        places: Field -> columns of its two sides.
    """

    after: int
    heads: list[str]
    places: dict[str, tuple[int, int]]


def compare(pairs: Path, out: Path, kind: str, output: Output, lang: Lang, *, json: bool) -> int:
    """Write the rows of a table with their score, decision and reasons.

    Raises:
        UsageError: E824, `kind` is neither of the two.
        DataError: E821 and E822 for columns, E823 for a row, and those of `tables`.
    """
    if kind not in get_args(Kind):
        raise UsageError("E824", where="--as", value=kind)
    said: Counter[str] = Counter()
    draft = out.with_name(f".{out.name}.part")
    try:
        with tables(pairs) as found, output.progress(phrase("comparing", lang)) as advance:
            table, layout = _laid_out(found, pairs)
            rows = _verdicts(table, layout, cast(Kind, kind), lang, (said, advance))
            output.csv((*layout.heads, *_ADDED), rows, draft)
        with writing(out):
            draft.replace(out)
    finally:
        draft.unlink(missing_ok=True)
    body = {"rows": said.total(), **{word: said[word] for word in ("merge", "review", "separate")}}
    if json:
        output.document({**body, "out": str(out)})
    else:
        output.say(phrase("compared_told", lang, out=out, **body))
    return OK


def _laid_out(found: Sequence[Table], pairs: Path) -> tuple[Table, _Layout]:
    table = next((one for one in found if one.preview), None)
    after, cells = table.preview[0] if table is not None else (0, [])
    names = [cell.strip().lstrip("\ufeff").lower() for cell in cells]
    lacking = [name for name in _NEEDED if name not in names]
    if table is None or lacking:
        raise DataError("E821", where=str(pairs), columns=", ".join(lacking))
    places = {}
    for field in FIELDS:
        sides = [f"{field}_{side}" for side in "ab"]
        there = [side for side in sides if side in names]
        if len(there) == 1:
            raise DataError("E822", where=str(pairs), columns=there[0])
        if there:
            places[field] = (names.index(sides[0]), names.index(sides[1]))
    return table, _Layout(after, list(cells), places)


def _verdicts(
    table: Table, layout: _Layout, kind: Kind, lang: Lang, told: tuple[Counter[str], Advance]
) -> Iterator[list[str]]:
    said, advance = told
    for chunk in table.chunks(layout.after, len(layout.heads), _ROWS):
        _refuse_defects(chunk)
        left, right = (
            {field: _column(chunk, sides[side]) for field, sides in layout.places.items()}
            for side in (0, 1)
        )
        found = compare_pairs(left, right, kind, lang=lang)
        said.update(found.decision)
        advance(len(chunk.rows))
        told_rows = zip(chunk.rows, found.score.tolist(), found.decision, found.why, strict=True)
        for cells, score, decision, why in told_rows:
            yield [*cells, f"{score:.4f}", decision, why]


def _refuse_defects(chunk: Chunk) -> None:
    if chunk.defects:
        offset = min(chunk.defects)
        raise DataError("E823", where=str(chunk.numbers[offset]), row=chunk.numbers[offset])


def _column(chunk: Chunk, place: int) -> pa.Array:
    return pa.array([row[place] for row in chunk.rows], pa.string())
