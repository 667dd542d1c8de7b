"""Settings: options, then environment, then defaults; read once, each with its origin."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast
from urllib.parse import unquote, urlsplit

import platformdirs

from graph.errors import UsageError
from graph.store.address import Server
from graph.texts import Lang

__all__ = ["Settings", "read_settings"]

_APP: Final = "creditgraph"
_SQLITE: Final = "sqlite:///"
_SECRET: Final = re.compile("//[^/]*@")
_NICEST: Final = 19
_SERVERS: Final = ("neo4j://", "neo4j+s://", "neo4j+ssc://", "bolt://", "bolt+s://", "bolt+ssc://")


@dataclass(frozen=True, slots=True)
class Settings:
    """The effective settings of one command.

    Attributes:
        reviewer: Who judges; '' when nobody said.
        nice: How far long commands stand back behind other work, 0 not at all, 19 the most.
        origins: Setting name -> option, environment or default.
    """

    store: Path | Server
    key_file: Path
    lang: Lang
    reviewer: str
    nice: int
    origins: Mapping[str, str]

    @property
    def store_text(self) -> str:
        """The store as a person would name it."""
        return str(self.store) if isinstance(self.store, Path) else self.store.uri

    def as_dict(self) -> dict[str, dict[str, str]]:
        """Return every setting with its value and origin; a password only as set or not."""
        values = {
            "store": self.store_text,
            "key_file": str(self.key_file),
            "lang": self.lang,
            "reviewer": self.reviewer,
            "nice": str(self.nice),
        }
        if isinstance(self.store, Server):
            values["neo4j_user"] = self.store.user
            values["neo4j_password"] = "***" if self.store.password else ""
        return {
            name: {"value": value, "origin": self.origins[name]} for name, value in values.items()
        }


def read_settings(options: Mapping[str, str | None], environment: Mapping[str, str]) -> Settings:
    """Return the settings of a command.

    Args:
        options: store, key_file, lang, reviewer as given on the command line; None where not given.
            An empty option is a mistake (a script's unset variable), never the default.
        environment: CREDITGRAPH_STORE, CREDITGRAPH_KEY_FILE, CREDITGRAPH_LANG,
            CREDITGRAPH_REVIEWER and CREDITGRAPH_NICE are read, and CREDITGRAPH_NEO4J_USER and
            CREDITGRAPH_NEO4J_PASSWORD for a server whose address names no user; an empty
            variable counts as not set.

    Raises:
        UsageError: E101 unknown language, E102 a store address of no known form, E103 a key
            file of no possible path, E104 a server's address that says too little or too much,
            E911 a niceness that is none.
    """
    defaults = {
        "store": str(platformdirs.user_data_path(_APP) / "creditgraph.db"),
        "key_file": str(platformdirs.user_config_path(_APP) / "key"),
        "lang": "zh",
        "reviewer": "",
        "nice": "10",
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
    if values["store"].lower().startswith(_SERVERS):
        store, found = _server(values["store"], environment)
        origins |= found
        return _settings(store, values, origins)
    return _settings(_store_path(values["store"]), values, origins)


def _settings(
    store: Path | Server, values: Mapping[str, str], origins: Mapping[str, str]
) -> Settings:
    return Settings(
        store=store,
        key_file=_key_file(values["key_file"]),
        lang=cast(Lang, values["lang"]),
        reviewer=values["reviewer"],
        nice=_niceness(values["nice"]),
        origins=origins,
    )


def _niceness(text: str) -> int:
    if not re.fullmatch(r"1?[0-9]", text, re.ASCII):
        raise UsageError("E911", where="CREDITGRAPH_NICE", least=0, most=_NICEST)
    return int(text)


def _server(text: str, environment: Mapping[str, str]) -> tuple[Server, dict[str, str]]:
    """Return the server of an address, and where user and password come from."""
    scheme = text.partition("://")[0].lower()
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError as error:  # a port that is no number, brackets that do not close
        raise UsageError("E104", store=scheme) from error
    if not host or parts.path not in ("", "/") or parts.query or parts.fragment:
        raise UsageError("E104", store=scheme)
    found, origins = {}, {}
    for name, own, default in (
        ("neo4j_user", parts.username, "neo4j"),
        ("neo4j_password", parts.password, ""),
    ):
        outside = environment.get(f"CREDITGRAPH_{name.upper()}") or None
        if own is not None:
            found[name], origins[name] = unquote(own), "address"
        elif outside is not None:
            found[name], origins[name] = outside, "environment"
        else:
            found[name], origins[name] = default, "default"
    address = f"{scheme}://[{host}]" if ":" in host else f"{scheme}://{host}"
    uri = address if port is None else f"{address}:{port}"
    return Server(uri, found["neo4j_user"], found["neo4j_password"]), origins


def _store_path(text: str) -> Path:
    path = text.removeprefix(_SQLITE)
    # SQLite would take :memory: for a store that forgets everything when the command ends.
    # An address of another kind may hold a password, which no message shows.
    refusal = UsageError("E102", store=_SECRET.sub("//***@", text))
    if not path or "://" in path or path == ":memory:":
        raise refusal
    return _home(path, refusal)


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
