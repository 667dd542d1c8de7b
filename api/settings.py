"""Settings: options, then environment, then defaults; read once, each with its origin."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

import platformdirs

from graph.errors import UsageError
from graph.texts import Lang

__all__ = ["Settings", "read_settings"]

_APP: Final = "creditgraph"
_SQLITE: Final = "sqlite:///"
_SERVERS: Final = ("neo4j://", "neo4j+s://", "neo4j+ssc://", "bolt://", "bolt+s://", "bolt+ssc://")


@dataclass(frozen=True, slots=True)
class Settings:
    """The effective settings of one command.

    Attributes:
        reviewer: Who judges; '' when nobody said.
        origins: Setting name -> option, environment or default.
    """

    store_path: Path
    key_file: Path
    lang: Lang
    reviewer: str
    origins: Mapping[str, str]

    @property
    def store_text(self) -> str:
        """The store as a person would name it."""
        return str(self.store_path)

    def as_dict(self) -> dict[str, dict[str, str]]:
        """Return every setting with its value and origin; nothing here is secret."""
        values = {
            "store": self.store_text,
            "key_file": str(self.key_file),
            "lang": self.lang,
            "reviewer": self.reviewer,
        }
        return {
            name: {"value": value, "origin": self.origins[name]} for name, value in values.items()
        }


def read_settings(options: Mapping[str, str | None], environment: Mapping[str, str]) -> Settings:
    """Return the settings of a command.

    Args:
        options: store, key_file, lang, reviewer as given on the command line; None where not given.
            An empty option is a mistake (a script's unset variable), never the default.
        environment: CREDITGRAPH_STORE, CREDITGRAPH_KEY_FILE, CREDITGRAPH_LANG and
            CREDITGRAPH_REVIEWER are read; an empty variable counts as not set.

    Raises:
        UsageError: E101 unknown language, E102 a store address of no known form, E103 a key
            file of no possible path, E104 a server store.
    """
    defaults = {
        "store": str(platformdirs.user_data_path(_APP) / "creditgraph.db"),
        "key_file": str(platformdirs.user_config_path(_APP) / "key"),
        "lang": "zh",
        "reviewer": "",
    }
    values: dict[str, str] = {}
    origins: dict[str, str] = {}
    for name, default in defaults.items():
        given = options.get(name)
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
        key_file=_key_file(values["key_file"]),
        lang=cast(Lang, values["lang"]),
        reviewer=values["reviewer"],
        origins=origins,
    )


def _store_path(text: str) -> Path:
    if text.lower().startswith(_SERVERS):
        raise UsageError("E104", store=text.partition("://")[0])
    path = text.removeprefix(_SQLITE)
    # SQLite would take :memory: for a store that forgets everything when the command ends.
    if not path or "://" in path or path == ":memory:":
        raise UsageError("E102", store=text)
    return _home(path, UsageError("E102", store=text))


def _key_file(text: str) -> Path:
    refusal = UsageError("E103", file=text)
    if not text:
        raise refusal
    return _home(text, refusal)


def _home(text: str, refusal: UsageError) -> Path:
    try:
        return Path(text).expanduser()
    except RuntimeError as error:  # ~name of nobody on this machine
        raise refusal from error
