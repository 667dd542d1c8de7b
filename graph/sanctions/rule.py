"""One rule of law as frozen values: trigger, reach, effect, duration, basis."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from graph.sanctions.conditions import NO_CONDITIONS, Conditions

__all__ = [
    "Basis",
    "Conditions",
    "Duration",
    "Effect",
    "Measure",
    "Mismatch",
    "Reach",
    "ReachStep",
    "Rule",
    "Sharing",
    "Spare",
    "Trigger",
]


@dataclass(frozen=True, slots=True)
class Basis:
    """An article of one version of a law, in force `[since, until)`."""

    law: str
    article: str
    version: str
    since: date
    until: date | None

    def in_force(self, day: date) -> bool:
        """Tell whether this version applied on a day."""
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Measure:
    """What a finding restricts.

    Attributes:
        class_: loss_of_rights, management or notice; the kinds of the national list.
        sharing: Code of the sharing class: who may be told of a finding with this measure.
        listed: Where the list of measures carries it, '' for a mere notice (R49).
    """

    code: str
    class_: str
    text: Mapping[str, str]
    sharing: str
    listed: str = ""


@dataclass(frozen=True, slots=True)
class Sharing:
    """Who may be told: to whom it is open and what must be shown first, as texts."""

    code: str
    text: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Trigger:
    """Which listings (or bids) a rule looks at.

    Attributes:
        listings: Listing kinds; empty for a rule about bids or about any listing.
        subjects: Kinds the listed subject must have; empty for any.
        conditions: What the facts of the listing must say.
    """

    listings: frozenset[str] = frozenset()
    subjects: frozenset[str] = frozenset()
    conditions: Conditions = NO_CONDITIONS
    bids: bool = False


@dataclass(frozen=True, slots=True)
class ReachStep:
    """One hop along registered ties.

    Attributes:
        towards: `holders` goes from an organisation to who holds it, `held` the other way.
        when: violation_date; violation_or_decision (the decision's day where an order rather
            than an act counts); as_of; after_decision (begun after it and still registered);
            left_since_decision (held on the day of the decision, ended by as_of).
        kinds: Subject kinds that may be arrived at; empty for any.
        share_over: Share that must be exceeded; an unknown share never does.
    """

    relations: tuple[str, ...]
    towards: str
    when: str
    kinds: frozenset[str] = frozenset()
    share_over: float | None = None


@dataclass(frozen=True, slots=True)
class Reach:
    """One way a rule reaches subjects.

    Attributes:
        start: `listed` party, the persons `named`, or a `bidder`.
        listings: Kinds of the trigger this way is for; empty for all of them.
        subjects: Kinds the listed party must have; empty for any.
        conditions: What the facts must say beside the trigger's conditions.
        needs: Where an authority must have listed who is reached, first the one to ask for.
        nobody_named: Walk only when the decision names no person; what is reached is then
            conditional, and the first of the rule's `names` is missing.
        asks: What no record tells and has to be found out: always missing.
        effect: Instead of the rule's own effect.
        durations: Instead of the rule's own durations.
    """

    start: str
    steps: tuple[ReachStep, ...] = ()
    listings: frozenset[str] = frozenset()
    subjects: frozenset[str] = frozenset()
    conditions: Conditions = NO_CONDITIONS
    needs: tuple[str, ...] = ()
    nobody_named: bool = False
    asks: tuple[str, ...] = ()
    effect: "Effect | None" = None
    durations: "tuple[Duration, ...]" = ()


@dataclass(frozen=True, slots=True)
class Effect:
    """What a rule does to whom it reaches."""

    measure: str
    kind: str
    scope: str | None = None


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Posts a barred person may not hold: each organisation is told to verify, no more."""

    relations: tuple[str, ...]
    kinds: frozenset[str]
    measure: str


@dataclass(frozen=True, slots=True)
class Duration:
    """How long a finding lasts.

    Attributes:
        runs: `listed` while the listing lasts, `years` from an anchor, `life` from an anchor,
            `decision` for as long as the decision says, `project` undated.
        years: Length; with `listed` the end of a listing that states none itself; with
            `decision` the least the law knows, for a decision whose end is not in the records.
        at_most: With `decision` the most the law knows, None for life.
        anchors: Fields or facts of the listing to count from, the first known one.
        conditions: When this clock runs at all.
        law_from: It runs only under law applying from this day on.
    """

    runs: str
    years: int | None = None
    at_most: int | None = None
    anchors: tuple[str, ...] = ()
    conditions: Conditions = NO_CONDITIONS
    law_from: date | None = None


@dataclass(frozen=True, slots=True)
class Spare:
    """Whom a negative rule protects.

    Attributes:
        why: Reason code.
        around: `listed` party alone, or all `reached` (it and the persons a bar concerns).
        towards: holders, held or both; None when bearers of the same name are meant.
        when: as_of, ever, or other_than_violation (not in post on that day).
        share_up_to: Only owners of no more than this, or of an unknown share.
    """

    why: str
    around: str
    relations: tuple[str, ...] = ()
    towards: str | None = None
    when: str = "ever"
    share_up_to: float | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the catalogue.

    Attributes:
        kind: bar, conditional, attention or negative.
        mark: Evidence mark of the catalogue: V, K, C or two of them joined by a slash.
        reason: Why it is disabled, in both languages; empty when enabled.
        awaits: Which records it would need that nobody delivers; until then it is silent.
        note: How an open question of reading was settled, in both languages; may be empty.
        names: Where the persons a decision names are found, first the one to ask for.
        durations: The clocks; the first one running on the day asked about counts.
        version_by: `act` cites the law of the violation date, `status` that of `as_of`.
        spares: Whom it protects; beside negative rules, an attention may spare those it shows.
        states: Negative rules only: listing statuses that take everything back.
    """

    id: str
    version: int
    title: Mapping[str, str]
    kind: str
    mark: str
    enabled: bool
    bases: tuple[Basis, ...]
    reason: Mapping[str, str] = field(default_factory=dict)
    awaits: Mapping[str, str] = field(default_factory=dict)
    note: Mapping[str, str] = field(default_factory=dict)
    trigger: Trigger = Trigger()
    reach: tuple[Reach, ...] = ()
    names: tuple[str, ...] = ()
    effect: Effect | None = None
    mismatch: Mismatch | None = None
    durations: tuple[Duration, ...] = (Duration("listed"),)
    version_by: str = "status"
    spares: tuple[Spare, ...] = ()
    states: tuple[str, ...] = ()

    @property
    def negative(self) -> bool:
        """Whether it only ever stops other rules."""
        return self.kind == "negative"
