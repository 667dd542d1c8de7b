"""Settings: options, then environment, then defaults; read once, each with its origin."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import platformdirs

from graph.errors import UsageError
from graph.texts import Lang

__all__ = ["Settings", "read_settings"]

_APP = "creditgraph"
_SQLITE = "sqlite:///"
_SERVERS = ("neo4j://", "neo4j+s://", "neo4j+ssc://", "bolt://", "bolt+s://", "bolt+ssc://")


@dataclass(frozen=True, slots=True)
class Settings:
    """The effective settings of one command.

    Attributes:
        origins: Setting name -> option, environment or default.
    """

    store_path: Path
    key_file: Path
    lang: Lang
    origins: Mapping[str, str]

    @property
    def store_text(self) -> str:
        """The store as a person would name it."""
        return str(self.store_path)

    def as_dict(self) -> dict[str, dict[str, str]]:
        """Return every setting with its value and origin; nothing here is secret."""
        values = {"store": self.store_text, "key_file": str(self.key_file), "lang": self.lang}
        return {
            name: {"value": value, "origin": self.origins[name]} for name, value in values.items()
        }


def read_settings(options: Mapping[str, str | None], environment: Mapping[str, str]) -> Settings:
    """Return the settings of a command.

    Args:
        options: store, key_file, lang as given on the command line; None where not given.
        environment: CREDITGRAPH_STORE, CREDITGRAPH_KEY_FILE, CREDITGRAPH_LANG are read.

    Raises:
        UsageError: E101 unknown language, E102 a store address of no known form, E104 a
            server store.
    """
    defaults = {
        "store": str(platformdirs.user_data_path(_APP) / "creditgraph.db"),
        "key_file": str(platformdirs.user_config_path(_APP) / "key"),
        "lang": "zh",
    }
    values: dict[str, str] = {}
    origins: dict[str, str] = {}
    for name, default in defaults.items():
        given = options.get(name) or None
        set_outside = environment.get(f"CREDITGRAPH_{name.upper()}") or None
        if given is not None:
            values[name], origins[name] = given, "option"
        elif set_outside is not None:
            values[name], origins[name] = set_outside, "environment"
        else:
            values[name], origins[name] = default, "default"
    if values["lang"] not in ("zh", "en"):
        raise UsageError("E101", lang=values["lang"])
    return Settings(
        store_path=_store_path(values["store"]),
        key_file=Path(values["key_file"]).expanduser(),
        lang=cast(Lang, values["lang"]),
        origins=origins,
    )


def _store_path(text: str) -> Path:
    if text.startswith(_SERVERS):
        raise UsageError("E104", store=text.partition("://")[0])
    if text.startswith(_SQLITE):
        text = text.removeprefix(_SQLITE)
    if "://" in text or not text:
        raise UsageError("E102", store=text)
    return Path(text).expanduser()
