"""What one department's feed looks like: a manifest, as read from `loaders/sources/*.yaml`.

A manifest says which columns a feed has, which parties a row points to, and what the row
states about them. Adding a feed is adding one YAML file; `loaders/manifest_reader.py`
validates it, `loaders/recognise.py` finds the manifest of a file, `loaders/prepare.py`
applies it to rows.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from graph.identifiers import IdType

__all__ = [
    "BidSpec",
    "CaseSpec",
    "Choice",
    "Column",
    "Condition",
    "DateCell",
    "EventSpec",
    "Expectations",
    "Fact",
    "IdentifierCell",
    "KindTable",
    "KindTableRow",
    "ListingSpec",
    "Manifest",
    "Party",
    "RelationSpec",
]


@dataclass(frozen=True, slots=True)
class Column:
    """A known column: its canonical name, and the other headings it comes under.

    Attributes:
        required: A file without it is not of this feed, or cannot be used.
        hallmarks: Those of its headings that no other list has; a file of a feed that has any
            shows at least one of them.
        entries: Those of its headings that say something was decided or listed; a file of a
            feed that has any shows at least one, and then its name may stand for a hallmark.
    """

    name: str
    aliases: tuple[str, ...] = ()
    required: bool = False
    hallmarks: tuple[str, ...] = ()
    entries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """True for rows whose cell matches; an empty cell matches only an empty pattern.

    Attributes:
        matches: Searched (not anchored) in the trimmed cell; None asks for a non-empty cell.
        dated: Asks for a cell that names a day, instead of one that matches.
        negate: True for rows whose cell does not match.
        also: Another condition that must hold too.
    """

    column: str
    matches: re.Pattern[str] | None = None
    dated: bool = False
    negate: bool = False
    also: "Condition | None" = None


@dataclass(frozen=True, slots=True)
class Choice:
    """A code picked by a cell: the first pattern found in it, else `default`.

    Attributes:
        column: None makes the choice constant: always `default`.
        patterns: Tried in file order, searched in the trimmed cell.
    """

    default: str
    column: str | None = None
    patterns: tuple[tuple[re.Pattern[str], str], ...] = ()


@dataclass(frozen=True, slots=True)
class IdentifierCell:
    """A column holding identifiers of one type, or of the type another column names.

    Attributes:
        type: None means: by `type_column` if it names a known certificate type, else by form.
    """

    column: str
    type: IdType | None = None
    type_column: str | None = None


@dataclass(frozen=True, slots=True)
class Party:
    """One party a row points to; each becomes a mention.

    Attributes:
        key: Name used by this manifest's relations and listing.
        role: The mention's role; may depend on a cell (a post in a personnel file).
        kind: Subject kind, or `organisation` / `party` where the cells leave it open:
            the code, the certificate and the name then decide.
        name: Column of the name; None where the row has only an identifier.
        traits: Columns that tell of a body beside its name, and what each tells: `phone`,
            `address` or `founded`. They help to see who is the same; of a person none is kept.
        many: The name cell may list several parties, split on 、，,;； and line breaks;
            identifier cells are split alike and paired by position.
    """

    key: str
    role: Choice
    kind: Choice
    name: str | None
    identifiers: tuple[IdentifierCell, ...] = ()
    traits: tuple[tuple[str, str], ...] = ()
    many: bool = False
    when: Condition | None = None


@dataclass(frozen=True, slots=True)
class DateCell:
    """A date column; `inclusive` marks a last day, which becomes a half-open end."""

    column: str
    inclusive: bool = False


@dataclass(frozen=True, slots=True)
class RelationSpec:
    """A tie the row states, person or owner first.

    Attributes:
        type: A relation type, or `@role`: the source party's own role.
        share: Column of a share; values above 1 or with % are per cent.
    """

    type: str
    source: str
    target: str
    since: DateCell | None = None
    until: DateCell | None = None
    share: str | None = None
    when: Condition | None = None


@dataclass(frozen=True, slots=True)
class KindTableRow:
    """One line of a kind table: all patterns must be found in their fields."""

    kind: str
    patterns: Mapping[str, re.Pattern[str]]
    scope: str | None = None


@dataclass(frozen=True, slots=True)
class KindTable:
    """A data table that maps texts of a decision to a listing kind, first line wins.

    Attributes:
        fields: Field name of the table -> columns of this feed, joined with a space.
    """

    rows: tuple[KindTableRow, ...]
    fields: Mapping[str, tuple[str, ...]]
    default: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A listing fact: `form` is text, bool, date, amount_yuan, amount_wan or party.

    Attributes:
        column: The column that states it, or with form `party` the key of the party whose
            mentions it lists; None for a constant `value`.
    """

    name: str
    column: str | None
    form: str = "text"
    value: str | None = None
    true: re.Pattern[str] | None = None


@dataclass(frozen=True, slots=True)
class EventSpec:
    """A change of status the row states: `on` is its date column."""

    status: str
    on: str | None
    when: Condition | None = None


@dataclass(frozen=True, slots=True)
class ListingSpec:
    """The listing a row states about a party.

    Attributes:
        authority: Column of the deciding authority; `authority_name` where it is constant.
        published_until: Where the publication of the decision ends. It ends a plain penalty, of
            which nothing but its publication is left; a bar runs as long as its law says.
        named: Parties the decision itself lists as reached (DESIGN section 4).
        events: Status changes stated by the same row.
    """

    kind: Choice | KindTable
    party: str
    authority: str | None = None
    authority_name: str = ""
    decision_number: str | None = None
    violation_date: DateCell | None = None
    decision_date: DateCell | None = None
    since: DateCell | None = None
    until: DateCell | None = None
    published_until: DateCell | None = None
    scope: Choice | None = None
    severity: Choice | None = None
    named: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    events: tuple[EventSpec, ...] = ()
    when: Condition | None = None


@dataclass(frozen=True, slots=True)
class CaseSpec:
    """A row about another row's decision: repair, objection, withdrawal.

    It finds its listing by authority and decision number, whichever arrives first.
    """

    party: str
    authority: str
    decision_number: str
    events: tuple[EventSpec, ...]


@dataclass(frozen=True, slots=True)
class BidSpec:
    """A row that is one bidder's offer."""

    project: str
    lot: str | None
    opened: str
    bidder: str


@dataclass(frozen=True, slots=True)
class Expectations:
    """What a healthy delivery looks like; quality reports measure against it.

    Attributes:
        max_age_days: A feed older than this is stale.
        fill: Column -> least share of rows in which it is filled.
    """

    max_age_days: int
    fill: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Manifest:
    """One feed.

    Attributes:
        family: `pripid` values are comparable only inside one family of feeds.
        evidence: `verified` columns were seen in real files, `assumed` ones were chosen here.
        delivery: `full` files replace what an earlier full file said; `incremental` ones add.
        files: File name patterns, a hint used only to break a tie.
        empty: Cell texts that mean empty in this feed, beside the general ones.
        natural_key: Columns that identify the thing a row is about across deliveries; a row
            that lacks one of them is about nothing but itself.
        apart_by: Columns that belong to the natural key too, filled or not.
        version: Date columns that say how new a row is; the first filled one counts.
        series: Columns of what successive rows are about: a tie one leaves open ends when
            the next one begins. Ties of different types are different series.
        whole_of: Columns saying of what a full file is the whole, the office: a file ends
            only what an earlier file of the same office said.
        digest: Content digest of the manifest file.
    """

    source: str
    title: Mapping[str, str]
    department: Mapping[str, str]
    evidence: str
    delivery: str
    files: tuple[str, ...]
    columns: tuple[Column, ...]
    parties: tuple[Party, ...]
    natural_key: tuple[str, ...]
    version: tuple[str, ...]
    expectations: Expectations
    family: str = ""
    empty: tuple[str, ...] = ()
    apart_by: tuple[str, ...] = ()
    relations: tuple[RelationSpec, ...] = ()
    listing: ListingSpec | None = None
    case: CaseSpec | None = None
    bid: BidSpec | None = None
    series: tuple[str, ...] = ()
    whole_of: tuple[str, ...] = ()
    digest: str = ""
