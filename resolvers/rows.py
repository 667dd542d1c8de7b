"""Rows that are compared: a column is decoded once, however many features look at it."""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["Levels", "Rows", "Texts"]

Ints = npt.NDArray[np.int64]
Levels = npt.NDArray[np.int8]
Texts = npt.NDArray[np.object_]

_FEW: Final = 1_000
"""Rows whose texts are sooner read one by one than told apart."""


class Rows:
    """Some rows of a table, in an order.

    Args:
        table: The whole table.
        origin: The rows these are taken from, all of the table.
        places: Which of them; None is all.
    """

    def __init__(
        self, table: pa.Table, origin: "Rows | None" = None, places: Ints | None = None
    ) -> None:
        self._table = table
        self._origin = self if origin is None else origin
        self._places = places
        self._decoded: dict[str, npt.NDArray[Any]] = {}
        self._beside: dict[Callable[..., Levels], tuple[Rows, Levels]] = {}

    def __len__(self) -> int:
        return self._table.num_rows if self._places is None else len(self._places)

    @property
    def names(self) -> list[str]:
        """Return the names of the columns."""
        return list(self._table.column_names)

    def take(self, places: Ints) -> "Rows":
        """Return some of these rows, in the order given."""
        own = places if self._places is None else self._places[places]
        return Rows(self._table, self._origin, own)

    def column(self, name: str) -> pa.ChunkedArray:
        """Return a column as Arrow holds it."""
        whole = self._table.column(name)
        return whole if self._places is None else whole.take(pa.array(self._places))

    def texts(self, name: str) -> Texts:
        """Return a column of texts, null as ''."""
        return self._read(name, _texts)

    def numbers(self, name: str) -> npt.NDArray[np.float32]:
        """Return a column of numbers."""
        return self._read(name, _numbers)

    def beside(self, other: "Rows", rule: Callable[["Rows", "Rows"], Levels]) -> Levels:
        """Return what a rule says of these rows and others; kept for who asks the same next."""
        met = self._beside.get(rule)
        if met is None or met[0] is not other:
            met = self._beside[rule] = (other, rule(self, other))
        return met[1]

    def _read(
        self, name: str, decode: Callable[[pa.ChunkedArray], npt.NDArray[Any]]
    ) -> npt.NDArray[Any]:
        found = self._decoded.get(name)
        if found is None:
            if self._places is None:
                found = decode(self._table.column(name))
            else:
                found = self._origin._read(name, decode)[self._places]
            self._decoded[name] = found
        return found


def _texts(column: pa.ChunkedArray) -> Texts:
    if len(column) <= _FEW:
        return np.array([text or "" for text in column.to_pylist()], dtype=object)
    coded = pc.dictionary_encode(pc.fill_null(column, "").combine_chunks())
    distinct: Texts = np.array(coded.dictionary.to_pylist(), dtype=object)
    return np.asarray(distinct[coded.indices.to_numpy()], dtype=object)


def _numbers(column: pa.ChunkedArray) -> npt.NDArray[np.float32]:
    return np.asarray(column.to_numpy(), dtype=np.float32)
