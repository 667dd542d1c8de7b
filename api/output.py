"""Data on stdout, talk on stderr: JSON, tables, CSV and progress, safe in pipes and on GBK."""

import csv
import io
import json
import os
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final, TextIO

import orjson
from rich import box
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from graph.errors import UsageError

__all__ = ["Output", "writing"]

_PLAIN_EVERY_SECONDS: Final = 10.0
_BAR_AFTER_SECONDS: Final = 1.0
_PIPED_WIDTH: Final = 500
# A department's cell must not move the cursor of, or send commands to, an officer's terminal.
_CONTROLS: Final = {code: "?" for code in (*range(0x20), *range(0x7F, 0xA0)) if code not in (9, 10)}
Advance = Callable[[int], None]


class Output:
    """The two streams of one command.

    When their reader has gone (head, a closed pager) the rest is dropped, and the command
    ends as it would have: a load piped into `head` still loads every file.

    Raises:
        UsageError: E123 from every method that writes: the disk behind a stream or a named
            file cannot be written.
    """

    def __init__(self) -> None:
        for stream in (sys.stdout, sys.stderr):
            # A GBK console shows a question mark for a rare character instead of failing.
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="replace")
        self._console = Console(stderr=True, highlight=False, emoji=False)

    def line(self, text: str) -> None:
        """Print a line of the answer."""
        _write(sys.stdout, _harmless(text) + "\n")

    def say(self, text: str) -> None:
        """Tell the person something beside the answer."""
        _write(sys.stderr, _harmless(text) + "\n")

    def document(self, body: Mapping[str, Any]) -> None:
        """Print one JSON document in UTF-8."""
        with _delivering(sys.stdout):
            sys.stdout.flush()
            sys.stdout.buffer.write(_json(body, indent=True) + b"\n")
            sys.stdout.buffer.flush()

    def table(self, heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Print rows under headings; plain ASCII rules, full width when piped."""
        table = Table(box=box.ASCII2, show_edge=False, pad_edge=False)
        numeric = [all(isinstance(row[i], int) for row in rows) for i in range(len(heads))]
        for head, right in zip(heads, numeric, strict=True):
            justify = "right" if right and rows else "left"
            table.add_column(head, justify=justify, overflow="fold")  # type: ignore[arg-type]
        for row in rows:
            table.add_row(*("" if cell is None else _harmless(str(cell)) for cell in row))
        width = shutil.get_terminal_size().columns if sys.stdout.isatty() else _PIPED_WIDTH
        text = io.StringIO()
        Console(file=text, highlight=False, emoji=False, width=width, markup=False).print(table)
        _write(sys.stdout, text.getvalue())

    def csv(self, heads: Sequence[str], rows: Iterable[Sequence[Any]], out: Path | None) -> None:
        """Write CSV: UTF-8 without BOM, LF line ends; to stdout unless a path is given."""
        with self._sink(out) as sink:
            writer = csv.writer(sink, lineterminator="\n")
            writer.writerow(heads)
            writer.writerows(rows)

    def text(self, pieces: Iterable[str], out: Path | None) -> None:
        """Write a text piece by piece, UTF-8; to stdout unless a path is given."""
        with self._sink(out) as sink:
            sink.writelines(pieces)

    def objects(self, bodies: Iterable[Mapping[str, Any]], out: Path | None, *, one: bool) -> None:
        """Write a JSON object a line; to stdout unless a path is given.

        Args:
            one: The lines together are one JSON document, a list.
        """
        with self._sink(out) as sink:
            if one:
                sink.write("[")
            for place, body in enumerate(bodies):
                before = (",\n" if place else "\n") if one else ""
                sink.write(before + _json(body).decode() + ("" if one else "\n"))
            if one:
                sink.write("\n]\n")

    @contextmanager
    def progress(self, label: str) -> Iterator[Advance]:
        """Show that long work goes on: a bar on a terminal, a plain line now and then elsewhere.

        Nothing is shown for work that ends within a second.
        """
        if self._console.is_terminal:
            with self._bar(label) as advance:
                yield advance
        else:
            yield self._plain(label)

    @contextmanager
    def _bar(self, label: str) -> Iterator[Advance]:
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.completed}"),
            TimeElapsedColumn(),
        )
        bar = Progress(*columns, console=self._console, transient=True)
        task = bar.add_task(label, total=None, visible=False)

        def show() -> None:
            bar.update(task, visible=True)

        later = threading.Timer(_BAR_AFTER_SECONDS, show)
        later.daemon = True
        with bar:
            later.start()
            try:
                yield lambda rows: bar.update(task, advance=rows)
            finally:
                later.cancel()

    def _plain(self, label: str) -> Advance:
        done, told = 0, time.monotonic()

        def advance(rows: int) -> None:
            nonlocal done, told
            done += rows
            if time.monotonic() - told > _PLAIN_EVERY_SECONDS:
                told = time.monotonic()
                self.say(f"{label}: {done}")

        return advance

    @contextmanager
    def _sink(self, out: Path | None) -> Iterator[IO[str]]:
        if out is not None:
            with (
                writing(out),
                out.open("w", encoding="utf-8", errors="replace", newline="") as stream,
            ):
                yield stream
            return
        with _delivering(sys.stdout):
            sys.stdout.flush()
            # Files made by redirection are UTF-8 whatever the console's code page is.
            stream = io.TextIOWrapper(
                sys.stdout.buffer, encoding="utf-8", errors="replace", newline=""
            )
            try:
                yield stream
            finally:
                stream.detach()
            sys.stdout.buffer.flush()


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Make a file or folder that cannot be written an error with a code, E123."""
    try:
        yield
    except OSError as error:
        raise UsageError("E123", where=str(path), reason=error.strerror) from error


@contextmanager
def _delivering(stream: TextIO) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        # What is still buffered must not fail a second time when the process ends.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
        if not isinstance(error, BrokenPipeError):
            raise UsageError("E123", where=stream.name, reason=error.strerror) from error


def _write(stream: TextIO, text: str) -> None:
    with _delivering(stream):
        stream.write(text)
        stream.flush()


def _harmless(text: str) -> str:
    return text.translate(_CONTROLS)


def _json(body: Mapping[str, Any], *, indent: bool = False) -> bytes:
    try:
        return orjson.dumps(body, default=str, option=orjson.OPT_INDENT_2 if indent else None)
    except orjson.JSONEncodeError:
        # A file name that is not UTF-8 on disk, which orjson refuses, gets question marks.
        text = json.dumps(body, default=str, ensure_ascii=False, indent=2 if indent else None)
        return text.encode("utf-8", "replace")
