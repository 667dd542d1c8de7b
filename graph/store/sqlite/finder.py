"""Looking subjects up in SQLite: by identifier digest, by name, by id."""

from collections.abc import Collection, Mapping
from typing import Any

from graph.identifiers import IdType, mask
from graph.lookup import name_key
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
