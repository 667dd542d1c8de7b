"""Authorisations: tokens, each good for one question about whoever signed for it."""

import hashlib
import secrets
from datetime import UTC, datetime
from typing import Final

from api.service.access import Access
from graph.errors import QueryError, UsageError

__all__ = ["Authorisations", "authorisation_id"]

_TABLE: Final = """
CREATE TABLE IF NOT EXISTS authorisation (
  digest BLOB PRIMARY KEY, subject TEXT NOT NULL, purpose TEXT NOT NULL, made_by TEXT NOT NULL,
  made_at TEXT NOT NULL, expires_at TEXT NOT NULL, used_at TEXT
) WITHOUT ROWID
"""


class Authorisations:
    """Tokens, of which only digests are kept, in an open access file."""

    def __init__(self, access: Access) -> None:
        self._access = access
        with access.change() as db:
            db.execute(_TABLE)

    def add(self, subject: str, purpose: str, made_by: str, span: tuple[datetime, datetime]) -> str:
        """Return a new token, good for one question about a subject within a span of time."""
        token = secrets.token_urlsafe(32)
        begin, end = map(_text, span)
        values = (_digest(token), subject, purpose, made_by, begin, end)
        with self._access.change() as db:
            db.execute("INSERT INTO authorisation VALUES (?, ?, ?, ?, ?, ?, NULL)", values)
        return token

    def about(self, token: str, now: datetime) -> tuple[str, str]:
        """Return subject and purpose of an authorisation, which stays good.

        Raises:
            UsageError: E906, unknown, expired or used before.
        """
        with self._access.reading() as db:
            row = db.execute(
                "SELECT subject, purpose FROM authorisation "
                "WHERE digest = ? AND used_at IS NULL AND expires_at > ?",
                (_digest(token), _text(now)),
            ).fetchone()
        if row is None:
            raise UsageError("E906")
        return row[0], row[1]

    def use(self, token: str, now: datetime) -> None:
        """Use an authorisation up.

        Raises:
            UsageError: E906, unknown, expired or used before.
        """
        with self._access.change() as db:
            done = db.execute(
                "UPDATE authorisation SET used_at = ?1 WHERE digest = ?2 AND used_at IS NULL "
                "AND expires_at > ?1",
                (_text(now), _digest(token)),
            )
            if done.rowcount == 0:
                raise UsageError("E906")

    def give_back(self, token: str) -> None:
        """Let an authorisation be good again that was used up for an answer nobody got."""
        with self._access.change() as db:
            db.execute(
                "UPDATE authorisation SET used_at = NULL WHERE digest = ?", (_digest(token),)
            )

    def revoke(self, uid: str, now: datetime) -> None:
        """End an authorisation by its id (`authorisation_id`).

        Raises:
            QueryError: E958, it is unknown, was used, has expired or was revoked.
        """
        with self._access.change() as db:
            done = db.execute(
                "UPDATE authorisation SET expires_at = ?1 WHERE lower(hex(substr(digest, 1, 12))) "
                "= ?2 AND used_at IS NULL AND expires_at > ?1",
                (_text(now), uid),
            )
            if done.rowcount == 0:
                raise QueryError("E958", where=uid)


def authorisation_id(token: str) -> str:
    """Return the id an authorisation is revoked by; it opens nothing."""
    return _digest(token)[:12].hex()


def _digest(secret: str) -> bytes:
    # Of 256 random bits: nothing to guess, so no slow digest is needed.
    return hashlib.sha256(secret.encode()).digest()


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
