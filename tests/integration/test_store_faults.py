"""What goes wrong with a store file on a real disk, told as errors a person can act on."""

import contextlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import pytest

from api.steps import resolve_store
from graph.errors import StoreError
from graph.secrecy import Seal
from graph.store.sqlite import SqliteStore
from loaders.synthetic.penalties import write_penalties
from tests.contract.rows import NOW, SEAL, Party, Row, write

ROWS = [Row(f"row {n}", [Party("subject", "enterprise", f"某某{n}厂")]) for n in range(2_000)]
_NOBODY = 65_534


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A sound store file with rows in it, closed."""
    path = tmp_path / "store.db"
    with SqliteStore(path, SEAL) as store:
        write(store, "lists", ROWS)
    return path


def refused(path: Path, seal: Seal = SEAL, patience: float = 0.1) -> StoreError:
    with pytest.raises(StoreError) as caught, SqliteStore(path, seal, patience) as store:
        write(store, "lists", ROWS[:1], file="another.csv")
    assert caught.value.where == str(path)
    return caught.value


def connect(path: Path) -> contextlib.closing[sqlite3.Connection]:
    return contextlib.closing(sqlite3.connect(path, isolation_level=None))


def test_a_store_opens_only_under_its_own_key(path: Path) -> None:
    assert refused(path, Seal(bytes(32))).code == "E501"
    with SqliteStore(path, SEAL) as store:
        assert store.overview.status()["records"] == len(ROWS)


def test_a_store_of_a_newer_program_is_left_alone(path: Path) -> None:
    with connect(path) as raw:
        raw.execute("PRAGMA user_version = 9999")
    error = refused(path)
    assert (error.code, error.facts["found"]) == ("E502", 9999)


def as_first_released(path: Path) -> Path:
    """Return a copy of a store in the first schema."""
    old = path.with_name("old.db")
    first = files("graph.store.sqlite") / "migrations" / "0001_first.sql"
    with contextlib.closing(sqlite3.connect(old, isolation_level=None)) as raw:
        raw.executescript(first.read_text("utf-8"))
        raw.execute("ATTACH ? AS now", (str(path),))
        for (table,) in raw.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'"):
            told = raw.execute(f"PRAGMA main.table_info({table})").fetchall()
            columns = ", ".join(column[1] for column in told)
            copy = f"INSERT INTO main.{table} SELECT {columns} FROM now.{table}"  # noqa: S608
            raw.execute(copy)
        raw.execute("PRAGMA user_version = 1")
    return old


def test_an_older_store_is_brought_up_to_date(path: Path) -> None:
    with SqliteStore(path, SEAL) as store:
        resolve_store(store, NOW, full=False)
        before = list(store.overview.clusters())
    with SqliteStore(as_first_released(path), SEAL) as store:
        assert list(store.overview.clusters()) == before
        assert [hit.name for hit in store.finder.search("某7厂", 9)] == ["某某7厂"]
        assert [hit.name for hit in store.finder.by_name("某某7厂", 9)] == ["某某7厂"]


def test_a_store_another_process_writes_to_is_locked_after_a_while(path: Path) -> None:
    with connect(path) as raw:
        raw.execute("BEGIN IMMEDIATE")
        assert refused(path).code == "E503"
        raw.execute("ROLLBACK")
    with SqliteStore(path, SEAL, 0.1) as store:
        assert write(store, "lists", ROWS[:1], file="another.csv").repeated == 1


def test_who_waits_for_another_process_says_so_and_goes_on(path: Path) -> None:
    told: list[str] = []
    with connect(path) as raw, SqliteStore(path, SEAL, on_wait=lambda: _end(raw, told)) as store:
        raw.execute("BEGIN IMMEDIATE")
        assert write(store, "lists", ROWS[:1], file="another.csv").repeated == 1
    assert told == ["waits"]


def _end(raw: sqlite3.Connection, told: list[str]) -> None:
    told.append("waits")
    raw.execute("ROLLBACK")


def test_readers_go_on_while_another_process_writes(path: Path) -> None:
    with SqliteStore(path, SEAL, 0.1) as store, connect(path) as raw:
        raw.execute("BEGIN IMMEDIATE")
        raw.execute("DELETE FROM record")
        assert store.overview.status()["records"] == len(ROWS)


def test_a_full_disk_keeps_nothing_of_the_batch(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with SqliteStore(path, SEAL) as store:
        database = store.evidence._db
        pages = database.scalar("PRAGMA page_count")
        database.execute(f"PRAGMA max_page_count = {pages + 2}")
        with pytest.raises(StoreError, match="E504"):
            write(store, "lists", ROWS)
        assert store.evidence.batches() == []
        assert store.overview.status()["records"] == 0
        database.execute(f"PRAGMA max_page_count = {pages + 10_000}")
        assert write(store, "lists", ROWS).accepted == len(ROWS)


def test_a_damaged_file_is_told_as_damaged(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[100:] = b"\xff" * (len(content) - 100)
    path.write_bytes(content)
    assert refused(path).code == "E505"


def test_a_file_damaged_inside_is_told_when_it_is_read(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[16_384:] = b"\xff" * (len(content) - 16_384)
    path.write_bytes(content)
    assert refused(path).code == "E505"


@pytest.mark.parametrize("content", [b"not a database at all", b"SQLite format 3\0 and no more"])
def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(content)
    assert refused(path).code == "E505"
    assert path.read_bytes() == content


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with connect(path) as raw:
        raw.execute("CREATE TABLE theirs (id INTEGER)")
    assert refused(path).code == "E505"
    with connect(path) as raw:
        assert raw.execute("SELECT name FROM sqlite_master").fetchall() == [("theirs",)]


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder every user may enter and write to."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o777)
    yield folder
    shutil.rmtree(folder)


_TRY = """
import os, sys
from pathlib import Path
from graph.errors import StoreError
from graph.secrecy import Seal
from graph.store.sqlite import SqliteStore
from tests.contract.rows import ROWS_OF_ONE, write
SqliteStore(Path(sys.argv[2]), Seal(bytes(32))).close()  # all imports done while still root
if os.geteuid() == 0:
    os.setuid(int(sys.argv[3]))
try:
    with SqliteStore(Path(sys.argv[1]), Seal(bytes(range(32)))) as store:
        write(store, "lists", ROWS_OF_ONE)
except StoreError as error:
    print(error.code)
"""


def _as_nobody(path: Path, scratch: Path) -> str:
    """Return what an unprivileged user is told; root may write to anything."""
    done = subprocess.run(
        [sys.executable, "-c", _TRY, str(path), str(scratch / "own.db"), str(_NOBODY)],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_read_only_file_is_told(path: Path, open_folder: Path) -> None:
    copy = open_folder / "store.db"
    shutil.copy(path, copy)
    copy.chmod(0o444)
    assert _as_nobody(copy, path.parent) == "E506"


def test_a_folder_without_permission_is_told(tmp_path: Path, open_folder: Path) -> None:
    open_folder.chmod(0o555)
    assert _as_nobody(open_folder / "store.db", tmp_path) == "E507"


def test_a_folder_is_no_store(tmp_path: Path) -> None:
    assert refused(tmp_path).code == "E507"


def test_a_store_below_a_file_is_refused(path: Path) -> None:
    with pytest.raises(StoreError, match="E507"):
        SqliteStore(path / "inside" / "store.db", SEAL)


def test_batches_of_repeats_and_refusals_leave_room_for_the_next(tmp_path: Path) -> None:
    """Keys of rows that brought nothing are used again; their cells must not be in the way."""
    with SqliteStore(tmp_path / "store.db", SEAL) as store:
        write(store, "lists", ROWS[:300], file="1.csv")
        write(store, "lists", ROWS[:300], file="2.csv")
        write(store, "lists", [Row("x", [], refused="E311")], file="3.csv")
        write(store, "lists", [*ROWS[:299], ROWS[300]], file="4.csv")
        write(store, "lists", ROWS[301:310], file="5.csv")
        for line in store.overview.clusters():
            told = store.evidence.record(line[5].partition(":")[0])
            assert told is not None
            assert told["mentions"][0]["name"] in f"某某{told['cells']['text'][4:]}厂"


class _House:
    """An installation run through the command line, each command a process of its own."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._environment = os.environ | {
            "CREDITGRAPH_STORE": str(folder / "store.db"),
            "CREDITGRAPH_KEY_FILE": str(folder / "key"),
            "CREDITGRAPH_LANG": "en",
        }

    def start(self, *words: object) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "api.cli", *map(str, words)],
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, *words: object) -> str:
        return _ended(self.start(*words))

    def counts(self) -> tuple[int, int]:
        told = json.loads(self.run("status", "--json"))
        return told["records"], told["batches"]


def _ended(process: "subprocess.Popen[str]") -> str:
    out, talk = process.communicate(timeout=300)
    assert process.returncode == 0, talk
    return out


@pytest.fixture(scope="module")
def bulk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A penalties file large enough to be prepared by worker processes."""
    path = tmp_path_factory.mktemp("bulk") / "行政处罚.csv"
    write_penalties(path, 20_000, 1)
    return path


def test_two_processes_may_load_into_one_new_store_at_once(tmp_path: Path) -> None:
    files = []
    for seed in (1, 2):
        files.append(tmp_path / f"{seed}.csv")
        write_penalties(files[-1], 3_000, seed)
    house = _House(tmp_path / "house")
    for process in [house.start("load", file) for file in files]:
        _ended(process)
    assert house.counts() == (6_000, 2)


@dataclass(frozen=True)
class _Calm:
    """An undisturbed load: its key, its answer, and how long loading took."""

    key: bytes
    clusters: str
    seconds: float


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory, bulk: Path) -> _Calm:
    """What loading and resolving the bulk file gives when nobody interferes."""
    folder = tmp_path_factory.mktemp("calm") / "house"
    house = _House(folder)
    began = time.monotonic()
    house.run("load", bulk)
    seconds = time.monotonic() - began
    house.run("resolve")
    return _Calm((folder / "key").read_bytes(), house.run("export", "clusters"), seconds)


@pytest.mark.slow
@pytest.mark.parametrize("share", [0.5, 0.8])
def test_a_killed_load_leaves_nothing_and_can_be_run_again(
    tmp_path: Path, bulk: Path, calm: _Calm, share: float
) -> None:
    struck = _House(tmp_path / "struck")
    key = tmp_path / "struck" / "key"
    key.write_bytes(calm.key)
    key.chmod(0o600)
    loading = struck.start("load", bulk)
    time.sleep(calm.seconds * share)
    os.killpg(loading.pid, signal.SIGKILL)
    loading.communicate()
    assert struck.counts() in {(0, 0), (20_000, 1)}
    struck.run("load", bulk)
    assert struck.counts() == (20_000, 1)
    struck.run("resolve")
    assert struck.run("export", "clusters") == calm.clusters
