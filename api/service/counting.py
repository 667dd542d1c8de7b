"""Counts of requests, kept in the process; `limits` decides what they mean."""

import time

from limits.storage import MemoryStorage

__all__ = ["Counts"]

_MOST = 10_000


class Counts(MemoryStorage):
    """The storage of `limits` without its timer, which starts a thread for most requests."""

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Count, and forget what has expired once there is much of it."""
        if len(self.expirations) > _MOST:
            for old in list(self.expirations):
                self.get(old)  # drops it if its time is over
        self.get(key)
        with self.locks[key]:
            self.storage[key] += amount
            if self.storage[key] == amount:
                self.expirations[key] = time.time() + expiry
            return self.storage[key]
