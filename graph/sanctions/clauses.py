"""The parts of a rule file as values: conditions, reach, clocks, articles, whom it spares."""

from collections.abc import Mapping
from typing import Final

from graph.model import LISTING_KINDS, RELATION_TYPES, SUBJECT_KINDS
from graph.sanctions.checks import check_bases
from graph.sanctions.conditions import FACTS_ASKED, Condition, Conditions
from graph.sanctions.fields import Fields
from graph.sanctions.rule import (
    Basis,
    Duration,
    Effect,
    Measure,
    Reach,
    ReachStep,
    Spare,
    Trigger,
)

__all__ = [
    "NAMES",
    "known_measure",
    "read_bases",
    "read_both_languages",
    "read_durations",
    "read_effect",
    "read_reach",
    "read_spares",
    "read_trigger",
]

NAMES: Final = ("named", "responsible_persons", "personally_responsible")
_CONDITIONS: Final = ("facts", "only", "unless")
_ANCHORS: Final = ("decision_date", "since", "end_of_sentence", "liquidation_end")
_WHEN: Final = (
    "violation_date",
    "violation_or_decision",
    "as_of",
    "after_decision",
    "left_since_decision",
)
_REACH: Final = (
    "start",
    "steps",
    "listings",
    "subjects",
    "needs",
    "nobody_named",
    "asks",
    "effect",
    "duration",
    *_CONDITIONS,
)
# What no record of the contract tells, and only the decision's own text can answer.
_ASKS: Final = ("post_held", "convicted")


def read_both_languages(fields: Fields) -> dict[str, str]:
    """Return a text in both languages."""
    fields.only(("zh", "en"))
    return {"zh": fields.text("zh"), "en": fields.text("en")}


def read_trigger(fields: Fields) -> Trigger:
    """Return what a rule looks at."""
    fields.only(("listings", "subjects", "bids", *_CONDITIONS))
    return Trigger(
        listings=_codes(fields, "listings", LISTING_KINDS),
        subjects=_codes(fields, "subjects", SUBJECT_KINDS),
        conditions=_conditions(fields),
        bids=fields.has("bids") and fields.truth("bids"),
    )


def read_effect(fields: Fields, measures: Mapping[str, Measure], kind: str) -> Effect:
    """Return what a rule does; a measure that is not listed is refused (E708)."""
    fields.only(("measure", "scope"))
    return Effect(
        measure=known_measure(fields, measures),
        kind=kind,
        scope=fields.text("scope") if fields.has("scope") else None,
    )


def known_measure(fields: Fields, measures: Mapping[str, Measure]) -> str:
    """Return a measure's code (E708 when the list of measures lacks it)."""
    code = fields.text("measure")
    if code not in measures:
        raise fields.fault("E708", "measure", value=code, allowed=", ".join(measures))
    return code


def read_reach(fields: Fields, measures: Mapping[str, Measure], kind: str) -> Reach:
    """Return one way of reach, with what it overrides of its rule."""
    fields.only(_REACH)
    effect = fields.inner("effect") if fields.has("effect") else None
    return Reach(
        start=fields.code("start", ("listed", "named", "bidder")),
        steps=tuple(_step(each) for each in fields.inners("steps")) if fields.has("steps") else (),
        listings=_codes(fields, "listings", LISTING_KINDS),
        subjects=_codes(fields, "subjects", SUBJECT_KINDS),
        conditions=_conditions(fields),
        needs=fields.codes("needs", NAMES) if fields.has("needs") else (),
        nobody_named=fields.has("nobody_named") and fields.truth("nobody_named"),
        asks=fields.codes("asks", _ASKS) if fields.has("asks") else (),
        effect=None if effect is None else read_effect(effect, measures, kind),
        durations=read_durations(fields) if fields.has("duration") else (),
    )


def _step(fields: Fields) -> ReachStep:
    fields.only(("relations", "towards", "when", "kinds", "share_over"))
    # Without types or without a day a step would wander through the whole register.
    for key in ("relations", "when"):
        if not fields.has(key):
            raise fields.fault("E709", key, key=key)
    if fields.value("relations") in ("any", "*", [], ["any"], ["*"]):
        raise fields.fault("E709", "relations", key="relations")
    return ReachStep(
        relations=fields.codes("relations", RELATION_TYPES),
        towards=fields.code("towards", ("holders", "held")),
        when=fields.code("when", _WHEN),
        kinds=_codes(fields, "kinds", SUBJECT_KINDS),
        share_over=fields.share("share_over") if fields.has("share_over") else None,
    )


def read_durations(fields: Fields) -> tuple[Duration, ...]:
    """Return the clocks under `duration`: one, or a list of which the first running counts."""
    if isinstance(fields.value("duration"), list):
        return tuple(_duration(each) for each in fields.inners("duration"))
    return (_duration(fields.inner("duration")),)


def _duration(fields: Fields) -> Duration:
    fields.only(("runs", "years", "at_most", "from", "law_from", *_CONDITIONS[1:]))
    runs = fields.code("runs", ("listed", "years", "life", "decision", "project"))
    counted = runs in ("years", "decision") or fields.has("years")
    anchored = counted or runs == "life"
    # Asked for, so that no forgotten line makes a bar one for life.
    bounded = runs == "decision" or fields.has("at_most")
    most = bounded and fields.value("at_most") != "life"
    return Duration(
        runs=runs,
        years=fields.count("years") if counted else None,
        at_most=fields.count("at_most") if most else None,
        anchors=fields.codes("from", _ANCHORS) if anchored else (),
        conditions=_conditions(fields),
        law_from=fields.date("law_from") if fields.has("law_from") else None,
    )


def _conditions(fields: Fields) -> Conditions:
    return Conditions(*(_condition(fields, key) for key in _CONDITIONS))


def _condition(fields: Fields, key: str) -> tuple[Condition, ...]:
    if not fields.has(key):
        return ()
    inner = fields.inner(key)
    inner.only(FACTS_ASKED)
    return tuple(
        Condition(fact, _expected(inner, fact, kind))
        for fact, kind in FACTS_ASKED.items()
        if inner.has(fact)
    )


def _expected(fields: Fields, fact: str, kind: type) -> bool | int | tuple[str, ...]:
    if kind is bool:
        return fields.truth(fact)
    return fields.texts(fact) if kind is list else fields.amount(fact)


def _codes(fields: Fields, key: str, allowed: tuple[str, ...]) -> frozenset[str]:
    return frozenset(fields.codes(key, allowed)) if fields.has(key) else frozenset()


def read_bases(fields: Fields) -> tuple[Basis, ...]:
    """Return the articles a rule rests on (E706 when there is none)."""
    if not fields.has("bases") or fields.value("bases") == []:
        raise fields.fault("E706", "bases")
    bases = []
    for each in fields.inners("bases"):
        each.only(("law", "article", "version", "in_force"))
        span = each.inner("in_force")
        span.only(("from", "to"))
        since, until = span.date("from"), span.date("to") if span.has("to") else None
        if until is not None and until <= since:
            raise span.fault("E705", "to", value=until)
        bases.append(
            Basis(each.text("law"), each.text("article"), each.text("version"), since, until)
        )
    check_bases(bases, fields)
    return tuple(bases)


def read_spares(fields: Fields) -> tuple[Spare, ...]:
    """Return whom a rule protects."""
    spares = []
    for each in fields.inners("spares"):
        each.only(("why", "around", "relations", "towards", "when", "share_up_to"))
        by_ties = each.has("relations")
        spares.append(
            Spare(
                why=each.text("why"),
                around=each.code("around", ("listed", "reached")),
                relations=each.codes("relations", RELATION_TYPES) if by_ties else (),
                towards=each.code("towards", ("holders", "held", "both")) if by_ties else None,
                when=each.code("when", ("as_of", "ever", "other_than_violation"))
                if by_ties
                else "ever",
                share_up_to=each.share("share_up_to") if each.has("share_up_to") else None,
            )
        )
    return tuple(spares)
