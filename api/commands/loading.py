"""Commands that bring data in: load, batch, resolve, propagate."""

import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from api.batches import batch_body, batch_of
from api.exits import FINDINGS, OK, WHOLE_FILE_REFUSED
from api.session import Session
from api.steps import loader_of, propagate_store, refresh_store, resolve_store
from graph.errors import DataError, QueryError
from graph.texts import explain, phrase
from loaders.files import data_files
from loaders.load import FileReport

__all__ = ["batch_list", "batch_show", "batch_withdraw", "load", "propagate", "resolve"]


def load(session: Session, paths: Sequence[Path], source: str | None) -> int:
    """Load files and folders; return 3 if a file was refused whole, 1 if rows were."""
    loader = loader_of(session.store, session.manifests, session.seal, session.now)
    # A path that leads to nothing is a file that cannot be opened, told with the others.
    reports = [each for path in dict.fromkeys(paths) if (each := _unusable(path)) is not None]
    for report in reports:
        _talk(session, report)
    unusable = {report.path for report in reports}
    for path in data_files(path for path in paths if path not in unusable):
        with session.out.progress(path.name) as advance:
            report = loader.load(path, source=source, progress=advance)
        reports.append(report)
        _talk(session, report)
    if not reports:
        session.out.say(phrase("no_files", session.lang))
    if session.json:
        session.out.document({"files": [_file_body(session, report) for report in reports]})
    else:
        _load_table(session, reports)
    if any(report.error is not None for report in reports):
        return WHOLE_FILE_REFUSED
    return FINDINGS if any(report.counts.refused for report in reports) else OK


def _unusable(path: Path) -> FileReport | None:
    """Return the report of a path that is neither file nor folder, or cannot even be looked at."""
    try:
        mode = path.stat().st_mode
    except OSError as error:
        return FileReport(path, error=DataError("E201", where=str(path), reason=error.strerror))
    if stat.S_ISREG(mode) or stat.S_ISDIR(mode):
        return None
    return FileReport(path, error=DataError("E201", where=str(path), reason="not a file"))


def _talk(session: Session, report: FileReport) -> None:
    say, lang = session.out.say, session.lang
    if report.error is not None:
        told = explain(report.error, lang)
        say(phrase("file_refused", lang, file=report.path.name, code=told.code, what=told.what))
        say(phrase("why_and_fix", lang, why=told.why, fix=told.fix))
    if report.known:
        say(phrase("file_known", lang, file=report.path.name))
    if report.unknown:
        names = phrase("list_separator", lang).join(report.unknown)
        say(phrase("unknown_columns", lang, file=report.path.name, columns=names))


def _file_body(session: Session, report: FileReport) -> dict[str, Any]:
    counts = report.counts
    error = None if report.error is None else explain(report.error, session.lang).as_dict()
    return {
        "file": str(report.path),
        "source": report.source,
        "read": counts.read,
        "accepted": counts.accepted,
        "refused": counts.refused,
        "repeated": counts.repeated,
        "mended": counts.mended,
        "batches": report.batches,
        "unknown_columns": list(report.unknown),
        "error": error,
    }


def _load_table(session: Session, reports: Sequence[FileReport]) -> None:
    heads = ("file", "source", "read", "accepted", "refused", "repeated", "mended")
    rows = [
        (
            report.path.name,
            report.source or "",
            report.counts.read,
            report.counts.accepted,
            report.counts.refused,
            report.counts.repeated,
            report.counts.mended,
        )
        for report in reports
    ]
    session.table(heads, rows)
    refused = sum(report.counts.refused for report in reports)
    if refused:
        session.out.say(phrase("rows_refused", session.lang, refused=refused))


def batch_list(session: Session) -> int:
    """List every batch."""
    batches = [batch_body(batch) for batch in session.store.evidence.batches()]
    if session.json:
        session.out.document({"batches": batches})
    else:
        heads = (
            "batch",
            "source",
            "file",
            "data_date",
            "loaded_at",
            "withdrawn_at",
            "read",
            "accepted",
            "refused",
            "repeated",
            "mended",
        )
        session.table(heads, [tuple(batch[head] for head in heads) for batch in batches])
    return OK


def batch_show(session: Session, uid: str) -> int:
    """Show one batch and its refused rows."""
    batch = batch_of(session.store.evidence, uid)
    if batch is None:
        raise QueryError("E601", where=uid)
    refused = [
        {"id": row.id, "sheet": row.sheet, "row": row.row, **session.told(row.code, row.facts)}
        for row in session.store.evidence.refused(uid)
    ]
    body = {**batch_body(batch), "refused_rows": refused}
    if session.json:
        session.out.document(body)
        return OK
    session.pairs({key: value for key, value in body.items() if key != "refused_rows"})
    if refused:
        heads = ("row", "code", "what", "fix")
        session.table(heads, [tuple(row[head] for head in heads) for row in refused])
    return OK


def batch_withdraw(session: Session, uid: str) -> int:
    """Withdraw a batch; what rests on it alone is switched off, not erased."""
    with (
        session.out.progress(phrase("resolving", session.lang)),
        session.store.resolution.transaction(),
    ):
        session.store.evidence.withdraw(uid, session.now)
        refresh_store(session.store, session.rulebook, session.today, session.now)
    if session.json:
        session.out.document({"withdrawn": uid, "waiting": session.store.overview.stale()})
    else:
        session.out.say(phrase("batch_withdrawn", session.lang, batch=uid))
    return OK


def resolve(session: Session, *, full: bool) -> int:
    """Resolve mentions to subjects; return 1 if pairs wait for a reviewer."""
    with session.out.progress(phrase("resolving", session.lang)):
        if full:
            changes = resolve_store(session.store, session.now, full=True)
        else:
            changes = refresh_store(session.store, session.rulebook, session.today, session.now)
    reviews = session.store.resolution.reviews().num_rows
    subjects = session.store.overview.status()["subjects"]
    body = {
        "joined": changes.added,
        "moved": changes.removed,
        "subjects": subjects,
        "reviews": reviews,
    }
    if session.json:
        session.out.document(body)
    else:
        session.out.line(
            phrase(
                "resolved",
                session.lang,
                total=sum(subjects.values()),
                joined=changes.added,
                moved=changes.removed,
                reviews=reviews,
            )
        )
    return FINDINGS if reviews else OK


def propagate(session: Session) -> int:
    """Evaluate the rulebook on everything as of today."""
    with session.out.progress(phrase("propagating", session.lang)):
        changes = propagate_store(session.store, session.rulebook, session.today, session.now)
    total = session.store.overview.status()["findings"]
    body = {
        "as_of": session.today.isoformat(),
        "rulebook": session.rulebook.digest,
        "findings": total,
        "added": changes.added,
        "removed": changes.removed,
    }
    if session.json:
        session.out.document(body)
    else:
        session.out.line(phrase("propagated", session.lang, **body))
    if "resolve" in session.store.overview.stale():
        session.out.say(phrase("resolve_waits", session.lang))
    return OK
