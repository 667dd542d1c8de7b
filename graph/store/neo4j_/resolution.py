"""Mentions out, partition in: the resolved side of the Neo4j store."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from graph import schema
from graph.identifiers import PERSONAL, IdType, parse
from graph.ports import Changes, Partition
from graph.store.neo4j_.apply import put_partition
from graph.store.neo4j_.database import Database
from graph.store.neo4j_.picture import redraw
from graph.store.neo4j_.values import value_of
from graph.store.neo4j_.view import View, look

__all__ = ["Neo4jResolution"]

_ASKED: Final = 50_000
_FULL: Final = ("valid", "repaired")
# An organisation's code may hold another of its codes; a person's number holds none.
_IMPLYING: Final = (IdType.USCC.value, IdType.TAX_ID.value)
_LISTED: Final = pa.schema(
    [
        ("mention", pa.int64()),
        ("types", pa.list_(pa.string())),
        ("statuses", pa.list_(pa.string())),
        ("keys", pa.list_(pa.string())),
        ("values", pa.list_(pa.string())),
    ]
)
_FOUND: Final = schema.MENTIONS.remove(7).append(pa.field("source", pa.string()))


class Neo4jResolution:
    """The `Resolution` port."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self._held: View | None = None

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Keep other resolvers out, and fix what is seen: what is loaded meanwhile waits."""
        if self._held is not None:  # nested use joins the one that holds already
            yield
            return
        with self._db.hold("resolve"):
            self._held = look(self._db)
            try:
                yield
            finally:
                self._held = None

    def waiting(self) -> int:
        """Return how many records were added or switched since the last resolve."""
        return int(self._db.scalar("waiting", **_since(self._view)))

    def touched_mentions(self) -> pa.Array:
        """Return keys of all active mentions connected by identifiers to a waiting record.

        Mentions that were switched off are in it too.
        """
        view = self._view
        seeds = self._db.table("waiting_mentions", _KEYS, **_since(view)).column("mention")
        keys = pc.unique(seeds)
        if not self._db.rows("any_subject"):
            return keys
        held = pc.unique(self.identifiers(keys).column("key")).to_pylist()
        near = self._ids("subjects_of_keys", [key.hex() for key in held])
        near |= self._ids("subjects_of_mentions", keys.to_pylist())
        fresh = near
        while fresh:
            fresh = self._ids("neighbours", sorted(fresh)) - near
            near |= fresh
        around = self._ids("mentions_of_subjects", sorted(near))
        return pa.array(sorted({*keys.to_pylist(), *around}), pa.int64())

    def mentions(self, keys: pa.Array | None) -> pa.Table:
        """Return active mentions (`schema.MENTIONS`), all or those given."""
        found = self._asked("mentions", _FOUND, keys)
        registers = dict(self._db.rows("registers"))
        sources = found.column("source").combine_chunks().dictionary_encode()
        marks = pa.array([registers[name] for name in sources.dictionary.to_pylist()], pa.bool_())
        register = marks.take(sources.indices) if len(marks) else pa.array([], pa.bool_())
        return found.drop_columns(["source"]).append_column("register", register)

    def identifiers(self, keys: pa.Array | None) -> pa.Table:
        """Return full identifiers (`schema.IDENTIFIERS`) of active mentions."""
        listed = self._asked("identifiers", _LISTED, keys)
        parents = pc.list_parent_indices(listed.column("types"))
        flat = pa.table(
            [listed.column("mention").take(parents)]
            + [pc.list_flatten(listed.column(name)) for name in _LISTED.names[1:]],
            names=["mention", "type", "status", "key", "value"],
        )
        flat = flat.filter(pc.is_in(flat.column("status"), value_set=pa.array(_FULL)))
        stated = flat.select(["mention", "type", "key"]).to_pydict()
        for mention, kind, key in self._implied(flat):
            stated["mention"].append(mention)
            stated["type"].append(kind)
            stated["key"].append(key)
        digests = [bytes.fromhex(key) for key in stated["key"]]
        table = pa.table(
            [
                pa.array(stated["mention"], pa.int64()),
                pa.array(stated["type"], pa.string()),
                pa.array(digests, pa.binary(16)),
            ],
            schema=schema.IDENTIFIERS,
        )
        unique = table.group_by(table.column_names).aggregate([])
        return unique.cast(schema.IDENTIFIERS)

    def apply(self, partition: Partition, scope: pa.Array | None, at: datetime) -> Changes:
        """Make the partition current for the mentions in scope (None: all).

        Mentions that belonged to nobody join in transactions of some thousands; all that
        changes what was said before is one transaction. A stop in between leaves what was not
        yet joined waiting, and the next resolve goes on.
        """
        with self._db.hold("apply"):
            view = self._view
            changes, seen = put_partition(self._db, partition, scope, at.isoformat(), view.changes)
            redraw(self._db, view, None if scope is None else seen)
        return changes

    def reviews(self) -> pa.Table:
        """Return open review pairs (`schema.REVIEWS`)."""
        found = self._db.table("all_reviews", schema.REVIEWS)
        order = [(name, "ascending") for name in ("subject", "other", "reason", "key")]
        text = found.set_column(4, "key", found.column("key").cast(pa.binary()))
        return found.take(pc.sort_indices(text, order))

    @property
    def _view(self) -> View:
        return self._held or look(self._db)

    def _asked(self, what: str, shape: pa.Schema, keys: pa.Array | None) -> pa.Table:
        values = self._view.values
        if keys is None:
            return self._db.table(f"all_{what}", shape, **values)
        asked = keys.to_pylist()
        parts = [
            self._db.table(f"some_{what}", shape, rows=part, **values) for part in _parts(asked)
        ]
        return pa.concat_tables(parts) if parts else shape.empty_table()

    def _ids(self, name: str, rows: Sequence[Any]) -> set[Any]:
        return {found for part in _parts(rows) for (found,) in self._db.rows(name, rows=part)}

    def _implied(self, flat: pa.Table) -> Iterator[tuple[int, str, str]]:
        """Yield (mention, type, key) of the codes inside organisations' codes."""
        holding = flat.filter(pc.is_in(flat.column("type"), value_set=pa.array(_IMPLYING)))
        columns = (holding.column(name).to_pylist() for name in ("mention", "type", "value"))
        for mention, kind, text in zip(*columns, strict=True):
            value = value_of(text)
            found = parse(IdType(kind), value) if isinstance(value, str) else None
            for inner, code in () if found is None else found.implied:
                if inner not in PERSONAL:
                    yield mention, inner.value, self._db.seal.key_of(inner.value, code).hex()


_KEYS: Final = pa.schema([("mention", pa.int64())])


def _since(view: View) -> dict[str, int]:
    return {"through": view.resolved_through, "changes": view.changes}


def _parts(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(rows), _ASKED):
        yield rows[start : start + _ASKED]
