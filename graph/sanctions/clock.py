"""The days one listing is judged by, and which ties answer to them."""

from calendar import isleap
from dataclasses import dataclass
from datetime import date

from graph.model import Listing
from graph.network import Held, Network
from graph.sanctions.rule import Basis, Duration, Rule

__all__ = ["Clock", "Period", "add_years", "in_force", "period"]


def add_years(day: date, years: int) -> date:
    """Return the same day years later; 29 February has its day after 28 February (民法典 202)."""
    year = day.year + years
    if year > date.max.year:
        return date.max
    if (day.month, day.day) == (2, 29) and not isleap(year):
        return date(year, 3, 1)
    return day.replace(year=year)


@dataclass(frozen=True, slots=True)
class Clock:
    """The days a listing is judged by; None is unknown.

    Attributes:
        decision: Day of the decision, else of its taking effect.
        effective: Day of taking effect, else of the decision.
    """

    as_of: date
    violation: date | None = None
    decision: date | None = None
    effective: date | None = None

    @classmethod
    def of(cls, listing: Listing, as_of: date) -> "Clock":
        """Return the clock of a listing."""
        decided, begins = listing.decision_date, listing.since
        return cls(
            as_of=as_of,
            violation=listing.violation_date,
            decision=begins if decided is None else decided,
            effective=decided if begins is None else begins,
        )

    def lacks(self, network: Network, index: int, when: str) -> str | None:
        """Return what is missing to say that a tie counts: '' for nothing, None if it does not.

        Args:
            network: Holds the tie.
            index: The tie.
            when: violation_date, as_of or after_decision.
        """
        if when == "as_of":
            return "" if network.held(index, self.as_of) is not Held.NO else None
        if when == "after_decision":
            return self._begun_after(network, index)
        if self.violation is None:
            return "violation_date" if self._may_have_held(network, index) else None
        answer = network.held(index, self.violation)
        if answer is Held.NO:
            return None
        return "" if answer is Held.YES else "relation_since"

    def _may_have_held(self, network: Network, index: int) -> bool:
        # A violation precedes its decision: who came later cannot have held the post.
        since = network.since(index)
        return since is None or since <= (self.decision or self.as_of)

    def _begun_after(self, network: Network, index: int) -> str | None:
        if network.held(index, self.as_of) is Held.NO:
            return None
        since = network.since(index)
        if self.decision is None:
            return "decision_date"
        if since is None:
            return "relation_since"
        return "" if since > self.decision else None


@dataclass(frozen=True, slots=True)
class Period:
    """When a finding applies, and what its end could not be counted from."""

    since: date | None
    until: date | None
    missing: tuple[str, ...] = ()

    def begun(self, as_of: date) -> bool:
        """Tell whether it has begun as far as is known."""
        return self.since is None or self.since <= as_of

    def over(self, as_of: date) -> bool:
        """Tell whether it has ended."""
        return self.until is not None and self.until <= as_of


def period(duration: Duration, listing: Listing) -> Period:
    """Return when a rule's effect applies for a listing.

    A listing that states its own end ends the effect too, whatever the law would allow.
    """
    dates = {"decision_date": listing.decision_date, "since": listing.since}
    known = [dates[anchor] for anchor in duration.anchors if dates[anchor] is not None]
    anchor = known[0] if known else None
    end = add_years(anchor, duration.years) if anchor and duration.years else None
    if duration.runs == "listed":
        begins = listing.since if listing.since is not None else listing.decision_date
        return Period(begins, listing.until if listing.until is not None else end)
    if anchor is None:
        return Period(None, listing.until, (duration.anchors[0],))
    ends = [day for day in (end, listing.until) if day is not None]
    return Period(anchor, min(ends, default=None))


def in_force(rule: Rule, clock: Clock) -> tuple[Basis, ...]:
    """Return the articles a rule rests on for a listing; none means it cannot be applied.

    A bar that follows from an act is judged by the law of the act's day, else of its decision
    (DESIGN section 7); a status by the law of the day asked about.
    """
    day = clock.as_of
    if rule.version_by == "act":
        day = clock.violation or clock.decision or clock.as_of
    return tuple(basis for basis in rule.bases if basis.in_force(day))
