"""Processes that read and prepare a large file while this one writes.

They take the file's chunks in turn, and each sends what it prepared through its own pipe, working
on its next chunk while this process writes; nobody holds more than two.
"""

import gc
import marshal
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import fields
from itertools import cycle
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, Final

from graph.errors import CreditGraphError, StoreError
from graph.ports import Rows
from loaders.files import tables
from loaders.load import SheetTask, prepared

__all__ = ["prepared_elsewhere"]

# Preparing a row costs twice what writing it does: two workers keep one writer busy.
_WORKERS: Final = 2
_FIELDS: Final = tuple(field.name for field in fields(Rows))
# Rows are tuples of text, numbers and bytes, sent between two processes of one interpreter:
# marshal writes and reads these three times as fast as pickle. Version 2 does not look for
# repeated objects, which would cost more than it saves.
_MARSHAL: Final = 2
_PATIENCE: Final = 10.0  # seconds a worker has to end by itself


@contextmanager
def prepared_elsewhere(task: SheetTask) -> Iterator[Iterator[Rows]]:
    """Give the prepared rows of a sheet, made by processes that live as long as the block.

    They are spawned, not forked: this one has threads and an open database. When this process
    is killed, their pipes break and they end with their next chunk.
    """
    context = get_context("spawn")
    pipes: list[Connection] = []
    workers = []
    for turn in range(_WORKERS):
        ours, theirs = context.Pipe(duplex=False)
        worker = context.Process(target=_work, args=(theirs, task, turn), daemon=True)
        worker.start()
        theirs.close()
        pipes.append(ours)
        workers.append(worker)
    # No cycles are made on either side, only many tuples that the collector would visit again
    # and again: a tenth of the time.
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield _received(pipes)
    finally:
        if collecting:
            gc.enable()
        for pipe in pipes:
            pipe.close()
        for worker in workers:
            worker.terminate()
            worker.join(_PATIENCE)
            worker.kill()  # nothing is lost: a worker only reads
            worker.join()


def _received(pipes: Sequence[Connection]) -> Iterator[Rows]:
    """Yield what the workers send, taking turns as they do; the first that ends was the last."""
    for pipe in cycle(pipes):
        try:
            message = pipe.recv_bytes()
        except EOFError:
            raise StoreError("E516") from None
        kind, body = marshal.loads(message)  # noqa: S302 - from our own child process
        if kind == "end":
            return
        if kind == "error":
            raise pipe.recv()
        yield Rows(**dict(zip(_FIELDS, body, strict=True)))


def _work(pipe: Connection, task: SheetTask, turn: int) -> None:
    gc.disable()
    try:
        with (
            tables(task.path, encoding=task.encoding) as (table,),
            ThreadPoolExecutor(max_workers=1) as sender,
        ):
            sent: Future[None] | None = None
            share = (turn, _WORKERS)
            for rows in prepared(table, task.feed, task.seal, task.first_key, share):
                message = _packed("rows", [getattr(rows, name) for name in _FIELDS])
                if sent is not None:
                    sent.result()
                # The parent may be busy writing; meanwhile the next chunk is prepared.
                sent = sender.submit(pipe.send_bytes, message)
            if sent is not None:
                sent.result()
        pipe.send_bytes(_packed("end", None))
    except CreditGraphError as error:
        pipe.send_bytes(_packed("error", None))
        pipe.send(error)
    except BrokenPipeError:
        return  # the parent is gone, and nobody waits for the rest
    finally:
        pipe.close()


def _packed(kind: str, body: Any) -> bytes:
    return marshal.dumps((kind, body), _MARSHAL)
