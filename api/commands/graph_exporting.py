"""The command that hands the graph out in the formats other tools read."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from api.exits import OK
from api.exports.bods import ownership_statements
from api.exports.extract import Extract
from api.exports.ftm import follow_the_money
from api.exports.graphml import graphml
from api.exports.lines import lines
from api.exports.tables import tables
from api.output import writing
from api.session import Session
from graph.errors import UsageError
from graph.texts import phrase

__all__ = ["Wanted", "export_graph"]

_BY_ENDING: Final = {".jsonl": "jsonl", ".graphml": "graphml"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be exported, and where to.

    Attributes:
        form: graphml, csv, jsonl, ftm or bods; None: by the ending of `out`, else graphml.
        as_of: Only ties registered on this day; None: all ties with their dates.
    """

    form: str | None
    out: Path | None
    as_of: date | None
    with_suspected: bool


def export_graph(session: Session, wanted: Wanted) -> int:
    """Write subjects, ties and listings in force; suspected ones only when asked for.

    Raises:
        UsageError: E128 unknown format, E129 CSV without a folder.
    """
    extract = Extract(
        session.store.facts,
        session.store.overview,
        wanted.as_of or session.today,
        wanted.as_of is not None,
        wanted.with_suspected,
    )
    ending = "" if wanted.out is None else wanted.out.suffix.lower()
    form, out = wanted.form or _BY_ENDING.get(ending, "graphml"), session.out
    if form == "csv":
        _write_tables(session, extract, wanted.out)
    elif form == "graphml":
        out.text(graphml(extract), wanted.out)
    elif form == "jsonl":
        out.objects(lines(extract), wanted.out, one=False)
    elif form == "ftm":
        out.objects(follow_the_money(extract), wanted.out, one=False)
    elif form == "bods":
        out.objects(ownership_statements(extract), wanted.out, one=True)
    else:
        raise UsageError("E128", form=form)
    if extract.left_out:
        counts = {name: extract.left_out[name] for name in ("subjects", "ties", "listings")}
        out.say(phrase("graph_left_out", session.lang, **counts))
    return OK


def _write_tables(session: Session, extract: Extract, folder: Path | None) -> None:
    if folder is None or (folder.exists() and not folder.is_dir()):
        raise UsageError("E129", where="" if folder is None else str(folder))
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    for sheet in tables(extract):
        session.out.csv(sheet.heads, sheet.rows, folder / sheet.name)
