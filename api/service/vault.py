"""What the service remembers of its callers' writing: answers given, tickets for one purpose.

In the access file, apart from the evidence. An idempotency key is noted before its rows are
written and its answer afterwards: a process killed between the two finds the key, writes the
rows again, which are known repeats then, and no other body can take the key. Who sends a key
while another request under a key is at work waits for its turn: writes queue anyway.
"""

import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hmac import compare_digest
from typing import Any, Final

import orjson

from api.service.access import Access
from api.service.gate import Gate
from graph.errors import CreditGraphError, QueryError, UsageError
from graph.secrecy import Seal, digest

__all__ = ["Sent", "Ticket", "Vault"]

_TABLES: Final = (
    "CREATE TABLE IF NOT EXISTS sent (caller TEXT NOT NULL, key TEXT NOT NULL, "
    "content BLOB NOT NULL, answer BLOB, at TEXT NOT NULL, PRIMARY KEY (caller, key)"
    ") WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS ticket (id TEXT PRIMARY KEY, digest BLOB NOT NULL, "
    "caller TEXT NOT NULL, made_at TEXT NOT NULL, expires_at TEXT NOT NULL, revoked_at TEXT"
    ") WITHOUT ROWID",
)
# A ticket ends with the key it was taken with.
_TICKET: Final = """
SELECT ticket.digest, ticket.caller, ticket.expires_at FROM ticket
LEFT JOIN key ON key.id = ticket.caller
WHERE ticket.id = ?1 AND ticket.revoked_at IS NULL AND ticket.expires_at > ?2
  AND ifnull(key.expires_at > ?2 AND ifnull(key.revoked_at > ?2, 1), 1)
"""
_KEPT: Final = timedelta(days=30)
_PREFIX: Final = "cgt"
_ID_BYTES: Final = 6


@dataclass(frozen=True, slots=True)
class Sent:
    """One request that may be sent again.

    Attributes:
        key: The caller's own; '' when it gave none.
        content: What it says; another one under the same key is refused.
    """

    caller: str
    key: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket without its secret."""

    id: str
    caller: str
    expires_at: datetime


class Vault:
    """Answers by idempotency key, and tickets, in an open access file."""

    def __init__(self, access: Access, seal: Seal, gate: Gate) -> None:
        self._access, self._seal, self._gate = access, seal, gate
        with access.change() as db:
            for statement in _TABLES:
                db.execute(statement)

    def once(
        self, sent: Sent, now: datetime, act: Callable[[], Mapping[str, Any]]
    ) -> tuple[Mapping[str, Any], bool]:
        """Return what acting answers, and whether that was told before; acted once for a key.

        Raises:
            UsageError: E935, the key came with another body.
            StoreError: E503, others under keys of their own were at work for too long.
        """
        if not sent.key:
            return act(), False
        known = self._known(sent)
        if known is None:
            with self._gate.held():
                # Whoever held it before may have sent the very same.
                known = self._known(sent)
                if known is None:
                    self._begin(sent, now)
                    return self._acted(sent, act), False
        told: Mapping[str, Any] = orjson.loads(self._seal.open(known))
        return told, True

    def _acted(self, sent: Sent, act: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any]:
        """Act, and note the answer."""
        try:
            answer = act()
        except CreditGraphError:
            # Nothing was written: the corrected body may take the same key.
            with self._access.change() as db:
                db.execute(
                    "DELETE FROM sent WHERE caller = ? AND key = ? AND answer IS NULL",
                    (sent.caller, sent.key),
                )
            raise
        with self._access.change() as db:
            db.execute(
                "UPDATE sent SET answer = ? WHERE caller = ? AND key = ? AND answer IS NULL",
                (self._seal.seal(orjson.dumps(answer)), sent.caller, sent.key),
            )
        return answer

    def _known(self, sent: Sent) -> bytes | None:
        """Return the answer a key was given; UsageError E935 if it came with another body."""
        with self._access.reading() as db:
            row = db.execute(
                "SELECT content, answer FROM sent WHERE caller = ? AND key = ?",
                (sent.caller, sent.key),
            ).fetchone()
        if row is None:
            return None
        if row[0] != digest(sent.content):
            raise UsageError("E935")
        answer: bytes | None = row[1]
        return answer

    def _begin(self, sent: Sent, now: datetime) -> None:
        """Note a key; one whose holder was killed is noted already."""
        values = (sent.caller, sent.key, digest(sent.content), _text(now))
        with self._access.change() as db:
            db.execute("DELETE FROM sent WHERE at < ?", (_text(now - _KEPT),))
            db.execute("INSERT OR IGNORE INTO sent VALUES (?, ?, ?, NULL, ?)", values)

    def add_ticket(self, caller: str, now: datetime, lasts: timedelta) -> tuple[Ticket, str]:
        """Make a ticket; its secret is kept nowhere."""
        ticket = Ticket(secrets.token_hex(_ID_BYTES), caller, now + lasts)
        secret = secrets.token_urlsafe(32)
        values = (ticket.id, _digest(secret), caller, _text(now), _text(ticket.expires_at))
        with self._access.change() as db:
            db.execute("DELETE FROM ticket WHERE expires_at < ?", (_text(now - _KEPT),))
            db.execute("INSERT INTO ticket VALUES (?, ?, ?, ?, ?, NULL)", values)
        return ticket, f"{_PREFIX}_{ticket.id}_{secret}"

    def revoke_ticket(self, uid: str, caller: str, now: datetime) -> None:
        """End a ticket of the caller's; QueryError E960 if there is none."""
        with self._access.change() as db:
            done = db.execute(
                "UPDATE ticket SET revoked_at = ifnull(revoked_at, ?) WHERE id = ? AND caller = ?",
                (_text(now), uid, caller),
            )
            if done.rowcount == 0:
                raise QueryError("E960", where=uid)

    def ticket(self, token: str, now: datetime) -> Ticket | None:
        """Return the ticket a token is the secret of, None if it is not good now."""
        prefix, _, rest = token.partition("_")
        uid, _, secret = rest.partition("_")
        if prefix != _PREFIX or not secret:
            return None
        with self._access.reading() as db:
            row = db.execute(
                _TICKET,
                (uid, _text(now)),
            ).fetchone()
        if row is None or not compare_digest(row[0], _digest(secret)):
            return None
        return Ticket(uid, row[1], datetime.fromisoformat(row[2]))


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
