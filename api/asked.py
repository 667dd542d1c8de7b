"""Whom a name, a code or an id stands for, or why that is not certain."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from api.check import Desk, candidate, find
from api.masking import hidden_text
from graph.errors import QueryError
from graph.model import Subject
from graph.texts import phrase
from loaders.name_list import Entry

__all__ = ["MOST_CANDIDATES", "Found", "identify", "unresolved"]

MOST_CANDIDATES: Final = 50


@dataclass(frozen=True, slots=True)
class Found:
    """An entry and the one subject it stands for, or why there is none.

    Attributes:
        hits: The subject, or the candidates.
        reason: '' when it is certain who is meant, else unreadable, unknown, unknown_code,
            ambiguous, person_by_name or split.
        by: code, id or name: what identified the subject.
    """

    entry: Entry
    hits: Sequence[Subject]
    reason: str
    by: str

    @property
    def subject(self) -> Subject | None:
        """Whom the entry stands for, None when that is not certain."""
        return None if self.reason else self.hits[0]


def identify(desk: Desk, entry: Entry) -> Found:
    """Return the one subject an entry stands for, else why there is none and the candidates.

    A code decides; a name only where one organisation bears it. Nobody is guessed.
    """
    finder = desk.store.finder
    if entry.fault:
        return Found(entry, (), "unreadable", "")
    asked = entry.code or entry.name
    try:
        hits, how = find(finder, desk.seal, asked)
    except QueryError:
        parts = (finder.by_id(each) for each in finder.successors(asked.strip()))
        return Found(entry, [each for each in parts if each is not None], "split", "")
    if entry.code and (how != "identifier" or not hits):
        # The code is somebody else's, or nobody's we know: its bearer is not the namesake.
        return Found(entry, finder.by_name(entry.name, MOST_CANDIDATES), "unknown_code", "")
    if how == "part" or len(hits) != 1:
        return Found(entry, hits, "ambiguous" if hits and how != "part" else "unknown", "")
    if how == "name" and hits[0].kind == "person":
        return Found(entry, hits, "person_by_name", "")
    by = "name" if how == "name" else "id" if asked.strip().startswith("s-") else "code"
    return Found(entry, hits, "", by)


def unresolved(desk: Desk, found: Found) -> dict[str, Any]:
    """Return an entry that stands for nobody certain as answers show it."""
    return {
        "query": hidden_text(found.entry.text),
        "place": found.entry.place,
        "reason": found.reason,
        "why": phrase(f"bidders_{found.reason}", desk.lang),
        "candidates": [candidate(hit) for hit in found.hits],
    }
