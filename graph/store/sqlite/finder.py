"""Looking subjects up in SQLite: by identifier digest, by name, by id."""

from collections.abc import Collection, Mapping, Sequence
from heapq import nsmallest
from typing import Any

from graph.identifiers import IdType, mask
from graph.lookup import name_key, search_rank, search_words
from graph.model import RecordId, Subject, SubjectId, mention_id
from graph.ports import PLACES
from graph.store.sqlite.database import Database

__all__ = ["SqliteFinder"]

_SUBJECT = "SELECT DISTINCT subject.uid, subject.kind, subject.name, subject.strong FROM subject "
_MEMBERS = f"""
SELECT record.digest, mention.role, mention.ordinal, mention.kind, mention.name, source.name,
       membership.strong, mention.id
FROM membership
JOIN subject ON subject.id = membership.subject
JOIN mention ON mention.id = membership.mention
JOIN record ON record.id = mention.id / {PLACES}
JOIN source ON source.id = record.source
WHERE subject.uid = ? ORDER BY source.name, record.digest, mention.role, mention.ordinal
"""
_SUCCESSORS = """
SELECT DISTINCT now.uid FROM subject AS was
JOIN membership_past ON membership_past.subject = was.id
JOIN membership ON membership.mention = membership_past.mention
JOIN subject AS now ON now.id = membership.subject
WHERE was.uid = ? AND now.uid <> was.uid ORDER BY now.uid
"""
_SEARCH = """
SELECT subject.uid, subject.kind, subject.name, subject.strong, subject_name.name_key
FROM subject_name JOIN subject ON subject.id = subject_name.subject
WHERE subject.recorded_to IS NULL
"""
_SHORTEST_INDEXED = 3


class SqliteFinder:
    """The `Finder` port."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def by_keys(self, keys: Collection[bytes]) -> list[Subject]:
        """Return subjects holding any of the identifier keys, by id."""
        places = ",".join("?" * len(keys))
        return self._subjects(
            "JOIN subject_key ON subject_key.subject = subject.id "
            f"WHERE subject_key.key IN ({places}) AND subject.recorded_to IS NULL ORDER BY 1",
            tuple(keys),
        )

    def by_name(self, name: str, limit: int) -> list[Subject]:
        """Return subjects with this name (any they are recorded under), by id."""
        return self._subjects(
            "JOIN subject_name ON subject_name.subject = subject.id "
            "WHERE subject_name.name_key = ? AND subject.recorded_to IS NULL ORDER BY 1 LIMIT ?",
            (name_key(name), limit),
        )

    def search(self, text: str, limit: int) -> list[Subject]:
        """Return subjects that have a name with every word of the text in it, best first."""
        words = search_words(text)
        if not words:
            return []
        best: dict[Subject, tuple[int, int, str]] = {}
        past = self._db.shows_the_past
        query, values = _holding(words, indexed=not past)
        for uid, kind, name, strong, key in self._db.rows(query, values):
            subject = Subject(SubjectId(uid), kind, name, bool(strong))
            rank = search_rank(words, key)
            best[subject] = min(rank, best.get(subject, rank))
        return nsmallest(limit, best, key=lambda subject: (best[subject], subject.id))

    def by_id(self, uid: str) -> Subject | None:
        """Return a current subject."""
        found = self._subjects("WHERE uid = ? AND recorded_to IS NULL", (uid,))
        return found[0] if found else None

    def successors(self, uid: str) -> list[SubjectId]:
        """Return the current subjects of a superseded id's mentions; empty if never known."""
        return [SubjectId(now) for (now,) in self._db.rows(_SUCCESSORS, (uid,))]

    def members(self, uid: str) -> list[Mapping[str, Any]]:
        """Return a subject's mentions: id, role, name, identifiers (masked), record, source."""
        return [
            {
                "mention": mention_id(RecordId(digest.hex()), role, ordinal),
                "record": digest.hex(),
                "role": role,
                "kind": kind,
                "name": name,
                "source": source,
                "strong": bool(strong),
                "identifiers": self._identifiers(mention),
            }
            for digest, role, ordinal, kind, name, source, strong, mention in self._db.rows(
                _MEMBERS, (uid,)
            )
        ]

    def _identifiers(self, mention: int) -> list[dict[str, str]]:
        found = []
        for kind, status, value in self._db.rows(
            "SELECT type, status, value FROM identifier WHERE mention = ? ORDER BY position",
            (mention,),
        ):
            text = self._db.seal.open(value).decode() if isinstance(value, bytes) else value
            found.append({"type": kind, "status": status, "value": mask(IdType(kind), text)})
        return found

    def _subjects(self, where: str, values: tuple[Any, ...]) -> list[Subject]:
        return [
            Subject(SubjectId(uid), kind, name, bool(strong))
            for uid, kind, name, strong in self._db.rows(_SUBJECT + where, values)
        ]


def _holding(words: Sequence[str], *, indexed: bool) -> tuple[str, list[str]]:
    """Return the query for names that hold every word, and its values.

    The trigram index answers for words of three characters or more; shorter ones are looked
    for in what it leaves, or in every name.
    """
    query = _SEARCH
    long = [word for word in words if indexed and len(word) >= _SHORTEST_INDEXED]
    others = [word for word in words if word not in long]
    values = list(others)
    query += "AND instr(subject_name.name_key, ?) " * len(others)
    if long:
        query += "AND subject_name.id IN (SELECT rowid FROM name_search WHERE name_search MATCH ?)"
        # Each word a phrase, which for trigrams means that the name holds it as it stands.
        values.append(" ".join('"' + word.replace('"', '""') + '"' for word in long))
    return query, values
