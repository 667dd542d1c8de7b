"""`creditgraph demo`: an invented district, from department files to findings."""

from collections import Counter
from pathlib import Path
from typing import Any

from api.commands.loading import load, propagate, resolve
from api.exits import OK
from api.session import Session
from graph.sanctions.explain import sentence
from graph.sanctions.findings import Finding, finding_from
from graph.texts import phrase

__all__ = ["demo"]

_SHOWN_PER_RULE = 2


def demo(session: Session, files: Path) -> int:
    """Load the files, resolve, propagate, and print who is reached by which rule and why."""
    out, lang = session.out, session.lang
    out.line(phrase("demo_load", lang, folder=files))
    load(session, [files], None)
    out.line(phrase("demo_resolve", lang))
    resolve(session, full=False)
    out.line(phrase("demo_propagate", lang))
    propagate(session)
    findings = [finding_from(body) for body in session.store.findings.current()]
    _tell_findings(session, findings)
    for number, step in enumerate(_next_steps(session, findings), start=1):
        out.line(f"{number}. {step}")
    return OK


def _tell_findings(session: Session, findings: list[Finding]) -> None:
    shown: Counter[str] = Counter()
    counts = Counter(finding.rule for finding in findings)
    for finding in sorted(findings, key=lambda each: (each.rule, each.suspected, each.id)):
        if shown[finding.rule] == 0:
            rule = session.rulebook.rule(finding.rule)
            title = "" if rule is None else rule.title[session.lang]
            session.out.line(f"{finding.rule} {title} ({counts[finding.rule]})")
        shown[finding.rule] += 1
        if shown[finding.rule] <= _SHOWN_PER_RULE:
            session.out.line("   " + sentence(finding, _names(session, finding), session.lang))


def _names(session: Session, finding: Finding) -> dict[str, str]:
    found = {end: session.store.finder.by_id(end) for end in sorted(finding.subjects)}
    return {end: subject.name for end, subject in found.items() if subject is not None}


def _next_steps(session: Session, findings: list[Finding]) -> list[str]:
    store = session.settings.store_text
    told: dict[str, Any] = {"store": store}
    linked = next((f for f in findings if f.path and not f.suspected), None)
    steps = []
    if linked is not None:
        steps.append(phrase("demo_next_check", session.lang, subject=linked.subject, **told))
        steps.append(phrase("demo_next_explain", session.lang, finding=linked.id, **told))
    steps.append(phrase("demo_next_refused", session.lang, **told))
    steps.append(phrase("demo_next_quality", session.lang, **told))
    return steps
