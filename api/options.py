"""Options every command shares, and how a command is run and ended."""

import os
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from api.errors import tell
from api.output import Output
from api.priority import stand_back
from api.session import Session, open_session
from api.settings import Settings, read_settings
from graph.errors import CreditGraphError, QueryError
from graph.texts import Lang

__all__ = [
    "AsOf",
    "FormOption",
    "Given",
    "JsonOption",
    "KnownAt",
    "LangOption",
    "OutOption",
    "Shared",
    "StoreOption",
    "day",
    "given",
    "moment",
    "named_path",
]

StoreOption = Annotated[
    str | None,
    typer.Option(
        "--store", help="数据库 / Store: a path, sqlite:///…, neo4j://…  [CREDITGRAPH_STORE]"
    ),
]
LangOption = Annotated[
    str | None, typer.Option("--lang", help="zh | en  [CREDITGRAPH_LANG]", metavar="LANG")
]
JsonOption = Annotated[
    bool, typer.Option("--json", help="输出一个 JSON 文档 / Print one JSON document")
]
OutOption = Annotated[Path | None, typer.Option("--out", help="写入文件 / Write to a file")]
FormOption = Annotated[str | None, typer.Option("--format", help="csv | jsonl | json")]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", help="截至日期，默认今天 / Day asked about (YYYY-MM-DD), today"),
]

KnownAt = Annotated[
    str | None,
    typer.Option("--known-at", help="当时已知的情况 / As known at a day or moment (ISO 8601)"),
]


class Shared(NamedTuple):
    """What is given before the verb, and whether the process is there for it alone."""

    store: str | None
    lang: str | None
    apart: bool


@dataclass(frozen=True, slots=True)
class Given:
    """The options every command shares."""

    store: str | None
    lang: str | None
    json: bool = False
    reviewer: str | None = None
    apart: bool = False

    def run(
        self,
        command: Callable[[Session], int],
        *,
        new: bool = False,
        long: bool = False,
        known_at: str | None = None,
    ) -> None:
        """Open a session, run, and end the process with the command's exit code.

        Args:
            new: The command may make the store. Others refuse one that is not there: "not
                found" in an empty store, because of a mistyped path, would clear anybody.
            long: The work may take minutes, and stands back behind what answers people.
            known_at: Day or moment; the store is read as it was known then.
        """

        def with_session(settings: Settings, out: Output) -> int:
            if long and self.apart:
                stand_back(settings.nice)
            at = moment(known_at)
            with open_session(settings, out, json=self.json, new=new, known_at=at) as session:
                return command(session)

        self.bare(with_session)

    def bare(self, command: Callable[[Settings, Output], int]) -> None:
        """Run a command that opens no store itself."""
        out = Output()
        # What the settings' own errors are told in, before the settings can be read.
        lang: Lang = "en" if (self.lang or os.environ.get("CREDITGRAPH_LANG")) == "en" else "zh"
        try:
            options = {"store": self.store, "lang": self.lang, "reviewer": self.reviewer}
            settings = read_settings(options, os.environ)
            lang = settings.lang
            code = command(settings, out)
        except CreditGraphError as error:
            if os.environ.get("CREDITGRAPH_DEBUG") == "1":
                traceback.print_exc()
            code = tell(error, out, lang, json=self.json)
        raise typer.Exit(code)


def given(
    context: typer.Context,
    store: str | None,
    lang: str | None,
    json: bool = False,
    reviewer: str | None = None,
) -> Given:
    """Return the shared options: a command's own win over those before the verb."""
    shared: Shared = context.find_root().obj
    own_store = shared.store if store is None else store
    return Given(own_store, shared.lang if lang is None else lang, json, reviewer, shared.apart)


def named_path(text: str) -> Path:
    """Return a path given as an argument; an empty one (a script's unset variable) is a mistake.

    `Path("")` is the current folder, and loading that is what nobody asked for.
    """
    if not text:
        raise typer.BadParameter("文件名为空 / empty path")
    return Path(text)


def day(text: str | None, default: date) -> date:
    """Return the day an option names; raises QueryError E604 if it names none."""
    if text is None:
        return default
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise QueryError("E604", day=text) from error


def moment(text: str | None) -> datetime | None:
    """Return the moment an option names, in UTC; a day is its end, here.

    Raises:
        QueryError: E604, it names none.
    """
    if text is None:
        return None
    try:
        named = datetime.fromisoformat(text)
    except ValueError as error:
        raise QueryError("E604", day=text) from error
    if len(text) == len("2026-11-01"):
        named = datetime.combine(named.date(), time.max)
    return named.astimezone(UTC)
