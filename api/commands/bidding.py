"""The command that looks at the bidders of one tender side by side."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from api.bidders import bidders_of
from api.bidders_sheet import write_bidders
from api.commands.telling import tell_coverage
from api.exits import FINDINGS, OK
from api.session import Session
from graph.texts import phrase
from loaders.name_list import Entry, read_list

__all__ = ["bidders"]

_FILES = frozenset({".csv", ".txt", ".tsv", ".xlsx", ".xls"})


def bidders(session: Session, asked: Sequence[str], opened: date, xlsx: Path | None) -> int:
    """Compare bidders with each other; return 1 if there is something to look at."""
    entries = [entry for each in asked for entry in _entries(session, each)]
    answer = bidders_of(session.desk, entries, opened)
    if xlsx is not None:
        write_bidders(answer, xlsx, session.lang)
        session.out.say(phrase("bidders_written", session.lang, out=xlsx))
    if session.json:
        session.out.document(answer)
    else:
        _tell(session, answer)
    return FINDINGS if _to_look_at(answer) else OK


def _entries(session: Session, asked: str) -> list[Entry]:
    path = Path(asked)
    # What looks like a file and is not there is a mistake, not a firm's name.
    if path.suffix.lower() in _FILES or _is_file(path):
        return read_list(path, session.manifests)
    return [Entry(asked)] if asked.strip() else []


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name longer than any file's
        return False


def _to_look_at(answer: Mapping[str, Any]) -> bool:
    return bool(
        answer["unresolved"]
        or any(each["findings"] or each["notes"] for each in answer["bidders"])
        or any(pair["ties"] or pair["indicators"] for pair in answer["pairs"])
    )


def _tell(session: Session, answer: Mapping[str, Any]) -> None:
    line, lang, pairs = session.out.line, session.lang, answer["pairs"]
    for step in answer["coverage"]["waiting"]:
        session.out.say(phrase(f"{step}_waits", lang))
    line(
        phrase(
            "bidders_summary_line",
            lang,
            opened=answer["opened"],
            bidders=len(answer["bidders"]),
            unresolved=len(answer["unresolved"]),
            tied=sum(bool(pair["ties"]) for pair in pairs),
            hinted=sum(bool(pair["indicators"]) for pair in pairs),
        )
    )
    _told_bidders(session, answer["bidders"])
    for part in ("ties", "indicators"):
        found = [link for pair in pairs for link in pair[part]]
        if found:
            line(phrase(f"bidders_part_{part}", lang))
        for link in found:
            line(f"  [{link['rule'] or '-'}] {link['why']}")
    if pairs and not any(pair["ties"] or pair["indicators"] for pair in pairs):
        departments = answer["coverage"]["departments"]
        none = phrase("nothing_found", lang, as_of=answer["opened"], departments=departments)
        line(phrase("bidders_no_tie", lang, statement=none))
    if answer["unresolved"]:
        line(phrase("bidders_part_unresolved", lang))
    for each in answer["unresolved"]:
        line(f"  {each['query']}  {each['place']}  {each['why']}")
        for hit in each["candidates"]:
            line("    " + phrase("subject_line", lang, **hit))
    _told_coverage(session, answer["coverage"])


def _told_bidders(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        session.out.line(phrase("bidders_part_eligibility", session.lang))
    for each in rows:
        session.out.line(f"  {each['name']}  {each['eligible_text']}")
        for found in each["findings"]:
            session.out.line(f"    [{found['rule']}] {found['text']}")
        for note in each["notes"]:
            session.out.line(f"    {note['text']}")


def _told_coverage(session: Session, cover: Mapping[str, Any]) -> None:
    line, lang = session.out.line, session.lang
    comma = phrase("list_separator", lang)
    tell_coverage(session, cover)
    if cover["rules_missing"]:
        rules = comma.join(cover["rules_missing"])
        line(phrase("bidders_rules_missing", lang, rules=rules))
    if cover["owners_unread"]:
        line(phrase("bidders_owners_unread", lang, count=len(cover["owners_unread"])))
