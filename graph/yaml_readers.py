"""Which reader of YAML takes a text: the quick one in C, where nesting cannot hurt it."""

from typing import Any, Final

import yaml

__all__ = ["YAML_READERS", "yaml_reader"]

_SLOW: Final[Any] = yaml.SafeLoader
_QUICK: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SHORT: Final = 10_000

YAML_READERS: Final = (_SLOW, _QUICK)
"""Both readers; neither constructs Python objects from tags."""


def yaml_reader(text: str) -> Any:
    """Return the reader for a text.

    The reader in C has no guard against nesting and overruns its stack some 16,000 levels deep;
    a short text has no room for so many.
    """
    return _QUICK if len(text) < _SHORT else _SLOW
