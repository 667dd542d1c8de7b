"""A second process that reads and prepares a large file while this one writes.

Rows come back through a pipe, one chunk at a time: the worker prepares the next chunk while
this process writes the last, and neither holds more than one.
"""

import gc
import marshal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, Final

from graph.errors import CreditGraphError, StoreError
from graph.ports import Rows
from loaders.files import tables
from loaders.load import SheetTask, prepared

__all__ = ["prepared_elsewhere"]

_FIELDS: Final = tuple(field.name for field in fields(Rows))
# Rows are tuples of text, numbers and bytes, sent between two processes of one interpreter:
# marshal writes and reads these three times as fast as pickle. Version 2 does not look for
# repeated objects, which would cost more than it saves.
_MARSHAL: Final = 2


@contextmanager
def prepared_elsewhere(task: SheetTask) -> Iterator[Iterator[Rows]]:
    """Give the prepared rows of a sheet, made by a process that lives as long as the block.

    The process is spawned, not forked: this one has threads and an open database. When this
    process is killed, the pipe breaks and the other ends with its next chunk.
    """
    context = get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    worker = context.Process(target=_work, args=(theirs, task), daemon=True)
    worker.start()
    theirs.close()
    try:
        yield _received(ours)
    finally:
        ours.close()
        worker.terminate()
        worker.join()


def _received(pipe: Connection) -> Iterator[Rows]:
    while True:
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


def _work(pipe: Connection, task: SheetTask) -> None:
    # No cycles are made here, only many tuples that the collector would visit again and again.
    gc.disable()
    try:
        with tables(task.path) as (table,):
            for rows in prepared(table, task.feed, task.seal, task.first_key):
                _send(pipe, "rows", [getattr(rows, name) for name in _FIELDS])
        _send(pipe, "end", None)
    except CreditGraphError as error:
        _send(pipe, "error", None)
        pipe.send(error)
    except BrokenPipeError:
        return  # the parent is gone, and nobody waits for the rest
    finally:
        pipe.close()


def _send(pipe: Connection, kind: str, body: Any) -> None:
    pipe.send_bytes(marshal.dumps((kind, body), _MARSHAL))
