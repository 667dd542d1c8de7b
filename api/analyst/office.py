"""An open store as an analyst asks it: the verbs of the command line, answers as frames."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pyarrow as pa

from api import stores
from api.analyst import frames
from api.analyst.neighbourhood import Neighbourhood, Reach, neighbourhood_of
from api.analyst.screening import screened
from api.analyst.telling import language, told_in
from api.asked import identify
from api.bidders import bidders_of
from api.check import Desk, candidate, find
from api.explain import explain
from api.keys import load_or_make_key
from api.paths import paths_of
from api.quality import quality_rows
from api.settings import read_settings
from api.tasks import docket_of, people_of, waiting_body
from graph.errors import QueryError
from graph.model import Subject
from graph.paths import Bounds
from graph.sanctions.case import read_case, simulate
from graph.sanctions.rulebook import load_rulebook
from graph.secrecy import Seal
from loaders.manifest_reader import read_manifests
from loaders.name_list import Entry, read_list
from resolvers.compare import compare_pairs

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Office", "open_store"]


@dataclass(frozen=True)
class Office:
    """An open store; close it, or use it in a `with`.

    Attributes:
        today: The day questions are asked about unless they name one.
    """

    desk: Desk
    today: date

    # Subjects

    def search(self, text: str) -> "pd.DataFrame":
        """Return subjects by code, id, name or a part of one, the best first."""
        with told_in(self.desk.lang):
            hits, how = find(self.desk.store.finder, self.desk.seal, text)
            return frames.of_rows([candidate(hit) | {"found_by": how} for hit in hits])

    def subject(self, query: str) -> Subject:
        """Return the one subject a code, an id or an organisation's full name stands for.

        Raises:
            QueryError: E608, nobody or several; a person is not found by name alone.
        """
        with told_in(self.desk.lang):
            found = identify(self.desk, Entry(query))
            if found.subject is None:
                raise QueryError("E608", reason=found.reason, count=len(found.hits))
            return found.subject

    def subjects(self) -> "pd.DataFrame":
        """Return every subject: id, kind, name, strong."""
        return frames.of_arrow(self.desk.store.facts.subjects(None))

    def relations(self) -> "pd.DataFrame":
        """Return every statement of a tie, dates half-open, with its record."""
        return frames.of_arrow(self.desk.store.facts.relations(None))

    def mentions(self, query: str) -> "pd.DataFrame":
        """Return the mentions a subject was made of, their identifiers masked."""
        return frames.of_mentions(self.explain(self.subject(query).id)["mentions"])

    def neighbourhood(
        self, query: str, depth: int = 2, *, as_of: date | None = None, reach: Reach | None = None
    ) -> Neighbourhood:
        """Return who is tied to a subject within some hops.

        Args:
            reach: How many subjects and which types of ties; by default 150 and all.

        Raises:
            QueryError: As for `subject`.
        """
        with told_in(self.desk.lang):
            centre, day = self.subject(query), as_of or self.today
            store = self.desk.store
            return neighbourhood_of(store.facts, centre, depth, day, reach or Reach())

    # Risks

    def findings(self) -> "pd.DataFrame":
        """Return the current findings, suspected ones marked."""
        finder = self.desk.store.finder
        return frames.of_findings(self.desk.store.findings.current(), finder, self.desk.lang)

    def check(self, query: str, as_of: date | None = None) -> dict[str, Any]:
        """Return the answer of `check`: own and linked findings with proofs, and coverage."""
        with told_in(self.desk.lang):
            return self.desk.check(query, as_of or self.today)

    def risks(self, query: str, as_of: date | None = None) -> "pd.DataFrame":
        """Return the findings of `check` as a frame, each with its sentence."""
        answer = self.check(query, as_of)
        return frames.of_told([*answer["own"], *answer["linked"]], self.desk.lang)

    def explain(self, uid: str) -> dict[str, Any]:
        """Return why: of a subject, finding, listing, record, mention, batch, judgement, task."""
        with told_in(self.desk.lang):
            return explain(self.desk, uid, self.today)

    def paths(self, one: str, other: str, hops: int = 4) -> dict[str, Any]:
        """Return the answer of `path`: every way between two subjects."""
        with told_in(self.desk.lang):
            return paths_of(self.desk, one, other, self.today, Bounds(hops))

    def simulate(self, case: Mapping[str, Any], as_of: date | None = None) -> dict[str, Any]:
        """Return what the rulebook says of a hand-written case; the store is not asked."""
        with told_in(self.desk.lang):
            day, lang = as_of or self.today, self.desk.lang
            return simulate(read_case(case), self.desk.rulebook, day, lang=lang)

    def judged(self, case: Mapping[str, Any], as_of: date | None = None) -> "pd.DataFrame":
        """Return the findings of `simulate` as a frame, with the names the case gives."""
        names = {each["id"]: each["name"] for each in case["subjects"]}
        findings = self.simulate(case, as_of)["findings"]
        told = [{**each, "name": names[each["subject"]]} for each in findings]
        return frames.of_told(told, self.desk.lang)

    # Who is who

    def reviews(self) -> "pd.DataFrame":
        """Return the tasks that wait for a reviewer, the most harmful first."""
        waiting = docket_of(self.desk.store).waiting
        people = people_of(self.desk.store, {uid for each in waiting for uid in each.task.subjects})
        bodies = [waiting_body(each, people, self.desk.lang) for each in waiting]
        return frames.of_tasks(bodies)

    def compare(
        self, pairs: Iterable[tuple[str, str]], kind: Literal["organisation", "person"]
    ) -> "pd.DataFrame":
        """Return how the comparison engine weighs pairs of names, and why."""
        rows = list(pairs)
        left, right = ({"name": pa.array([row[side] for row in rows])} for side in (0, 1))
        found = compare_pairs(left, right, kind, lang=self.desk.lang)
        told = zip(rows, found.score.tolist(), found.decision, found.why, strict=True)
        return frames.of_rows(
            {"a": a, "b": b, "score": round(score, 2), "decision": decision, "why": why}
            for (a, b), score, decision, why in told
        )

    # Lists

    def screen(self, parties: Path | Iterable[str], as_of: date | None = None) -> "pd.DataFrame":
        """Return one row per party of a list: who it is, and what is found, in numbers."""
        with told_in(self.desk.lang):
            rows = screened(self.desk, self._entries(parties), as_of or self.today)
            return frames.of_rows(rows)

    def bidders(self, parties: Path | Iterable[str], opened: date) -> dict[str, Any]:
        """Return the answer of `bidders`: eligibility, ties and indicators of every pair."""
        with told_in(self.desk.lang):
            return bidders_of(self.desk, self._entries(parties), opened)

    def pairs(self, parties: Path | Iterable[str], opened: date) -> "pd.DataFrame":
        """Return what lies between bidders: one row per tie that bars and per indicator."""
        return frames.of_pairs(self.bidders(parties, opened)["pairs"])

    def quality(self) -> "pd.DataFrame":
        """Return one row per feed: department, volume, refusals, age, identifier health."""
        rows = quality_rows(self.desk.store.overview, self.desk.manifests, self.today)
        return frames.of_quality(rows, self.desk.lang)

    def _entries(self, parties: Path | Iterable[str]) -> Sequence[Entry]:
        if isinstance(parties, Path):
            return read_list(parties, self.desk.manifests)
        return [Entry(party) for party in parties]

    def close(self) -> None:
        """Close the store."""
        self.desk.store.close()

    def __enter__(self) -> "Office":
        return self

    def __exit__(self, *ended: object) -> None:
        self.close()


def open_store(
    store: str | None = None,
    *,
    lang: str | None = None,
    known_at: datetime | None = None,
) -> Office:
    """Open a store for reading; what is not given comes from CREDITGRAPH_* as for the command.

    Args:
        known_at: Answer as the store was known at this moment; None is now.

    Raises:
        StoreError: E517, there is no such store; E511 to E516, the key is not its key.
        UsageError: E101 to E104, a setting is wrong.
    """
    with told_in("en" if lang == "en" else language()):
        settings = read_settings({"store": store, "lang": lang}, os.environ)
        seal = Seal(load_or_make_key(settings.key_file))
        opened = stores.open_store(settings.store, seal, new=False, known_at=known_at)
        desk = Desk(opened, load_rulebook(), read_manifests(), seal, settings.lang)
        return Office(desk, datetime.now(UTC).astimezone().date())
