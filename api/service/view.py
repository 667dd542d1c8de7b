"""What a caller may see of what is known: the one place where answers are cut to a role.

Outside the review roles a subject is its mentions joined by a valid identifier or a judgement:
weak rows, suspected findings and merges nobody reviewed do not exist there.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from api.check import candidate, event_body, listing_body, told
from api.service.caller import OFFICE, Caller
from api.service.roles import Permission, Role
from graph.errors import UsageError
from graph.model import Listing, Subject
from graph.ports import Finder
from graph.sanctions.findings import Finding
from graph.sanctions.inquiry import Surroundings
from graph.sanctions.rulebook import Rulebook

__all__ = ["PUBLISHED_TIES", "View", "history_body"]

PUBLISHED_TIES: Final = frozenset(
    {
        "legal_representative",
        "person_in_charge",
        "operator",
        "executive_partner",
        "chair",
        "director",
        "supervisor",
        "senior_manager",
        "shareholder",
        "branch_of",
        "successor_of",
    }
)
"""What registers publish (企业信息公示暂行条例); contacts and shared phones are not among it."""
_UNPUBLISHED: Final = frozenset({"conviction", "food_conviction", "tax_grade_d", "commitment"})
"""Listings no law orders to be published."""
_OVER: Final = frozenset({"repaired", "withdrawn", "expired"})


@dataclass(frozen=True, slots=True)
class View:
    """What one caller may see."""

    caller: Caller
    rulebook: Rulebook

    @property
    def inside(self) -> bool:
        """Whether suspected findings and weak rows may be seen."""
        return self.caller.may(Permission.SUSPECTED)

    @property
    def persons(self) -> bool:
        """Whether any person may be told of, the purpose being known."""
        return self.caller.may(Permission.PERSONS) and bool(self.caller.purpose)

    def shows(self, subject: Subject) -> bool:
        """Tell whether a subject exists for this caller."""
        if subject.kind == "person" and not self._knows(subject):
            return False
        return self.inside or subject.strong

    def _knows(self, person: Subject) -> bool:
        return self.persons or self.caller.authorised == person.id

    def demand(self, subject: Subject) -> None:
        """Refuse to tell of a subject the caller may not ask about.

        Raises:
            UsageError: E903 or E904, it is a person and role or purpose do not allow it.
        """
        if subject.kind == "person" and not self._knows(subject):
            self.caller.demand_person()

    def named(
        self, finder: Finder, hits: Iterable[Subject], by: Callable[[str], bool]
    ) -> list[Subject]:
        """Return those found by name that may be told: of persons only to who may ask by name.

        Args:
            by: Tells whether a name is one that was asked for. Outside, a row joined by a name
                alone does not lend its name to the subject.
        """
        names = self.caller.may(Permission.NAMES)
        kept = [hit for hit in hits if self.shows(hit) and (names or hit.kind != "person")]
        if self.inside:
            return kept
        return [
            hit
            for hit in kept
            if any(row["strong"] and by(row["name"]) for row in finder.members(hit.id))
        ]

    def card(self, subject: Subject) -> dict[str, Any]:
        """Return a subject as answers show it."""
        person = subject.kind == "person"
        return candidate(subject) | {"name": self.name(subject.name, person=person)}

    def name(self, name: str, *, person: bool) -> str:
        """Return a name; of a person's the public sees the first character only."""
        return name[:1] + "**" if person and self.caller.role is Role.PUBLIC and name else name

    def names(self, around: Surroundings) -> dict[str, str]:
        """Return the names sentences about a subject are told with."""
        return {
            uid: self.name(name, person=uid in around.persons) for uid, name in around.names.items()
        }

    def tells(self, finding: Finding) -> bool:
        """Tell whether a finding may be told."""
        if finding.suspected and not self.inside:
            return False
        measure = self.rulebook.measures.get(finding.measure)
        return measure is not None and self.caller.told_of(measure.sharing, finding.subject)

    def sharing(self, subject: str) -> list[str]:
        """Return the classes of sharing told about a subject, as `sharing.yaml` names them."""
        classes = sorted(self.rulebook.sharing)
        return [each for each in classes if self.caller.told_of(each, subject)]

    def findings(self, around: Surroundings, names: Mapping[str, str]) -> list[dict[str, Any]]:
        """Return the findings that may be told, by rule, with role, sentence and proof."""
        bodies = (
            told(each, names, self.caller.lang) | {"role": each.role}
            for each in around.outcome.findings
            if self.tells(each)
        )
        return sorted(bodies, key=lambda body: (body["rule"], body["id"]))

    def listings(self, listings: Sequence[Listing], as_of: date) -> list[Listing]:
        """Return the listings that may be told; what is over is the office's own matter."""
        known = [each for each in listings if not _later(each, as_of)]
        if self.inside:
            return known
        return [
            each
            for each in known
            if each.subject not in each.weakly
            and each.status_on(as_of) not in _OVER
            and not (self.caller.role is Role.PUBLIC and each.kind in _UNPUBLISHED)
        ]

    def members(self, finder: Finder, uid: str) -> list[Mapping[str, Any]]:
        """Return the mentions of a subject that may be told."""
        return [row for row in finder.members(uid) if self.inside or row["strong"]]

    def demand_case(self) -> None:
        """Refuse outside the office unless the number of the case is told.

        Raises:
            UsageError: E942.
        """
        if self.caller.role not in OFFICE and not self.caller.case:
            raise UsageError("E942")


def history_body(listing: Listing, as_of: date) -> dict[str, Any]:
    """Return a listing with what became of it."""
    return listing_body(listing, as_of) | {"events": [event_body(e) for e in listing.events]}


def _later(listing: Listing, as_of: date) -> bool:
    begins = listing.since or listing.decision_date
    return begins is not None and begins > as_of
