"""The statements of one transaction, and their rows as tuples or Arrow tables."""

from itertools import islice
from typing import Any, Final, Protocol

import pyarrow as pa

from graph.store.neo4j_.statements import statement, statement_then

__all__ = ["Log", "Work"]

_BLOCK: Final = 50_000

Log = list[tuple[str, dict[str, Any]]]
"""Statements by name, and their values."""


class Transaction(Protocol):
    """What of the driver's transactions is used."""

    def run(self, text: Any, values: Any, /) -> Any:
        """Run a statement and return its result."""
        ...


class Work:
    """The statements of one transaction.

    Args:
        known_at: Read what was known at this moment; None is now.
        log: Where to note what is run.
    """

    def __init__(
        self, transaction: Transaction, known_at: str | None, log: Log | None = None
    ) -> None:
        self._transaction = transaction
        self._known_at = known_at
        self._log = log

    def run(self, name: str, /, **values: Any) -> None:
        """Run one named statement for its effect."""
        self._answer(name, values).consume()

    def rows(self, name: str, /, **values: Any) -> list[tuple[Any, ...]]:
        """Run one named statement and return its rows."""
        return [tuple(row.values()) for row in self._answer(name, values)]

    def scalar(self, name: str, /, **values: Any) -> Any:
        """Return the first cell of the first row, None when there is no row."""
        rows = self.rows(name, **values)
        return rows[0][0] if rows else None

    def table(self, name: str, schema: pa.Schema, /, **values: Any) -> pa.Table:
        """Return a statement's rows as an Arrow table whose columns come in schema order."""
        found = iter(self._answer(name, values))
        batches: list[pa.RecordBatch] = []
        while block := [row.values() for row in islice(found, _BLOCK)]:
            columns = [list(column) for column in zip(*block, strict=True)]
            arrays = [
                _column(values, each.type) for values, each in zip(columns, schema, strict=True)
            ]
            batches.append(pa.record_batch(arrays, schema=schema))
        return pa.Table.from_batches(batches, schema)

    def _answer(self, name: str, values: dict[str, Any]) -> Any:
        if self._log is not None:
            self._log.append((name, values))
        if self._known_at is None:
            return self._transaction.run(statement(name), values)
        return self._transaction.run(statement_then(name), values | {"known_at": self._known_at})


def _column(values: list[Any], kind: pa.DataType) -> pa.Array:
    """Return a column: digests come as hexadecimal text, days as numbers."""
    if pa.types.is_fixed_size_binary(kind):
        return pa.array([None if each is None else bytes.fromhex(each) for each in values], kind)
    if pa.types.is_date32(kind):
        return pa.array(values, pa.int32()).cast(pa.date32())
    return pa.array(values, kind)
