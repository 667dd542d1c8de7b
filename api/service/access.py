"""The access file: keys and the audit log, in SQLite beside the store.

Apart from the store, so that a log written before every answer never waits for a load.
"""

import hashlib
import secrets
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hmac import compare_digest
from pathlib import Path
from typing import Any, Final

from api.service.chain import Chain, faults_told
from api.service.roles import Role
from graph.audit import FIRST, Entry, first_broken
from graph.errors import QueryError, UsageError
from graph.secrecy import Seal
from resolvers.review import person_name

__all__ = ["Access", "Key"]

_TABLES: Final = """
CREATE TABLE IF NOT EXISTS key (
  id TEXT PRIMARY KEY, digest BLOB NOT NULL, name TEXT NOT NULL, role TEXT NOT NULL,
  made_at TEXT NOT NULL, expires_at TEXT NOT NULL, revoked_at TEXT
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS entry (
  number INTEGER PRIMARY KEY, body BLOB NOT NULL, link BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS head (
  one INTEGER PRIMARY KEY CHECK (one = 1), number INTEGER NOT NULL, link BLOB NOT NULL
);
"""
_PATIENCE: Final = 20.0
_PREFIX: Final = "cg"
_LONGEST_DAYS: Final = 3_650


@dataclass(frozen=True, slots=True)
class Key:
    """An API key without its secret.

    Attributes:
        id: What audit and logs know it by.
        name: Whose it is, as the administrator wrote it.
    """

    id: str
    name: str
    role: Role
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None

    def state(self, now: datetime) -> str:
        """Return active, expired or revoked."""
        if self.revoked_at is not None and self.revoked_at <= now:
            return "revoked"
        return "active" if now < self.expires_at else "expired"


class Access:
    """An open access file; threads may share it.

    One connection writes and one reads, each for one thread at a time: what a thread asks of a
    connection on which another waits, it would wait for with the interpreter's lock in hand, and
    the error of one thread could pass for the success of another.

    Raises:
        StoreError: E507, E505 or E503, the file cannot be used.
    """

    def __init__(self, path: Path, seal: Seal) -> None:
        self._path = path
        self._seal = seal
        self._writes, self._reads = threading.Lock(), threading.Lock()
        with faults_told(self._path):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            self._db, self._seen = self._opened(), self._opened()
            self._db.execute("PRAGMA journal_mode = WAL")
            # An entry is on the disk before the answer it tells of leaves.
            self._db.execute("PRAGMA synchronous = FULL")
            self._db.executescript(_TABLES)

    def _opened(self) -> sqlite3.Connection:
        return sqlite3.connect(
            self._path, isolation_level=None, timeout=_PATIENCE, check_same_thread=False
        )

    def close(self) -> None:
        """Close the file."""
        self._seen.close()
        self._db.close()

    def add_key(
        self, name: str, role: Role, days: int, now: datetime, *, same_holder: bool = False
    ) -> tuple[Key, str]:
        """Make a key.

        Args:
            same_holder: Whoever has, or had, a key of this name gets another one.

        Returns:
            The key, and its secret, which is kept nowhere.

        Raises:
            UsageError: E920 not 1 to 3650 days, E922 the name is another key's.
        """
        if not 1 <= days <= _LONGEST_DAYS:
            raise UsageError("E920", days=days, limit=_LONGEST_DAYS)
        key = Key(secrets.token_hex(4), name, role, now, now + timedelta(days=days), None)
        secret = secrets.token_urlsafe(32)
        values = (key.id, _digest(secret), name, role.value, _text(now), _text(key.expires_at))
        with self._writing():
            if not same_holder:
                self._refuse_known(name)
            self._db.execute("INSERT INTO key VALUES (?, ?, ?, ?, ?, ?, NULL)", values)
        return key, f"{_PREFIX}_{key.id}_{secret}"

    def _refuse_known(self, name: str) -> None:
        """Refuse a name that a key bears or bore: who judges is known by it, and counted by it."""
        asked = person_name(name).casefold()
        for uid, known in self._db.execute("SELECT id, name FROM key ORDER BY made_at, id"):
            if person_name(known).casefold() == asked:
                raise UsageError("E922", where=uid, id=uid)

    def all_keys(self) -> list[Key]:
        """Return every key, oldest first."""
        with self.reading() as db:
            rows = db.execute(f"{_KEY} ORDER BY made_at, id").fetchall()
        return [_key(row) for row in rows]

    def key(self, uid: str) -> Key:
        """Return a key by id; QueryError E921 if there is none."""
        with self.reading() as db:
            row = db.execute(f"{_KEY} WHERE id = ?", (uid,)).fetchone()
        if row is None:
            raise QueryError("E921", where=uid)
        return _key(row)

    def revoke(self, uid: str, at: datetime) -> Key:
        """End a key at a moment; an earlier end stays."""
        self.key(uid)
        with self._writing():
            self._db.execute(
                "UPDATE key SET revoked_at = min(ifnull(revoked_at, ?1), ?1) WHERE id = ?2",
                (_text(at), uid),
            )
        return self.key(uid)

    def holder(self, token: str, now: datetime) -> Key | None:
        """Return the active key a token is the secret of, None for any other text."""
        prefix, _, rest = token.partition("_")
        uid, _, secret = rest.partition("_")
        if prefix != _PREFIX or not secret:
            return None
        with self.reading() as db:
            row = db.execute(
                "SELECT id, name, role, made_at, expires_at, revoked_at, digest FROM key "
                "WHERE id = ?",
                (uid,),
            ).fetchone()
        if row is None or not compare_digest(row[6], _digest(secret)):
            return None
        key = _key(row[:6])
        return key if key.state(now) == "active" else None

    def append(self, bodies: Sequence[bytes]) -> None:
        """Write entries to the end of the log; they are on the disk when this returns."""
        with closing(Chain(self._path, self._seal)) as chain:
            chain.append(bodies)

    def entries(self, after: int = 0, limit: int = -1) -> Iterator[Entry]:
        """Yield entries after a number, in order."""
        with faults_told(self._path), closing(self._opened()) as db:
            for row in db.execute(_ENTRIES, (after, limit)):
                yield Entry(*row)

    def verify(self) -> tuple[int, str, int | None]:
        """Return how many entries there are, the last link, and the first number that is wrong.

        Cut off at the end, the log disagrees with the head kept beside it; whoever keeps the
        last link elsewhere can tell, too, whether both were replaced.
        """
        with faults_told(self._path), closing(self._opened()) as db:
            db.execute("BEGIN")
            rows = db.execute(_ENTRIES, (0, -1))
            broken = first_broken(self._seal, (Entry(*row) for row in rows))
            head = db.execute("SELECT number, link FROM head").fetchone()
            last = db.execute(
                "SELECT number, link FROM entry ORDER BY number DESC LIMIT 1"
            ).fetchone()
        count, link = last or (0, FIRST)
        if broken is None and head != last:
            broken = count + 1
        return count, link.hex(), broken

    @contextmanager
    def change(self) -> Iterator[sqlite3.Connection]:
        """Lend the file for one transaction: kept at the end, or nothing of it."""
        with self._writing():
            yield self._db

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Lend the file to read, for a moment: nobody else's key is looked up meanwhile."""
        with faults_told(self._path), self._reads:
            yield self._seen

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with faults_told(self._path), self._writes:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise


_ENTRIES: Final = (
    "SELECT number, CAST(body AS BLOB), CAST(link AS BLOB) FROM entry "
    "WHERE number > ? ORDER BY number LIMIT ?"
)
_KEY: Final = "SELECT id, name, role, made_at, expires_at, revoked_at FROM key"


def _key(row: Sequence[Any]) -> Key:
    uid, name, role, made, expires, revoked = row
    moment = datetime.fromisoformat
    ended = None if revoked is None else moment(revoked)
    return Key(uid, name, Role(role), moment(made), moment(expires), ended)


def _digest(secret: str) -> bytes:
    # Of 256 random bits: nothing to guess, so no slow digest is needed.
    return hashlib.sha256(secret.encode()).digest()


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
