"""The installation key: made once, by whoever comes first, for its owner's eyes."""

import os
import stat
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from api.keys import load_or_make_key
from graph.errors import StoreError


def test_a_key_is_made_on_first_use_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "key"
    key = load_or_make_key(path)
    assert len(key) == 32
    assert load_or_make_key(path) == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["key"]


def test_processes_that_start_at_once_get_the_same_key(tmp_path: Path) -> None:
    # Not a Pool, which ends its processes by a signal and may wait for ever for one under coverage.
    with ProcessPoolExecutor(4, get_context("spawn")) as pool:
        keys = set(pool.map(load_or_make_key, [tmp_path / "key"] * 12))
    assert len(keys) == 1


def test_a_key_made_in_the_meantime_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = load_or_make_key(tmp_path / "key")
    monkeypatch.setattr(Path, "exists", lambda _: False)  # what the slower process has seen
    assert load_or_make_key(tmp_path / "key") == first
    assert [file.name for file in tmp_path.iterdir()] == ["key"]


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")
def test_a_key_others_may_read_is_refused(tmp_path: Path) -> None:
    load_or_make_key(tmp_path / "key")
    (tmp_path / "key").chmod(0o644)
    with pytest.raises(StoreError, match="E514"):
        load_or_make_key(tmp_path / "key")


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"not hexadecimal", id="words"),
        pytest.param(b"ab" * 31, id="too short"),
        pytest.param("密钥".encode(), id="chinese"),
    ],
)
def test_a_file_that_holds_no_key_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "key"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(StoreError, match="E515"):
        load_or_make_key(path)


def test_a_key_file_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("a file is no folder")
    with pytest.raises(StoreError, match="E513"):
        load_or_make_key(tmp_path / "file" / "key")
