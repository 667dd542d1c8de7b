"""Who of the invented district serves as an example, found in the store by what they have."""

from dataclasses import dataclass

from graph.model import Subject
from graph.sanctions.findings import finding_from
from tests.e2e.service.conftest import House

__all__ = ["Cast", "cast_of"]


@dataclass(frozen=True)
class Cast:
    """Subjects with findings.

    Attributes:
        firm: An organisation with a finding that is not suspected.
        person: A person with one.
        doubtful: Whom rows tell by a name alone, with a suspected finding.
    """

    firm: Subject
    person: Subject
    doubtful: Subject


def cast_of(house: House) -> Cast:
    """Return the cast of a house: the same in every run, though ids come from a new key."""
    with house.store() as store:
        sure: dict[bool, Subject] = {}
        doubtful = None
        found = (finding_from(body) for body in store.findings.current())
        told = [(store.finder.by_id(each.subject), each) for each in found]
        for subject, finding in sorted(told, key=lambda each: each[0].name if each[0] else ""):
            assert subject is not None
            if finding.suspected:
                doubtful = doubtful or subject
            elif finding.role == "own" or subject.kind == "person":
                sure.setdefault(subject.kind == "person", subject)
        assert doubtful is not None
        return Cast(sure[False], sure[True], doubtful)
