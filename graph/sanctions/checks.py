"""What a rule may not say, however well formed: the limits of DESIGN section 7."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from graph.sanctions.fields import Fields
from graph.sanctions.rule import Basis, Duration, Measure, Reach, Rule

__all__ = ["check_bases", "check_measure", "check_rule"]

MAX_HOPS: Final = 2

# Family is a fact of life, not a legal tie: nothing may walk it (国办发〔2020〕49号 asks for a
# person's own conduct). A shared door or phone says nothing about anybody either; bidders of one
# lot may be looked at for it, no more.
_NEVER_WALKED: Final = frozenset({"relative"})
_INDICATORS: Final = frozenset({"shares_phone", "shares_address"})


def check_bases(bases: Sequence[Basis], fields: Fields) -> None:
    """Refuse two versions of one law in force on the same day (E707)."""
    ordered = sorted(bases, key=lambda basis: (basis.law, basis.since))
    for earlier, later in pairwise(ordered):
        if earlier.law == later.law and (earlier.until is None or earlier.until > later.since):
            raise fields.fault(
                "E707", "bases", law=later.law, first=earlier.version, second=later.version
            )


def check_measure(measure: Measure, fields: Fields) -> None:
    """Refuse a measure with effects that no list carries (R49: 清单制)."""
    if measure.class_ != "notice" and not measure.listed:
        raise fields.fault("E717", "listed", value=measure.code)


def check_rule(rule: Rule, fields: Fields) -> None:
    """Refuse a rule that reaches too far or is switched on without evidence."""
    if rule.negative:
        # A switch on a negative rule would be a way to restrict more.
        if not rule.enabled:
            raise fields.fault("E716", "enabled", id=rule.id)
        return
    _check_switch(rule, fields)
    if not rule.reach:
        raise fields.fault("E703", "reach", key="reach")
    if not rule.trigger.listings and not rule.trigger.bids:
        raise fields.fault("E703", "trigger", key="trigger")
    for reach in rule.reach:
        _check_reach(rule, reach, fields)
    if rule.mismatch:
        _check_walked(rule, rule.mismatch.relations, fields, "mismatch")
    if rule.spares and rule.kind != "attention":
        raise fields.fault("E702", "spares", key="spares", allowed="attention, negative")
    for duration in (*rule.durations, *(each for reach in rule.reach for each in reach.durations)):
        _check_duration(duration, fields)


def _check_switch(rule: Rule, fields: Fields) -> None:
    if not rule.enabled and not rule.reason:
        raise fields.fault("E713", "reason")
    if rule.enabled and "C" in rule.mark and rule.kind != "attention":
        raise fields.fault("E712", "enabled", mark=rule.mark)


def _check_reach(rule: Rule, reach: Reach, fields: Fields) -> None:
    _check_walked(rule, [each for step in reach.steps for each in step.relations], fields, "reach")
    hops = len(reach.steps) + (rule.mismatch is not None)
    if hops > MAX_HOPS:
        raise fields.fault("E710", "reach", hops=hops, limit=MAX_HOPS)
    if (reach.start == "bidder") != rule.trigger.bids or (rule.trigger.bids and not reach.steps):
        raise fields.fault("E709", "reach", key="start")
    if (reach.start == "named" or reach.nobody_named) and not rule.names:
        raise fields.fault("E703", "names", key="names")
    # Hop two never sanctions the other firm, unless the law itself says: begun afterwards.
    bars = rule.kind == "bar" and not rule.trigger.bids
    if bars and len(reach.steps) == MAX_HOPS and reach.steps[-1].when != "after_decision":
        raise fields.fault("E715", "reach")
    if not reach.listings <= rule.trigger.listings:
        strange = ", ".join(sorted(reach.listings - rule.trigger.listings))
        allowed = ", ".join(sorted(rule.trigger.listings))
        raise fields.fault("E704", "reach", value=strange, allowed=allowed)


def _check_walked(rule: Rule, relations: Sequence[str], fields: Fields, key: str) -> None:
    looks_only = rule.kind == "attention" and rule.trigger.bids
    never = _NEVER_WALKED if looks_only else _NEVER_WALKED | _INDICATORS
    if never & set(relations):
        raise fields.fault("E711", key, value=", ".join(sorted(never & set(relations))))


def _check_duration(duration: Duration, fields: Fields) -> None:
    most, least = duration.at_most, duration.years
    if most is not None and (duration.runs != "decision" or most < (least or 0)):
        raise fields.fault("E704", "duration", value=most, allowed=f"{least}, life")
