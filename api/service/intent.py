"""What is about to be written, told to the log first: a process killed midway leaves that."""

from api.masking import hidden_text
from api.service.caller import Caller
from api.service.running import Running

__all__ = ["intend"]


def intend(running: Running, caller: Caller, *about: str) -> None:
    """Return when the log holds who is about to write what; its outcome is an entry of its own.

    Args:
        about: Ids of what is written to: feed, listing, task, subject, key.

    Raises:
        StoreError: The log cannot be written; then nothing may be written.
    """
    entry = {
        "at": running.clock().isoformat(),
        "request": caller.request,
        "caller": caller.name,
        "role": caller.role.value,
        "action": caller.trail.action,
        "purpose": caller.purpose,
        "case": hidden_text(caller.case),
        "intends": [hidden_text(each) for each in about],
    }
    running.recorder.record_now(entry)
    caller.trail.intended = True
