"""Commands that answer: check, explain, simulate, status, quality."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from api.commands.telling import tell_coverage
from api.exits import FINDINGS, OK
from api.explain import explain as explain_id
from api.quality import quality_rows
from api.session import Session
from api.steps import stale_steps
from api.why import pair_body
from graph.errors import DataError
from graph.model import SubjectId
from graph.sanctions.case import answer_body, read_case, read_listing
from graph.sanctions.case import simulate as judge
from graph.sanctions.inquiry import assess_added
from graph.sanctions.rulebook import Rulebook
from graph.texts import Lang, phrase

__all__ = ["changes", "check", "explain", "quality", "simulate", "status", "what_if"]

_LISTING_HEADS: Final = ("kind", "status", "authority", "decision_number", "since", "until")


def check(session: Session, query: str, as_of: date) -> int:
    """Answer a subject's own and linked risks; return 1 if there is something to look at."""
    answer = session.desk.check(query, as_of)
    if session.json:
        session.out.document(answer)
    else:
        _tell(session, answer)
    return FINDINGS if answer["own"] or answer["linked"] or answer["candidates"] else OK


def _tell(session: Session, answer: Mapping[str, Any]) -> None:
    line, lang = session.out.line, session.lang
    for step in answer["coverage"]["waiting"]:
        session.out.say(phrase(f"{step}_waits", lang))
    if answer["candidates"]:
        line(phrase("candidates", lang))
        _rows(session, answer["candidates"], ("id", "kind", "name", "identity"))
    if answer["subject"] is not None:
        line(phrase("subject_line", lang, **answer["subject"]))
    for part in ("own", "linked"):
        _told_findings(session, part, answer[part])
    past = [item for item in answer["historical"] if item["status"] != "repaired"]
    parts = {"listings": answer["listings"], "repaired": answer["repaired"], "historical": past}
    for part, items in parts.items():
        if items:
            line(phrase(f"part_{part}", lang, count=len(items)))
            _rows(session, items, _LISTING_HEADS)
    if "statement" in answer:
        line(answer["statement"])
    tell_coverage(session, answer["coverage"])


def _told_findings(session: Session, part: str, findings: Sequence[Mapping[str, Any]]) -> None:
    if findings:
        session.out.line(phrase(f"part_{part}", session.lang, count=len(findings)))
    for finding in findings:
        session.out.line(f"  [{finding['rule']}] {finding['text']}")


def _rows(session: Session, items: Sequence[Mapping[str, Any]], heads: Sequence[str]) -> None:
    session.table(heads, [tuple(item[head] or "" for head in heads) for item in items])


def explain(session: Session, uid: str, other: str | None) -> int:
    """Tell why a merge, a finding or a refusal is, or why two are one or not."""
    if other is None:
        answer = explain_id(session.desk, uid, session.today)
    else:
        answer = pair_body(session.desk, uid, other)
    if session.json:
        session.out.document(answer)
        return OK
    single = {key: value for key, value in answer.items() if not isinstance(value, list)}
    session.pairs({key: _shown(session, value) for key, value in single.items()})
    for key, value in answer.items():
        if isinstance(value, list) and value:
            session.out.line(f"{key}:")
            for item in value:
                session.out.line("  " + _one_line(item))
    return OK


def _shown(session: Session, value: Any) -> Any:
    if isinstance(value, bool):
        return phrase("said_yes" if value else "said_no", session.lang)
    return _one_line(value) if isinstance(value, Mapping) else value


def _one_line(item: Any) -> str:
    if not isinstance(item, Mapping):
        return str(item)
    return json.dumps(item, ensure_ascii=False, default=str)


def simulate(case: Path, rulebook: Rulebook, as_of: date, lang: Lang) -> dict[str, Any]:
    """Judge a case file; no store is opened.

    Raises:
        DataError: The file is not JSON, or the case says something unknown.
    """
    return judge(read_case(_document(case)), rulebook, as_of, lang=lang)


def what_if(session: Session, file: Path, as_of: date) -> int:
    """Tell what one more listing on a subject of the store would yield; nothing is written.

    Raises:
        DataError: As for `simulate`; E757 when the store holds no such subject.
    """
    facts = session.store.facts

    def known(ids: set[str]) -> set[str]:
        return set(facts.subjects({SubjectId(each) for each in ids}).column("id").to_pylist())

    listing = read_listing(_document(file), known)
    outcome, names = assess_added(facts, session.rulebook, listing, as_of)
    answer = answer_body(outcome, names, session.rulebook, as_of, lang=session.lang)
    session.out.document(answer)
    return FINDINGS if answer["findings"] else OK


def _document(file: Path) -> object:
    try:
        return json.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise DataError("E430", where=str(file), reason=str(error)) from error


def changes(session: Session, after: int, limit: int) -> int:
    """Tell how findings changed after a cursor, and the cursor to go on from."""
    found = session.store.findings.changes(after, limit)
    body: dict[str, Any] = {
        "changes": [
            {
                "cursor": each.cursor,
                "at": each.at.isoformat(),
                "what": each.what,
                "finding": each.finding,
                "subject": each.subject,
                "rule": each.rule,
                "kind": each.kind,
                "suspected": each.suspected,
            }
            for each in found
        ],
        "next": found[-1].cursor if found else after,
    }
    if session.json:
        session.out.document(body)
        return OK
    _rows(session, body["changes"], ("cursor", "at", "what", "rule", "kind", "subject", "finding"))
    return OK


def status(session: Session) -> int:
    """Tell where the store and its key lie, what it holds, and which steps wait."""
    counts = session.store.overview.status()
    waiting = session.store.facts.waiting_events()
    body = {
        "store": session.settings.store_text,
        "key_file": str(session.settings.key_file),
        **counts,
        "stale": stale_steps(session.store, session.rulebook, session.today),
        "waiting_events": [
            {
                "record": event.record,
                "status": event.status,
                "authority": event.authority,
                "decision_number": event.decision_number,
            }
            for event in waiting
        ],
    }
    if session.json:
        session.out.document(body)
        return OK
    shown = {**body, "waiting_events": len(waiting), "stale": ", ".join(body["stale"])}
    shown["subjects"] = ", ".join(f"{kind} {count}" for kind, count in body["subjects"].items())
    session.pairs(shown)
    session.out.line(phrase("key_warning", session.lang))
    return OK


def quality(session: Session) -> int:
    """Report volume, refusals, timeliness and identifier health by department."""
    rows = quality_rows(session.store.overview, session.manifests, session.today)
    if session.json:
        session.out.document({"as_of": session.today.isoformat(), "sources": rows})
        return OK
    heads = (
        "department",
        "source",
        "read",
        "accepted",
        "refused",
        "repeated",
        "mended",
        "data_date",
        "stale",
        "full_identifiers",
    )
    session.table(heads, [_quality_cells(session, row, heads) for row in rows])
    return OK


def _quality_cells(
    session: Session, row: Mapping[str, Any], heads: Sequence[str]
) -> tuple[Any, ...]:
    told = {
        **row,
        "department": row["department"].get(session.lang, ""),
        "stale": phrase("said_yes" if row["stale"] else "said_no", session.lang),
        "full_identifiers": (
            "" if row["full_identifiers"] is None else f"{row['full_identifiers']:.1%}"
        ),
    }
    return tuple("" if told[head] is None else told[head] for head in heads)
