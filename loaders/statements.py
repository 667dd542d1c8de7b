"""What a row states about its parties: relations, a listing, case events, a bid."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final

import orjson

from graph.ports import Rows
from graph.secrecy import digest
from loaders.cells import LONG_TERM, case_text, day_of, fen, parse_date, parse_share
from loaders.manifest import (
    CaseSpec,
    Choice,
    DateCell,
    EventSpec,
    Fact,
    KindTable,
    ListingSpec,
    Manifest,
    RelationSpec,
)
from loaders.parties import Chooser, holds

__all__ = ["StatementReader", "case_key"]

Places = dict[str, list[int]]

_PLAIN: Final = "penalty"
_KINDS_REMEMBERED: Final = 65_536


def case_key(authority: str, decision_number: str) -> bytes | None:
    """Return the digest by which a repair or objection finds its listing; None if unknown."""
    who, which = _authority_text(authority), case_text(decision_number)
    return digest(who.encode(), which.encode()) if who and which else None


# Departments are few, decisions are many.
_authority_text = lru_cache(maxsize=4_096)(case_text)


class StatementReader:
    """Reads what the rows of one sheet state.

    Args:
        manifest: The feed.
    """

    def __init__(self, manifest: Manifest) -> None:
        self._manifest = manifest
        self._roles = {party.key: Chooser(party.role) for party in manifest.parties}
        listing = manifest.listing
        self._scope = Chooser(listing.scope) if listing and listing.scope else None
        self._severity = Chooser(listing.severity) if listing and listing.severity else None
        one_of = listing.kind if listing and isinstance(listing.kind, Choice) else None
        self._kind = Chooser(one_of) if one_of is not None else None
        table = listing.kind if listing and isinstance(listing.kind, KindTable) else None
        columns = [] if table is None else [name for own in table.fields.values() for name in own]
        self._told_by = tuple(dict.fromkeys(columns))
        self._kinds: dict[tuple[str, ...], tuple[str, str | None]] = {}

    def write(self, rows: Rows, key: int, values: Mapping[str, str], places: Places) -> None:
        """Append the statements of the row with this record key."""
        position = 0
        for relation in self._manifest.relations:
            if relation.when is not None and not holds(relation.when, values):
                continue
            position = self._relation(rows, (key, position), relation, values, places)
        if self._manifest.series:
            self._series(rows, key, values, places)
        whole = self._about(self._manifest.whole_of, values)
        if whole is not None:
            rows.wholes.append((key, whole))
        listing, case, bid = self._manifest.listing, self._manifest.case, self._manifest.bid
        if listing is not None and holds(listing.when, values):
            self._listing(rows, key, listing, values, places)
        if case is not None and places.get(case.party):
            _case(rows, key, case, values, places)
        if bid is not None and places.get(bid.bidder):
            opened = _day(DateCell(bid.opened), values)
            lot = values.get(bid.lot, "") if bid.lot is not None else ""
            rows.bids.append(
                (
                    key,
                    case_text(values.get(bid.project, "")),
                    case_text(lot),
                    opened,
                    places[bid.bidder][0],
                )
            )

    def _relation(
        self,
        rows: Rows,
        at: tuple[int, int],
        spec: RelationSpec,
        values: Mapping[str, str],
        places: Places,
    ) -> int:
        key, position = at
        kind = self._roles[spec.source](values) if spec.type == "@role" else spec.type
        since, until = _day(spec.since, values), _day(spec.until, values)
        share = parse_share(values.get(spec.share, "")) if spec.share is not None else None
        for source in places.get(spec.source, ()):
            for target in places.get(spec.target, ()):
                rows.relations.append((key, position, kind, source, target, since, until, share))
                position += 1
        return position

    def _series(self, rows: Rows, key: int, values: Mapping[str, str], places: Places) -> None:
        # A row whose tie is over (a share of nought) ends what was open before, and states none.
        types = {
            self._roles[spec.source](values) if spec.type == "@role" else spec.type
            for spec in self._manifest.relations
            if places.get(spec.source) and places.get(spec.target)
        }
        series = self._about(self._manifest.series, values, *sorted(types)) if types else None
        if series is not None:
            rows.series.append((key, series))

    def _about(
        self, columns: tuple[str, ...], values: Mapping[str, str], *more: str
    ) -> bytes | None:
        """Return the digest of what the cells of columns name, None where one is empty."""
        cells = [case_text(values.get(name, "")) for name in columns]
        if not cells or not all(cells):
            return None
        told = (self._manifest.source, *cells, *more)
        return digest(*(part.encode() for part in told))

    def _listing(
        self, rows: Rows, key: int, spec: ListingSpec, values: Mapping[str, str], places: Places
    ) -> None:
        party = places.get(spec.party)
        if not party:
            return
        kind, scope = self._listing_kind(spec.kind, values)
        if self._scope is not None:
            scope = self._scope(values) or scope
        authority = values.get(spec.authority, "") if spec.authority else spec.authority_name
        number = values.get(spec.decision_number, "") if spec.decision_number else ""
        named = [mention for name in spec.named for mention in places.get(name, ())]
        until = _day(spec.until, values)
        if until is None and kind == _PLAIN:
            until = _day(spec.published_until, values)
        facts = {fact.name: _fact(fact, values, places) for fact in spec.facts}
        told = {name: value for name, value in facts.items() if value is not None}
        rows.listings.append(
            (
                key,
                kind,
                party[0],
                authority,
                number,
                case_key(authority, number),
                _day(spec.violation_date, values),
                _day(spec.decision_date, values),
                _day(spec.since, values),
                until,
                scope,
                self._severity(values) if self._severity is not None else None,
                _json(named),
                _json(told),
                _json(_events(spec.events, values)),
            )
        )

    def _listing_kind(
        self, kind: Choice | KindTable, values: Mapping[str, str]
    ) -> tuple[str, str | None]:
        if isinstance(kind, Choice):
            return (kind.default if self._kind is None else self._kind(values)), None
        cells = tuple([values.get(column, "") for column in self._told_by])
        known = self._kinds.get(cells)
        if known is None:
            if len(self._kinds) >= _KINDS_REMEMBERED:
                self._kinds.clear()
            known = self._kinds[cells] = _by_table(kind, values)
        return known


def _day(cell: DateCell | None, values: Mapping[str, str]) -> int | None:
    if cell is None:
        return None
    text = values.get(cell.column)
    return None if text is None else _day_in(text, cell.inclusive)


@lru_cache(maxsize=65_536)
def _day_in(text: str, inclusive: bool) -> int | None:
    day = parse_date(text)
    if day is None:
        return None
    return day_of(day) + (1 if inclusive and day != LONG_TERM else 0)


def _by_table(table: KindTable, values: Mapping[str, str]) -> tuple[str, str | None]:
    fields = {
        name: " ".join([values.get(column, "") for column in columns])
        for name, columns in table.fields.items()
    }
    for row in table.rows:
        if all(pattern.search(fields.get(name, "")) for name, pattern in row.patterns.items()):
            return row.kind, row.scope
    return table.default, None


def _fact(fact: Fact, values: Mapping[str, str], places: Places) -> Any:
    if fact.column is None:
        return {"true": True, "false": False}.get(fact.value or "", fact.value)
    if fact.form == "party":
        return places.get(fact.column)
    text = values.get(fact.column)
    return _FORMS[fact.form](fact, text) if text else None


def _truth(fact: Fact, text: str) -> bool:
    return bool((fact.true or _YES).search(text))


def _date_text(fact: Fact, text: str) -> str | None:
    day = parse_date(text)
    return None if day is None else day.isoformat()


_YES: Final = re.compile("^(?:是|1|true|Y)$", re.IGNORECASE)
_FORMS: Final[Mapping[str, Callable[[Fact, str], Any]]] = {
    "text": lambda fact, text: text,
    "bool": _truth,
    "date": _date_text,
    "amount_yuan": lambda fact, text: fen(text, wan=False),
    "amount_wan": lambda fact, text: fen(text, wan=True),
}


def _events(
    specs: tuple[EventSpec, ...], values: Mapping[str, str]
) -> list[tuple[str, int | None]]:
    found: list[tuple[str, int | None]] = []
    for spec in specs:
        if not holds(spec.when, values):
            continue
        day = _day(DateCell(spec.on), values) if spec.on is not None else None
        # An event that names its date column happened only if the cell has a date.
        if spec.on is None or day is not None:
            found.append((spec.status, day))
    return found


def _case(rows: Rows, key: int, spec: CaseSpec, values: Mapping[str, str], places: Places) -> None:
    authority = values.get(spec.authority, "")
    number = values.get(spec.decision_number, "")
    for position, (status, day) in enumerate(_events(spec.events, values)):
        rows.case_events.append(
            (
                key,
                position,
                status,
                day,
                places[spec.party][0],
                authority,
                number,
                case_key(authority, number),
            )
        )


def _json(value: list[Any] | dict[str, Any]) -> str | None:
    return orjson.dumps(value).decode() if value else None
