"""The rulebook as a document and as JSON values: what every rule says, from its file alone."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from graph.sanctions.conditions import Conditions
from graph.sanctions.explain import article_text
from graph.sanctions.findings import Cited
from graph.sanctions.rule import Duration, Effect, Reach, ReachStep, Rule, Spare
from graph.sanctions.rulebook import Rulebook
from graph.texts import Lang, phrase

__all__ = ["handbook", "rule_body", "rule_content", "rule_text"]


def rule_body(rule: Rule, as_of: date) -> dict[str, Any]:
    """Return what identifies a rule, and its articles with those in force on a day marked."""
    return {
        "id": rule.id,
        "version": rule.version,
        "kind": rule.kind,
        "mark": rule.mark,
        "enabled": rule.enabled,
        "title": dict(rule.title),
        "reason": dict(rule.reason),
        "awaits": dict(rule.awaits),
        "note": dict(rule.note),
        "listings": sorted(rule.trigger.listings),
        "measure": None if rule.effect is None else rule.effect.measure,
        "bases": [
            {
                "law": basis.law,
                "article": basis.article,
                "version": basis.version,
                "from": basis.since.isoformat(),
                "to": None if basis.until is None else basis.until.isoformat(),
                "in_force": basis.in_force(as_of),
            }
            for basis in rule.bases
        ],
    }


def rule_content(rule: Rule) -> Any:
    """Return everything a rule says as JSON values: codes sorted, dates written out."""
    return _plain(rule)


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [_plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


def handbook(book: Rulebook, lang: Lang = "en") -> str:
    """Return the whole rulebook as Markdown; docs/RULES.md holds exactly this."""
    off = sum(not rule.enabled for rule in book.rules)
    intro = phrase("rules_intro", lang, count=len(book.rules), off=off, digest=book.digest[:12])
    parts = [intro, *(rule_text(rule, book, lang) for rule in book.rules)]
    measures = [phrase("rules_measures", lang), "| --- | --- | --- | --- | --- |"]
    for code, measure in book.measures.items():
        cells = (f"`{code}`", measure.text[lang], measure.class_, measure.listed, measure.sharing)
        measures.append("| " + " | ".join(cells) + " |")
    sharing = [phrase("rules_sharing", lang), ""]
    sharing += [f"- `{code}`: {each.text[lang]}" for code, each in book.sharing.items()]
    return "\n\n".join([*parts, "\n".join(measures), "\n".join(sharing)]) + "\n"


def rule_text(rule: Rule, book: Rulebook, lang: Lang) -> str:
    """Return one rule as a Markdown section."""
    state = phrase("rules_on", lang)
    if not rule.enabled:
        state = phrase("rules_off", lang, reason=rule.reason[lang])
    lines = [
        f"## {rule.id} {rule.title[lang]}",
        "",
        phrase(
            "rules_kind", lang, kind=rule.kind, mark=rule.mark, state=state, version=rule.version
        ),
        "",
    ]
    lines += [
        f"- {phrase(f'rules_{head}', lang)}: {text}" for head, text in _told(rule, book, lang)
    ]
    lines += ["", phrase("rules_head", lang), "| --- | --- | --- | --- | --- |"]
    for basis in rule.bases:
        article = article_text(Cited(basis.law, basis.article, basis.version), lang)
        article = article.removeprefix(f"《{basis.law}》（{basis.version}）")
        article = article.removeprefix(f"《{basis.law}》({basis.version}) ")
        until = "" if basis.until is None else str(basis.until)
        cells = (basis.law, article, basis.version, str(basis.since), until)
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _told(rule: Rule, book: Rulebook, lang: Lang) -> Iterator[tuple[str, str]]:
    if rule.trigger.bids or rule.trigger.listings or rule.spares:
        yield "trigger", _trigger(rule, lang)
    for reach in rule.reach:
        yield "reach", _reach(rule, reach, book, lang)
    if rule.effect is not None:
        yield "effect", _effect(rule.effect, book, lang)
        for duration in rule.durations:
            yield "duration", _duration(duration, lang)
    if rule.mismatch is not None:
        yield "mismatch", _codes(rule.mismatch.relations) + _party(rule.mismatch.kinds, lang)
    for spare in rule.spares:
        yield "spares", _spare(spare, lang)
    if rule.states:
        yield "states", _codes(rule.states)
    if rule.awaits:
        yield "awaits", rule.awaits[lang]
    if rule.note:
        yield "note", rule.note[lang]


def _trigger(rule: Rule, lang: Lang) -> str:
    trigger = rule.trigger
    if trigger.bids:
        return phrase("rules_bids", lang)
    told = _codes(sorted(trigger.listings)) if trigger.listings else phrase("rules_any", lang)
    return told + _party(trigger.subjects, lang) + _conditions(trigger.conditions)


def _reach(rule: Rule, reach: Reach, book: Rulebook, lang: Lang) -> str:
    told = phrase(f"rules_{reach.start}", lang, sources=_codes(rule.names))
    told += "".join(f" {_step(step, lang)}" for step in reach.steps)
    if reach.listings:
        told += f" [{_codes(sorted(reach.listings))}]"
    told += _party(reach.subjects, lang) + _conditions(reach.conditions)
    if reach.needs:
        told += phrase("rules_needs", lang, sources=_codes(reach.needs))
    if reach.nobody_named:
        told += phrase("rules_nobody", lang, first=rule.names[0])
    if reach.asks:
        told += phrase("rules_asks", lang, codes=_codes(reach.asks))
    if reach.effect is not None:
        told += f"; {_effect(reach.effect, book, lang)}"
    return told + "".join(f"; {_duration(each, lang)}" for each in reach.durations)


def _step(step: ReachStep, lang: Lang) -> str:
    told = phrase(f"rules_{step.towards}", lang, relations=_codes(step.relations), when=step.when)
    return (
        told
        if step.share_over is None
        else told + phrase("rules_share", lang, share=step.share_over)
    )


def _duration(duration: Duration, lang: Lang) -> str:
    runs = "capped" if duration.runs == "listed" and duration.years else duration.runs
    most = phrase("rules_life", lang)
    if duration.at_most is not None:
        most = phrase("rules_most", lang, years=duration.at_most)
    told = phrase(
        f"rules_lasts_{runs}",
        lang,
        years=duration.years,
        anchors=_codes(duration.anchors),
        most=most,
    )
    if duration.law_from is not None:
        told += phrase("rules_law_from", lang, day=duration.law_from)
    return told + _conditions(duration.conditions)


def _spare(spare: Spare, lang: Lang) -> str:
    who = phrase(f"rules_{spare.around}", lang)
    ties = f": {_codes(spare.relations)} ({spare.when})" if spare.relations else ""
    share = "" if spare.share_up_to is None else f" ≤ {spare.share_up_to}"
    return f"`{spare.why}` – {who}{ties}{share}"


def _conditions(conditions: Conditions) -> str:
    groups = (
        ("facts", conditions.needed),
        ("only", conditions.only),
        ("unless", conditions.unless),
    )
    told = ""
    for head, group in groups:
        for each in group:
            value = each.expected
            shown = "|".join(value) if isinstance(value, tuple) else str(value).lower()
            told += f"; {head} `{each.fact}`: {shown}"
    return told


def _effect(effect: Effect, book: Rulebook, lang: Lang) -> str:
    scope = "" if effect.scope is None else phrase("rules_scope", lang, scope=effect.scope)
    return f"`{effect.measure}` {book.measures[effect.measure].text[lang]}{scope}"


def _party(kinds: Iterable[str], lang: Lang) -> str:
    codes = _codes(sorted(kinds))
    return phrase("rules_party", lang, kinds=codes) if codes else ""


def _codes(codes: Iterable[str]) -> str:
    return ", ".join(f"`{code}`" for code in codes)
