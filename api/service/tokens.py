"""OIDC bearer tokens: signature, issuer, audience, time, and the role they carry."""

import json
import threading
import time
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from api.service.config import Oidc
from api.service.roles import Role
from graph.errors import UsageError

__all__ = ["Tokens"]

# Signatures by a public key only: a shared secret would let the service make its own callers.
_ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA")
_FETCH_SECONDS: Final = 5
_KEEP_SECONDS: Final = 600.0
_RETRY_SECONDS: Final = 10.0
_LEEWAY_SECONDS: Final = 30
_MOST_BYTES: Final = 1_048_576


class Tokens:
    """Reads tokens of one issuer; its keys are read again now and then.

    Raises:
        UsageError: E914, the keys cannot be read.
    """

    def __init__(self, oidc: Oidc) -> None:
        self._oidc = oidc
        self._keys, self._read_at = _keys(oidc.jwks), time.monotonic()
        self._registry = jwt.JWTClaimsRegistry(
            leeway=_LEEWAY_SECONDS,
            iss={"essential": True, "value": oidc.issuer},
            aud={"essential": True, "value": oidc.audience},
            sub={"essential": True},
            exp={"essential": True},
        )

    def holder(self, token: str) -> tuple[str, Role] | None:
        """Return (issuer#subject, role) of a token, None when it is not to be believed.

        A token signed with a key made since the keys were read is refused until they have been
        read again, which is begun here, at most once in ten seconds, and not waited for.
        """
        claims = self._claims(token)
        age = time.monotonic() - self._read_at
        if age > (_RETRY_SECONDS if claims is None else _KEEP_SECONDS):
            self._read_at = time.monotonic()
            threading.Thread(target=self._refresh, name="issuer", daemon=True).start()
        if claims is None:
            return None
        role = _role(claims.get(self._oidc.claim))
        return None if role is None else (f"oidc:{claims['sub']}"[:120], role)

    def _claims(self, token: str) -> Mapping[str, Any] | None:
        try:
            read = jwt.decode(token, self._keys, algorithms=list(_ALGORITHMS))
            self._registry.validate(read.claims)
        except (JoseError, ValueError):  # ValueError: not a token at all, or no key for it
            return None
        return read.claims if isinstance(read.claims.get("sub"), str) else None

    def _refresh(self) -> None:
        try:
            self._keys = _keys(self._oidc.jwks)
        except UsageError:
            return  # the keys known stay good while their issuer cannot be reached


def _role(claim: object) -> Role | None:
    named = claim if isinstance(claim, list) else [claim]
    roles = [role for role in Role if role.value in named]
    # A token that names several roles would have to be guessed at.
    return roles[0] if len(roles) == 1 else None


def _keys(place: str) -> KeySet:
    try:
        if place.startswith(("https://", "http://")):
            with urllib.request.urlopen(place, timeout=_FETCH_SECONDS) as answer:  # noqa: S310
                text = answer.read(_MOST_BYTES)
        else:
            text = Path(place).read_bytes()
        return KeySet.import_key_set(json.loads(text))
    except (OSError, ValueError, TypeError, KeyError, AttributeError, JoseError) as error:
        raise UsageError("E914", where=place, reason=type(error).__name__) from error
