"""From YAML files to rules, refusing whatever the values could not honestly carry."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final

from graph.errors import DataError
from graph.model import LISTING_STATUSES, RELATION_TYPES, SUBJECT_KINDS
from graph.sanctions.checks import check_measure, check_rule
from graph.sanctions.clauses import (
    NAMES,
    known_measure,
    read_bases,
    read_both_languages,
    read_durations,
    read_effect,
    read_reach,
    read_spares,
    read_trigger,
)
from graph.sanctions.fields import Fields, read_mapping
from graph.sanctions.rule import Measure, Mismatch, Rule, Sharing, Trigger

__all__ = ["Content", "Places", "read_folder", "survey"]

_KINDS: Final = ("bar", "conditional", "attention", "negative")
_EFFECT: Final = {"bar": "restriction", "conditional": "conditional", "attention": "attention"}
_MARKS: Final = ("V", "K", "C", "V/K", "V/C", "K/C")
_COMMON: Final = ("id", "version", "title", "kind", "mark", "enabled", "reason", "note", "bases")
_TOLD: Final = ("reason", "awaits", "note")
_NEGATIVE: Final = ("trigger", "spares", "states")
_POSITIVE: Final = (
    "trigger",
    "names",
    "reach",
    "effect",
    "mismatch",
    "duration",
    "version_by",
    "spares",
    "awaits",
)
_CLASSES: Final = ("loss_of_rights", "management", "notice")
_LISTS: Final = ("national", "law")


@dataclass(frozen=True, slots=True)
class Content:
    """What a folder of rule files says; `raw` is all of it as plain mappings."""

    rules: tuple[Rule, ...]
    measures: Mapping[str, Measure]
    sharing: Mapping[str, Sharing]
    raw: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Places:
    """Where the folder of rule files and the two files beside it lie."""

    rules: Path | Traversable
    measures: Path | Traversable
    sharing: Path | Traversable


def read_folder(root: Path | Traversable) -> Content:
    """Return rules in order of id, measures and sharing classes by code.

    Raises:
        DataError: E701 to E720, the first fault found.
    """
    content, faults = survey(Places(root / "rules", root / "measures.yaml", root / "sharing.yaml"))
    if faults:
        raise faults[0]
    return content


def survey(places: Places) -> tuple[Content, list[DataError]]:
    """Return what the sound rule files say, and the first fault of each other one.

    Raises:
        DataError: Measures or sharing classes cannot be read, or there are no rule files.
    """
    sharing, raw_sharing = _sharing(places.sharing)
    measures, raw_measures = _measures(places.measures, sharing)
    raw_rules: dict[str, Any] = {}
    rules, faults = [], []
    for file in _rule_files(places):
        try:
            content = read_mapping(file)
            rule = _rule(Fields(content, file.name), measures)
            # One file a rule, called after it: no id can appear twice.
            if f"{rule.id}.yaml" != file.name:
                raise DataError("E714", where=file.name, id=rule.id)
        except DataError as fault:
            faults.append(fault)
            continue
        raw_rules[rule.id] = content
        rules.append(rule)
    raw = {"measures": raw_measures, "rules": raw_rules, "sharing": raw_sharing}
    return Content(tuple(rules), measures, sharing, raw), faults


def _rule_files(places: Places) -> list[Path | Traversable]:
    folder = places.rules
    found = sorted(folder.iterdir(), key=lambda file: file.name) if folder.is_dir() else []
    named = [
        file
        for file in found
        if file.name.endswith(".yaml") and file.name not in ("measures.yaml", "sharing.yaml")
    ]
    if not named:
        raise DataError("E720", where=str(folder))
    return named


def _sharing(file: Path | Traversable) -> tuple[Mapping[str, Sharing], Mapping[str, Any]]:
    raw = read_mapping(file)
    classes = {
        code: Sharing(code, read_both_languages(Fields(raw[code], f"sharing.yaml: {code}")))
        for code in sorted(raw)
    }
    return classes, raw


def _measures(
    file: Path | Traversable, sharing: Mapping[str, Sharing]
) -> tuple[Mapping[str, Measure], Mapping[str, Any]]:
    raw = read_mapping(file)
    measures = {
        code: _measure(code, Fields(raw[code], f"measures.yaml: {code}"), sharing)
        for code in sorted(raw)
    }
    return measures, raw


def _measure(code: str, fields: Fields, sharing: Mapping[str, Sharing]) -> Measure:
    fields.only(("class", "listed", "sharing", "text"))
    measure = Measure(
        code=code,
        class_=fields.code("class", _CLASSES),
        text=read_both_languages(fields.inner("text")),
        sharing=fields.code("sharing", sharing),
        listed=fields.code("listed", _LISTS) if fields.has("listed") else "",
    )
    check_measure(measure, fields)
    return measure


def _rule(fields: Fields, measures: Mapping[str, Measure]) -> Rule:
    kind = fields.code("kind", _KINDS)
    negative = kind == "negative"
    fields.only((*_COMMON, *(_NEGATIVE if negative else _POSITIVE)))
    rule = Rule(
        id=fields.text("id"),
        version=fields.count("version"),
        title=read_both_languages(fields.inner("title")),
        kind=kind,
        mark=fields.code("mark", _MARKS),
        enabled=fields.truth("enabled"),
        bases=read_bases(fields),
        trigger=read_trigger(fields.inner("trigger")) if fields.has("trigger") else Trigger(),
        spares=read_spares(fields) if fields.has("spares") else (),
        **_texts(fields),
        **(_negative(fields) if negative else _positive(fields, kind, measures)),
    )
    check_rule(rule, fields)
    return rule


def _texts(fields: Fields) -> dict[str, Any]:
    return {key: read_both_languages(fields.inner(key)) for key in _TOLD if fields.has(key)}


def _negative(fields: Fields) -> dict[str, Any]:
    return {"states": fields.codes("states", LISTING_STATUSES) if fields.has("states") else ()}


def _positive(fields: Fields, kind: str, measures: Mapping[str, Measure]) -> dict[str, Any]:
    told = _EFFECT[kind]
    return {
        "names": fields.codes("names", NAMES) if fields.has("names") else (),
        "reach": tuple(read_reach(each, measures, told) for each in fields.inners("reach")),
        "effect": read_effect(fields.inner("effect"), measures, told),
        "mismatch": _mismatch(fields.inner("mismatch"), measures)
        if fields.has("mismatch")
        else None,
        "durations": read_durations(fields),
        "version_by": fields.code("version_by", ("act", "status")),
    }


def _mismatch(fields: Fields, measures: Mapping[str, Measure]) -> Mismatch:
    fields.only(("relations", "kinds", "measure"))
    kinds = fields.codes("kinds", SUBJECT_KINDS) if fields.has("kinds") else ()
    return Mismatch(
        relations=fields.codes("relations", RELATION_TYPES),
        kinds=frozenset(kinds),
        measure=known_measure(fields, measures),
    )
