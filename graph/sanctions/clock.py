"""The days one listing is judged by, and which ties answer to them."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from graph.model import Listing
from graph.network import Held, Network
from graph.sanctions.rule import Basis, Duration, Rule

__all__ = ["Clock", "Period", "add_months", "add_years", "in_force", "period"]


def add_years(day: date, years: int) -> date:
    """Return the same day years later; 29 February has its day after 28 February (民法典 202)."""
    return add_months(day, 12 * years)


def add_months(day: date, months: int) -> date:
    """Return the same day months later, as the first day after a term that began on `day`.

    A term ends on the last day of a month that has no such day (民法典 202); the day after it is
    the first of the next month.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    if day.day <= monthrange(year, month + 1)[1]:
        return date(year, month + 1, day.day)
    year, month = divmod(year * 12 + month + 1, 12)
    return date(year, month + 1, 1)


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

    @property
    def law(self) -> date:
        """The day whose law judges an act: its own, else its decision's."""
        return self.violation or self.decision or self.as_of

    def lacks(self, network: Network, index: int, when: str) -> str | None:
        """Return what is missing to say that a tie counts: '' for nothing, None if it does not.

        Args:
            network: Holds the tie.
            index: The tie.
            when: As in `ReachStep`.
        """
        if when == "as_of":
            return "" if network.held(index, self.as_of) is not Held.NO else None
        if when == "after_decision":
            return self._begun_after(network, index)
        if when == "left_since_decision":
            return self._left_since(network, index)
        day = self.violation
        if day is None and when == "violation_or_decision":
            day = self.decision
        if day is None:
            return "violation_date" if self._may_have_held(network, index) else None
        answer = network.held(index, day)
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

    def _left_since(self, network: Network, index: int) -> str | None:
        left = network.until(index)
        if left is None or left > self.as_of or self.decision is None:
            return None
        return None if network.held(index, self.decision) is Held.NO else ""


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

    def running(self, as_of: date) -> bool:
        """Tell whether it has begun and not ended."""
        return self.begun(as_of) and not self.over(as_of)


def period(durations: Sequence[Duration], listing: Listing, clock: Clock) -> Period | None:
    """Return when a rule's effect applies for a listing, None when no clock of it runs.

    Of several clocks (from the decision, from the end of a sentence) the first running on the
    day asked about counts, else the first.
    """
    spans = [_span(each, listing, clock.as_of) for each in durations if _apt(each, listing, clock)]
    if len(spans) == 1:
        return spans[0]
    running = [each for each in spans if each.since is not None and each.running(clock.as_of)]
    return next(iter((*running, *spans)), None)


def _apt(duration: Duration, listing: Listing, clock: Clock) -> bool:
    if duration.conditions.lacking(listing.facts) is None:
        return False
    since = duration.law_from
    return since is None or since <= clock.law


def _span(duration: Duration, listing: Listing, as_of: date) -> Period:
    """Return the period of one clock.

    A listing that states its own end ends the effect too, whatever the law would allow.
    """
    anchor = _anchor(duration, listing)
    end = None if anchor is None or duration.years is None else add_years(anchor, duration.years)
    if duration.runs == "listed":
        begins = listing.since if listing.since is not None else listing.decision_date
        return Period(begins, listing.until if listing.until is not None else end)
    if duration.runs == "project":
        return Period(None, None)
    if anchor is None:
        return Period(None, listing.until, (duration.anchors[0],))
    if duration.runs == "decision":
        return _as_decided(duration, anchor, listing, as_of)
    ends = [day for day in (end, listing.until) if day is not None]
    return Period(anchor, min(ends, default=None))


def _as_decided(duration: Duration, anchor: date, listing: Listing, as_of: date) -> Period:
    """Return the term a decision sets: its own end within what the law knows.

    An end the records lack is certain only up to the least the law knows; from there to the
    most it has to be read in the decision.
    """
    most = None if duration.at_most is None else add_years(anchor, duration.at_most)
    if listing.until is not None:
        return Period(anchor, listing.until if most is None else min(listing.until, most))
    least = add_years(anchor, duration.years or 0)
    if as_of < least or most == least:
        return Period(anchor, least)
    return Period(anchor, most, ("until",))


def _anchor(duration: Duration, listing: Listing) -> date | None:
    dates = {
        "decision_date": listing.decision_date,
        "since": listing.since,
        "end_of_sentence": listing.facts.get("end_of_sentence"),
        "liquidation_end": listing.facts.get("liquidation_end"),
    }
    return next((dates[each] for each in duration.anchors if dates[each] is not None), None)


def in_force(rule: Rule, clock: Clock) -> tuple[Basis, ...]:
    """Return the articles a rule rests on for a listing; none means it cannot be applied.

    A bar that follows from an act is judged by the law of the act's day, else of its decision
    (DESIGN section 7); a status by the law of the day asked about.
    """
    day = clock.law if rule.version_by == "act" else clock.as_of
    return tuple(basis for basis in rule.bases if basis.in_force(day))
