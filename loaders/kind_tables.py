"""Tables that tell a listing's kind from the words of a decision (`sources/tables/*.yaml`)."""

import re
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

from graph.model import LISTING_KINDS
from loaders.manifest import KindTable, KindTableRow
from loaders.manifest_fields import Fields, Scope, parse_yaml

__all__ = ["read_kind_table"]

_WORD: Final = re.compile(r"(?<!\?P)<([a-z_]+)>")
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")


def read_kind_table(fields: Fields, root: Path | Traversable) -> KindTable:
    """Return the table a manifest's `kind` names, bound to the manifest's columns.

    Args:
        fields: The mapping `{table: name, fields: {field: column or columns}}`.
        root: The folder that holds `tables/`.

    Raises:
        DataError: E413 there is no such table; E401 to E407 about the table file.
    """
    name = fields.text("table")
    file = root / "tables" / f"{name}.yaml"
    try:
        if not _NAME.fullmatch(name):
            raise FileNotFoundError(name)
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise fields.fault("E413", "table", value=name[:80]) from fault
    bound = _bound(fields.inner("fields"))
    known, rows, default = _table(text, f"tables/{name}.yaml")
    for field in bound:
        if field not in known:
            raise fields.fault("E402", f"fields.{field}", allowed=", ".join(known))
    return KindTable(rows, bound, default)


@lru_cache(maxsize=32)
def _table(text: str, file: str) -> tuple[tuple[str, ...], tuple[KindTableRow, ...], str]:
    """Return the fields, rows and default of a table file; several feeds share one."""
    table = Fields(parse_yaml(text, file), Scope(file))
    table.only(("words", "rows"), ("fields", "default"))
    known = table.texts("fields")
    words = _words(table.inner("words")) if table.has("words") else {}
    rows = tuple(_row(each, known, words) for each in table.inners("rows"))
    return known, rows, table.code("default", LISTING_KINDS)


def _bound(fields: Fields) -> dict[str, tuple[str, ...]]:
    bound: dict[str, tuple[str, ...]] = {}
    for field in fields:
        single = isinstance(fields.value(field), str)
        bound[field] = (fields.column(field),) if single else fields.columns(field)
        if not bound[field]:
            raise fields.wrong(field, [], "[…]")
    if not bound:
        raise fields.wrong("", {}, "{…}")
    return bound


def _words(fields: Fields) -> dict[str, str]:
    """Return each word's regular expression; a word may use those above it."""
    spelled: dict[str, str] = {}
    for name in fields:
        spelled[name] = _spelled(fields, name, spelled)
    return spelled


def _row(fields: Fields, known: tuple[str, ...], words: Mapping[str, str]) -> KindTableRow:
    fields.only(("scope",), ("kind", "when"))
    when = fields.inner("when").only(known)
    patterns = {field: when.compiled(field, _spelled(when, field, words)) for field in when}
    if not patterns:
        raise fields.wrong("when", {}, ", ".join(known))
    return KindTableRow(
        kind=fields.code("kind", LISTING_KINDS),
        patterns=patterns,
        scope=fields.text("scope") if fields.has("scope") else None,
    )


def _spelled(fields: Fields, key: str, words: Mapping[str, str]) -> str:
    """Return a pattern with each `<word>` replaced by the regular expression it stands for."""

    def regex(found: re.Match[str]) -> str:
        if found[1] not in words:
            raise fields.fault("E403", key, value=found[0])
        return f"(?:{words[found[1]]})"

    return _WORD.sub(regex, fields.text(key))
