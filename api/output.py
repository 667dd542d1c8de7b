"""Data on stdout, talk on stderr: JSON, tables, CSV and progress, safe in pipes and on GBK."""

import csv
import io
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import orjson
from rich import box
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

__all__ = ["Output"]

_PLAIN_EVERY_SECONDS = 10.0
_BAR_AFTER_SECONDS = 1.0
Advance = Callable[[int], None]


class Output:
    """The two streams of one command.

    Raises:
        BrokenPipeError: The reader of stdout has gone; the command ends quietly.
    """

    def __init__(self) -> None:
        for stream in (sys.stdout, sys.stderr):
            # A GBK console shows a question mark for a rare character instead of failing.
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="replace")
        self._console = Console(stderr=True, highlight=False, emoji=False)

    def line(self, text: str) -> None:
        """Print a line of the answer."""
        sys.stdout.write(text + "\n")
        sys.stdout.flush()

    def say(self, text: str) -> None:
        """Tell the person something beside the answer."""
        sys.stderr.write(text + "\n")
        sys.stderr.flush()

    def document(self, body: Mapping[str, Any]) -> None:
        """Print one JSON document."""
        text = orjson.dumps(body, default=str, option=orjson.OPT_INDENT_2)
        self._bytes(text + b"\n")

    def table(self, heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Print rows under headings; plain ASCII rules, full width when piped."""
        table = Table(box=box.ASCII2, show_edge=False, pad_edge=False)
        numeric = [all(isinstance(row[i], int) for row in rows) for i in range(len(heads))]
        for head, right in zip(heads, numeric, strict=True):
            justify = "right" if right and rows else "left"
            table.add_column(head, justify=justify, overflow="fold")  # type: ignore[arg-type]
        for row in rows:
            table.add_row(*(_escaped(cell) for cell in row))
        width = None if sys.stdout.isatty() else 500
        console = Console(file=sys.stdout, highlight=False, emoji=False, width=width, markup=False)
        console.print(table)

    def csv(self, heads: Sequence[str], rows: Iterable[Sequence[Any]], out: Path | None) -> None:
        """Write CSV: UTF-8 without BOM, LF line ends; to stdout unless a path is given."""
        with self._sink(out) as sink:
            writer = csv.writer(sink, lineterminator="\n")
            writer.writerow(heads)
            writer.writerows(rows)

    def jsonl(self, bodies: Iterable[Mapping[str, Any]], out: Path | None) -> None:
        """Write one JSON object a line; to stdout unless a path is given."""
        with self._sink(out) as sink:
            for body in bodies:
                sink.write(orjson.dumps(body, default=str).decode() + "\n")

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
        started = time.monotonic()

        def advance(rows: int) -> None:
            shown = time.monotonic() - started > _BAR_AFTER_SECONDS
            bar.update(task, advance=rows, visible=shown)

        with bar:
            yield advance

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
            with out.open("w", encoding="utf-8", newline="") as stream:
                yield stream
            return
        sys.stdout.flush()
        # Files made by redirection are UTF-8 whatever the console's code page is.
        stream = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="")
        try:
            yield stream
        finally:
            stream.detach()

    def _bytes(self, text: bytes) -> None:
        sys.stdout.flush()
        sys.stdout.buffer.write(text)
        sys.stdout.buffer.flush()


def _escaped(cell: object) -> str:
    return "" if cell is None else str(cell)
