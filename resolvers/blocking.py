"""Which pairs are worth comparing, and an account of every pair that a key gave or lost.

Each key is a list of column expressions; rows equal in all of them meet. A block larger than
the limit is cut by the key's further expressions, one after another; what is too common even
then is counted as lost.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from resolvers.grouping import grouped, pairs_inside

_SPREAD: Final = np.int64(-7046029254386353131)
"""An odd number, so that equal hashes of a value and its cut do not cancel out."""

__all__ = ["BlockingKey", "KeyReport", "Pairs", "block"]

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class BlockingKey:
    """One reason for two rows to meet.

    Attributes:
        by: SQL expressions over the standardised columns; all equal, none null.
        then: Further expressions that cut a block of more than `limit` rows, in order.
    """

    name: str
    by: tuple[str, ...]
    then: tuple[str, ...] = ()
    limit: int = 100


@dataclass(frozen=True, slots=True)
class KeyReport:
    """What became of all pairs that are equal in a key: `possible = made + barred + lost`.

    Attributes:
        rows: Rows with a value for the key.
        blocks: Values that two or more rows share.
        made: Pairs handed on, those of other keys included.
        barred: Pairs of one source where only pairs between sources are asked for.
        lost: Pairs in blocks too large even after the last cut.
        only: Pairs made by this key and no other.
    """

    name: str
    rows: int
    blocks: int
    possible: int
    made: int
    barred: int
    lost: int
    only: int


@dataclass(frozen=True, slots=True)
class Pairs:
    """Candidate pairs in order of (left, right), left < right.

    Attributes:
        keys: Bit k is set where the k-th key made the pair.
        report: One entry for each key.
    """

    left: Ints
    right: Ints
    keys: Ints
    report: tuple[KeyReport, ...]


def block(table: pa.Table, keys: Sequence[BlockingKey], apart: Ints | None = None) -> Pairs:
    """Return every pair that some key makes, once.

    Args:
        table: Standardised rows; their order numbers the pairs.
        apart: Number of the source of each row; if given, only pairs of two sources are made.

    Raises:
        duckdb.Error: An expression does not fit the table; `check_expressions` tells which.

    Cost: sorting each key, and memory in proportion to the pairs made.
    """
    hashes = _hashes(table, keys)
    made: list[Ints] = []
    told: list[tuple[int, int, int, int]] = []
    for number, key in enumerate(keys):
        rows, blocks, possible, found = _meet(hashes[number], key.limit)
        same = np.zeros(len(found), dtype=np.bool_)
        if apart is not None:
            same = apart[found // table.num_rows] == apart[found % table.num_rows]
        made.append(found[~same])
        told.append((rows, blocks, possible, int(same.sum())))
    united, masks = _united(made)
    reports = []
    for number, (key, (rows, blocks, possible, barred)) in enumerate(zip(keys, told, strict=True)):
        mine = len(made[number])
        only = int((masks == (1 << number)).sum())
        lost = possible - mine - barred
        reports.append(KeyReport(key.name, rows, blocks, possible, mine, barred, lost, only))
    size = max(table.num_rows, 1)
    return Pairs(united // size, united % size, masks, tuple(reports))


def _hashes(table: pa.Table, keys: Sequence[BlockingKey]) -> list[list[Ints]]:
    """Return for each key its own hash and those of its cuts; 0 stands for null."""
    wanted = [[_hash(key.by), *(_hash((cut,)) for cut in key.then)] for key in keys]
    flat = [expression for group in wanted for expression in group]
    if not flat or not table.num_rows:
        return [[np.zeros(0, dtype=np.int64)] * len(group) for group in wanted]
    chosen = ", ".join(f"{expression} AS h{n}" for n, expression in enumerate(flat))
    with duckdb.connect(config={"enable_external_access": False}) as connection:
        connection.register("mentions", table)
        # Insertion order is kept by default, so rows come back as they stand.
        columns = connection.sql(f"SELECT {chosen} FROM mentions").fetchnumpy()  # noqa: S608
    arrays = iter([np.asarray(columns[f"h{n}"]).view(np.int64) for n in range(len(flat))])
    return [[next(arrays) for _ in group] for group in wanted]


def _hash(expressions: Sequence[str]) -> str:
    # Two values with one 64-bit hash would only be one pair too many.
    absent = " OR ".join(f"({expression}) IS NULL" for expression in expressions)
    return f"CASE WHEN {absent} THEN 0::UBIGINT ELSE hash({', '.join(expressions)}) END"


def _meet(hashes: list[Ints], limit: int) -> tuple[int, int, int, Ints]:
    """Return rows with a value, values shared, pairs possible, and the pairs made."""
    values, *cuts = hashes
    rows, counts = grouped(np.flatnonzero(values), values)
    told = (len(rows), int((counts > 1).sum()), int((counts * (counts - 1) // 2).sum()))
    found = []
    for cut in (*cuts, None):
        fits = counts <= limit
        found.append(pairs_inside(rows[np.repeat(fits, counts)], counts[fits], len(values)))
        if cut is None or fits.all():
            break
        rows = rows[np.repeat(~fits, counts)]
        values = values ^ (cut * _SPREAD)
        rows, counts = grouped(rows[cut[rows] != 0], values)
    return *told, np.concatenate(found)


def _united(made: list[Ints]) -> tuple[Ints, Ints]:
    """Return the distinct pairs in order, and which keys made each."""
    joined = np.concatenate(made) if made else np.zeros(0, dtype=np.int64)
    key = np.repeat(1 << np.arange(len(made), dtype=np.int64), [len(part) for part in made])
    order = np.argsort(joined, kind="stable")
    joined, key = joined[order], key[order]
    starts = np.flatnonzero(np.r_[True, joined[1:] != joined[:-1]]) if len(joined) else order
    masks = np.bitwise_or.reduceat(key, starts) if len(starts) else key
    return joined[starts], masks
