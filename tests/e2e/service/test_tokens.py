"""OIDC bearer tokens: who signed, for whom, until when, with which role."""

import http.server
import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey

from api.service.config import Oidc, Service, read_service
from api.service.roles import Role
from api.service.running import start
from api.settings import read_settings
from graph.errors import UsageError
from tests.e2e.service.conftest import House, Site, serving

ISSUER, AUDIENCE = "https://login.example", "creditgraph"
KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
OTHER = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
CURVE = ECKey.generate_key("P-256", {"kid": "two", "use": "sig", "alg": "ES256"})


def token(key: Any = KEY, algorithm: str = "RS256", **claims: Any) -> str:
    now = int(time.time())
    body = {"iss": ISSUER, "aud": AUDIENCE, "sub": "u1", "iat": now, "exp": now + 300}
    told = {**body, "role": "department", **claims}
    kept = {name: value for name, value in told.items() if value is not None}
    header = {"alg": algorithm, "kid": getattr(key, "kid", None) or "one"}
    return jwt.encode(header, kept, key, algorithms=[algorithm])


def keys(*every: Any) -> str:
    return json.dumps(KeySet(list(every)).as_dict(private=False))


def served(house: House, jwks: str, claim: str = "role") -> Service:
    return replace(house.service, oidc=Oidc(ISSUER, AUDIENCE, jwks, claim))


@pytest.fixture(scope="module")
def open_site(house: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    file = tmp_path_factory.mktemp("issuer") / "keys.json"
    file.write_text(keys(KEY, CURVE), encoding="utf-8")
    with serving(house, served(house, str(file))) as site:
        yield site


def asked(site: Site, bearer: str, path: str = "/v1/rules/R02") -> int:
    with site.client(None, Authorization=f"Bearer {bearer}") as client:
        return client.get(path).status_code


def test_a_good_token_is_let_in_with_its_role(open_site: Site) -> None:
    assert asked(open_site, token()) == 200
    assert asked(open_site, token(CURVE, "ES256")) == 200
    assert asked(open_site, token(aud=["x", AUDIENCE], role=["department", "other"])) == 200
    assert asked(open_site, token(role="auditor"), "/v1/search?q=x") == 403
    assert asked(open_site, open_site.house.secrets[Role.OFFICER]) == 200  # keys stay good


WRONG: Mapping[str, Mapping[str, Any]] = {
    "expired": {"exp": 1},
    "for ever": {"exp": None},
    "another issuer": {"iss": "https://evil.example"},
    "for another service": {"aud": "other"},
    "nobody's": {"sub": None},
    "no role": {"role": None},
    "an unknown role": {"role": "king"},
    "several roles": {"role": ["officer", "auditor"]},
    "signed with another key": {"key": OTHER},
}


@pytest.mark.parametrize("name", sorted(WRONG))
def test_a_wrong_token_is_refused(open_site: Site, name: str) -> None:
    assert asked(open_site, token(**WRONG[name])) in (401, 429)


def test_a_token_signed_by_nobody_or_with_a_shared_secret_is_refused(open_site: Site) -> None:
    public = json.loads(keys(KEY))["keys"][0]["n"]
    shared = OctKey.import_key(public)
    assert asked(open_site, token(shared, "HS256")) in (401, 429)
    head, body, _ = token().split(".")
    assert asked(open_site, f"{head}.{body}.") in (401, 429)


@contextmanager
def issuer(answers: list[str]) -> Iterator[str]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            text = answers[0].encode()
            self.send_response(200)
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: Any) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/keys"
        server.shutdown()
        thread.join()


def test_new_keys_of_the_issuer_are_read(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.service.tokens._RETRY_SECONDS", 0.0)
    answers = [keys(KEY)]
    with issuer(answers) as address, serving(house, served(house, address)) as site:
        assert asked(site, token()) == 200
        answers[0] = keys(CURVE)
        until = time.monotonic() + 20
        while asked(site, token(CURVE, "ES256")) != 200:
            assert time.monotonic() < until
            time.sleep(0.2)


def test_half_of_the_settings_or_an_issuer_without_keys_is_refused(
    house: House, tmp_path: Path
) -> None:
    settings = read_settings({}, {"CREDITGRAPH_STORE": "none.db"})
    with pytest.raises(UsageError, match="E913"):
        read_service(settings, {"CREDITGRAPH_OIDC_ISSUER": ISSUER})
    for text in ("", "[]", "{}", '{"keys": 1}', '{"keys": [{}]}'):
        (tmp_path / "keys").write_text(text, encoding="utf-8")
        service = served(house, str(tmp_path / "keys"))
        with pytest.raises(UsageError, match="E914"):
            start(service)
