"""The one place where the service opens stores: some to read with, one to write with."""

import queue
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from api.service.front import Front
from api.stores import open_store
from graph.errors import StoreError
from graph.ports import Store
from graph.secrecy import Seal
from graph.store.address import Server

__all__ = ["Pool"]

_GLANCE_SECONDS: Final = 0.05


class Pool:
    """Open stores of one process, handed to one thread at a time.

    Args:
        place: The store; it must be there.
        readers: How many read at once; the next waits.
        seconds: How long one question may read, and may wait for its turn, for another writer,
            or for a server that does not answer.

    Raises:
        StoreError: E517, there is no such store, or it cannot be opened.
    """

    def __init__(self, place: Path | Server, seal: Seal, readers: int, seconds: float) -> None:
        self._place, self._seal, self._seconds = place, seal, seconds
        self._idle: queue.LifoQueue[Store] = queue.LifoQueue()
        self._open: list[Store] = []
        for _ in range(readers):
            self._idle.put(self._opened())
        self._writer = self._opened()
        # A server is asked over a network: the thread that takes requests cannot wait for it.
        self._front = Front(self._opened()) if isinstance(place, Path) else None
        self._writes = threading.Lock()

    def close(self) -> None:
        """Close every store."""
        for store in self._open:
            store.close()

    @contextmanager
    def reading(self, known_at: datetime | None = None) -> Iterator[Store]:
        """Lend a store that shows one state of the data until it is given back.

        Args:
            known_at: Shows the store as it was known then (UTC).

        Raises:
            StoreError: E509, no store fell free, or reading took too long.
        """
        try:
            store = self._idle.get(timeout=self._seconds)
        except queue.Empty as error:
            raise StoreError("E509") from error
        try:
            if known_at is None:
                with store.snapshot(self._seconds):
                    yield store
            else:  # opened anew, in the turn of the one that waits meanwhile
                with closing(self._made(known_at)) as past, past.snapshot(self._seconds):
                    yield past
        finally:
            self._idle.put(store)

    @contextmanager
    def glancing(self) -> Iterator[Front | None]:
        """Lend the front, showing one state of the data; None where the store is a server.

        Only for the thread that takes requests: while one is answered here, all others wait.

        Raises:
            StoreError: E509, reading took longer than others may be kept waiting.
        """
        if self._front is None:
            yield None
            return
        with self._front.store.snapshot(_GLANCE_SECONDS):
            yield self._front

    @contextmanager
    def writing(self) -> Iterator[Store]:
        """Lend the store that writes; the next writer of this process waits.

        Raises:
            StoreError: E503, another writer held it for too long.
        """
        if not self._writes.acquire(timeout=self._seconds):
            raise StoreError("E503", where="", reason="another request writes")
        try:
            yield self._writer
        finally:
            self._writes.release()

    def _opened(self) -> Store:
        store = self._made(None)
        self._open.append(store)
        return store

    def _made(self, known_at: datetime | None) -> Store:
        return open_store(
            self._place, self._seal, new=False, known_at=known_at, patience=self._seconds
        )
