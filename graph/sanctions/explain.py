"""Findings and blocked rows as sentences an officer, and the party concerned, can read."""

import re
from collections.abc import Mapping
from datetime import date
from functools import cache

from graph.sanctions.findings import Blocked, Cited, Finding, Step
from graph.sanctions.rulebook import load_rulebook
from graph.texts import Lang, phrase

__all__ = [
    "article_text",
    "blocked_sentence",
    "measure_text",
    "missing_text",
    "sentence",
    "tie_text",
]

_TRADES = (
    "food",
    "seed",
    "drug",
    "cosmetics_device",
    "construction",
    "environment",
    "fire_service",
    "entertainment",
    "travel",
    "kindergarten",
    "finance",
)
_ARTICLE = re.compile(r"(\d+(?:[–、]\d+)*)(?:\((\d+)\))?((?:\([一二三四五六七八九十]+\))*)")


def sentence(finding: Finding, names: Mapping[str, str], lang: Lang = "zh") -> str:
    """Return what a finding says: whom, what, how long, by which article, along which ties.

    Args:
        finding: Any finding of the shipped rulebook.
        names: Subject id to name; an id without a name stands for itself.
        lang: zh or en.
    """
    told = phrase(
        f"finding_{finding.kind}",
        lang,
        subject=_name(finding.subject, names),
        measure=measure_text(finding.measure, lang) + _scope(finding.scope, lang),
        period=_period(finding.since, finding.until, lang),
        missing=phrase("list_separator", lang).join(
            missing_text(code, lang) for code in finding.missing
        ),
    )
    proof = phrase(
        "finding_proof",
        lang,
        rule=finding.rule,
        basis=phrase("list_separator", lang).join(
            article_text(cited, lang) for cited in finding.basis
        ),
        path=_path(finding, names, lang),
    )
    suspicion = phrase("finding_suspected", lang) if finding.suspected else ""
    return told + proof + suspicion


def blocked_sentence(blocked: Blocked, names: Mapping[str, str], lang: Lang = "zh") -> str:
    """Return why nothing follows for a subject, and which rules were stopped."""
    return phrase(
        f"blocked_{blocked.why}",
        lang,
        subject=_name(blocked.subject, names),
        rules=phrase("list_separator", lang).join(blocked.rules),
        by=blocked.by,
    )


def measure_text(code: str, lang: Lang = "zh") -> str:
    """Return what a measure restricts; a code the shipped list lacks stands for itself."""
    return _measures().get(code, {}).get(lang, code)


def missing_text(code: str, lang: Lang = "zh") -> str:
    """Return what has to be found out or obtained, for a code of `Finding.missing`."""
    return phrase(f"missing_{code}", lang)


def article_text(cited: Cited, lang: Lang = "zh") -> str:
    """Return a citation as lawyers write it."""
    if lang == "en":
        return phrase(
            "cited", lang, law=cited.law, version=cited.version, article=f"art. {cited.article}"
        )
    found = _ARTICLE.fullmatch(cited.article)
    if cited.article.startswith("（"):  # the number is still to be checked
        article = cited.article
    elif found is None:  # documents without articles are cited by their numbered part
        article = f"第{cited.article}部分"
    else:
        number, paragraph, items = found.groups()
        article = f"第{number}条" + (f"第{paragraph}款" if paragraph else "")
        article += "".join(f"第{item}项" for item in re.findall(r"\([^)]*\)", items))
    return phrase("cited", lang, law=cited.law, version=cited.version, article=article)


def _scope(scope: str | None, lang: Lang) -> str:
    if scope is None:
        return ""
    told = phrase(f"scope_{scope}", lang) if scope in _TRADES else scope
    return phrase("finding_scope", lang, scope=told)


def _path(finding: Finding, names: Mapping[str, str], lang: Lang) -> str:
    if not finding.path:
        return phrase("path_own", lang)
    return phrase("list_separator", lang).join(tie_text(step, names, lang) for step in finding.path)


def tie_text(step: Step, names: Mapping[str, str], lang: Lang = "zh") -> str:
    """Return one tie of a proof: who is what of whom, since and until when."""
    return phrase(
        "tie",
        lang,
        source=_name(step.source, names),
        target=_name(step.target, names),
        relation=phrase(f"tie_{step.type}", lang),
        span=_span(step, lang),
    )


def _span(step: Step, lang: Lang) -> str:
    if step.since is None:
        if step.until is None:
            return phrase("span_unknown", lang)
        return phrase("span_until", lang, until=step.until)
    if step.until is None:
        return phrase("span_since", lang, since=step.since)
    return phrase("span_both", lang, since=step.since, until=step.until)


def _period(since: date | None, until: date | None, lang: Lang) -> str:
    if since is None:
        return (
            phrase("period_open", lang)
            if until is None
            else phrase("period_until", lang, until=until)
        )
    if until is None:
        return phrase("period_since", lang, since=since)
    return phrase("period_both", lang, since=since, until=until)


def _name(subject: str, names: Mapping[str, str]) -> str:
    return names.get(subject) or subject


@cache
def _measures() -> Mapping[str, Mapping[str, str]]:
    return {code: measure.text for code, measure in load_rulebook().measures.items()}
