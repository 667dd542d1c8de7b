"""What goes wrong with a real server: told as errors a person can act on, nothing half-written."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from api.steps import resolve_store
from api.stores import open_store
from graph.errors import StoreError
from graph.ports import Counts, Reach, Store
from graph.secrecy import Seal
from graph.store.address import Server as Address
from graph.store.neo4j_ import Neo4jStore
from graph.store.neo4j_.faults import refuse_old
from graph.store.neo4j_.work import Work
from graph.store.sqlite import SqliteStore
from loaders.load import Loader
from loaders.manifest_reader import read_manifests
from loaders.synthetic.codes import uscc
from loaders.synthetic.penalties import write_penalties
from tests.contract.rows import NOW, ROWS_OF_ONE, SEAL, Party, Row, write
from tests.contract.test_resolution import picture
from tests.support.fixtures import asked, emptied, given_server, impossible
from tests.support.server import PASSWORD, RELEASES, USER, Impossible, Server, free_port

pytestmark = pytest.mark.neo4j

_CHUNK = 500
_ROWS = 1_050  # three chunks
_MANY = 6_000  # enough to be killed in


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("loaders.load._CHUNK", _CHUNK)


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of these tests' own, to be killed and started again."""
    release = os.environ.get("CREDITGRAPH_NEO4J_RELEASE") or next(iter(RELEASES))
    server = Server(tmp_path_factory.mktemp("struck"), release)
    try:
        server.start()
    except Impossible as error:
        impossible(str(error))
    yield server
    server.stop()


@pytest.fixture
def struck(own: Server) -> Address:
    """Its address; its database empty."""
    address = Address(own.uri, USER, PASSWORD)
    emptied(address)
    return address


@pytest.fixture
def shared(request: pytest.FixtureRequest) -> Address:
    """The session's server, its database empty."""
    address = given_server(request)
    emptied(address)
    return address


@pytest.fixture(scope="module")
def bulk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("bulk") / "行政处罚.csv"
    write_penalties(path, _ROWS, 1)
    return path


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory, bulk: Path) -> dict[str, object]:
    return undisturbed(bulk, tmp_path_factory.mktemp("calm"))


def undisturbed(path: Path, folder: Path) -> dict[str, object]:
    """Return what a file gives when nothing goes wrong."""
    with SqliteStore(folder / "store.db", SEAL) as store:
        load(store, path)
        return told(store)


def told(store: Store) -> dict[str, object]:
    """Return what a store says of its rows; keys differ between stores, ids do not."""
    resolve_store(store, NOW, full=False)
    status = store.overview.status()
    return {
        "clusters": list(store.overview.clusters()),
        "subjects": store.facts.subjects(None).to_pylist(),
        "listings": store.facts.listings(None),
        "counts": [batch.counts for batch in store.evidence.batches()],
        "status": {name: status[name] for name in ("records", "mentions", "batches", "reviews")},
    }


def load(store: Store, path: Path, progress: Callable[[int], None] = lambda rows: None) -> Counts:
    loader = Loader(store.evidence, read_manifests(), SEAL, NOW)
    report = loader.load(path, source=None, progress=progress)
    assert report.error is None
    return report.counts


def code_of(address: Address, seal: Seal = SEAL) -> str:
    with pytest.raises(StoreError) as caught, Neo4jStore(address, seal, patience=1) as store:
        write(store, "lists", ROWS_OF_ONE)
    assert caught.value.where == address.uri
    assert PASSWORD not in str(caught.value)
    return caught.value.code


def test_a_server_that_is_not_there_is_told() -> None:
    assert code_of(Address(f"bolt://127.0.0.1:{free_port()}", USER, PASSWORD)) == "E521"
    assert code_of(Address("neo4j://nowhere.invalid", USER, PASSWORD)) == "E521"


def test_what_is_no_neo4j_server_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        def hang_up() -> None:
            with suppress(OSError):
                while True:
                    talk, _ = other.accept()
                    talk.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                    talk.close()

        threading.Thread(target=hang_up, daemon=True).start()
        assert code_of(Address(f"bolt://127.0.0.1:{port}", USER, PASSWORD)) == "E521"


def test_a_wrong_password_is_told(shared: Address) -> None:
    assert code_of(Address(shared.uri, shared.user, "not the password")) == "E522"


@pytest.mark.parametrize("agent", ["Neo4j/5.25.1", "Neo4j/4.4.40", "Memgraph", ""])
def test_a_server_too_old_or_of_another_kind_is_told(agent: str) -> None:
    with pytest.raises(StoreError, match="E524"):
        refuse_old(agent, "bolt://host")


@pytest.mark.parametrize("agent", ["Neo4j/5.26.0", "Neo4j/5.26.28", "Neo4j/2026.04.0"])
def test_the_supported_releases_are_welcome(agent: str) -> None:
    refuse_old(agent, "bolt://host")


def test_a_store_opens_only_under_its_own_key(shared: Address) -> None:
    with Neo4jStore(shared, SEAL) as store:
        write(store, "lists", ROWS_OF_ONE)
    assert code_of(shared, Seal(bytes(32))) == "E501"


def test_a_store_of_a_newer_program_is_left_alone(shared: Address) -> None:
    with Neo4jStore(shared, SEAL) as store:
        fingerprint = SEAL.fingerprint().hex()
        store.evidence._db.run("put_meta", schema=9999, fingerprint=fingerprint)
    assert code_of(shared) == "E502"


def test_an_empty_database_is_no_store_for_who_only_reads(shared: Address) -> None:
    with pytest.raises(StoreError) as caught:
        open_store(shared, SEAL, new=False)
    assert (caught.value.code, caught.value.where) == ("E517", shared.uri)
    assert asked(shared, "MATCH (n) WHERE n.name <> 'tests' RETURN n") == []
    open_store(shared, SEAL, new=True).close()
    open_store(shared, SEAL, new=False).close()


def test_a_store_from_before_likeness_is_resolved_anew(shared: Address) -> None:
    with Neo4jStore(shared, SEAL) as store:
        write(store, "lists", ROWS_OF_ONE)
        resolve_store(store, NOW, full=False)
        before = picture(store)
    asked(shared, "MATCH (m:Meta {name: 'store'}) SET m.schema = 2")
    asked(shared, "MATCH (n:Meeting) DETACH DELETE n")
    with Neo4jStore(shared, SEAL) as store:
        assert store.resolution.waiting() == 1
        resolve_store(store, NOW, full=False)
        assert picture(store) == before
    assert asked(shared, "MATCH (n:Meeting) RETURN n LIMIT 1")


def test_relations_drawn_before_they_told_unsure_records_are_drawn_anew(shared: Address) -> None:
    head = Party("legal_representative", "person", "张某", [])
    firm = Party("subject", "enterprise", "某某厂", [("uscc", uscc("91", "XX000001"))])
    unsure = "MATCH ()-[t:LEGAL_REPRESENTATIVE]->() RETURN t.unsure AS unsure, t.records AS records"
    with Neo4jStore(shared, SEAL) as store:
        rows = [Row("post", [head, firm], relations=[("legal_representative", 0, 1, None, None)])]
        write(store, "lists", rows)
        resolve_store(store, NOW, full=False)
        firm_id = store.finder.search("某某厂", 1)[0].id
        ties = store.facts.ties({firm_id}, Reach(NOW.date(), 9))
    asked(shared, "MATCH (m:Meta {name: 'store'}) SET m.schema = 3")
    asked(shared, "MATCH ()-[t:LEGAL_REPRESENTATIVE]->() REMOVE t.unsure")
    with Neo4jStore(shared, SEAL) as store:
        assert store.facts.ties({firm_id}, Reach(NOW.date(), 9)) == ties
        resolve_store(store, NOW, full=False)
        assert store.facts.ties({firm_id}, Reach(NOW.date(), 9)) == ties
    (told,) = asked(shared, unsure)
    assert told["unsure"] == told["records"]


def test_a_redrawing_that_was_interrupted_is_completed(
    shared: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Neo4jStore(shared, SEAL) as store:
        write(store, "lists", ROWS_OF_ONE)
        with monkeypatch.context() as stopped:
            stopped.setattr("graph.store.neo4j_.resolution.redraw", lambda *_: _interrupt())
            with pytest.raises(KeyboardInterrupt):
                resolve_store(store, NOW, full=False)
        assert store.finder.search("某某厂", 9) == []
        resolve_store(store, NOW, full=False)  # nothing waits
        assert [found.name for found in store.finder.search("某某厂", 9)] == ["某某厂"]


def test_a_copy_into_a_store_and_a_load_keep_each_other_out(shared: Address) -> None:
    with Neo4jStore(shared, SEAL) as store, Neo4jStore(shared, SEAL) as other:
        with store.transfer.taking_over(), pytest.raises(StoreError, match="E533"):
            write(other, "lists", ROWS_OF_ONE)
        write(other, "lists", ROWS_OF_ONE)
        with pytest.raises(StoreError, match="E531"), store.transfer.taking_over():
            pass
        assert other.overview.status()["records"] == 1


def test_a_question_that_takes_too_long_is_stopped(shared: Address) -> None:
    with Neo4jStore(shared, SEAL) as store:
        write(store, "lists", ROWS_OF_ONE)
        with store.snapshot(30):
            assert store.overview.status()["records"] == 1
        for slow in (_sum_for_ever, lambda work: time.sleep(2)):
            with pytest.raises(StoreError, match="E509"), store.snapshot(1):
                _twice(store, slow)
        assert store.overview.status()["records"] == 1


def _sum_for_ever(work: Work) -> None:
    work._transaction.run("UNWIND range(1, 10000000000) AS n RETURN sum(n * n)", {}).consume()


def _twice(store: Neo4jStore, question: Callable[[Work], None]) -> None:
    for _ in range(2):
        store.evidence._db.read(question)


def test_another_programs_database_is_left_alone(shared: Address) -> None:
    asked(shared, "CREATE (:Movie {title: 'theirs'})")
    assert code_of(shared) == "E525"


def test_a_second_resolver_waits_and_then_gives_up(shared: Address) -> None:
    with Neo4jStore(shared, SEAL) as store, Neo4jStore(shared, SEAL, patience=1) as other:
        write(store, "lists", ROWS_OF_ONE)
        with store.resolution.transaction():
            with pytest.raises(StoreError, match="E503"):
                resolve_store(other, NOW, full=False)
            assert other.overview.status()["records"] == 1
        assert resolve_store(other, NOW, full=False).added == 1


def test_what_is_loaded_while_somebody_resolves_waits_for_the_next(shared: Address) -> None:
    with Neo4jStore(shared, SEAL) as store, Neo4jStore(shared, SEAL) as other:
        write(store, "lists", ROWS_OF_ONE)
        with store.resolution.transaction():
            write(other, "lists", [Row("later", [Party("subject", "enterprise", "某某")])])
            assert resolve_store(store, NOW, full=False).added == 1
        assert store.resolution.waiting() == 1


def test_writers_of_the_same_rows_do_not_hinder_each_other(shared: Address) -> None:
    rows = [Row(f"row {n}", [Party("subject", "enterprise", f"某某{n}厂")]) for n in range(600)]
    parts = [rows[:400], rows[200:][::-1], rows[::2], rows[1::2][::-1]]

    def one(place: int) -> int:
        with Neo4jStore(shared, SEAL) as store:
            return write(store, "lists", parts[place], file=f"{place}.csv").accepted

    with ThreadPoolExecutor(4) as crew:
        accepted = sum(crew.map(one, range(4)))
    with Neo4jStore(shared, SEAL) as store:
        assert accepted == store.overview.status()["records"] == 600
        assert store.overview.status()["mentions"] == 600
        assert len(list(store.overview.clusters())) == sum(map(len, parts))


def test_one_file_loaded_twice_at_once_is_one_batch(shared: Address) -> None:
    rows = [Row(f"row {n}", [Party("subject", "enterprise", f"某某{n}厂")]) for n in range(500)]

    def one(_: int) -> int:
        with Neo4jStore(shared, SEAL) as store:
            return write(store, "lists", rows).read

    with ThreadPoolExecutor(2) as crew:
        assert list(crew.map(one, range(2))) == [500, 500]
    with Neo4jStore(shared, SEAL) as store:
        status = store.overview.status()
        assert (status["records"], status["mentions"], status["batches"]) == (500, 500, 1)


@pytest.mark.usefixtures("small_chunks")
def test_a_failed_chunk_leaves_earlier_chunks_unseen_until_the_file_is_loaded_again(
    shared: Address, bulk: Path, calm: dict[str, object]
) -> None:
    with Neo4jStore(shared, SEAL) as store:
        with pytest.raises(KeyboardInterrupt):
            load(store, bulk, _after(2, _interrupt))
        assert store.evidence.batches() == []
        assert store.overview.stale() == []
        assert list(store.overview.clusters()) == []
        assert store.overview.status()["records"] == store.resolution.waiting() == 0
        # A row of the unfinished file in another file counts by itself.
        load(store, bulk)
        assert told(store) == calm


@pytest.mark.usefixtures("small_chunks")
@pytest.mark.slow
def test_the_server_killed_in_a_load_loses_nothing(
    own: Server, struck: Address, bulk: Path, calm: dict[str, object]
) -> None:
    with Neo4jStore(struck, SEAL, patience=1) as store:
        with pytest.raises(StoreError) as caught:
            load(store, bulk, _after(2, own.kill))
        assert caught.value.code == "E521"
    own.start()
    with Neo4jStore(struck, SEAL) as store:
        assert store.overview.status()["records"] == 0
        load(store, bulk)
        assert told(store) == calm


@pytest.mark.usefixtures("small_chunks")
@pytest.mark.slow
def test_a_load_rides_through_a_restart(
    own: Server, struck: Address, bulk: Path, calm: dict[str, object]
) -> None:
    def restart() -> None:
        own.kill()
        threading.Thread(target=own.start).start()

    with Neo4jStore(struck, SEAL) as store:
        assert load(store, bulk, _after(1, restart)).accepted == _ROWS
        assert told(store) == calm


@pytest.mark.usefixtures("small_chunks")
@pytest.mark.slow
def test_a_cut_network_is_told_and_the_load_goes_on_later(
    struck: Address, bulk: Path, calm: dict[str, object]
) -> None:
    with relay(struck) as (through, cut), Neo4jStore(through, SEAL, patience=1) as store:
        with pytest.raises(StoreError) as caught:
            load(store, bulk, _after(2, cut))
        assert caught.value.code == "E521"
    with Neo4jStore(struck, SEAL) as store:
        assert list(store.overview.clusters()) == []
        load(store, bulk)
        assert told(store) == calm


_COMMAND = """
import sys
from pathlib import Path
from api.steps import resolve_store
from api.stores import open_store
from graph.store.address import Server
from graph.store.neo4j_ import Neo4jStore
from tests.contract.rows import NOW, SEAL
from tests.integration.test_server_faults import load
with Neo4jStore(Server(*sys.argv[1:4]), SEAL) as store:
    print("ready", flush=True)
    load(store, Path(sys.argv[4])) if sys.argv[4] else resolve_store(store, NOW, full=False)
"""


@pytest.mark.slow
def test_a_killed_program_can_be_run_again(struck: Address, tmp_path: Path) -> None:
    many = tmp_path / "行政处罚.csv"
    write_penalties(many, _MANY, 1)
    for path in (str(many), ""):  # a load, then a resolve
        for seconds in (1.0, 2.0):
            words = [struck.uri, struck.user, struck.password, path]
            process = subprocess.Popen(
                [sys.executable, "-c", _COMMAND, *words], stdout=subprocess.PIPE
            )
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(seconds)
            process.send_signal(signal.SIGKILL)
            process.communicate()
        with Neo4jStore(struck, SEAL) as store:
            if path:
                load(store, many)
    with Neo4jStore(struck, SEAL) as store:
        assert told(store) == undisturbed(many, tmp_path)


@pytest.mark.slow
def test_who_lost_the_lock_with_the_server_changes_nothing(own: Server, struck: Address) -> None:
    with Neo4jStore(struck, SEAL) as store:
        write(store, "lists", ROWS_OF_ONE)
        with pytest.raises(StoreError) as caught, store.resolution.transaction():
            _struck_and_resolved(own, store)
        assert caught.value.code == "E521"
        assert store.resolution.waiting() == 1
        assert resolve_store(store, NOW, full=False).added == 1


def _struck_and_resolved(server: Server, store: Neo4jStore) -> None:
    server.kill()
    server.start()
    resolve_store(store, NOW, full=False)


@pytest.mark.slow
def test_of_a_change_the_server_is_killed_in_nothing_is_kept(own: Server, struck: Address) -> None:
    with Neo4jStore(struck, SEAL) as store:
        write(store, "lists", ROWS_OF_ONE)
        resolve_store(store, NOW, full=False)
        before = picture(store)
        with pytest.raises(StoreError) as caught, store.resolution.together():
            _written_and_struck(own, store)
        assert caught.value.code == "E521"
        assert (picture(store), len(store.evidence.batches())) == (before, 1)
        assert store.overview.stale() == ["propagate"]


@pytest.mark.slow
def test_who_lost_the_lock_alone_keeps_nothing(struck: Address) -> None:
    with Neo4jStore(struck, SEAL) as store:
        with pytest.raises(StoreError) as caught, store.resolution.together():
            _written_and_unlocked(struck, store)
        assert caught.value.code == "E527"
        assert store.evidence.batches() == []


def _written_and_unlocked(address: Address, store: Neo4jStore) -> None:
    write(store, "lists", ROWS_OF_ONE)
    # The lock is taken first, so it is the one that is open longest.
    shown = (
        "SHOW TRANSACTIONS YIELD transactionId, startTime RETURN transactionId ORDER BY startTime"
    )
    asked(address, f"TERMINATE TRANSACTIONS '{asked(address, shown)[0][0]}'")


def _written_and_struck(server: Server, store: Neo4jStore) -> None:
    write(store, "lists", [Row("another", [Party("subject", "enterprise", "另一厂")])])
    _struck_and_resolved(server, store)


@pytest.mark.slow
def test_a_read_only_database_answers_and_takes_nothing(own: Server, struck: Address) -> None:
    with Neo4jStore(struck, SEAL) as store:
        write(store, "lists", ROWS_OF_ONE)
        resolve_store(store, NOW, full=False)
        before = picture(store)
    own.stop()
    own.more = "server.databases.default_to_read_only=true"
    own.start()
    try:
        with Neo4jStore(struck, SEAL, patience=1) as store:
            assert picture(store) == before
            with pytest.raises(StoreError) as caught:
                write(store, "lists", ROWS_OF_ONE, file="another.csv")
            assert caught.value.code == "E523"
    finally:
        own.stop()
        own.more = ""
        own.start()


def _after(chunks: int, strike: Callable[[], None]) -> Callable[[int], None]:
    """Return a progress that strikes once, when some chunks are written."""
    seen: list[int] = []

    def progress(rows: int) -> None:
        seen.append(rows)
        if len(seen) == chunks:
            strike()

    return progress


def _interrupt() -> None:
    raise KeyboardInterrupt


@contextmanager
def relay(address: Address) -> Iterator[tuple[Address, Callable[[], None]]]:
    """Yield an address that leads to the server over a line, and what cuts that line."""
    target = ("127.0.0.1", int(address.uri.rpartition(":")[2]))
    lines: list[socket.socket] = []
    gate = socket.create_server(("127.0.0.1", 0))

    def pass_on(source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                sink.sendall(data)

    def serve() -> None:
        with suppress(OSError):
            while True:
                near, _ = gate.accept()
                far = socket.create_connection(target)
                lines.extend((near, far))
                for pair in ((near, far), (far, near)):
                    threading.Thread(target=pass_on, args=pair, daemon=True).start()

    def cut() -> None:
        with suppress(OSError):
            gate.shutdown(socket.SHUT_RDWR)
        gate.close()
        for line in lines:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()

    threading.Thread(target=serve, daemon=True).start()
    try:
        port = gate.getsockname()[1]
        yield Address(f"bolt://127.0.0.1:{port}", address.user, address.password), cut
    finally:
        cut()
