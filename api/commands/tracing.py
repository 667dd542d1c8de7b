"""The command that shows every way between two subjects."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from api.commands.telling import tell_coverage
from api.exits import OK
from api.paths import paths_of
from api.session import Session
from graph.paths import Bounds
from graph.texts import phrase

__all__ = ["path"]


def path(session: Session, ends: tuple[str, str], as_of: date, bounds: Bounds) -> int:
    """Show every way between two subjects on a day."""
    answer = paths_of(session.desk, *ends, as_of, bounds)
    if session.json:
        session.out.document(answer)
    else:
        _tell(session, answer)
    return OK


def _tell(session: Session, answer: Mapping[str, Any]) -> None:
    line, lang = session.out.line, session.lang
    for step in answer["coverage"]["waiting"]:
        session.out.say(phrase(f"{step}_waits", lang))
    for each in answer["unresolved"]:
        line(f"{each['query']}  {each['why']}")
        for hit in each["candidates"]:
            line("  " + phrase("subject_line", lang, **hit))
    for number, way in enumerate(answer["paths"], start=1):
        line(phrase(f"path_{way['identity']}", lang, number=number, hops=way["hops"]))
        for step in way["steps"]:
            line("  " + _hop(session, step))
    if "statement" in answer and not answer["unresolved"]:
        line(phrase("path_none", lang, hops=answer["hops"], statement=answer["statement"]))
    for bound in answer["cut"]:
        line(phrase(f"path_cut_{bound}", lang))
    tell_coverage(session, answer["coverage"])


def _hop(session: Session, step: Mapping[str, Any]) -> str:
    told = []
    for tie in step["ties"]:
        share = "" if tie["share"] is None else f" {tie['share'] * 100:.6g}%"
        told.append(tie["text"] + share)
    return phrase("list_separator", session.lang).join(told)
