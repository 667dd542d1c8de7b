"""From YAML files to rules, refusing whatever the values could not honestly carry."""

from collections.abc import Mapping
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final

from graph.errors import DataError
from graph.model import LISTING_KINDS, LISTING_STATUSES, RELATION_TYPES, SUBJECT_KINDS
from graph.sanctions.checks import check_bases, check_rule
from graph.sanctions.fields import Fields, read_mapping
from graph.sanctions.rule import (
    Basis,
    Duration,
    Effect,
    Measure,
    Mismatch,
    Reach,
    ReachStep,
    Rule,
    Spare,
    Trigger,
)

__all__ = ["read_folder"]

_KINDS: Final = ("bar", "conditional", "attention", "negative")
_EFFECT: Final = {"bar": "restriction", "conditional": "conditional", "attention": "attention"}
_MARKS: Final = ("V", "K", "C", "V/K", "V/C", "K/C")
_COMMON: Final = ("id", "version", "title", "kind", "mark", "enabled", "reason", "bases")
_POSITIVE: Final = (
    "trigger",
    "names",
    "reach",
    "effect",
    "mismatch",
    "duration",
    "version_by",
)
_NAMES: Final = ("named", "responsible_persons", "personally_responsible")
_ANCHORS: Final = ("decision_date", "since")
_CLASSES: Final = ("loss_of_rights", "management", "notice")


def read_folder(
    root: Path | Traversable,
) -> tuple[tuple[Rule, ...], Mapping[str, Measure], Mapping[str, Any]]:
    """Return rules in order of id, measures by code, and the raw content of all files.

    Raises:
        DataError: E701 to E720.
    """
    raw_measures = read_mapping(root / "measures.yaml")
    measures = {
        code: _measure(code, Fields(raw_measures[code], f"measures.yaml: {code}"))
        for code in sorted(raw_measures)
    }
    folder = root / "rules"
    found = sorted(folder.iterdir(), key=lambda file: file.name) if folder.is_dir() else []
    named = [file for file in found if file.name.endswith(".yaml")]
    if not named:
        raise DataError("E720", where=str(folder))
    raw_rules: dict[str, Any] = {}
    rules = []
    for file in named:
        content = read_mapping(file)
        rule = _rule(Fields(content, file.name), measures)
        # One file a rule, called after it: no id can appear twice.
        if f"{rule.id}.yaml" != file.name:
            raise DataError("E714", where=file.name, id=rule.id)
        raw_rules[rule.id] = content
        rules.append(rule)
    return tuple(rules), measures, {"measures": raw_measures, "rules": raw_rules}


def _measure(code: str, fields: Fields) -> Measure:
    fields.only(("class", "text"))
    return Measure(code, fields.code("class", _CLASSES), _both_languages(fields.inner("text")))


def _both_languages(fields: Fields) -> Mapping[str, str]:
    fields.only(("zh", "en"))
    return {"zh": fields.text("zh"), "en": fields.text("en")}


def _rule(fields: Fields, measures: Mapping[str, Measure]) -> Rule:
    kind = fields.code("kind", _KINDS)
    negative = kind == "negative"
    fields.only((*_COMMON, *(("trigger", "spares", "states") if negative else _POSITIVE)))
    positive = {} if negative else _positive(fields, kind, measures)
    rule = Rule(
        id=fields.text("id"),
        version=fields.count("version"),
        title=_both_languages(fields.inner("title")),
        kind=kind,
        mark=fields.code("mark", _MARKS),
        enabled=fields.truth("enabled"),
        reason=fields.text("reason") if fields.has("reason") else "",
        bases=_bases(fields),
        trigger=_trigger(fields.inner("trigger")) if fields.has("trigger") else Trigger(),
        spares=_spares(fields) if negative and fields.has("spares") else (),
        states=fields.codes("states", LISTING_STATUSES)
        if negative and fields.has("states")
        else (),
        **positive,
    )
    check_rule(rule, fields)
    return rule


def _positive(fields: Fields, kind: str, measures: Mapping[str, Measure]) -> dict[str, Any]:
    effect = fields.inner("effect")
    effect.only(("measure", "scope"))
    return {
        "names": fields.codes("names", _NAMES) if fields.has("names") else (),
        "reach": tuple(_reach(each) for each in fields.inners("reach")),
        "effect": Effect(
            measure=_known_measure(effect, measures),
            kind=_EFFECT[kind],
            scope=effect.text("scope") if effect.has("scope") else None,
        ),
        "mismatch": _mismatch(fields.inner("mismatch"), measures)
        if fields.has("mismatch")
        else None,
        "duration": _duration(fields.inner("duration")),
        "version_by": fields.code("version_by", ("act", "status")),
    }


def _known_measure(fields: Fields, measures: Mapping[str, Measure]) -> str:
    code = fields.text("measure")
    if code not in measures:
        raise fields.fault("E708", "measure", value=code, allowed=", ".join(measures))
    return code


def _trigger(fields: Fields) -> Trigger:
    fields.only(("listings", "subjects", "facts", "bids"))
    facts: tuple[tuple[str, bool], ...] = ()
    if fields.has("facts"):
        inner = fields.inner("facts")
        inner.only(("large_debt", "serious"))
        facts = tuple(
            (fact, inner.truth(fact)) for fact in ("large_debt", "serious") if inner.has(fact)
        )
    return Trigger(
        listings=frozenset(fields.codes("listings", LISTING_KINDS))
        if fields.has("listings")
        else frozenset(),
        subjects=_subject_kinds(fields, "subjects"),
        facts=facts,
        bids=fields.has("bids") and fields.truth("bids"),
    )


def _subject_kinds(fields: Fields, key: str) -> frozenset[str]:
    return frozenset(fields.codes(key, SUBJECT_KINDS)) if fields.has(key) else frozenset()


def _reach(fields: Fields) -> Reach:
    fields.only(("start", "steps", "needs", "nobody_named"))
    return Reach(
        start=fields.code("start", ("listed", "named", "bidder")),
        steps=tuple(_step(each) for each in fields.inners("steps")) if fields.has("steps") else (),
        needs=fields.code("needs", _NAMES[1:]) if fields.has("needs") else None,
        nobody_named=fields.has("nobody_named") and fields.truth("nobody_named"),
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
        when=fields.code("when", ("violation_date", "as_of", "after_decision")),
        kinds=_subject_kinds(fields, "kinds"),
        share_over=fields.share("share_over") if fields.has("share_over") else None,
    )


def _mismatch(fields: Fields, measures: Mapping[str, Measure]) -> Mismatch:
    fields.only(("relations", "kinds", "measure"))
    return Mismatch(
        relations=fields.codes("relations", RELATION_TYPES),
        kinds=_subject_kinds(fields, "kinds"),
        measure=_known_measure(fields, measures),
    )


def _duration(fields: Fields) -> Duration:
    fields.only(("runs", "years", "from"))
    runs = fields.code("runs", ("listed", "years", "project"))
    counted = runs == "years" or fields.has("years")
    return Duration(
        runs=runs,
        years=fields.count("years") if counted else None,
        anchors=fields.codes("from", _ANCHORS) if counted else (),
    )


def _bases(fields: Fields) -> tuple[Basis, ...]:
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


def _spares(fields: Fields) -> tuple[Spare, ...]:
    spares = []
    for each in fields.inners("spares"):
        each.only(("why", "around", "relations", "towards", "when", "share_up_to"))
        by_ties = each.has("relations")
        spares.append(
            Spare(
                why=each.text("why"),
                around=each.code("around", ("listed", "reached")),
                relations=each.codes("relations", RELATION_TYPES) if by_ties else (),
                towards=each.code("towards", ("holders", "both")) if by_ties else None,
                when=each.code("when", ("as_of", "ever", "other_than_violation"))
                if by_ties
                else "ever",
                share_up_to=each.share("share_up_to") if each.has("share_up_to") else None,
            )
        )
    return tuple(spares)
