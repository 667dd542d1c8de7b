"""From `loaders/sources/*.yaml` to manifests, refusing whatever a feed cannot mean.

The form of the files is `docs/MANIFESTS.md`; what a complete manifest must add up to is
checked in `loaders/manifest_checks.py`, kind tables are read in `loaders/kind_tables.py`.
"""

import hashlib
import re
from collections.abc import Callable, Collection, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final, TypeVar

from graph.errors import DataError
from graph.identifiers import IdType
from graph.model import LISTING_KINDS, LISTING_STATUSES, RELATION_TYPES, SUBJECT_KINDS
from loaders.kind_tables import read_kind_table
from loaders.manifest import (
    BidSpec,
    CaseSpec,
    Choice,
    Column,
    Condition,
    DateCell,
    EventSpec,
    Expectations,
    Fact,
    IdentifierCell,
    KindTable,
    ListingSpec,
    Manifest,
    Party,
    RelationSpec,
)
from loaders.manifest_checks import check
from loaders.manifest_fields import Fields, Scope, parse_yaml

__all__ = ["read_manifest", "read_manifests"]

T = TypeVar("T")

_REQUIRED: Final = (
    "source",
    "title",
    "department",
    "evidence",
    "delivery",
    "files",
    "columns",
    "parties",
    "natural_key",
    "expectations",
)
_OPTIONAL: Final = ("family", "empty", "relations", "listing", "case", "bid", "version")
_LISTING: Final = (
    *("authority", "authority_name", "decision_number", "violation_date", "decision_date"),
    *("since", "until", "scope", "severity", "facts", "named", "events", "when"),
)
_PARTY_KINDS: Final = (*SUBJECT_KINDS, "organisation", "party")
_IDENTIFIERS: Final = tuple(kind.value for kind in IdType)
_BY_FORM: Final = "form"
_SEVERITIES: Final = ("minor", "general", "serious")
_WORD: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
# What each fact may be read as; the codes are those of the contract.
_FACTS: Final[Mapping[str, tuple[str, ...]]] = {
    "personally_responsible": ("party",),
    "responsible_persons": ("party",),
    "large_debt": ("bool",),
    "serious": ("bool",),
    "industry": ("text",),
    "penalty_type": ("text",),
    "amount_fen": ("amount_yuan", "amount_wan"),
    "established": ("date",),
    "end_of_sentence": ("date",),
    "liquidation_end": ("date",),
}


def read_manifests(folder: Path | Traversable | None = None) -> tuple[Manifest, ...]:
    """Return the manifests of a folder, sorted by source.

    Args:
        folder: Holds `*.yaml` and `tables/*.yaml`; the packaged feeds if None.

    Raises:
        DataError: E401 to E416, naming file and key.
    """
    root = folder if folder is not None else files("loaders") / "sources"
    try:
        found = sorted(
            (file for file in root.iterdir() if file.name.endswith(".yaml")),
            key=lambda file: file.name,
        )
        texts = [(file.read_text(encoding="utf-8"), file.name) for file in found]
    except (OSError, UnicodeDecodeError) as fault:
        raise DataError("E401", where=str(root), key="", reason=str(fault)) from fault
    if not texts:
        raise DataError("E415", where=str(root), key="")
    return tuple(read_manifest(text, name, root) for text, name in texts)


def read_manifest(text: str, name: str, folder: Path | Traversable | None = None) -> Manifest:
    """Return the manifest a YAML text describes.

    Args:
        name: The file's name, `<source>.yaml`; errors are told about it.
        folder: Where `tables/` lies; the packaged feeds' if None.

    Raises:
        DataError: E401 to E416, naming file and key.
    """
    root = folder if folder is not None else files("loaders") / "sources"
    fields = Fields(parse_yaml(text, name), Scope(name)).only(_OPTIONAL, _REQUIRED)
    if fields.text("source") != name.rpartition("/")[2].removesuffix(".yaml"):
        raise fields.fault("E408", "source", value=fields.text("source"))
    columns = _columns(fields.inner("columns"))
    fields = fields.knowing(columns=frozenset(column.name for column in columns))
    parties = tuple(_party(fields.inner("parties"), key) for key in fields.inner("parties"))
    fields = fields.knowing(parties=frozenset(party.key for party in parties))
    manifest = Manifest(
        source=fields.text("source"),
        title=_both_languages(fields.inner("title")),
        department=_both_languages(fields.inner("department")),
        evidence=fields.code("evidence", ("verified", "assumed")),
        delivery=fields.code("delivery", ("full", "incremental")),
        family=_word(fields, "family") or "",
        files=fields.texts("files"),
        empty=fields.texts("empty"),
        columns=columns,
        parties=parties,
        relations=tuple(_relation(each) for each in fields.inners("relations")),
        listing=_inner(fields, "listing", lambda each: _listing(each, root)),
        case=_inner(fields, "case", _case),
        bid=_inner(fields, "bid", _bid),
        natural_key=fields.columns("natural_key"),
        version=fields.columns("version"),
        expectations=_expectations(fields.inner("expectations")),
        digest=hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest(),
    )
    check(manifest, fields)
    return manifest


def _inner(fields: Fields, key: str, read: Callable[[Fields], T]) -> T | None:
    return read(fields.inner(key)) if fields.has(key) else None


def _word(fields: Fields, key: str) -> str | None:
    """Return an optional code of our own choosing: small letters, digits, underscores."""
    if not fields.has(key):
        return None
    text = fields.text(key)
    if not _WORD.fullmatch(text):
        raise fields.wrong(key, text, "a–z 0–9 _")
    return text


def _both_languages(fields: Fields) -> Mapping[str, str]:
    fields.only((), ("zh", "en"))
    return {"zh": fields.text("zh"), "en": fields.text("en")}


def _columns(fields: Fields) -> tuple[Column, ...]:
    found = []
    for name in fields:
        if name != name.strip() or not name:
            raise fields.wrong(name, name, "…")
        value = fields.optional(name)
        if value is None or isinstance(value, list):
            found.append(Column(name, fields.texts(name)))
            continue
        inner = fields.inner(name).only(("aliases", "required", "hallmark"))
        required, hallmark = inner.truth("required"), inner.truth("hallmark")
        found.append(Column(name, inner.texts("aliases"), required, hallmark))
    return tuple(found)


def _choice(fields: Fields, key: str, codes: Collection[str] | None) -> Choice:
    """Return a constant or chosen code; with `codes` None any word, and '' as default."""
    if isinstance(fields.value(key), str):
        return Choice(_picked(fields, key, codes))
    inner = fields.inner(key).only((), ("column", "patterns", "default"))
    listed = inner.inner("patterns")
    patterns = tuple((listed.compiled(each, each), _picked(listed, each, codes)) for each in listed)
    return Choice(_picked(inner, "default", codes), inner.column("column"), patterns)


def _picked(fields: Fields, key: str, codes: Collection[str] | None) -> str:
    if codes is not None:
        return fields.code(key, codes)
    return "" if fields.value(key) == "" else _word(fields, key) or ""


def _condition(fields: Fields, key: str) -> Condition | None:
    if not fields.has(key):
        return None
    inner = fields.inner(key).only(("matches", "negate"), ("column",))
    matches = inner.pattern("matches") if inner.has("matches") else None
    return Condition(inner.column("column"), matches, inner.truth("negate"))


def _date(fields: Fields, key: str) -> DateCell | None:
    if not fields.has(key):
        return None
    if isinstance(fields.value(key), str):
        return DateCell(fields.column(key))
    inner = fields.inner(key).only(("inclusive",), ("column",))
    return DateCell(inner.column("column"), inner.truth("inclusive"))


def _party(listed: Fields, key: str) -> Party:
    fields = listed.inner(key).only(("role", "name", "identifiers", "many", "when"), ("kind",))
    if not _WORD.fullmatch(key):
        raise listed.wrong(key, key, "a–z 0–9 _")
    cells = fields.inner("identifiers") if fields.has("identifiers") else None
    return Party(
        key=key,
        role=_choice(fields, "role", None) if fields.has("role") else Choice(key),
        kind=_choice(fields, "kind", _PARTY_KINDS),
        name=fields.column("name") if fields.has("name") else None,
        identifiers=tuple(_identifier(cells, column) for column in cells) if cells else (),
        many=fields.truth("many"),
        when=_condition(fields, "when"),
    )


def _identifier(fields: Fields, column: str) -> IdentifierCell:
    if column not in fields.scope.columns:
        raise fields.fault("E405", column, value=column, allowed=", ".join(fields.scope.columns))
    if isinstance(fields.value(column), str):
        code = fields.code(column, (*_IDENTIFIERS, _BY_FORM))
        return IdentifierCell(column, None if code == _BY_FORM else IdType(code))
    inner = fields.inner(column).only((), ("by",))
    return IdentifierCell(column, type_column=inner.column("by"))


def _relation(fields: Fields) -> RelationSpec:
    fields.only(("since", "until", "share", "when"), ("type", "from", "to"))
    return RelationSpec(
        type=fields.code("type", ("@role", *RELATION_TYPES)),
        source=fields.party("from"),
        target=fields.party("to"),
        since=_date(fields, "since"),
        until=_date(fields, "until"),
        share=fields.column("share") if fields.has("share") else None,
        when=_condition(fields, "when"),
    )


def _listing(fields: Fields, root: Path | Traversable) -> ListingSpec:
    fields.only(_LISTING, ("party", "kind"))
    facts = fields.inner("facts") if fields.has("facts") else None
    return ListingSpec(
        kind=_kind(fields, root),
        party=fields.party("party"),
        authority=fields.column("authority") if fields.has("authority") else None,
        authority_name=fields.text("authority_name") if fields.has("authority_name") else "",
        decision_number=_optional_column(fields, "decision_number"),
        violation_date=_date(fields, "violation_date"),
        decision_date=_date(fields, "decision_date"),
        since=_date(fields, "since"),
        until=_date(fields, "until"),
        scope=_choice(fields, "scope", None) if fields.has("scope") else None,
        severity=_choice(fields, "severity", _SEVERITIES) if fields.has("severity") else None,
        named=fields.parties("named"),
        facts=tuple(_fact(facts, name) for name in facts) if facts else (),
        events=tuple(_event(each) for each in fields.inners("events")),
        when=_condition(fields, "when"),
    )


def _optional_column(fields: Fields, key: str) -> str | None:
    return fields.column(key) if fields.has(key) else None


def _kind(fields: Fields, root: Path | Traversable) -> Choice | KindTable:
    value = fields.value("kind")
    if not isinstance(value, dict) or "table" not in value:
        return _choice(fields, "kind", LISTING_KINDS)
    inner = fields.inner("kind").only((), ("table", "fields"))
    return read_kind_table(inner, root)


def _fact(fields: Fields, name: str) -> Fact:
    if name not in _FACTS:
        raise fields.wrong(name, name, ", ".join(_FACTS))
    forms = _FACTS[name]
    inner = fields.inner(name).only(("column", "party", "value", "form", "true"))
    given = [key for key in ("column", "party", "value") if inner.has(key)]
    if len(given) != 1:
        raise fields.wrong(name, ", ".join(given), "column | party | value")
    if given == ["party"]:
        if "party" not in forms:
            raise inner.wrong("party", name, ", ".join(forms))
        return Fact(name, inner.party("party"), "party")
    if given == ["value"]:
        if forms == ("bool",):
            return Fact(name, None, "bool", "true" if inner.truth("value") else "false")
        return Fact(name, None, "text", inner.text("value"))
    form = inner.code("form", forms) if inner.has("form") or len(forms) > 1 else forms[0]
    true = inner.pattern("true") if inner.has("true") else None
    return Fact(name, inner.column("column"), form, true=true)


def _event(fields: Fields) -> EventSpec:
    fields.only(("on", "when"), ("status",))
    return EventSpec(
        status=fields.code("status", LISTING_STATUSES),
        on=_optional_column(fields, "on"),
        when=_condition(fields, "when"),
    )


def _case(fields: Fields) -> CaseSpec:
    fields.only((), ("party", "authority", "decision_number", "events"))
    return CaseSpec(
        party=fields.party("party"),
        authority=fields.column("authority"),
        decision_number=fields.column("decision_number"),
        events=tuple(_event(each) for each in fields.inners("events")),
    )


def _bid(fields: Fields) -> BidSpec:
    fields.only(("lot",), ("project", "opened", "bidder"))
    return BidSpec(
        project=fields.column("project"),
        lot=_optional_column(fields, "lot"),
        opened=fields.column("opened"),
        bidder=fields.party("bidder"),
    )


def _expectations(fields: Fields) -> Expectations:
    fields.only(("fill",), ("max_age_days",))
    fill: dict[str, float] = {}
    if fields.has("fill"):
        shares = fields.inner("fill")
        for column in shares:
            if column not in shares.scope.columns:
                raise shares.fault("E405", column, value=column, allowed="columns")
            fill[column] = float(shares.number(column, 0, 1))
    return Expectations(int(fields.number("max_age_days", 1, 3660)), fill)
