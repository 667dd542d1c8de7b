"""Files in, batches out: each file is recognised, prepared and written in one transaction.

Reading and writing stay in this process; preparing rows runs in a worker process for files
large enough to repay its start, so that both cores work.
"""

import pickle
import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Final, Protocol

from graph.errors import CreditGraphError, DataError
from graph.ports import BatchHeading, BatchInfo, Counts, Evidence, Rows, SheetHeading
from graph.secrecy import Seal, digest
from loaders.files import Chunk, Table, file_digest, tables
from loaders.manifest import Manifest
from loaders.prepare import Preparer
from loaders.recognise import Recognised, recognise

__all__ = ["FileReport", "Loader", "Worker", "prepare_pickled"]

_EPOCH: Final = date(1970, 1, 1)
_CHUNK: Final = 10_000
_AHEAD: Final = 3
# Below this size a worker process costs more to start than it saves.
_PARALLEL_BYTES: Final = 8_000_000
_DATE_IN_NAME: Final = re.compile(r"(?<!\d)(20\d{2})[-_.年]?(\d{2})[-_.月]?(\d{2})日?(?!\d)")

Progress = Callable[[int], None]


class Pending(Protocol):
    """A result on its way."""

    def result(self) -> Rows:
        """Wait for it."""
        ...


class Worker(Protocol):
    """Runs `prepare_pickled` elsewhere, in the order submitted."""

    def submit(self, preparer: bytes, chunk: Chunk, first_key: int) -> Pending:
        """Start preparing a chunk."""
        ...


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
        worker: Enters a context that gives a worker, for large files; None prepares here.
        now: When this load happens; nothing about the rows depends on it.
    """

    store: Evidence
    manifests: tuple[Manifest, ...]
    seal: Seal
    now: datetime
    worker: Callable[[], AbstractContextManager[Worker]] | None = None

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
            with ExitStack() as stack:
                feeds = self._recognise(path, source, stack)
                report.source = "+".join(dict.fromkeys(feed.manifest.source for _, feed in feeds))
                unknown = (heading for _, feed in feeds for heading in feed.unknown)
                report.unknown = tuple(dict.fromkeys(unknown))
                content = file_digest(path)
                for name in dict.fromkeys(feed.manifest.source for _, feed in feeds):
                    sheets = [(t, f) for t, f in feeds if f.manifest.source == name]
                    self._load_source(report, sheets, content, progress)
        except DataError as error:
            report.counts, report.batches, report.error = Counts(), [], error
        return report

    def _recognise(
        self, path: Path, source: str | None, stack: ExitStack
    ) -> list[tuple[Table, Recognised]]:
        sheets = stack.enter_context(tables(path))
        found = [
            (table, recognise(table.preview, self.manifests, path.name, source))
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
        manifest, name = sheets[0][1].manifest, report.path.name
        heading = BatchHeading(
            uid=digest(manifest.source.encode(), name.encode(), content.encode()).hex()[:16],
            source=manifest.source,
            file=name,
            file_digest=content,
            delivery=manifest.delivery,
            register=manifest.listing is None and manifest.case is None and manifest.bid is None,
            loaded_at=self.now,
        )
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
                for rows in self._prepared(table, feed, key, report.path):
                    counts.add(batch.write(rows))
                    key += rows.read
                    newest = _later(newest, rows.data_day)
                    progress(rows.read)
            batch.finish(_data_date(name, newest, self.now.date()))
        report.counts.add(counts)

    def _prepared(
        self, table: Table, feed: Recognised, first_key: int, path: Path
    ) -> Iterator[Rows]:
        preparer = Preparer(
            feed.manifest, feed.positions, feed.header, feed.refusal_column, self.seal
        )
        chunks = table.chunks(feed.header_row, feed.width, _CHUNK)
        if self.worker is None or path.stat().st_size < _PARALLEL_BYTES:
            for chunk in chunks:
                yield preparer.prepare(chunk, first_key)
                first_key += len(chunk.rows)
            return
        pickled = pickle.dumps(preparer)
        pending: deque[Pending] = deque()
        with self.worker() as worker:
            for chunk in chunks:
                pending.append(worker.submit(pickled, chunk, first_key))
                first_key += len(chunk.rows)
                if len(pending) >= _AHEAD:
                    yield pending.popleft().result()
            while pending:
                yield pending.popleft().result()


def prepare_pickled(preparer: bytes, chunk: Chunk, first_key: int) -> Rows:
    """Prepare a chunk in a worker process."""
    return _unpickled(preparer).prepare(chunk, first_key)


@lru_cache(maxsize=4)
def _unpickled(preparer: bytes) -> Preparer:
    found: Preparer = pickle.loads(preparer)  # noqa: S301 - made by our own parent process
    return found


def _is_note(table: Table) -> bool:
    """Return whether a sheet is prose beside the data: no row has two cells filled."""
    filled = [sum(1 for cell in cells if cell.strip()) for _, cells in table.preview]
    return bool(table.sheet) and max(filled, default=0) < 2


def _as_repeat(known: BatchInfo) -> Counts:
    """Return the counts of loading a file again: refused rows stay refused, others repeat."""
    was = known.counts
    return Counts(read=was.read, refused=was.refused, repeated=was.read - was.refused)


def _later(one: int | None, other: int | None) -> int | None:
    return max((day for day in (one, other) if day is not None), default=None)


def _data_date(name: str, newest_day: int | None, today: date) -> date | None:
    """Return the day a file speaks of: the date in its name, else its newest row's date."""
    found = _DATE_IN_NAME.search(name)
    if found:
        try:
            named = date(*(int(part) for part in found.groups()))
        except ValueError:
            pass
        else:
            return named
    if newest_day is None:
        return None
    # A mistyped future date must not make a delivery look newer than it is.
    return min(_EPOCH + timedelta(days=newest_day), today)
