"""Which feed a sheet is of, by its headings: columns decide, a file's name only breaks ties.

The header is looked for among the first rows, alone or as two rows (a row of groups above a
row of headings); titles above it are skipped.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from itertools import zip_longest

from graph.errors import DataError, UsageError
from loaders.headings import heading_key
from loaders.manifest import Column, Manifest
from loaders.mending import LINK, OURS

__all__ = ["Near", "Recognised", "nearest", "recognise"]

Preview = Sequence[tuple[int, Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Recognised:
    """The feed of a sheet and where its columns are.

    Attributes:
        header_row: Number of the last header row, as the preview counts rows.
        width: Number of cells of the header.
        positions: Canonical column name -> index.
        unknown: Headings this feed does not know, in order; blank ones left out.
        header: Headings as read, one per cell.
        refusal_column: Index of the link a mended refusal export carries.
    """

    manifest: Manifest
    header_row: int
    width: int
    positions: dict[str, int]
    unknown: tuple[str, ...]
    header: tuple[str, ...]
    refusal_column: int | None


@dataclass(frozen=True, slots=True)
class Near:
    """How well a manifest fits the best header of a sheet.

    Attributes:
        missing: Required columns the header lacks, each with its first alias; the last one
            lists the hallmarks if it has none of them.
        score: Required columns found, then known columns, then hallmarks.
    """

    manifest: Manifest
    missing: tuple[str, ...]
    score: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class _Header:
    """One reading of one or two rows as a header: each cell has its likeliest key first."""

    row: int
    texts: tuple[str, ...]
    keys: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class _Fit:
    manifest: Manifest
    header: _Header
    positions: dict[str, int]
    twice: tuple[str, ...]
    missing: tuple[str, ...]
    score: tuple[int, int, int]


def recognise(
    preview: Preview, manifests: Iterable[Manifest], file_name: str, source: str | None = None
) -> Recognised:
    """Return the feed of a sheet whose first rows are these.

    Of several that fit, the one with most required columns wins, then the one that knows
    most columns, then most hallmarks, then the one whose file patterns the name matches.

    Args:
        preview: Row numbers and cells; cells of merged headings already filled.
        file_name: The file's base name; errors are told about it.
        source: The feed it must be, when the user says so.

    Raises:
        DataError: E421 unknown file, E422 the feed named lacks columns, E423 several feeds
            fit equally, E424 two columns for one name, E425 no row has any text.
        UsageError: E426 no feed is called `source`.
    """
    candidates = tuple(manifests)
    if source is not None:
        candidates = tuple(each for each in candidates if each.source == source)
        if not candidates:
            known = ", ".join(each.source for each in manifests)
            raise UsageError("E426", where=file_name, source=source, allowed=known)
    headers = tuple(_headers(preview))
    if not headers:
        raise DataError("E425", where=file_name)
    fits = [_fit(manifest, headers) for manifest in candidates]
    complete = [fit for fit in fits if not fit.missing]
    if not complete:
        raise _unknown(fits, file_name, forced=source is not None)
    chosen = _best(complete, file_name)
    if chosen.twice:
        raise DataError(
            "E424", where=file_name, source=chosen.manifest.source, column=", ".join(chosen.twice)
        )
    return _recognised(chosen, _filled(preview))


def _filled(preview: Preview) -> int:
    """Return how many columns have any text in the first rows."""
    filled = (i + 1 for _, cells in preview for i, text in enumerate(cells) if text.strip())
    return max(filled, default=0)


def nearest(preview: Preview, manifests: Iterable[Manifest]) -> tuple[Near, ...]:
    """Return the manifests by how well they fit these rows, best first."""
    headers = tuple(_headers(preview))
    if not headers:
        return ()
    return tuple(
        Near(fit.manifest, fit.missing, fit.score)
        for fit in _by_nearness([_fit(manifest, headers) for manifest in manifests])
    )


def _headers(preview: Preview) -> Iterator[_Header]:
    """Yield each row as a header, then with the row above as its groups."""
    above: Sequence[str] = ()
    for row, cells in preview:
        texts = tuple(cells)
        keys = tuple((heading_key(text),) for text in texts)
        if any(key for (key,) in keys):
            yield _Header(row, texts, keys)
            if any(above):
                yield _two_rows(row, above, texts)
        above = texts


def _two_rows(row: int, above: Sequence[str], below: Sequence[str]) -> _Header:
    """Return two rows as one header: 法定代表人 over 姓名 may be 法定代表人姓名, or just 姓名."""
    texts: list[str] = []
    keys: list[tuple[str, ...]] = []
    group = ""
    for upper, lower in zip_longest(above, below, fillvalue=""):
        group = upper if upper.strip() else group
        top, bottom = heading_key(group), heading_key(lower)
        if bottom and bottom != top:
            texts.append(lower)
            keys.append((top + bottom, bottom) if top else (bottom,))
        else:
            texts.append(lower if bottom else upper)
            keys.append((bottom or heading_key(upper),))
    return _Header(row, tuple(texts), tuple(keys))


@lru_cache(maxsize=256)
def _vocabulary(columns: tuple[Column, ...]) -> Mapping[str, tuple[Column, bool, bool]]:
    """Return heading key -> column, whether it is its own name, whether a hallmark."""
    known: dict[str, tuple[Column, bool, bool]] = {}
    for column in columns:
        hallmarks = {heading_key(heading) for heading in column.hallmarks}
        for heading in (column.name, *column.aliases):
            key = heading_key(heading)
            known.setdefault(key, (column, heading == column.name, key in hallmarks))
    return known


def _fit(manifest: Manifest, headers: Sequence[_Header]) -> _Fit:
    """Return how the manifest fits the header it fits best, the earliest of equals."""
    fits = [_fit_one(manifest, header) for header in headers]
    return max(fits, key=lambda fit: (not fit.missing, len(fit.positions), fit.score))


def _fit_one(manifest: Manifest, header: _Header) -> _Fit:
    vocabulary = _vocabulary(manifest.columns)
    positions: dict[str, int] = {}
    by_own_name: set[str] = set()
    twice: dict[str, None] = {}
    marked: set[str] = set()
    for index, keys in enumerate(header.keys):
        found = next((vocabulary[key] for key in keys if key in vocabulary), None)
        if found is None:
            continue
        column, own_name, hallmark = found
        if hallmark:
            marked.add(column.name)
        # A column called by its own name is meant; one under an alias beside it is left over.
        if column.name in positions and own_name == (column.name in by_own_name):
            twice[column.name] = None
        elif column.name not in positions or own_name:
            twice.pop(column.name, None)
            positions[column.name] = index
            by_own_name |= {column.name} if own_name else set()
    required = [column for column in manifest.columns if column.required]
    absent = [column for column in required if column.name not in positions]
    hallmarks = [column.hallmarks for column in manifest.columns if column.hallmarks]
    missing = [_spelled(column.name, column.aliases) for column in absent]
    if hallmarks and not marked:
        missing.append(" / ".join(_spelled(first, others) for first, *others in hallmarks[:4]))
    score = (len(required) - len(absent), len(positions), len(marked))
    return _Fit(manifest, header, positions, tuple(twice), tuple(missing), score)


def _spelled(heading: str, others: Sequence[str]) -> str:
    """Return a heading as a person looks for it: a technical one with a Chinese one."""
    if heading.isascii() and others:
        return f"{heading}（{others[0]}）"
    return heading


def _best(fits: Sequence[_Fit], file_name: str) -> _Fit:
    top = max(fit.score for fit in fits)
    best = [fit for fit in fits if fit.score == top]
    if len(best) > 1:
        best = [fit for fit in best if _hinted(fit.manifest, file_name)] or best
    if len(best) > 1:
        names = ", ".join(fit.manifest.source for fit in best)
        raise DataError("E423", where=file_name, sources=names)
    return best[0]


def _hinted(manifest: Manifest, file_name: str) -> bool:
    name = file_name.lower()
    return any(fnmatchcase(name, pattern.lower()) for pattern in manifest.files)


def _by_nearness(fits: Iterable[_Fit]) -> list[_Fit]:
    def nearness(fit: _Fit) -> tuple[int, int, int]:
        return (len(fit.positions), -len(fit.missing), fit.score[2])

    return sorted(fits, key=nearness, reverse=True)


def _unknown(fits: Sequence[_Fit], file_name: str, *, forced: bool) -> DataError:
    near = _by_nearness(fits)[0]
    return DataError(
        "E422" if forced else "E421",
        where=file_name,
        nearest=near.manifest.source,
        title=near.manifest.title["zh"],
        title_en=near.manifest.title["en"],
        missing="、".join(near.missing),
        found=len(near.positions),
    )


def _recognised(fit: _Fit, filled: int) -> Recognised:
    # Columns blank in all the first rows are commas a spreadsheet left behind.
    header = fit.header.texts[:filled]
    used = set(fit.positions.values())
    refusal: int | None = None
    unknown: list[str] = []
    for index, text in enumerate(header):
        key = re.sub(r"\s", "", text).lower()
        if key == LINK and refusal is None:
            refusal = index
        elif index not in used and not key.startswith(OURS) and text.strip():
            unknown.append(text.strip())
    return Recognised(
        manifest=fit.manifest,
        header_row=fit.header.row,
        width=len(header),
        positions=fit.positions,
        unknown=tuple(unknown),
        header=header,
        refusal_column=refusal,
    )
