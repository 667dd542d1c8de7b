"""The server's faults as ours: its codes, its release, its words."""

import re
from typing import Final

from graph.errors import StoreError

__all__ = ["fault_of", "first_line", "refuse_old"]

_OLDEST: Final = (5, 26)
_VERSION: Final = re.compile(r"Neo4j/(\d+)\.(\d+)")
_FAULTS: Final = (
    ("Neo.ClientError.Security.Forbidden", "E523"),  # a user who may only read
    ("Neo.ClientError.Security.", "E522"),
    ("Neo.ClientError.General.ForbiddenOnReadOnlyDatabase", "E523"),
    ("Neo.ClientError.General.WriteOnReadOnlyAccessDatabase", "E523"),
    ("Neo.ClientError.Cluster.NotALeader", "E523"),
    ("Neo.TransientError.General.MemoryPoolOutOfMemoryError", "E526"),
    ("Neo.TransientError.General.OutOfMemoryError", "E526"),
    ("Neo.TransientError.General.TransactionMemoryLimit", "E526"),
    ("Neo.TransientError.Transaction.", "E503"),
    ("Neo.ClientError.Transaction.TransactionTimedOut", "E503"),
    ("Neo.ClientError.Transaction.LockClientStopped", "E503"),
    ("Neo.TransientError.General.DatabaseUnavailable", "E521"),
    ("Neo.ClientError.Database.DatabaseNotFound", "E521"),
)


def fault_of(code: str) -> str:
    """Return our code for one of the server's."""
    return next((ours for start, ours in _FAULTS if code.startswith(start)), "E527")


def refuse_old(agent: str, where: str) -> None:
    """Refuse a server by what it calls itself: another kind, or older than 5.26 (E524)."""
    found = _VERSION.match(agent)
    if found is None or (int(found[1]), int(found[2])) < _OLDEST:
        raise StoreError("E524", where=where, found=agent, oldest="5.26")


def first_line(error: BaseException) -> str:
    """Return the first line of what an error says."""
    text = getattr(error, "message", None) or str(error) or type(error).__name__
    return str(text).splitlines()[0]
