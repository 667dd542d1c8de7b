"""In which encoding a text file is written: by its mark, else UTF-8, else GB18030, else a guess.

The whole file is scanned once: the first Chinese character may come late. A few broken lines
do not make a UTF-8 file anything else.
"""

import codecs
from pathlib import Path
from typing import Final

from charset_normalizer import from_bytes

from graph.errors import DataError

__all__ = ["encoding_of"]

_BLOCK: Final = 1 << 20
_SAMPLE: Final = 1 << 16
_TRIED: Final = 10_000  # lines beyond ASCII that decide between two encodings
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def encoding_of(path: Path) -> str:
    """Return the codec to read a text file with; lines it cannot decode are those rows' matter.

    GBK is always read as GB18030, of which it is a part.

    Raises:
        DataError: E202, the bytes are no text in any encoding known.

    Cost: one pass over the file, two where it is not UTF-8; a few MiB of memory.
    """
    with path.open("rb") as stream:
        sample = stream.read(_SAMPLE)
    for mark, encoding in _MARKS:
        if sample.startswith(mark):
            return encoding
    bare = _bare_utf16(sample)
    if bare is not None:
        return bare
    if _decodes(path, "utf-8"):
        return "utf-8"
    # Before GB18030, in which a short damaged UTF-8 file is often valid, as other characters.
    if _broken_lines(path, "utf-8") <= 0.5:
        return "utf-8"
    if _decodes(path, "gb18030") or _broken_lines(path, "gb18030") <= 0.5:
        return "gb18030"
    guess = from_bytes(sample).best()
    if guess is None:
        raise DataError("E202", where=str(path), kind="?")
    return guess.encoding


def _bare_utf16(sample: bytes) -> str | None:
    """Return UTF-16 without a mark: every other byte of its ASCII characters is NUL."""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) / 2
    if half and max(even, odd) > 0.2 * half and min(even, odd) < 0.02 * half:
        return "utf-16-le" if odd > even else "utf-16-be"
    return None


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as stream:
        try:
            while block := stream.read(_BLOCK):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _broken_lines(path: Path, encoding: str) -> float:
    """Return the share of lines with characters beyond ASCII that do not decode."""
    spoken = broken = 0
    with path.open("rb") as stream:
        while spoken < _TRIED and (read := stream.readline(_BLOCK)):
            # A file whose lines end in CR alone is one line to the stream.
            for line in read.splitlines():
                if line.isascii():
                    continue
                spoken += 1
                try:
                    line.decode(encoding)
                except UnicodeDecodeError:
                    broken += 1
    return broken / spoken if spoken else 1.0
