"""The installation key: made once, kept outside the store, readable by its owner alone."""

import os
import stat
from pathlib import Path

from graph.errors import StoreError
from graph.secrecy import KEY_SIZE

__all__ = ["load_or_make_key"]


def load_or_make_key(path: Path) -> bytes:
    """Return the key of a key file, made atomically with mode 600 on first use.

    Two processes starting at once get the same key: the file appears under its name complete
    or not at all, and the second process reads what the first made.

    Raises:
        StoreError: E513 cannot be read or made, E514 others may read it, E515 not a key.
    """
    try:
        if not path.exists():
            _make(path)
            _settle(path.parent)
        mode = stat.S_IMODE(path.stat().st_mode)
        text = path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise StoreError("E513", where=str(path), reason=error.strerror) from error
    except UnicodeDecodeError as error:
        raise StoreError("E515", where=str(path)) from error
    if os.name == "posix" and mode & 0o077:
        raise StoreError("E514", where=str(path), mode=f"{mode:o}")
    try:
        key = bytes.fromhex(text)
    except ValueError as error:
        raise StoreError("E515", where=str(path)) from error
    if len(key) != KEY_SIZE:
        raise StoreError("E515", where=str(path))
    return key


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as stream:
            stream.write(os.urandom(KEY_SIZE).hex() + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        try:
            # Unlike rename, a link never replaces a key another process has just made.
            os.link(draft, path)
        except FileExistsError:
            return
    finally:
        draft.unlink(missing_ok=True)


def _settle(folder: Path) -> None:
    # What is sealed reaches the disk soon; so must the name of the key that opens it.
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
