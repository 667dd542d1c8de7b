"""Before a Neo4j database is used: is it ours, of a schema we know, under our key?"""

from typing import Final, Literal

from graph.errors import StoreError
from graph.store.neo4j_.database import Database
from graph.store.neo4j_.statements import migrations

__all__ = ["Want", "make_ready"]

_HOLDERS: Final = 5
"""Schema since which holders speak for a body, too; what was resolved before waits again."""

_UNSURE: Final = 4
"""Schema since which a relation tells its unsure records; what was drawn before is drawn anew."""

Want = Literal["known", "new", "copy"]
"""What may be opened: a store that is there; also a database that holds none yet, which becomes
one; also a store that a stopped copy left half taken over, which the next copy removes."""


def make_ready(database: Database, want: Want = "new") -> None:
    """Bring the schema up to date and match the key.

    Schema statements cannot share a transaction with data; each is harmless when repeated, so
    a stop in between, or another process doing the same, leaves nothing to mend.

    Raises:
        StoreError: E501 another key, E502 newer than this program, E517 no store is there,
            E525 another program's data, E533 a copy into it was stopped.
    """
    where, fingerprint = database.server.uri, database.seal.fingerprint().hex()
    newest = migrations()[-1][0]
    schema, key = _known(database)
    if schema is None:
        labels = [label for (label,) in database.rows("foreign_labels")]
        if labels:
            raise StoreError("E525", where=where, labels=", ".join(labels))
        if want == "known":
            raise StoreError("E517", where=where)
    if (schema or 0) > newest:
        raise StoreError("E502", where=where, found=schema, known=newest)
    if (schema or 0) < newest:
        _migrate(database, schema or 0, fingerprint)
        _, key = _known(database)
    if key != fingerprint:
        raise StoreError("E501", where=where)
    if want != "copy" and database.scalar("copying"):
        raise StoreError("E533", where=where)


def _migrate(database: Database, schema: int, fingerprint: str) -> None:
    for number, statements in migrations():
        if number > schema:
            database.define(statements)
    database.run("wait_for_indexes")
    if 0 < schema < _HOLDERS:
        database.run("resolve_anew")
    if 0 < schema < _UNSURE:
        database.run("put_drawn", through=0)
    database.run("put_meta", schema=migrations()[-1][0], fingerprint=fingerprint)


def _known(database: Database) -> tuple[int | None, str | None]:
    found = database.rows("store_meta")
    return (found[0][0], found[0][1]) if found else (None, None)
