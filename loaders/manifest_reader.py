"""From `loaders/sources/*.yaml` to manifests, refusing whatever a feed cannot mean.

The form of the files is `docs/MANIFESTS.md`; what a complete manifest must add up to is
checked in `loaders/manifest_checks.py`.
"""

import hashlib
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final, TypeVar

from graph.errors import DataError
from graph.identifiers import IdType
from graph.model import RELATION_TYPES, SUBJECT_KINDS
from loaders.manifest import (
    Choice,
    Column,
    Expectations,
    IdentifierCell,
    Manifest,
    Party,
    RelationSpec,
)
from loaders.manifest_checks import check
from loaders.manifest_fields import Fields, Scope, parse_yaml
from loaders.manifest_listing import read_bid, read_case, read_listing
from loaders.manifest_parts import WORD, choice, condition, date_cell, optional_column, word
from loaders.traits import TRAITS

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
_OPTIONAL: Final = (
    "family",
    "empty",
    "apart_by",
    "relations",
    "listing",
    "case",
    "bid",
    "version",
    "series",
    "whole_of",
)
_PARTY_KINDS: Final = (*SUBJECT_KINDS, "organisation", "party")
_IDENTIFIERS: Final = tuple(kind.value for kind in IdType)
_BY_FORM: Final = "form"


def read_manifests(folder: Path | Traversable | None = None) -> tuple[Manifest, ...]:
    """Return the manifests of a folder, sorted by source.

    Args:
        folder: Holds `*.yaml` and `tables/*.yaml`; the packaged feeds if None.

    Raises:
        DataError: E401 to E415, naming file and key.

    Cost: a fifth of a second; the packaged ones are read once a process.
    """
    return _packaged() if folder is None else _read(folder)


@cache
def _packaged() -> tuple[Manifest, ...]:
    return _read(files("loaders") / "sources")


def _read(folder: Path | Traversable) -> tuple[Manifest, ...]:
    try:
        found = sorted(
            (file for file in folder.iterdir() if file.name.endswith(".yaml")),
            key=lambda file: file.name,
        )
        texts = [(file.read_text(encoding="utf-8"), file.name) for file in found]
    except (OSError, UnicodeDecodeError) as fault:
        raise DataError("E401", where=str(folder), key="", reason=str(fault)) from fault
    if not texts:
        raise DataError("E415", where=str(folder), key="")
    return tuple(read_manifest(text, name, folder) for text, name in texts)


def read_manifest(text: str, name: str, folder: Path | Traversable | None = None) -> Manifest:
    """Return the manifest a YAML text describes.

    Args:
        name: The file's name, `<source>.yaml`; errors are told about it.
        folder: Where `tables/` lies; the packaged feeds' if None.

    Raises:
        DataError: E401 to E415, naming file and key.
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
        family=word(fields, "family") or "",
        files=fields.texts("files"),
        empty=fields.texts("empty"),
        columns=columns,
        parties=parties,
        relations=tuple(_relation(each) for each in fields.inners("relations")),
        listing=_inner(fields, "listing", lambda each: read_listing(each, root)),
        case=_inner(fields, "case", read_case),
        bid=_inner(fields, "bid", read_bid),
        natural_key=fields.columns("natural_key"),
        apart_by=fields.columns("apart_by"),
        version=fields.columns("version"),
        series=fields.columns("series"),
        whole_of=fields.columns("whole_of"),
        expectations=_expectations(fields.inner("expectations")),
        digest=hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest(),
    )
    check(manifest, fields)
    return manifest


def _inner(fields: Fields, key: str, read: Callable[[Fields], T]) -> T | None:
    return read(fields.inner(key)) if fields.has(key) else None


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
        inner = fields.inner(name).only(("aliases", "required", "hallmark", "entry"))
        aliases = inner.texts("aliases")
        headings = (name, *aliases)
        marks = (_marked(inner, key, headings) for key in ("hallmark", "entry"))
        found.append(Column(name, aliases, inner.truth("required"), *marks))
    return tuple(found)


def _marked(fields: Fields, key: str, headings: tuple[str, ...]) -> tuple[str, ...]:
    """Return the headings marked: all of the column's with `true`, else those listed."""
    if not isinstance(fields.optional(key), list):
        return headings if fields.truth(key) else ()
    listed = fields.texts(key)
    for heading in listed:
        if heading not in headings:
            raise fields.wrong(key, heading, ", ".join(headings))
    return listed


def _party(listed: Fields, key: str) -> Party:
    allowed = ("role", "name", "identifiers", "traits", "many", "when")
    fields = listed.inner(key).only(allowed, ("kind",))
    if not WORD.fullmatch(key):
        raise listed.wrong(key, key, "a–z 0–9 _")
    cells = fields.inner("identifiers") if fields.has("identifiers") else None
    return Party(
        key=key,
        role=choice(fields, "role", None) if fields.has("role") else Choice(key),
        kind=choice(fields, "kind", _PARTY_KINDS),
        name=optional_column(fields, "name"),
        identifiers=tuple(_identifier(cells, column) for column in cells) if cells else (),
        traits=_traits(fields.inner("traits")) if fields.has("traits") else (),
        many=fields.truth("many"),
        when=condition(fields, "when"),
    )


def _traits(fields: Fields) -> tuple[tuple[str, str], ...]:
    known = fields.scope.columns
    for column in fields:
        if column not in known:
            raise fields.fault("E405", column, value=column, allowed=", ".join(sorted(known)))
    return tuple((column, fields.code(column, TRAITS)) for column in fields)


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
        since=date_cell(fields, "since"),
        until=date_cell(fields, "until"),
        share=optional_column(fields, "share"),
        when=condition(fields, "when"),
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
