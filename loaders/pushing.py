"""Rows handed over without a file, on the very path of a file's rows, with the fate of each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import orjson

from graph.errors import DataError
from graph.model import MentionId, RecordId, mention_id
from graph.ports import PLACES, Rows, SheetHeading
from graph.secrecy import digest
from loaders.load import Loader, data_date, heading_of, newest_day, prepared
from loaders.recognise import recognise
from loaders.table import Chunk, Defect, Table

__all__ = ["Push", "PushedRow", "push"]

_HEADER: Final = 0
State = Literal["accepted", "refused", "repeated"]


@dataclass(frozen=True, slots=True)
class PushedRow:
    """What became of one row.

    Attributes:
        number: Its place among the rows handed over, from 1.
        record: Id of its record; None when it was refused.
        code: Why it was refused, with `facts`; '' otherwise.
        mentions: Those of its record, strongest role first as the manifest orders them.
    """

    number: int
    state: State
    record: str | None = None
    code: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    mentions: tuple[MentionId, ...] = ()


@dataclass(frozen=True, slots=True)
class Push:
    """What became of rows handed over together.

    Attributes:
        batch: Id of the batch they are.
        unknown: Headings the feed does not know, kept with the rows and not used.
    """

    batch: str
    rows: tuple[PushedRow, ...]
    unknown: tuple[str, ...]


def push(loader: Loader, source: str, rows: Sequence[Mapping[str, str]], sender: str) -> Push:
    """Write rows of a feed as one batch, and tell the fate of each; nothing is resolved yet.

    Args:
        rows: Heading (the manifest's name of a column, or an alias) -> cell. A heading that
            some rows lack is an empty cell in them, as in a file.
        sender: Whose batch it is; stands where a file's name would.

    Raises:
        UsageError: E426, there is no such feed.
        DataError: E422 or E424, the headings do not fit it; E951, it is delivered whole.

    Cost: a millisecond or so a row.
    """
    table = _table(rows)
    feed = recognise(table.preview, loader.manifests, source, source)
    if feed.manifest.delivery == "full":
        raise DataError("E951", where=source, source=source)
    content = digest(orjson.dumps([dict(row) for row in rows], option=orjson.OPT_SORT_KEYS)).hex()
    heading = heading_of(feed.manifest, sender, content, loader.now)
    with loader.store.open_batch(heading) as batch:
        first = 1 if batch.known is not None else batch.first_key
        (made,) = prepared(table, feed, loader.seal, first)
        fates = tuple(_fates(loader, made, len(rows)))
        if batch.known is None:
            batch.sheet(SheetHeading(0, "", feed.header))
            batch.write(made)
            today = loader.now.date()
            batch.finish(data_date("", newest_day(None, made, today), today))
    return Push(heading.uid, fates, feed.unknown)


def _table(rows: Sequence[Mapping[str, str]]) -> Table:
    header = list(dict.fromkeys(heading for row in rows for heading in row))
    chunk = Chunk()
    for number, row in enumerate(rows, start=1):
        cells = [row.get(heading, "") for heading in header]
        if any("\0" in cell for cell in cells):
            chunk.defects[number - 1] = Defect("E302", {})
        elif not any(cell.strip() for cell in cells):
            chunk.defects[number - 1] = Defect("E952", {})
        chunk.numbers.append(number)
        chunk.rows.append(cells)

    def chunks(after: int, width: int, size: int) -> Iterator[Chunk]:
        yield chunk

    return Table("", [(_HEADER, header)], chunks)


def _fates(loader: Loader, made: Rows, count: int) -> Iterator[PushedRow]:
    """Yield the fate of every row, in order; to be asked before they are written."""
    refused = {number: (code, orjson.loads(facts)) for number, code, facts, _ in made.refusals}
    record_of = {key: content.hex() for key, content, *_ in made.records}
    keys = dict(made.sightings)
    mentions = _mentions(made, record_of)
    seen: set[str] = set()
    for number in range(1, count + 1):
        if number in refused:
            code, facts = refused[number]
            yield PushedRow(number, "refused", code=code, facts=facts)
        elif number not in keys:  # a refused row that came back as it was handed out
            yield PushedRow(number, "repeated")
        else:
            record = record_of[keys[number]]
            known = record in seen or loader.store.record(record) is not None
            seen.add(record)
            own = tuple(mentions.get(keys[number], ()))
            yield PushedRow(number, "repeated" if known else "accepted", record, mentions=own)


def _mentions(made: Rows, record_of: Mapping[int, str]) -> dict[int, list[MentionId]]:
    found: dict[int, list[MentionId]] = {}
    for key, role, ordinal, _, _ in made.mentions:
        record = key // PLACES
        told = mention_id(RecordId(record_of[record]), role, ordinal)
        found.setdefault(record, []).append(told)
    return found
