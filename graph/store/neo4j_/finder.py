"""Looking subjects up in Neo4j: by identifier digest, by name, by id."""

import re
from collections.abc import Collection, Mapping, Sequence
from heapq import nsmallest
from typing import Any, Final

from graph.lookup import name_key, search_rank, search_words
from graph.model import RecordId, Subject, SubjectId, mention_id
from graph.store.neo4j_.database import Database
from graph.store.neo4j_.evidence import identifiers

__all__ = ["Neo4jFinder"]

# What the `cjk` analyzer surely cuts into pairs of neighbours, in a name as in a part of it.
# Of other text it makes whole words, of which a part of a name may hold a part.
_PAIRED: Final = re.compile("[\u4e00-\u9fa5]{2,}")
_LONGEST: Final = 1_000_000
"""More characters than a name has."""


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

    def search(self, text: str, limit: int) -> list[Subject]:
        """Return subjects that have a name with every word of the text in it, best first.

        Cost: that of the names which hold the words' pairs of characters; without such a pair
        every name is looked at, on the server.
        """
        words = search_words(text)
        if not words:
            return []
        asked = {"words": words, "whole": "".join(words), "span": _LONGEST, "query": _query(words)}
        reach = self._db.scalar("search_reach", **asked, limit=limit)
        best: dict[Subject, tuple[int, int, str]] = {}
        for uid, kind, name, strong, key in self._db.rows("search", **asked, reach=reach):
            subject = Subject(SubjectId(uid), kind, name, strong)
            rank = search_rank(words, key)
            best[subject] = min(rank, best.get(subject, rank))
        return nsmallest(limit, best, key=lambda subject: (best[subject], subject.id))

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


def _query(words: Sequence[str]) -> str | None:
    """Return what every name holding the words has in the index; None if that is nothing."""
    phrases = [f'+"{run}"' for word in words for run in _PAIRED.findall(word)]
    return " ".join(phrases) or None
