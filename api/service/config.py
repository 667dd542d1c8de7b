"""The service's own settings, read once from the environment."""

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

import platformdirs

from api.settings import Settings
from graph.errors import UsageError
from graph.store.address import Server

__all__ = ["Oidc", "Service", "read_service"]

_RATE: Final = re.compile(r"[1-9]\d{0,8}/(second|minute|hour|day)")


@dataclass(frozen=True, slots=True)
class Oidc:
    """Whose bearer tokens are believed.

    Attributes:
        jwks: File or https address of the issuer's public keys.
        claim: Claim that holds the role, or a list of which one is a role.
    """

    issuer: str
    audience: str
    jwks: str
    claim: str = "role"


@dataclass(frozen=True, slots=True)
class Service:
    """How the service runs.

    Attributes:
        access: The access file: keys, authorisations, audit log.
        workers: Processes.
        readers: Questions one process answers at a time.
        rate: Requests of one caller to one process, as `600/minute`.
        seconds: A question may take so long.
        body_bytes: A request's body may be so long.
        oidc: None where no tokens but API keys are taken.
    """

    settings: Settings
    access: Path
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    readers: int = 4
    rate: str = "6000/minute"
    seconds: int = 20
    body_bytes: int = 8_388_608
    oidc: Oidc | None = None

    def as_environment(self) -> dict[str, str]:
        """Return what a process needs in its environment to read these very settings."""
        told = {
            "STORE": self.settings.store_text,
            "KEY_FILE": str(self.settings.key_file),
            "LANG": self.settings.lang,
            "ACCESS": str(self.access),
            "HOST": self.host,
            "RATE": self.rate,
        }
        told |= {name.upper(): str(getattr(self, name)) for name in _NUMBERS}
        if isinstance(self.settings.store, Server):
            told["NEO4J_USER"] = self.settings.store.user
            told["NEO4J_PASSWORD"] = self.settings.store.password
        if self.oidc is not None:
            told |= {f"OIDC_{name.upper()}": text for name, text in asdict(self.oidc).items()}
        return {f"CREDITGRAPH_{name}": text for name, text in told.items()}


_NUMBERS: Final = {
    "port": (0, 65_535),
    "workers": (1, 64),
    "readers": (1, 64),
    "seconds": (1, 600),
    "body_bytes": (1_024, 1_073_741_824),
}


def read_service(settings: Settings, environment: Mapping[str, str]) -> Service:
    """Return the settings of the service.

    Args:
        environment: CREDITGRAPH_ACCESS, _HOST, _PORT, _WORKERS, _READERS, _RATE, _SECONDS,
            _BODY_BYTES, _OIDC_ISSUER, _OIDC_AUDIENCE, _OIDC_JWKS and _OIDC_CLAIM are read; an
            empty variable counts as not set.

    Raises:
        UsageError: E911 not a number in its range, E912 not a rate, E913 half of what OIDC needs.
    """

    def told(name: str) -> str:
        return environment.get(f"CREDITGRAPH_{name.upper()}") or ""

    place = Path(told("access")).expanduser() if told("access") else _beside(settings.store)
    service = Service(settings, place)
    numbers = {
        name: _number(name, told(name), span) for name, span in _NUMBERS.items() if told(name)
    }
    texts = {name: told(name) for name in ("host", "rate") if told(name)}
    if "rate" in texts and not _RATE.fullmatch(texts["rate"]):
        raise UsageError("E912", rate=texts["rate"])
    # Both are of the types of their fields, which mypy cannot see through `**`.
    return replace(service, **texts, **numbers, oidc=_oidc(told))  # type: ignore[arg-type]


def _beside(store: Path | Server) -> Path:
    """Return where the access file lies unless it is said: beside a store file."""
    if isinstance(store, Path):
        return store.with_name(store.name + ".access")
    return platformdirs.user_data_path("creditgraph") / "creditgraph.access"


def _number(name: str, text: str, span: tuple[int, int]) -> int:
    least, most = span
    if not re.fullmatch(r"\d{1,10}", text, re.ASCII) or not least <= int(text) <= most:
        raise UsageError("E911", where=f"CREDITGRAPH_{name.upper()}", least=least, most=most)
    return int(text)


def _oidc(told: Callable[[str], str]) -> Oidc | None:
    parts = {name: told(f"oidc_{name}") for name in ("issuer", "audience", "jwks")}
    if not any(parts.values()):
        return None
    missing = [f"CREDITGRAPH_OIDC_{name.upper()}" for name, text in parts.items() if not text]
    if missing:
        raise UsageError("E913", missing=", ".join(missing))
    return Oidc(**parts, claim=told("oidc_claim") or "role")
