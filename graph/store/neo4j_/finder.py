"""Looking subjects up in Neo4j: by identifier digest, by name, by id."""

from collections.abc import Collection, Mapping
from typing import Any

from graph.lookup import name_key
from graph.model import RecordId, Subject, SubjectId, mention_id
from graph.store.neo4j_.database import Database
from graph.store.neo4j_.evidence import identifiers

__all__ = ["Neo4jFinder"]


class Neo4jFinder:
    """The `Finder` port."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def by_keys(self, keys: Collection[bytes]) -> list[Subject]:
        """Return subjects holding any of the identifier keys, by id."""
        return self._subjects("subjects_by_keys", keys=sorted(key.hex() for key in keys))

    def by_name(self, name: str, limit: int) -> list[Subject]:
        """Return subjects with this name (any they are recorded under), by id."""
        return self._subjects("subjects_by_name", name=name_key(name), limit=limit)

    def by_id(self, uid: str) -> Subject | None:
        """Return a current subject."""
        found = self._subjects("subject_by_id", id=uid)
        return found[0] if found else None

    def successors(self, uid: str) -> list[SubjectId]:
        """Return the current subjects of a superseded id's mentions; empty if never known."""
        return [SubjectId(now) for (now,) in self._db.rows("successors", id=uid)]

    def members(self, uid: str) -> list[Mapping[str, Any]]:
        """Return a subject's mentions: id, role, name, identifiers (masked), record, source."""
        found = self._db.rows("members", id=uid)
        return [
            {
                "mention": mention_id(RecordId(digest), role, ordinal),
                "record": digest,
                "role": role,
                "kind": kind,
                "name": name,
                "source": source,
                "strong": strong,
                "identifiers": identifiers(self._db, *lists),
            }
            for source, digest, role, ordinal, kind, name, strong, *lists in sorted(
                found, key=lambda row: row[:4]
            )
        ]

    def _subjects(self, statement: str, **values: Any) -> list[Subject]:
        return [
            Subject(SubjectId(uid), kind, name, strong)
            for uid, kind, name, strong in self._db.rows(statement, **values)
        ]
