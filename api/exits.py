"""Exit codes: a contract with scripts."""

from typing import Final

__all__ = ["BACKEND", "FINDINGS", "OK", "USAGE", "WHOLE_FILE_REFUSED"]

OK: Final = 0
FINDINGS: Final = 1  # findings, refused rows or reviews to look at
USAGE: Final = 2
WHOLE_FILE_REFUSED: Final = 3
BACKEND: Final = 4
