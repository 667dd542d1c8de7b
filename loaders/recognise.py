"""Which feed a sheet is of, by its headings: columns decide, a file's name is a hint.

The name breaks ties and may stand for a hallmark where the headings show at least that
something was decided; a list that speaks against people never loads against its file's name.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Final

from graph.errors import DataError, UsageError
from loaders.header_rows import Header, Preview, filled_columns, headers_of
from loaders.headings import heading_key
from loaders.manifest import Column, KindTable, Manifest
from loaders.mending import LINK, OURS

__all__ = ["Near", "Recognised", "nearest", "recognise"]

_HARMLESS: Final = frozenset({"licence", "honour", "commitment", "tax_grade_a"})


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
        missing: Required columns the header lacks, each with its first alias; the last ones
            list the hallmarks, or the headings of an entry, if it has none of them.
        score: Required columns found, then known columns, then hallmarks.
    """

    manifest: Manifest
    missing: tuple[str, ...]
    score: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class _Fit:
    manifest: Manifest
    header: Header
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
    With `source` nothing has to be told apart: its required columns are enough.

    Args:
        preview: Row numbers and cells; cells of merged headings already filled.
        file_name: The file's base name, and the sheet's; errors are told about it.
        source: The feed it must be, when the user says so.

    Raises:
        DataError: E421 unknown file, E422 the feed named lacks columns, E423 columns and name
            do not single out one feed, E424 two columns for one name, E425 no row has any
            text, E427 no column is known.
        UsageError: E426 no feed is called `source`.
    """
    candidates = tuple(manifests)
    if source is not None:
        candidates = tuple(each for each in candidates if each.source == source)
        if not candidates:
            known = ", ".join(each.source for each in manifests)
            raise UsageError("E426", where=file_name, source=source, allowed=known)
    headers = tuple(headers_of(preview))
    if not headers:
        raise DataError("E425", where=file_name)
    fits = [_fit(each, headers, _told(each, file_name, source)) for each in candidates]
    complete = [fit for fit in fits if not fit.missing]
    if not complete:
        raise _unknown(fits, file_name, forced=source is not None)
    chosen = _best(complete, file_name)
    if source is None:
        _refuse_against_name(chosen.manifest, candidates, file_name)
    if chosen.twice:
        raise DataError(
            "E424", where=file_name, source=chosen.manifest.source, column=", ".join(chosen.twice)
        )
    return _recognised(chosen, filled_columns(preview))


def nearest(preview: Preview, manifests: Iterable[Manifest]) -> tuple[Near, ...]:
    """Return the manifests by how well they fit these rows, best first."""
    headers = tuple(headers_of(preview))
    if not headers:
        return ()
    return tuple(
        Near(fit.manifest, fit.missing, fit.score)
        for fit in _by_nearness([_fit(manifest, headers, _UNTOLD) for manifest in manifests])
    )


@lru_cache(maxsize=256)
def _vocabulary(columns: tuple[Column, ...]) -> Mapping[str, tuple[Column, str]]:
    """Return heading key -> column and the heading as the manifest spells it."""
    known: dict[str, tuple[Column, str]] = {}
    for column in columns:
        for heading in (column.name, *column.aliases):
            known.setdefault(heading_key(heading), (column, heading))
    return known


@dataclass(frozen=True, slots=True)
class _Told:
    """What is known beside the columns: the name speaks of the feed, or the user says so."""

    by_name: bool = False
    by_user: bool = False


_UNTOLD: Final = _Told()


def _told(manifest: Manifest, file_name: str, source: str | None) -> _Told:
    return _Told(_hinted(manifest, file_name), source is not None)


def _fit(manifest: Manifest, headers: Sequence[Header], told: _Told) -> _Fit:
    """Return how the manifest fits the header it fits best, the earliest of equals."""
    fits = [_fit_one(manifest, header, told) for header in headers]
    return max(fits, key=lambda fit: (not fit.missing, len(fit.positions), fit.score))


def _fit_one(manifest: Manifest, header: Header, told: _Told) -> _Fit:
    vocabulary = _vocabulary(manifest.columns)
    positions: dict[str, int] = {}
    by_own_name: set[str] = set()
    twice: dict[str, None] = {}
    shown: set[str] = set()
    for index, keys in enumerate(header.keys):
        found = next((vocabulary[key] for key in keys if key in vocabulary), None)
        if found is None:
            continue
        column, heading = found
        own_name = heading == column.name
        shown.add(heading)
        # A column called by its own name is meant; one under an alias beside it is left over.
        if column.name in positions and own_name == (column.name in by_own_name):
            twice[column.name] = None
        elif column.name not in positions or own_name:
            twice.pop(column.name, None)
            positions[column.name] = index
            by_own_name |= {column.name} if own_name else set()
    required = [column for column in manifest.columns if column.required]
    absent = [column for column in required if column.name not in positions]
    missing = [_spelled(column.name, column.aliases) for column in absent]
    unmarked = () if told.by_user else _unmarked(manifest, shown, told)
    missing += [marks for marks in unmarked if marks not in missing]
    marks = sum(not shown.isdisjoint(column.hallmarks) for column in manifest.columns)
    score = (len(required) - len(absent), len(positions), marks)
    return _Fit(manifest, header, positions, tuple(twice), tuple(missing), score)


def _unmarked(manifest: Manifest, shown: set[str], told: _Told) -> Iterator[str]:
    """Yield the marks of which a header shows none: those of an entry, those of the feed."""
    entries = [column.entries for column in manifest.columns if column.entries]
    hallmarks = [column.hallmarks for column in manifest.columns if column.hallmarks]
    needed = [entries] if entries and told.by_name else [entries, hallmarks]
    for marks in needed:
        if marks and all(shown.isdisjoint(each) for each in marks):
            yield " / ".join(_spelled(first, others) for first, *others in marks[:4])


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


def _refuse_against_name(chosen: Manifest, manifests: Iterable[Manifest], file_name: str) -> None:
    """Refuse a list that speaks against people if the file is called like another feed's."""
    if not _adverse(chosen) or _hinted(chosen, file_name):
        return
    others = [each.source for each in manifests if _hinted(each, file_name)]
    if others:
        raise DataError("E423", where=file_name, sources=", ".join((chosen.source, *others)))


def _adverse(manifest: Manifest) -> bool:
    """Return whether a row of the feed may speak against the party it is about."""
    if manifest.listing is None:
        return False
    kind = manifest.listing.kind
    if isinstance(kind, KindTable):
        return True
    return not _HARMLESS.issuperset((kind.default, *(code for _, code in kind.patterns)))


def _hinted(manifest: Manifest, file_name: str) -> bool:
    name = unicodedata.normalize("NFKC", file_name).lower()
    return any(fnmatchcase(name, pattern.lower()) for pattern in manifest.files)


def _by_nearness(fits: Iterable[_Fit]) -> list[_Fit]:
    def nearness(fit: _Fit) -> tuple[int, int, int]:
        return (len(fit.positions), -len(fit.missing), fit.score[2])

    return sorted(fits, key=nearness, reverse=True)


def _unknown(fits: Sequence[_Fit], file_name: str, *, forced: bool) -> DataError:
    near = _by_nearness(fits)[0]
    if not near.positions and not forced:
        return DataError("E427", where=file_name)
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
