"""Long work stands back: what answers people on the same machine goes first."""

import os
import sys

__all__ = ["stand_back"]


def stand_back(by: int) -> None:
    """Lower this process's priority, and that of whom it starts, by steps of niceness.

    Whoever started it may have chosen a priority: one that is not the usual is left alone.
    Windows knows no niceness; nothing happens there.
    """
    if sys.platform != "win32" and by and os.getpriority(os.PRIO_PROCESS, 0) == 0:
        os.setpriority(os.PRIO_PROCESS, 0, by)
