"""Mentions out, partition in: the resolved side of the Neo4j store."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from graph import schema
from graph.identifiers import PERSONAL, IdType, parse
from graph.model import HEADS, HOLDERS, OWNERS, SubjectId
from graph.ports import Changes, Partition
from graph.store.neo4j_.apply import put_partition
from graph.store.neo4j_.database import Database
from graph.store.neo4j_.judgements import open_reviews
from graph.store.neo4j_.picture import complete, redraw
from graph.store.neo4j_.values import plain_text, value_of
from graph.store.neo4j_.view import look, renewed

__all__ = ["Neo4jResolution"]

_ASKED: Final = 50_000
_FULL: Final = ("valid", "repaired")
# An organisation's code may hold another of its codes; a person's number holds none.
_IMPLYING: Final = (IdType.USCC.value, IdType.TAX_ID.value)
_CODES: Final = (IdType.USCC.value, IdType.ORG_CODE.value)
_TEXTS: Final = pa.list_(pa.string())
_READ: Final = pa.schema(
    [("mention", pa.int64()), ("type", _TEXTS), ("status", _TEXTS), ("value", _TEXTS)]
)
_LISTED: Final = _READ.append(pa.field("key", _TEXTS))
_KEYS: Final = pa.schema([("mention", pa.int64())])
_FOUND: Final = schema.MENTIONS.remove(7).append(pa.field("source", pa.string()))


class Neo4jResolution:
    """The `Resolution` port."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Keep other resolvers out, and fix what is seen: what is loaded meanwhile waits."""
        if self._db.held is not None:  # nested use joins the one that holds already
            yield
            return
        with self._db.hold():
            self._db.held = look(self._db)
            try:
                complete(self._db, self._db.held)
                yield
            finally:
                self._db.held = None

    @contextmanager
    def together(self) -> Iterator[None]:
        """Hold the store as `transaction` does; keep all that is written inside, or nothing."""
        with self.transaction(), renewed(self._db), self._db.together():
            yield

    def waiting(self) -> int:
        """Return how many records were added or switched since the last resolve."""
        return int(self._db.scalar("waiting", **look(self._db).since))

    def waiting_mentions(self) -> pa.Table:
        """Return active mentions (`schema.MENTIONS`) of waiting records."""
        view = look(self._db)
        return self._registered(
            self._db.table("waiting_mentions", _FOUND, **view.since, **view.values)
        )

    def touched_mentions(self, traces: Collection[bytes]) -> pa.Array:
        """Return keys of all active mentions connected to a waiting record.

        Mentions that were switched off are in it too.
        """
        since = look(self._db).since
        keys = pc.unique(self._db.table("waiting_keys", _KEYS, **since).column("mention"))
        return self._connected(keys, traces)

    def connected_mentions(self, keys: pa.Array) -> pa.Array:
        """Return keys of these mentions and of all connected to them, in the same way."""
        return self._connected(keys, ())

    def _connected(self, keys: pa.Array, traces: Collection[bytes]) -> pa.Array:
        if not self._db.rows("any_subject"):
            return keys
        seeds = keys.to_pylist()
        held = pc.unique(self.identifiers(keys).column("key")).to_pylist()
        near = self._ids("subjects_of_keys", [key.hex() for key in held])
        near |= self._ids("subjects_of_traces", [key.hex() for key in traces])
        near |= self._ids("subjects_of_mentions", seeds)
        near |= self._ids("subjects_judged_with", seeds)
        fresh = near
        while fresh:
            fresh = self._ids("neighbours", sorted(fresh), holders=HOLDERS) - near
            near |= fresh
        around = self._ids("mentions_of_subjects", sorted(near))
        return pa.array(sorted({*seeds, *around}), pa.int64())

    def members(self, subjects: Collection[SubjectId]) -> pa.Array:
        """Return keys of the mentions of current subjects."""
        return pa.array(sorted(self._ids("mentions_of_subjects", list(subjects))), pa.int64())

    def traits(self, keys: pa.Array | None) -> pa.Table:
        """Return what active mentions of bodies tell beside names (`schema.TRAITS`)."""
        heads = self._asked("heads", schema.TRAITS, keys, heads=HEADS)
        owners = self._asked("owners", schema.TRAITS, keys, owners=OWNERS)
        told = self._asked("told", schema.TRAITS, keys)
        return pa.concat_tables([heads, owners, told, self._codes(keys)])

    def _codes(self, keys: pa.Array | None) -> pa.Table:
        """Return each mention's code, the full one before the one of the organisation."""
        flat = _flat(self._asked("identifiers", _LISTED, keys))
        found: dict[str, list[tuple[int, str]]] = {kind: [] for kind in _CODES}
        columns = (flat.column(name).to_pylist() for name in ("mention", "type", "value"))
        for mention, kind, text in zip(*columns, strict=True):
            if kind in found and isinstance(value_of(text), str):
                found[kind].append((mention, text))
        full = {mention for mention, _ in found[_CODES[0]]}
        rows = found[_CODES[0]] + [row for row in found[_CODES[1]] if row[0] not in full]
        mentions, values = ([row[place] for row in rows] for place in (0, 1))
        kinds = pa.array([_CODES[0]] * len(rows), pa.string())
        arrays = [pa.array(mentions, pa.int64()), kinds, pa.array(values, pa.string())]
        return pa.table(arrays, schema=schema.TRAITS)

    def meeting(self, keys: pa.Array, *, known: bool) -> pa.Array:
        """Return active mentions of bodies whose subject has one of the keys."""
        return pa.array(sorted(self._ids("meeting", keys.to_pylist(), known=known)), pa.int64())

    def mentions(self, keys: pa.Array | None) -> pa.Table:
        """Return active mentions (`schema.MENTIONS`), all or those given."""
        return self._registered(self._asked("mentions", _FOUND, keys))

    def identifiers(self, keys: pa.Array | None) -> pa.Table:
        """Return full identifiers (`schema.IDENTIFIERS`) of active mentions."""
        flat = _flat(self._asked("identifiers", _LISTED, keys))
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

    def posts(self, keys: pa.Array | None) -> pa.Table:
        """Return posts and shares (`schema.POSTS`) that active mentions of persons hold."""
        return self._asked("posts", schema.POSTS, keys, holders=HOLDERS)

    def incomplete(self, keys: pa.Array | None) -> pa.Array:
        """Return active mentions with an identifier that is masked, cut or fails its check."""
        return self._asked("incomplete", _KEYS, keys).column("mention").combine_chunks()

    def shown(self, keys: pa.Array) -> pa.Table:
        """Return identifiers as read (`schema.SHOWN`) of mentions."""
        parts = [self._db.table("shown", _READ, rows=part) for part in _parts(keys.to_pylist())]
        flat = _flat(pa.concat_tables(parts)) if parts else schema.SHOWN.empty_table()
        plain = [plain_text(self._db.seal, value) for value in flat.column("value").to_pylist()]
        columns = [flat.column(name) for name in schema.SHOWN.names[:3]]
        return pa.table([*columns, pa.array(plain, pa.string())], schema=schema.SHOWN)

    def judgements(self, keys: pa.Array | None) -> pa.Table:
        """Return judgements in force (`schema.JUDGEMENTS`) between active mentions."""
        values = look(self._db).values
        found = self._db.table("judgements_in_force", schema.JUDGEMENTS, **values)
        if keys is None:
            return found
        left, right = (pc.is_in(found.column(end), keys) for end in ("left", "right"))
        return found.filter(pc.and_(left, right))

    def apply(self, partition: Partition, scope: pa.Array | None, at: datetime) -> Changes:
        """Make the partition current for the mentions in scope (None: all).

        Mentions that belonged to nobody join in transactions of some thousands; all that
        changes what was said before is one transaction. A stop in between leaves what was not
        yet joined waiting, and the next resolve goes on.
        """
        with self._db.hold():
            view = look(self._db)
            changes, seen = put_partition(self._db, partition, scope, at.isoformat(), view)
            redraw(self._db, view, None if scope is None else seen)
            if self._db.held is not None:  # in the same transaction nothing waits any more
                self._db.held = replace(view, resolved_through=view.changes)
        return changes

    def reviews(self) -> pa.Table:
        """Return open review pairs (`schema.REVIEWS`)."""
        return open_reviews(self._db)

    def _registered(self, found: pa.Table) -> pa.Table:
        registers = dict(self._db.rows("registers"))
        sources = found.column("source").combine_chunks().dictionary_encode()
        names = [name if registers[name] else "" for name in sources.dictionary.to_pylist()]
        register = pa.array(names, pa.string()).take(sources.indices)
        return found.drop_columns(["source"]).append_column("register", register)

    def _asked(self, what: str, shape: pa.Schema, keys: pa.Array | None, **more: Any) -> pa.Table:
        values = look(self._db).values | more
        if keys is None:
            return self._db.table(f"all_{what}", shape, **values)
        parts = [
            self._db.table(f"some_{what}", shape, rows=part, **values)
            for part in _parts(keys.to_pylist())
        ]
        return pa.concat_tables(parts) if parts else shape.empty_table()

    def _ids(self, name: str, rows: Sequence[Any], **more: Any) -> set[Any]:
        return {
            found for part in _parts(rows) for (found,) in self._db.rows(name, rows=part, **more)
        }

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


def _flat(listed: pa.Table) -> pa.Table:
    """Return a row for each identifier of mentions that hold them in parallel lists."""
    parents = pc.list_parent_indices(listed.column("type"))
    lists = (pc.list_flatten(listed.column(name)) for name in listed.column_names[1:])
    columns = [listed.column("mention").take(parents), *lists]
    return pa.table(columns, names=listed.column_names)


def _parts(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(rows), _ASKED):
        yield rows[start : start + _ASKED]
