"""Rows of one sheet become records, mentions, relations and listings, as a manifest says.

Pure: a chunk of cells in, the store's tuples out.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any, Final

import orjson

from graph.ports import PLACES, Rows
from graph.secrecy import DIGEST_SIZE, Seal, digest
from loaders.cells import NOTHING, day_of, parse_date
from loaders.files import Chunk
from loaders.fitting import fitted
from loaders.manifest import Manifest
from loaders.parties import Mentioned, PartyReader
from loaders.statements import StatementReader

__all__ = ["Preparer"]


_BLOCK: Final = 128
_NO_DOCUMENT: Final = b"null"


class Preparer:
    """Applies one manifest to the rows of one sheet.

    Args:
        manifest: The feed.
        positions: Canonical column name -> index in the row.
        header: Headings as read; columns not in `positions` are kept with the row, unused.
        refusal_column: Index of the link a mended row carries, if the sheet has one.
        seal: Encrypts cells and digests identifiers.
    """

    def __init__(
        self,
        manifest: Manifest,
        positions: Mapping[str, int],
        header: Sequence[str],
        refusal_column: int | None,
        seal: Seal,
    ) -> None:
        self.manifest = manifest
        self.seal = seal
        self._positions = positions
        self._header = header
        self._refusal_column = refusal_column
        # By name, so that the order of columns does not change what a row says.
        self._names = tuple(sorted(positions))
        places = [positions[name] for name in self._names]
        self._known = _getter(places)
        used = {*places, refusal_column}
        self._others = [(name, i) for i, name in enumerate(header) if i not in used]
        self._nothing = NOTHING | {text.lower() for text in manifest.empty}
        self._short = max(map(len, self._nothing))
        own = fitted(manifest, frozenset(positions))
        self._parties = PartyReader(own, seal)
        self._statements = StatementReader(own)
        required = {column.name for column in manifest.columns if column.required}
        self._needed = sorted(required & self._parties.needed & positions.keys())

    def prepare(self, chunk: Chunk, first_key: int) -> Rows:
        """Return the chunk's statements; the row at offset n gets key `first_key + n`.

        Cost: about 40 microseconds a row of 18 columns.
        """
        rows = Rows(read=len(chunk.rows))
        documents: list[bytes] = []
        for offset, cells in enumerate(chunk.rows):
            number, key = chunk.numbers[offset], first_key + offset
            defect = chunk.defects.get(offset)
            if defect is not None:
                self._refuse(rows, number, cells, defect.code, dict(defect.facts))
                documents.append(_NO_DOCUMENT)
            else:
                documents.append(self._row(rows, chunk, offset, (number, key)))
        for start in range(0, len(documents), _BLOCK):
            sealed = self.seal.seal_block(documents[start : start + _BLOCK])
            rows.blocks.append((first_key + start, sealed))
        return rows

    def _row(self, rows: Rows, chunk: Chunk, offset: int, at: tuple[int, int]) -> bytes:
        """Append a row's statements and return its document, the cells as JSON."""
        number, key = at
        cells = chunk.rows[offset]
        known = self._known(cells)
        trimmed = {
            name: text
            for name, cell in zip(self._names, known, strict=True)
            if (text := cell.strip())
        }
        values = trimmed
        short, nothing = self._short, self._nothing
        if silent := [
            name for name, cell in trimmed.items() if len(cell) <= short and cell.lower() in nothing
        ]:
            values = {name: cell for name, cell in trimmed.items() if name not in silent}
        refused = self._reason(values, chunk.long_numbers.get(offset, ()))
        parties: list[Mentioned] = []
        if refused is None:
            parties = self._parties.read(values)
            if len(parties) > PLACES:
                refused = ("E313", {"parties": len(parties), "limit": PLACES})
        if refused is not None:
            self._refuse(rows, number, cells, *refused)
            return _NO_DOCUMENT
        canonical = orjson.dumps(trimmed)
        version = self._version(values)
        if version is not None and (rows.data_day is None or version > rows.data_day):
            rows.data_day = version
        rows.records.append((key, self._digest(canonical), self._natural_key(values), version))
        rows.sightings.append((number, key))
        places = self._parties.write(rows, key, parties)
        self._statements.write(rows, key, values, places)
        if self._refusal_column is not None and cells[self._refusal_column].strip():
            rows.mended.append((cells[self._refusal_column].strip(), key))
        return self._document(canonical, trimmed, cells)

    def _reason(
        self, values: dict[str, str], long_numbers: Sequence[int]
    ) -> tuple[str, dict[str, object]] | None:
        for name in self._needed:
            if not values.get(name):
                return "E311", {"column": self._heading(name)}
        if long_numbers:
            identifying = self._parties.identifier_columns
            for name, place in self._positions.items():
                if name in identifying and place in long_numbers:
                    return "E312", {"column": self._heading(name)}
        return None

    def _heading(self, name: str) -> str:
        return self._header[self._positions[name]] or name

    def _refuse(
        self, rows: Rows, number: int, cells: Sequence[str], code: str, facts: dict[str, Any]
    ) -> None:
        sealed = self.seal.seal(orjson.dumps(list(cells)))
        rows.refusals.append((number, code, orjson.dumps(facts).decode(), sealed))

    def _digest(self, canonical: bytes) -> bytes:
        # Empty cells are left out, so a file that lacks a column states the same row.
        state = hashlib.blake2b(self.manifest.source.encode() + b"\0", digest_size=DIGEST_SIZE)
        state.update(canonical)
        return state.digest()

    def _document(self, canonical: bytes, trimmed: dict[str, str], cells: Sequence[str]) -> bytes:
        known = self._known(cells)
        tidy = sum(map(len, known)) == sum(map(len, trimmed.values()))
        raw = (
            {}
            if tidy
            else {
                n: cell for n, cell in zip(self._names, known, strict=True) if cell != cell.strip()
            }
        )
        other = {name: cells[i] for name, i in self._others if cells[i]} if self._others else {}
        if not raw and not other:
            return b'{"cells":%b}' % canonical
        extra = (canonical, orjson.dumps(raw), orjson.dumps(other))
        return b'{"cells":%b,"as_read":%b,"other":%b}' % extra

    def _natural_key(self, values: dict[str, str]) -> bytes | None:
        parts = [values.get(name, "") for name in self.manifest.natural_key]
        if not parts or not all(parts):
            return None
        return digest(self.manifest.source.encode(), *(part.encode() for part in parts))

    def _version(self, values: dict[str, str]) -> int | None:
        for name in self.manifest.version:
            day = parse_date(values.get(name, ""))
            if day is not None:
                return day_of(day)
        return None


def _getter(places: Sequence[int]) -> Callable[[Sequence[str]], tuple[str, ...]]:
    """Return a function that picks cells; unlike itemgetter it gives a tuple for one, too."""
    if len(places) == 1:
        only = places[0]
        return lambda cells: (cells[only],)
    return itemgetter(*places)
