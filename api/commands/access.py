"""Commands on the access file: keys and the audit log."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from api.exits import FINDINGS, OK
from api.keys import load_or_make_key
from api.output import Output
from api.service.access import Access, Key
from api.service.config import Service
from api.service.roles import Role
from graph.errors import CreditGraphError
from graph.secrecy import Seal
from graph.texts import phrase

__all__ = ["Turn", "Wanted", "add", "list_entries", "list_keys", "revoke", "rotate", "verify"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A key to be made."""

    name: str
    role: Role
    days: int
    same_holder: bool


@dataclass(frozen=True, slots=True)
class Turn:
    """A key to be replaced: days the new one is good for, hours the old one stays."""

    key: str
    days: int
    grace: int


def add(service: Service, out: Output, wanted: Wanted, *, json: bool) -> int:
    """Make a key and print it; it cannot be shown again."""
    now = datetime.now(UTC)
    with _access(service) as access, _noted(access, now, "key_added", wanted.role) as decided:
        key, secret = access.add_key(
            wanted.name, wanted.role, wanted.days, now, same_holder=wanted.same_holder
        )
        decided.append(key.id)
    return _tell(service, out, key, secret, json=json)


def rotate(service: Service, out: Output, turn: Turn, *, json: bool) -> int:
    """Make a key for the holder of another, which ends after the hours of grace."""
    now = datetime.now(UTC)
    with _access(service) as access:
        old = access.key(turn.key)
        with _noted(access, now, "key_rotated", old.role, old.id) as decided:
            key, secret = access.add_key(old.name, old.role, turn.days, now, same_holder=True)
            access.revoke(old.id, now + timedelta(hours=turn.grace))
            decided += [old.id, key.id]
    return _tell(service, out, key, secret, json=json)


def revoke(service: Service, out: Output, uid: str, *, json: bool) -> int:
    """End a key at once."""
    now = datetime.now(UTC)
    with _access(service) as access:
        role = access.key(uid).role
        with _noted(access, now, "key_revoked", role, uid) as decided:
            key = access.revoke(uid, now)
            decided.append(uid)
    if json:
        out.document(_body(key, now))
    else:
        out.say(phrase("key_revoked", service.settings.lang, id=key.id))
    return OK


def list_keys(service: Service, out: Output, *, json: bool) -> int:
    """Print every key without its secret."""
    now = datetime.now(UTC)
    with _access(service) as access:
        bodies = [_body(key, now) for key in access.all_keys()]
    if json:
        out.document({"keys": bodies})
        return OK
    heads = ("id", "name", "role", "state", "expires_at")
    titles = [phrase(f"head_{head}", service.settings.lang) for head in heads]
    out.table(titles, [tuple(body[head] for head in heads) for body in bodies])
    return OK


def verify(service: Service, out: Output, *, json: bool) -> int:
    """Tell whether the log is as it was written; return 1 if it is not."""
    with _access(service) as access:
        count, head, broken = access.verify()
    if json:
        out.document({"entries": count, "head": head, "broken": broken})
    else:
        name = "audit_sound" if broken is None else "audit_broken"
        out.line(phrase(name, service.settings.lang, count=count, head=head, broken=broken))
    return OK if broken is None else FINDINGS


def list_entries(service: Service, out: Output, after: int, limit: int) -> int:
    """Print entries of the log, a JSON object a line."""
    with _access(service) as access:
        bodies = (
            {"number": entry.number, **orjson.loads(entry.body), "link": entry.link.hex()}
            for entry in access.entries(after, limit)
        )
        out.objects(bodies, None, one=False)
    return OK


@contextmanager
def _access(service: Service) -> Iterator[Access]:
    access = Access(service.access, Seal(load_or_make_key(service.settings.key_file)))
    try:
        yield access
    finally:
        access.close()


@contextmanager
def _noted(
    access: Access, now: datetime, action: str, role: Role, *about: str
) -> Iterator[list[str]]:
    """Tell the log what is about to be done, and after it what was, or that it was refused.

    Args:
        about: Ids of the keys that are there already.
    """
    entry = {"at": now.isoformat(), "caller": "command line", "action": action, "role": role.value}
    access.append([orjson.dumps(entry | {"intends": about})])
    decided: list[str] = []
    try:
        yield decided
    except CreditGraphError as error:
        access.append([orjson.dumps(entry | {"refused": error.code})])
        raise
    access.append([orjson.dumps(entry | {"decided": decided})])


def _tell(service: Service, out: Output, key: Key, secret: str, *, json: bool) -> int:
    if json:
        out.document({**_body(key, key.made_at), "key": secret})
        return OK
    out.line(secret)
    day = key.expires_at.date()
    out.say(phrase("key_made", service.settings.lang, id=key.id, role=key.role.value, day=day))
    return OK


def _body(key: Key, now: datetime) -> dict[str, Any]:
    return {
        "id": key.id,
        "name": key.name,
        "role": key.role.value,
        "state": key.state(now),
        "made_at": key.made_at.isoformat(),
        "expires_at": key.expires_at.isoformat(),
        "revoked_at": None if key.revoked_at is None else key.revoked_at.isoformat(),
    }
