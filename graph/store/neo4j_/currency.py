"""Which rows are current and when ties end: versions, successive rows, full files they left.

The rules are those of `graph.store.sqlite.currency`, worked out here from what the server
tells of the records that stand among others.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from graph.store.neo4j_.database import Database
from graph.store.neo4j_.view import View

__all__ = ["Currency", "currency"]

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Currency:
    """What of the evidence is superseded, by record digest; days are numbers.

    Attributes:
        replaced: Day a newer version begins, None where unknown.
        rivals: Each of several current versions that nothing orders.
        succeeded: Day of the row that follows in the series.
        ended: Day of the full file it is no longer in.
    """

    replaced: dict[str, int | None]
    rivals: frozenset[str]
    succeeded: dict[str, int]
    ended: dict[str, int]

    def stands(self, record: str) -> bool:
        """Return whether a tie stated by the record held at some time that is known."""
        return self.replaced.get(record, 0) is not None

    def until(self, record: str, until: int | None) -> int | None:
        """Return the day from which a tie stated by the record no longer holds."""
        ends = (until, *(each.get(record) for each in (self.replaced, self.succeeded, self.ended)))
        return min((day for day in ends if day is not None), default=None)


def currency(database: Database, view: View, digests: Collection[str] | None) -> Currency:
    """Return what is superseded among records (None: all)."""
    if digests is None:
        versions = database.rows("all_versions", **view.values)
        series = database.rows("all_series", **view.values)
    else:
        found = database.rows("some_siblings", digests=sorted(digests), **view.values)
        versions = [tuple(row) for what, *row in found if what == "versions"]
        series = [tuple(row[:3]) for what, *row in found if what == "series"]
    replaced, rivals = _replaced(versions)
    return Currency(replaced, rivals, _succeeded(series), _ended(database, view, digests))


def _together(rows: Iterable[Row]) -> Iterable[list[Row]]:
    """Return rows by their second column, without it, where there are several."""
    found: dict[str, list[Row]] = defaultdict(list)
    for first, key, *rest in rows:
        found[key].append((first, *rest))
    return [each for each in found.values() if len(each) > 1]


def _replaced(versions: Iterable[Row]) -> tuple[dict[str, int | None], frozenset[str]]:
    """Return what is replaced, and what has rivals, of (record, natural key, version, seen)."""
    replaced: dict[str, int | None] = {}
    rivals: set[str] = set()
    for found in _together(versions):
        days = _days(version for _, version, _ in found)
        last: dict[int | None, int] = {}
        for _, version, seen in found:
            if seen is not None:
                last[version] = max(seen, last.get(version, seen))
        current = []
        for record, version, seen in found:
            following = _following(days, version)
            latest = seen is None or seen == last[version]
            if following is None and latest:
                current.append(record)
            else:
                replaced[record] = following if latest and version is not None else None
        if len(current) > 1:
            rivals.update(current)
    return replaced, frozenset(rivals)


def _succeeded(series: Iterable[Row]) -> dict[str, int]:
    """Return the day that ends what a row left open, of (record, series, version)."""
    succeeded: dict[str, int] = {}
    for found in _together(series):
        days = _days(version for _, version in found)
        for record, version in found:
            # What a row without a day leaves open, it may have left open before the last.
            end = _following(days, version) if version is not None else max(days, default=None)
            if end is not None:
                succeeded[record] = end
    return succeeded


def _days(versions: Iterable[int | None]) -> list[int]:
    return sorted({version for version in versions if version is not None})


def _following(days: list[int], version: int | None) -> int | None:
    """Return the first day after a version's; a row without a day comes before all."""
    place = 0 if version is None else bisect_right(days, version)
    return days[place] if place < len(days) else None


class _Files:
    """The files of one source that delivers everything it has each time."""

    def __init__(self) -> None:
        self.days: dict[int, int | None] = {}
        self.wholes: dict[int, frozenset[str]] = {}

    def prepare(self) -> None:
        """Put the dated files in order, once all are known."""
        dated = [(day, number) for number, day in self.days.items() if day is not None]
        self.dated = sorted(dated)
        self.divided = len(frozenset[str]().union(*self.wholes.values())) > 1

    def end(self, whole: str | None, seen_in: Collection[int]) -> int | None:
        """Return the day of the first file that leaves a row out, None while there is none.

        Args:
            whole: What the row says its file is the whole of.
            seen_in: Numbers of the files the row stands in.
        """
        seen = _days(self.days[number] for number in seen_in)
        own = frozenset[str]().union(*(self.wholes[number] for number in seen_in))
        for day, number in self.dated if seen else ():
            told = self.wholes[number]
            speaks = whole in told if whole is not None else bool(own) and own <= told
            if day > seen[-1] and (not self.divided or speaks):
                return day
        return None


def _ended(database: Database, view: View, digests: Collection[str] | None) -> dict[str, int]:
    files = _full_files(database, view)
    if not files:
        return {}
    values: dict[str, Any] = {
        "full": [number for each in files.values() for number in each.days],
        "latest": {source: each.dated[-1][0] for source, each in files.items()},
    }
    if digests is None:
        rows = database.rows("all_last_seen", **values)
    else:
        rows = database.rows("some_last_seen", digests=sorted(digests), **values)
    known: dict[tuple[Any, ...], int | None] = {}
    ended = {}
    for record, source, whole, seen_in in rows:
        key = (source, whole, *sorted(seen_in))
        if key not in known:
            known[key] = files[source].end(whole, seen_in)
        if (day := known[key]) is not None:
            ended[record] = day
    return ended


def _full_files(database: Database, view: View) -> Mapping[str, _Files]:
    """Return the files of each source that delivered more than one day's."""
    if "full_files" not in view.read:
        view.read["full_files"] = _read_full_files(database, view)
    files: Mapping[str, _Files] = view.read["full_files"]
    return files


def _read_full_files(database: Database, view: View) -> Mapping[str, _Files]:
    found: dict[str, _Files] = defaultdict(_Files)
    for source, day, number, wholes in database.rows("full_files", **view.values):
        found[source].days[number] = day
        found[source].wholes[number] = frozenset(wholes)
    for each in found.values():
        each.prepare()
    return {name: each for name, each in found.items() if len(_days(each.days.values())) > 1}
