"""A worker process that prepares rows while this one reads and writes."""

import os
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import connection, get_context, parent_process

from loaders.files import Chunk

from graph.ports import Rows
from loaders.load import prepare_pickled

__all__ = ["preparing_worker"]


class _Worker:
    def __init__(self, pool: ProcessPoolExecutor) -> None:
        self._pool = pool

    def submit(self, preparer: bytes, chunk: Chunk, first_key: int) -> "Future[Rows]":
        return self._pool.submit(prepare_pickled, preparer, chunk, first_key)


@contextmanager
def preparing_worker() -> Iterator[_Worker]:
    """Run one worker process for the length of the block.

    It is spawned, not forked: the parent has threads and an open database.
    """
    pool = ProcessPoolExecutor(
        max_workers=1, mp_context=get_context("spawn"), initializer=_end_with_parent
    )
    try:
        yield _Worker(pool)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _end_with_parent() -> None:
    """Stop this worker when its parent is gone, even killed outright."""
    parent = parent_process()
    if parent is not None:
        sentinel = parent.sentinel
        threading.Thread(target=_watch, args=(sentinel,), daemon=True).start()


def _watch(sentinel: int) -> None:
    connection.wait([sentinel])
    os._exit(1)
