"""One at a time among all processes of the service, until a block ends or its process does."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from api.service.chain import faults_told, lock
from graph.errors import StoreError

__all__ = ["Gate"]


class Gate:
    """A file of which only the lock matters, which the system frees when its holder is killed.

    Args:
        seconds: How long to wait for others.
    """

    def __init__(self, path: Path, seconds: float) -> None:
        self._path, self._seconds = path, seconds
        # Threads of this process queue here, and only one of them looks at the file.
        self._ours = threading.Lock()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the gate inside.

        Raises:
            StoreError: E503 others held it for too long, E507 or E508 the file cannot be used.
        """
        if not self._ours.acquire(timeout=self._seconds):
            raise StoreError("E503", where=str(self._path), reason="another request writes")
        try:
            with faults_told(self._path):
                db = sqlite3.connect(self._path, isolation_level=None, timeout=0)
            with closing(db):
                with faults_told(self._path):
                    lock(db, "BEGIN EXCLUSIVE", self._seconds)
                yield
        finally:
            self._ours.release()
