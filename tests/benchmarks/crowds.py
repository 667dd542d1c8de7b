"""A million mentions of invented people, with mistakes, for measuring speed and memory."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

__all__ = ["write_crowd"]

Texts = npt.NDArray[Any]

_FIRST = ("ba", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu", "na", "pe", "ri", "so", "tu")
_LAST = ("bar", "den", "fel", "gor", "hun", "kas", "lin", "mar", "nor", "pol", "rik", "ste", "tam")
_PER_PERSON = 3.0


def write_crowd(file: Path, rows: int, seed: int) -> None:
    """Write rows with unique_id, given, last, birth, place, phone and the truth as `entity`."""
    chance = np.random.Generator(np.random.PCG64(seed))
    people = int(rows / _PER_PERSON)
    given, last = _names(_FIRST, 3, 3_000), _names(_LAST, 3, 2_000)
    days = np.datetime64("1850-01-01") + chance.integers(0, 18_000, people)
    true = {
        "given": given[_common(chance, len(given), people)],
        "last": last[_common(chance, len(last), people)],
        "birth": days.astype("datetime64[D]").astype(str).astype(object),
        "place": _names(_LAST, 2, 150)[_common(chance, 150, people)],
        "phone": np.char.add("1", chance.integers(10**9, 10**10, people).astype(str)).astype(
            object
        ),
    }
    whom = chance.integers(0, people, rows)
    share = {"given": 0.02, "last": 0.02, "birth": 0.15, "place": 0.2, "phone": 0.5}
    cells = {name: _damaged(chance, column[whom], share[name]) for name, column in true.items()}
    ids = chance.permutation(rows)
    table = pa.table({"unique_id": pa.array([f"m{number:07}" for number in ids.tolist()]), **cells})
    pq.write_table(table.append_column("entity", pa.array(whom)), file)


def _names(parts: tuple[str, ...], length: int, many: int) -> Texts:
    made = [""]
    for _ in range(length):
        made = [start + part for start in made for part in parts]
    return np.array(made[:many], dtype=object)


def _common(chance: np.random.Generator, many: int, size: int) -> npt.NDArray[np.int64]:
    """Return places, early ones oftener: names are spread as unevenly as in life."""
    return np.asarray((many ** chance.random(size)).astype(np.int64) - 1)


def _damaged(chance: np.random.Generator, cells: Texts, missing: float) -> pa.Array:
    """Return cells of which some are missing and one in twelve has two characters exchanged."""
    texts = cells.copy()
    for row in np.flatnonzero(chance.random(len(cells)) < 1 / 12).tolist():
        text = texts[row]
        at = int(chance.integers(0, len(text) - 1))
        texts[row] = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return pa.array(texts, pa.string(), mask=chance.random(len(cells)) < missing)
