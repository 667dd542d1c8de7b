"""What a rule may not say, however well formed: the limits of DESIGN section 7."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from graph.sanctions.fields import Fields
from graph.sanctions.rule import Basis, Reach, Rule

__all__ = ["check_bases", "check_rule"]

MAX_HOPS: Final = 2

# Family and shared doors are facts of life, not legal ties: no sanction may walk them
# (国办发〔2020〕49号 asks for a person's own conduct; domain section 3.2, INDICATOR ties).
_NEVER_WALKED: Final = frozenset({"relative", "shares_phone", "shares_address"})


def check_bases(bases: Sequence[Basis], fields: Fields) -> None:
    """Refuse two versions of one law in force on the same day (E707)."""
    ordered = sorted(bases, key=lambda basis: (basis.law, basis.since))
    for earlier, later in pairwise(ordered):
        if earlier.law == later.law and (earlier.until is None or earlier.until > later.since):
            raise fields.fault(
                "E707", "bases", law=later.law, first=earlier.version, second=later.version
            )


def check_rule(rule: Rule, fields: Fields) -> None:
    """Refuse a rule that reaches too far or is switched on without evidence."""
    if rule.negative:
        # A switch on a negative rule would be a way to restrict more.
        if not rule.enabled:
            raise fields.fault("E716", "enabled", id=rule.id)
        return
    if not rule.enabled and not rule.reason:
        raise fields.fault("E713", "reason")
    if rule.enabled and "C" in rule.mark and rule.kind != "attention":
        raise fields.fault("E712", "enabled", mark=rule.mark)
    if not rule.reach:
        raise fields.fault("E703", "reach", key="reach")
    if not rule.trigger.listings and not rule.trigger.bids:
        raise fields.fault("E703", "trigger", key="trigger")
    for reach in rule.reach:
        _check_reach(rule, reach, fields)
    if rule.mismatch and _NEVER_WALKED & set(rule.mismatch.relations):
        raise fields.fault("E711", "mismatch", value=_forbidden(rule.mismatch.relations))


def _check_reach(rule: Rule, reach: Reach, fields: Fields) -> None:
    walked = {relation for step in reach.steps for relation in step.relations}
    if _NEVER_WALKED & walked:
        raise fields.fault("E711", "reach", value=_forbidden(walked))
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


def _forbidden(relations: Sequence[str] | set[str]) -> str:
    return ", ".join(sorted(_NEVER_WALKED & set(relations)))
