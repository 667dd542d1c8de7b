"""Audit entries of one process, written together: each is on the disk before its answer leaves."""

import asyncio
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Final

import orjson

from api.service.chain import Chain
from graph.errors import CreditGraphError
from graph.secrecy import Seal

__all__ = ["Recorder"]

_ON_THEIR_WAY: Final = 2
_Waiting = tuple[bytes, "Future[None]"]


class Recorder:
    """Threads that append what waits in one transaction, again and again.

    While one transaction reaches the disk the other thread writes the next: so an answer waits
    for its own way to the disk, and hardly for another's. While both are on their way, entries
    gather for the next, so that many take few ways.
    """

    def __init__(self, path: Path, seal: Seal) -> None:
        self._chains = [Chain(path, seal) for _ in range(_ON_THEIR_WAY)]
        self._waiting: list[_Waiting] = []
        self._changed = threading.Condition()
        self._ended = False
        self._threads = [
            threading.Thread(target=self._work, args=(chain,), name="audit", daemon=True)
            for chain in self._chains
        ]
        for thread in self._threads:
            thread.start()

    async def record(self, entry: Mapping[str, Any]) -> None:
        """Return when the entry is on the disk.

        Raises:
            StoreError: The log cannot be written; then nothing may be answered.
        """
        await asyncio.wrap_future(self._put(entry))

    def record_now(self, entry: Mapping[str, Any]) -> None:
        """Do the same for a thread that waits, before it writes what the entry tells of.

        Raises:
            StoreError: The log cannot be written; then nothing may be written.
        """
        self._put(entry).result()

    def _put(self, entry: Mapping[str, Any]) -> "Future[None]":
        done: Future[None] = Future()
        # What is under way cannot be taken back when its request goes.
        done.set_running_or_notify_cancel()
        with self._changed:
            self._waiting.append((orjson.dumps(entry), done))
            self._changed.notify()
        return done

    def close(self) -> None:
        """Write what waits, then close the file."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()
        for chain in self._chains:
            chain.close()

    def _work(self, chain: Chain) -> None:
        while True:
            with self._changed:
                while not self._waiting and not self._ended:
                    self._changed.wait()
                batch, self._waiting = self._waiting, []
            if not batch:
                return
            fault: CreditGraphError | None = None
            try:
                chain.append([body for body, _ in batch])
            except CreditGraphError as error:
                fault = error
            for _, done in batch:
                if fault is None:
                    done.set_result(None)
                else:
                    done.set_exception(fault)
