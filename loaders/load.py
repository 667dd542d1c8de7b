"""Files in, batches out: each file is recognised, prepared and written in one transaction.

Writing stays in this process; reading and preparing a large text file runs in a second one, so
that both cores work.
"""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from graph.errors import CreditGraphError, DataError
from graph.ports import BatchHeading, BatchInfo, Counts, Evidence, Rows, SheetHeading
from graph.secrecy import Seal, digest
from loaders.files import file_digest, tables
from loaders.manifest import Manifest
from loaders.prepare import Preparer
from loaders.recognise import Recognised, recognise
from loaders.table import Table

__all__ = [
    "FileReport",
    "Loader",
    "SheetTask",
    "data_date",
    "heading_of",
    "newest_day",
    "prepared",
]

_EPOCH: Final = date(1970, 1, 1)
_CHUNK: Final = 5_000
# Below this size a second process costs more to start than it saves.
_LARGE_BYTES: Final = 8_000_000
_DATE_IN_NAME: Final = re.compile(r"(?<!\d)(20\d{2})[-_.年]?(\d{2})[-_.月]?(\d{2})日?(?!\d)")

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class SheetTask:
    """One sheet to prepare, as a worker process can be told it.

    Attributes:
        path: A text file, thus of one table.
        first_key: Record key of its first data row.
    """

    path: Path
    encoding: str
    feed: Recognised
    seal: Seal
    first_key: int


Preparing = Callable[[SheetTask], AbstractContextManager[Iterator[Rows]]]


@dataclass(slots=True)
class FileReport:
    """What became of one file.

    Attributes:
        source: Source id; several joined with `+` where sheets belong to several.
        known: The same file was loaded before; nothing changed.
        unknown: Headings no manifest knows, kept with the rows and not used.
    """

    path: Path
    source: str | None = None
    counts: Counts = field(default_factory=Counts)
    batches: list[str] = field(default_factory=list)
    known: bool = False
    unknown: tuple[str, ...] = ()
    error: CreditGraphError | None = None


@dataclass(frozen=True, slots=True)
class Loader:
    """Loads files into a store.

    Args:
        elsewhere: Prepares a large text file in another process; None prepares here.
        large: Bytes from which on a text file is large.
        now: When this load happens; nothing about the rows depends on it.
    """

    store: Evidence
    manifests: tuple[Manifest, ...]
    seal: Seal
    now: datetime
    elsewhere: Preparing | None = None
    large: int = _LARGE_BYTES

    def load(self, path: Path, *, source: str | None, progress: Progress) -> FileReport:
        """Load one file; a file refused as a whole is an error in its report, not raised.

        Args:
            source: Forces the feed instead of recognising it.
            progress: Called with the number of rows read since the last call.

        Raises:
            StoreError: The store failed; no later file could succeed either.
        """
        report = FileReport(path)
        try:
            with tables(path) as sheets:
                feeds = self._recognise(path, sheets, source)
                report.source = "+".join(dict.fromkeys(feed.manifest.source for _, feed in feeds))
                unknown = (heading for _, feed in feeds for heading in feed.unknown)
                report.unknown = tuple(dict.fromkeys(unknown))
                content = file_digest(path)
                for name in dict.fromkeys(feed.manifest.source for _, feed in feeds):
                    own = [(t, f) for t, f in feeds if f.manifest.source == name]
                    self._load_source(report, own, content, progress)
        except DataError as error:
            report.counts, report.batches, report.error = Counts(), [], error
        return report

    def _recognise(
        self, path: Path, sheets: Sequence[Table], source: str | None
    ) -> list[tuple[Table, Recognised]]:
        found = [
            (table, recognise(table.preview, self.manifests, _place(path, table), source))
            for table in sheets
            if not _is_note(table)
        ]
        if not found:
            raise DataError("E315", where=str(path))
        return found

    def _load_source(
        self,
        report: FileReport,
        sheets: Sequence[tuple[Table, Recognised]],
        content: str,
        progress: Progress,
    ) -> None:
        name = _shown(report.path)
        heading = heading_of(sheets[0][1].manifest, name, content, self.now)
        report.batches.append(heading.uid)
        counts = Counts()
        with self.store.open_batch(heading) as batch:
            if batch.known is not None:
                report.known = True
                report.counts.add(_as_repeat(batch.known))
                return
            newest: int | None = None
            key = batch.first_key
            for position, (table, feed) in enumerate(sheets):
                batch.sheet(SheetHeading(position, table.sheet, feed.header))
                with self._prepared(report.path, table, feed, key) as chunks:
                    for rows in chunks:
                        counts.add(batch.write(rows))
                        key += rows.read
                        newest = newest_day(newest, rows, self.now.date())
                        progress(rows.read)
            batch.finish(data_date(name, newest, self.now.date()))
        report.counts.add(counts)

    def _prepared(
        self, path: Path, table: Table, feed: Recognised, first_key: int
    ) -> AbstractContextManager[Iterator[Rows]]:
        large = path.stat().st_size >= self.large
        if self.elsewhere is not None and large and not table.sheet:
            return self.elsewhere(SheetTask(path, table.encoding, feed, self.seal, first_key))
        return nullcontext(prepared(table, feed, self.seal, first_key))


def heading_of(manifest: Manifest, name: str, content: str, now: datetime) -> BatchHeading:
    """Return the heading of a batch of this name and content digest."""
    return BatchHeading(
        uid=digest(manifest.source.encode(), name.encode(), content.encode()).hex()[:16],
        source=manifest.source,
        file=name,
        file_digest=content,
        delivery=manifest.delivery,
        register=manifest.listing is None and manifest.case is None and manifest.bid is None,
        loaded_at=now,
    )


def prepared(
    table: Table, feed: Recognised, seal: Seal, first_key: int, turn: tuple[int, int] = (0, 1)
) -> Iterator[Rows]:
    """Yield the rows of a sheet, prepared, in order.

    Args:
        turn: (i, n) prepares only every n-th chunk, from chunk i on.
    """
    preparer = Preparer(feed.manifest, feed.positions, feed.header, feed.refusal_column, seal)
    own, of = turn
    for place, chunk in enumerate(table.chunks(feed.header_row, feed.width, _CHUNK)):
        if place % of == own:
            yield preparer.prepare(chunk, first_key)
        first_key += len(chunk.rows)


def _shown(path: Path) -> str:
    """Return a file's base name as text; names from other systems may be no UTF-8."""
    return os.fsencode(path.name).decode("utf-8", "replace")


def _place(path: Path, table: Table) -> str:
    """Return a file's base name with the sheet's, where it has sheets."""
    return f"{path.name} [{table.sheet}]" if table.sheet else path.name


def _is_note(table: Table) -> bool:
    """Return whether a sheet is prose beside the data: no row has two cells filled."""
    filled = [sum(1 for cell in cells if cell.strip()) for _, cells in table.preview]
    return bool(table.sheet) and max(filled, default=0) < 2


def _as_repeat(known: BatchInfo) -> Counts:
    """Return the counts of loading a file again: refused rows stay refused, others repeat."""
    was = known.counts
    return Counts(read=was.read, refused=was.refused, repeated=was.read - was.refused)


def newest_day(known: int | None, rows: Rows, today: date) -> int | None:
    """Return the newest day the rows speak of; a day to come, mistyped or not, is none."""
    last = (today - _EPOCH).days
    days = [day for _, _, _, day in rows.records if day is not None and day <= last]
    return max(days if known is None else [known, *days], default=None)


def data_date(name: str, newest_day: int | None, today: date) -> date | None:
    """Return the day a file speaks of: the date in its name, else its newest row's date."""
    found = _DATE_IN_NAME.search(name)
    if found:
        try:
            named = date(*(int(part) for part in found.groups()))
        except ValueError:
            pass
        else:
            if named <= today:
                return named
    return None if newest_day is None else _EPOCH + timedelta(days=newest_day)
