"""Strict reading of a manifest's YAML: every key has a place, every value a type.

All faults are DataErrors naming file and key; nothing is guessed or defaulted here.
"""

import re
import warnings
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import yaml

from graph.errors import DataError
from graph.yaml_readers import YAML_READERS, yaml_reader

__all__ = ["Fields", "Scope", "parse_yaml"]


_FORMS: Final = (
    ("bool", r"(?:true|false)$", "tf"),
    ("null", r"(?:null|~|)$", ["n", "~", ""]),
    ("int", r"(?:0|[1-9][0-9]{0,8})$", "0123456789"),
    ("float", r"[0-9]{1,9}\.[0-9]{1,9}$", "0123456789"),
)


def _plain_reader(reader: Any) -> Any:
    """Return a reader of text, true, false, null and decimal numbers; `on` and dates stay text."""
    plain: Any = type("PlainReader", (reader,), {"yaml_implicit_resolvers": {}})
    for tag, form, first in _FORMS:
        plain.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(form), first)
    return plain


_READERS: Final = {reader: _plain_reader(reader) for reader in YAML_READERS}

_SCALARS: Final[Mapping[str, Callable[[str], Any]]] = {
    "tag:yaml.org,2002:str": str,
    "tag:yaml.org,2002:bool": lambda text: text == "true",
    "tag:yaml.org,2002:null": lambda _: None,
    "tag:yaml.org,2002:int": int,
    "tag:yaml.org,2002:float": float,
}


def parse_yaml(text: str, file: str) -> Any:
    """Return the mappings, lists and plain values of a YAML text; keys are always text.

    Raises:
        DataError: E401, it is not YAML, repeats a key, uses an alias or a tag.
    """
    try:
        node = yaml.compose(text, Loader=_READERS[yaml_reader(text)])
        return None if node is None else _plain(node, set())
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError) as fault:
        mark = getattr(fault, "problem_mark", None)
        line = f"{mark.line + 1}: " if mark else ""
        told = getattr(fault, "problem", None) or str(fault) or type(fault).__name__
        raise DataError("E401", where=file, key="", reason=f"{line}{told}"[:200]) from fault


def _plain(node: yaml.Node, seen: set[int]) -> Any:
    if id(node) in seen:
        raise ValueError(f"{node.start_mark.line + 1}: *alias")
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode) and node.tag == "tag:yaml.org,2002:map":
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
            if key is None or key in found:
                raise ValueError(f"{key_node.start_mark.line + 1}: {key or key_node.tag}")
            found[key] = _plain(value_node, seen)
        return found
    if isinstance(node, yaml.SequenceNode) and node.tag == "tag:yaml.org,2002:seq":
        return [_plain(item, seen) for item in node.value]
    if isinstance(node, yaml.ScalarNode) and node.tag in _SCALARS:
        return _SCALARS[node.tag](node.value)
    raise ValueError(f"{node.start_mark.line + 1}: {node.tag}")


@dataclass(frozen=True, slots=True)
class Scope:
    """What the values of a manifest may refer to."""

    file: str
    columns: frozenset[str] = frozenset()
    parties: frozenset[str] = frozenset()


class Fields:
    """A mapping of a manifest together with where it stands in it.

    Args:
        content: The mapping; anything else is refused (E404).
        path: The keys that lead to it, joined with dots; '' for the manifest itself.
    """

    def __init__(self, content: object, scope: Scope, path: str = "") -> None:
        self.scope, self.path = scope, path
        if not isinstance(content, Mapping):
            raise self.fault("E404", value=_short(content), allowed="{…}")
        self._content: Mapping[str, Any] = content

    def knowing(
        self, *, columns: frozenset[str] | None = None, parties: frozenset[str] | None = None
    ) -> "Fields":
        """Return the same mapping, its values free to refer to these columns or parties."""
        known = replace(
            self.scope,
            columns=self.scope.columns if columns is None else columns,
            parties=self.scope.parties if parties is None else parties,
        )
        return Fields(self._content, known, self.path)

    def fault(self, code: str, key: str = "", /, **facts: object) -> DataError:
        """Return an error about a key of this mapping."""
        return DataError(code, where=self.scope.file, key=self.at(key), **facts)

    def at(self, key: str) -> str:
        """Return the path of a key of this mapping."""
        return ".".join(part for part in (self.path, key) if part)

    def only(self, allowed: Collection[str], required: Collection[str] = ()) -> "Fields":
        """Return self; refuse keys outside a list (E402) and missing ones (E403)."""
        for key in self._content:
            if key not in allowed and key not in required:
                told = ", ".join(sorted({*allowed, *required}))
                raise self.fault("E402", key, allowed=told)
        for key in required:
            self.value(key)
        return self

    def __iter__(self) -> Iterator[str]:
        return iter(self._content)

    def has(self, key: str) -> bool:
        """Tell whether a key is there with a value."""
        return self._content.get(key) is not None

    def value(self, key: str) -> Any:
        """Return a required value (E403 when absent)."""
        if not self.has(key):
            raise self.fault("E403", key)
        return self._content[key]

    def optional(self, key: str) -> Any:
        """Return a value, None when absent."""
        return self._content.get(key)

    def text(self, key: str) -> str:
        """Return a required, non-empty text."""
        value = self.value(key)
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(key, value, "…")
        return value.strip()

    def truth(self, key: str) -> bool:
        """Return true or false; false when absent."""
        value = self._content.get(key, False)
        if not isinstance(value, bool):
            raise self.wrong(key, value, "true, false")
        return value

    def number(self, key: str, least: float, most: float) -> float:
        """Return a required number between two others, both included."""
        value = self.value(key)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.wrong(key, value, f"{least}–{most}")
        if not least <= value <= most:
            raise self.wrong(key, value, f"{least}–{most}")
        return value

    def code(self, key: str, allowed: Collection[str]) -> str:
        """Return a required text that is one of the codes allowed (E404)."""
        value = self.value(key)
        if not isinstance(value, str) or value not in allowed:
            raise self.wrong(key, value, ", ".join(sorted(allowed)))
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of distinct, non-empty texts; empty when absent."""
        value = self._content.get(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(x, str) and x.strip() for x in value):
            raise self.wrong(key, value, "[…]")
        if len(set(value)) != len(value):
            raise self.wrong(key, value, "[a, b, c]")
        return tuple(text.strip() for text in value)

    def column(self, key: str) -> str:
        """Return the known column a required value names (E405)."""
        return self._known(key, self.value(key), self.scope.columns, "E405")

    def columns(self, key: str) -> tuple[str, ...]:
        """Return the known columns a list names; empty when absent."""
        return tuple(self._known(key, name, self.scope.columns, "E405") for name in self.texts(key))

    def party(self, key: str) -> str:
        """Return the party a required value names (E406)."""
        return self._known(key, self.value(key), self.scope.parties, "E406")

    def parties(self, key: str) -> tuple[str, ...]:
        """Return the parties a list names; empty when absent."""
        return tuple(self._known(key, name, self.scope.parties, "E406") for name in self.texts(key))

    def pattern(self, key: str) -> re.Pattern[str]:
        """Return a required regular expression (E407)."""
        return self.compiled(key, self.text(key))

    def compiled(self, key: str, text: str) -> re.Pattern[str]:
        """Return a text of this mapping as a regular expression (E407)."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")  # what `re` warns about is ambiguous
                return re.compile(text)
        except (re.error, OverflowError, RecursionError, Warning) as fault:
            raise self.fault("E407", key, value=_short(text), reason=str(fault)) from fault

    def inner(self, key: str) -> "Fields":
        """Return the mapping under a required key."""
        return Fields(self.value(key), self.scope, self.at(key))

    def inners(self, key: str) -> Iterator["Fields"]:
        """Yield the mappings listed under a key; none when absent."""
        value = self._content.get(key)
        if value is None:
            return
        if not isinstance(value, list):
            raise self.wrong(key, value, "[…]")
        for position, item in enumerate(value):
            yield Fields(item, self.scope, f"{self.at(key)}[{position}]")

    def wrong(self, key: str, value: object, allowed: str) -> DataError:
        """Return the error of a value that cannot stand there (E404)."""
        return self.fault("E404", key, value=_short(value), allowed=allowed)

    def _known(self, key: str, value: object, known: frozenset[str], code: str) -> str:
        if not isinstance(value, str) or value not in known:
            told = ", ".join(sorted(known)) or "-"
            raise self.fault(code, key, value=_short(value), allowed=told)
        return value


def _short(value: object) -> str:
    return repr(value)[:80]
