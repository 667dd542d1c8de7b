"""Questions about one subject: who is meant, and what a caller is told of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any, Final

from api.check import Desk, by_identifiers, coverage, listing_body, readings
from api.service.caller import Caller
from api.service.found import Found, holds, of_kind
from api.service.front import Standing, standing_of
from api.service.running import Running
from api.service.view import View, history_body
from api.wire.check import Question
from graph.errors import QueryError, UsageError
from graph.lookup import name_key, search_words
from graph.model import Subject, SubjectId
from graph.ports import Finder, Store
from graph.sanctions.explain import blocked_sentence
from graph.sanctions.findings import Outcome, finding_from
from graph.sanctions.inquiry import Surroundings, assess_one
from graph.texts import phrase

__all__ = ["Inquiry", "asking"]

_MOST_CANDIDATES: Final = 50
_MOST_SIMILAR: Final = 10
_MOST_LOOKED_AT: Final = 800


@dataclass(frozen=True)
class Inquiry:
    """One caller's questions to one state of the store on one day.

    Attributes:
        past: The store is shown as it was known at an earlier moment.
        standing: How the store stands to the day, where that is known already.
    """

    store: Store
    running: Running
    caller: Caller
    as_of: date
    past: bool = False
    standing: Standing | None = None

    @cached_property
    def view(self) -> View:
        """What the caller may see."""
        return View(self.caller, self.running.rulebook)

    @cached_property
    def desk(self) -> Desk:
        """The desk the command line asks, too."""
        running = self.running
        return Desk(self.store, running.rulebook, running.manifests, running.seal, self.caller.lang)

    @property
    def finder(self) -> Finder:
        """Where subjects are looked up."""
        return self.store.finder

    def locate(self, uid: str) -> Subject:
        """Return the subject of an id, or the one that took its place.

        Raises:
            QueryError: E603 nothing the caller may see has this id, E602 it was split.
            UsageError: E903 or E904, it is a person.
        """
        self.note(uid)
        found = self.finder.by_id(uid)
        if found is not None:
            now = [found]
        else:
            parts = (self.finder.by_id(each) for each in self.finder.successors(uid))
            now = [each for each in parts if each is not None]
        if len(now) == 1:
            self.view.demand(now[0])
        shown = [each for each in now if self.view.shows(each)]
        if not shown:
            raise QueryError("E603", where=uid)
        if len(shown) > 1:
            raise QueryError("E602", where=uid, successors=", ".join(each.id for each in shown))
        self.caller.trail.told([shown[0].id])
        self.meant(shown[0].id)
        return shown[0]

    def meant(self, uid: str) -> None:
        """Note a subject the question is about: its answer uses an authorisation for it up."""
        self.caller.trail.meant.add(uid)

    def note(self, text: str) -> None:
        """Note what was asked for, as a keyed digest."""
        self.caller.trail.asked.append(self.running.seal.key_of("asked", text).hex())

    def find(self, question: Question) -> Found:
        """Return who may be meant, and what found them: identifier, name or part.

        Raises:
            UsageError: E903 or E904, a person's number was asked for; E940 no valid code.
            QueryError: E602 the id was split.
        """
        if question.subject is not None:
            return Found([self.locate(question.subject)], "identifier")
        if question.identifier is not None:
            return Found(self._by_code(question.identifier), "identifier")
        return self._by_name(question.name or "")

    def _by_code(self, text: str) -> list[Subject]:
        found = readings(text)
        if not found:
            raise UsageError("E940")
        self.note(found[0].value)
        if found[0].personal and not self.caller.authorised:
            self.caller.demand_person()
        hits = by_identifiers(self.finder, self.running.seal, found)
        return [hit for hit in hits if self.view.shows(hit)]

    def _by_name(self, name: str, limit: int = _MOST_SIMILAR, kind: str | None = None) -> Found:
        self.note(name)
        key = name_key(name)
        hits = self.view.named(
            self.finder,
            self.finder.by_name(name, _MOST_CANDIDATES),
            lambda each: name_key(each) == key,
        )
        if hits:
            return Found(of_kind(hits, kind)[: max(limit, 2)], "name")
        return self.similar(name, limit, kind)

    def similar(self, text: str, limit: int, kind: str | None = None) -> Found:
        """Return subjects with every word of a text in a name, the best first.

        Who may be told of few is looked for further down, so that others who come first are no
        reason to say that there is nobody.
        """
        words, asked = search_words(text), limit
        while words:
            found = self.finder.search(text, asked)
            named = self.view.named(self.finder, found, lambda each: holds(each, words))
            shown = of_kind(named, kind)
            if len(shown) >= limit or len(found) < asked:
                return Found(shown[:limit], "part")
            if asked >= _MOST_LOOKED_AT:
                return Found(shown, "part", cut=True)
            asked = min(4 * asked, _MOST_LOOKED_AT)
        return Found([], "part")

    def search(self, text: str, limit: int, kind: str | None = None) -> Found:
        """Return subjects a text of any sort may mean, the best first, and what found them.

        Args:
            kind: Only subjects of this kind.

        Raises:
            UsageError: E903 or E904, a person's number was asked for.
        """
        if readings(text):
            hits = self._by_code(text)
            if hits:
                return Found(of_kind(hits, kind)[:limit], "identifier")
        return self._by_name(text, limit, kind)

    def check(self, question: Question) -> dict[str, Any]:
        """Return one answer of a check: the subject with all that may be told, or candidates."""
        hits, how, _ = self.find(question)
        self.caller.trail.told(hit.id for hit in hits)
        sure = how == "identifier" or (how == "name" and hits[0].kind != "person")
        for hit in hits if sure else ():
            self.meant(hit.id)
        if len(hits) == 1 and sure:
            return {"status": 200, "query_by": how, "candidates": []} | self.about(hits[0])
        return {
            "status": 200,
            "query_by": how,
            "subject": None,
            "candidates": [self.view.card(hit) for hit in hits],
            "statement": None if hits else self.statement(nobody=True),
        }

    def about(self, subject: Subject) -> dict[str, Any]:
        """Return all that may be told of a subject: listings, findings, what was stopped."""
        around = self.around(subject)
        view, names = self.view, self.view.names(around)
        findings = view.findings(around, names)
        listings = view.listings(around.listings, self.as_of)
        now = [each for each in listings if each.status_on(self.as_of) in ("effective", "objected")]
        for each in findings:
            for step in each["path"]:
                self.caller.trail.told((step["from"], step["to"]))
        body: dict[str, Any] = {
            "subject": view.card(subject),
            "sharing": view.sharing(subject.id),
            "listings": [listing_body(each, self.as_of) for each in now],
            "own": [each for each in findings if each["role"] == "own"],
            "linked": [each for each in findings if each["role"] == "linked"],
            "statement": None,
        }
        if view.inside:
            past = [history_body(each, self.as_of) for each in listings if each not in now]
            body |= {"historical": past, "blocked": self._blocked(around, names)}
        if not (now or findings):
            body["statement"] = self.statement(nobody=False)
        return body

    def around(self, subject: Subject) -> Surroundings:
        """Return what the rules say of a subject on the day.

        Where findings of the day stand and nothing waits, those kept are what asking the
        evidence afresh would give, in a tenth of the time; what negative rules stopped is not
        kept, so the office is always answered afresh.
        """
        if self.view.inside or not self.settled:
            return assess_one(self.store.facts, self.running.rulebook, subject.id, self.as_of)
        found = tuple(map(finding_from, self.store.findings.of(subject.id)))
        listings = self.store.facts.listings({subject.id})
        people = {SubjectId(each) for one in found for each in one.subjects} - {subject.id}
        known = self.store.facts.subjects(people).to_pylist() if people else []
        kinds = {row["id"]: row["kind"] for row in known} | {subject.id: subject.kind}
        return Surroundings(
            outcome=Outcome(found, ()),
            listings=tuple(each for each in listings if each.subject == subject.id),
            names={row["id"]: row["name"] for row in known} | {subject.id: subject.name},
            persons=frozenset(each for each, kind in kinds.items() if kind == "person"),
        )

    @cached_property
    def settled(self) -> bool:
        """Whether findings of the day stand and nothing waits that could change them."""
        return not self.past and self._stands.settled

    @cached_property
    def _stands(self) -> Standing:
        return self.standing or standing_of(self.store, self.running.rulebook, self.as_of)

    def _blocked(self, around: Surroundings, names: dict[str, str]) -> list[dict[str, Any]]:
        return [
            {
                "rules": list(each.rules),
                "by": each.by,
                "listing": each.listing,
                "text": blocked_sentence(each, names, self.caller.lang),
            }
            for each in around.outcome.blocked
        ]

    @cached_property
    def cover(self) -> dict[str, Any]:
        """Which departments' data the answers rest on."""
        if self.past:
            return coverage(self.store.overview, self.running.manifests, self.as_of)
        waiting = self._stands.waiting
        return self.running.covering.of(self.store.overview, self.as_of, waiting)

    def statement(self, *, nobody: bool) -> str:
        """Return the words of an empty answer; never that somebody is without risk."""
        told = {"as_of": self.as_of.isoformat(), "departments": self.cover["departments"]}
        if nobody:
            return phrase("nobody_found", self.caller.lang, **told)
        if self.view.inside:
            return phrase("nothing_found", self.caller.lang, **told)
        # What may not be told may still be there: the words must not deny it.
        return phrase("nothing_told", self.caller.lang, **told)


@contextmanager
def asking(
    running: Running,
    caller: Caller,
    as_of: date | None = None,
    known_at: datetime | None = None,
) -> Iterator[Inquiry]:
    """Open an inquiry; an authorisation the request shows is used up when its answer leaves.

    Raises:
        UsageError: E906, the authorisation is not accepted.
        StoreError: The store is busy or cannot be used.
    """
    if caller.token:
        subject, purpose = running.authorisations.about(caller.token, running.clock())
        caller.trail.opened = subject
        caller = replace(caller, authorised=subject, purpose=caller.purpose or purpose)
    with running.pool.reading(known_at) as store:
        yield Inquiry(store, running, caller, as_of or running.today, known_at is not None)
