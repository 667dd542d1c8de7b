"""The lines of a text file, read in blocks, with a bounded look ahead."""

from collections.abc import Iterator
from typing import IO, Final

__all__ = ["BROKEN", "MOST_CHARACTERS", "Cut", "Lines"]

BROKEN: Final = "\ufffd"
"""What stands where bytes could not be decoded."""

MOST_CHARACTERS: Final = 1 << 20
"""Characters from which on a line is cut."""

_KEPT: Final = 1_000
_PIECE: Final = 1 << 18


class Cut(str):
    """The beginning of a line that was cut for its length."""

    __slots__ = ()


class Lines:
    """Lines without their ends.

    Attributes:
        quoted: The block read last may hold quotes.
        doubtful: It may hold a NUL, an undecodable character or a line that was cut.
    """

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._ahead: list[str] = []
        self._at = 0
        self._tail = ""
        self.quoted = self.doubtful = False

    def fill(self) -> bool:
        """Read the next block when all lines are taken; return whether there are lines."""
        if self._at == len(self._ahead):
            self._ahead, self._at = self._block(), 0
        return bool(self._ahead)

    def block(self) -> list[str]:
        """Return the block just filled, of which nothing may have been taken."""
        return self._ahead

    def take(self) -> str | None:
        """Take the next of the lines already read; None when a block has to be filled."""
        if self._at == len(self._ahead):
            return None
        self._at += 1
        return self._ahead[self._at - 1]

    def peek(self, most: int) -> Iterator[str]:
        """Yield the lines to come without taking them."""
        for offset in range(most):
            if self._at + offset == len(self._ahead):
                block = self._block()
                if not block:
                    return
                # What was taken goes, or a file of long records would stay as a whole.
                self._ahead, self._at = self._ahead[self._at :] + block, 0
            yield self._ahead[self._at + offset]

    def skip(self, count: int) -> None:
        """Take lines that were looked at."""
        self._at += count

    def _block(self) -> list[str]:
        """Return the next whole lines; none at the end of the file."""
        lines: list[str] = []
        while not lines:
            read = self._stream.read(_PIECE)
            text = self._tail + read
            if not text:
                return []
            self.quoted = '"' in text
            self.doubtful = "\0" in text or BROKEN in text
            lines = text.split("\n")
            self._tail = lines.pop() if read else ""
            if len(self._tail) >= MOST_CHARACTERS:
                lines.append(self._cut())
        if len(lines[0]) >= MOST_CHARACTERS:
            lines[0] = Cut(lines[0][:_KEPT])
            self.doubtful = True
        return lines

    def _cut(self) -> Cut:
        kept, self._tail = Cut(self._tail[:_KEPT]), ""
        self.doubtful = True
        while (rest := self._stream.readline(_PIECE)) and not rest.endswith("\n"):
            pass
        return kept
