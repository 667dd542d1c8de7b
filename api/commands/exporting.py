"""Commands that hand data out: export clusters, findings, refused."""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from xlsxwriter.exceptions import FileCreateError

from api.exits import OK
from api.refused_sheet import write_refused
from api.session import Session
from api.sheet import inert
from api.steps import stale_steps
from graph.errors import UsageError
from graph.texts import phrase

__all__ = ["export_clusters", "export_findings", "export_refused"]

_OBJECTS = ("jsonl", "json")
_CLUSTERS = ("source", "file", "row", "role", "ordinal", "mention_id", "subject_id", "decision")
_FINDINGS = (
    "id",
    "rule",
    "version",
    "kind",
    "subject",
    "name",
    "measure",
    "scope",
    "since",
    "until",
    "listing",
    "missing",
    "suspected",
    "basis",
    "records",
)


def export_clusters(session: Session, form: str | None, out: Path | None) -> int:
    """Write one line per mention and sighting, sorted; CSV unless asked otherwise."""
    rows = session.store.overview.clusters()
    asked = _form(session, form, out)
    if asked == "csv":
        session.out.csv(_CLUSTERS, rows, out)
    else:
        bodies = (dict(zip(_CLUSTERS, row, strict=True)) for row in rows)
        session.out.objects(bodies, out, one=asked == "json")
    return OK


def export_findings(session: Session, form: str | None, out: Path | None) -> int:
    """Write the current findings in id order, suspected ones marked."""
    asked = _form(session, form, out)
    for step in stale_steps(session.store, session.rulebook, session.today):
        session.out.say(phrase(f"{step}_waits", session.lang))
    if asked == "csv":
        session.out.csv(_FINDINGS, (_flat(session, body) for body in _findings(session)), out)
    else:
        session.out.objects(_findings(session), out, one=asked == "json")
    return OK


def export_refused(session: Session, batch: str | None, out: Path) -> int:
    """Write refused rows as a workbook with reason and cure, to be mended and loaded again."""
    if out.suffix.lower() != ".xlsx":
        raise UsageError("E121", where=str(out))
    rows = list(session.store.evidence.refused(batch))
    try:
        count = write_refused(rows, out, session.lang)
    except (OSError, FileCreateError) as error:
        raise UsageError("E123", where=str(out), reason=str(error)) from error
    if session.json:
        codes = dict(sorted(Counter(row.code for row in rows).items()))
        session.out.document({"out": str(out), "rows": count, "codes": codes})
    else:
        session.out.say(phrase("refused_written", session.lang, rows=count, out=out))
    return OK


def _findings(session: Session) -> Iterator[dict[str, Any]]:
    for body in session.store.findings.current():
        subject = session.store.finder.by_id(body["subject"])
        yield {**body, "name": "" if subject is None else subject.name}


def _flat(session: Session, body: Mapping[str, Any]) -> tuple[Any, ...]:
    cited = "; ".join(f"{each['law']} {each['article']}" for each in body["basis"])
    told = {
        **body,
        "missing": " ".join(body["missing"]),
        "records": " ".join(body["records"]),
        "suspected": str(body["suspected"]).lower(),
        "basis": cited,
    }
    # Names and scopes are what departments wrote, and people open this file in a spreadsheet.
    return tuple("" if told[name] is None else inert(str(told[name])) for name in _FINDINGS)


def _form(session: Session, form: str | None, out: Path | None) -> str:
    """Return the form asked for; else json under --json, or by the file's ending, or csv."""
    ending = "" if out is None else out.suffix.removeprefix(".")
    asked = form or ("json" if session.json else ending if ending in _OBJECTS else "csv")
    if asked not in ("csv", *_OBJECTS):
        raise UsageError("E122", form=asked)
    return asked
