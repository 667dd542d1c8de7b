"""Strict reading of YAML mappings: every value has a place, a type and a list of codes.

All faults are DataErrors naming file and key; nothing is guessed or defaulted here.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final

import yaml

from graph.errors import DataError
from graph.yaml_readers import YAML_READERS, yaml_reader

__all__ = ["Fields", "read_mapping"]


_FORMS: Final = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _mapping_without_repeats(loader: Any, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[Any] = set()
    for key_node, _ in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, str):
            raise yaml.constructor.ConstructorError(None, None, f"key {key!r}", key_node.start_mark)
        if key in seen:
            raise yaml.constructor.ConstructorError(
                None, None, f"key {key!r} twice", key_node.start_mark
            )
        seen.add(key)
    found: dict[Any, Any] = loader.construct_mapping(node, deep=True)
    return found


def _strict_reader(reader: Any) -> Any:
    """Return a reader whose dates stay text and whose keys may appear once."""
    strict: Any = type("StrictReader", (reader,), {"yaml_implicit_resolvers": _FORMS})
    strict.add_constructor("tag:yaml.org,2002:map", _mapping_without_repeats)
    return strict


_READERS: Final = {reader: _strict_reader(reader) for reader in YAML_READERS}


def read_mapping(file: Path | Traversable) -> dict[str, Any]:
    """Return the mapping a YAML file holds.

    Raises:
        DataError: E701, the file is not YAML, repeats a key, or is not a mapping.
    """
    try:
        text = file.read_text(encoding="utf-8")
        # Both readers are safe ones: no tag can construct a Python object.
        content = yaml.load(text, Loader=_READERS[yaml_reader(text)])  # noqa: S506
    except (OSError, UnicodeDecodeError, RecursionError, ValueError, yaml.YAMLError) as fault:
        mark = getattr(fault, "problem_mark", None)
        place = f"{file.name}:{mark.line + 1}" if mark else file.name
        told = getattr(fault, "problem", None) or type(fault).__name__
        raise DataError("E701", where=place, reason=str(told)) from fault
    if not isinstance(content, dict):
        raise DataError("E701", where=file.name, reason="not a mapping")
    return content


class Fields:
    """A mapping of a data file together with where it stands in it."""

    def __init__(self, content: object, place: str) -> None:
        if not isinstance(content, Mapping):
            raise DataError("E704", where=place, value=_short(content), allowed="a mapping")
        self._content: Mapping[str, Any] = content
        self.place = place

    def fault(self, code: str, key: str = "", /, **facts: object) -> DataError:
        """Return an error about a key of this mapping."""
        return DataError(code, where=self._at(key), **facts)

    def only(self, allowed: Collection[str]) -> None:
        """Refuse keys outside a list (E702)."""
        for key in self._content:
            if key not in allowed:
                raise self.fault("E702", key, key=key, allowed=", ".join(sorted(allowed)))

    def has(self, key: str) -> bool:
        """Tell whether a key is there with a value."""
        return self._content.get(key) is not None

    def value(self, key: str) -> Any:
        """Return a required value (E703 when absent)."""
        if not self.has(key):
            raise self.fault("E703", key, key=key)
        return self._content[key]

    def text(self, key: str) -> str:
        """Return a required, non-empty text."""
        value = self.value(key)
        if not isinstance(value, str) or not value.strip():
            raise self._wrong(key, value, "text")
        return value.strip()

    def truth(self, key: str) -> bool:
        """Return a required true or false."""
        value = self.value(key)
        if not isinstance(value, bool):
            raise self._wrong(key, value, "true, false")
        return value

    def count(self, key: str) -> int:
        """Return a required whole number of at least 1."""
        value = self.value(key)
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 99:
            raise self._wrong(key, value, "1 to 99")
        return value

    def share(self, key: str) -> float:
        """Return a required fraction from 0 to 1."""
        value = self.value(key)
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not 0 <= value <= 1:  # nan compares false too
            raise self._wrong(key, value, "0 to 1")
        return float(value)

    def code(self, key: str, allowed: Collection[str]) -> str:
        """Return a required text that is one of the codes allowed (E704)."""
        value = self.value(key)
        if not isinstance(value, str) or value not in allowed:
            raise self._wrong(key, value, ", ".join(sorted(allowed)))
        return value

    def codes(self, key: str, allowed: Collection[str]) -> tuple[str, ...]:
        """Return a required, non-empty list of distinct codes, in order of the file."""
        values = self.list(key)
        for value in values:
            if not isinstance(value, str) or value not in allowed:
                raise self._wrong(key, value, ", ".join(sorted(allowed)))
        if not values or len(set(values)) != len(values):
            raise self._wrong(key, values, ", ".join(sorted(allowed)))
        return tuple(values)

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a required, non-empty list of texts."""
        values = self.list(key)
        if not values or not all(isinstance(each, str) and each.strip() for each in values):
            raise self._wrong(key, values, "texts")
        return tuple(values)

    def amount(self, key: str) -> int:
        """Return a required amount in fen."""
        value = self.value(key)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise self._wrong(key, value, "fen")
        return value

    def list(self, key: str) -> list[Any]:
        """Return a required list, possibly empty."""
        value = self.value(key)
        if not isinstance(value, list):
            raise self._wrong(key, value, "a list")
        return value

    def date(self, key: str) -> date:
        """Return a required date written 2024-07-01 (E705)."""
        value = self.value(key)
        try:
            if isinstance(value, str) and len(value) == 10:
                return date.fromisoformat(value)
        except ValueError:
            pass
        raise self.fault("E705", key, value=_short(value))

    def inner(self, key: str) -> "Fields":
        """Return the mapping under a key."""
        return Fields(self.value(key), self._at(key))

    def inners(self, key: str) -> Iterable["Fields"]:
        """Yield the mappings listed under a key."""
        for position, item in enumerate(self.list(key)):
            yield Fields(item, f"{self._at(key)}[{position}]")

    def _at(self, key: str) -> str:
        if not key:
            return self.place
        return f"{self.place}.{key}" if ": " in self.place else f"{self.place}: {key}"

    def _wrong(self, key: str, value: object, allowed: str) -> DataError:
        return self.fault("E704", key, value=_short(value), allowed=allowed)


def _short(value: object) -> str:
    return repr(value)[:80]
