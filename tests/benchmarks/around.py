"""Two hops around a subject on Neo4j, as of a day: from the store, and from the service."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Any, Final

from graph.model import SubjectId
from graph.ports import Reach
from graph.relations import ends
from graph.store.address import Server as Address
from graph.store.neo4j_ import Neo4jStore
from tests.benchmarks import beside
from tests.contract.rows import SEAL
from tests.support.fixtures import asked, emptied
from tests.support.server import free_port

__all__ = ["looking_up"]

_SUBJECTS: Final = 300_000
_ASKED: Final = 400
_MOST: Final = 1_000
_DAY: Final = date(2026, 11, 1)
_IDS: Final = "id: 's-' + right('000000000000000000000000' + toString({}), 24)"
_FIRM, _HUB = _IDS.format("n"), _IDS.format("0")
_ONE = _IDS.format(f"n % {_SUBJECTS}")
_OTHER = _IDS.format(f"(n * 7919 + n / {_SUBJECTS} * 104729 + 13) % {_SUBJECTS}")
_TIED = _IDS.format(f"(n * 29) % {_SUBJECTS}")
_NETWORK: Final = (
    f"UNWIND range(0, {_SUBJECTS - 1}) AS n CALL (n) {{ "
    f"CREATE (:Subject:Enterprise {{{_FIRM}, kind: 'enterprise', name: 'n' + toString(n), "
    "strong: true}) } IN TRANSACTIONS OF 20000 ROWS",
    "UNWIND range(0, 989999) AS n CALL (n) { "
    f"MATCH (a:Subject {{{_ONE}}}) MATCH (b:Subject {{{_OTHER}}}) "
    "CREATE (a)-[:SHAREHOLDER {since: date({year: 2000 + n % 26}), until: null, share: 0.1, "
    "records: ['r' + toString(n)], strong: true}]->(b) } IN TRANSACTIONS OF 20000 ROWS",
    "UNWIND range(1, 10000) AS n CALL (n) { "
    f"MATCH (a:Subject {{{_HUB}}}) MATCH (b:Subject {{{_TIED}}}) "
    "CREATE (b)-[:DIRECTOR {records: ['d' + toString(n)], strong: true}]->(a) } "
    "IN TRANSACTIONS OF 20000 ROWS",
    "MATCH (m:Meta {name: 'store'}) SET m.drawn_through = m.changes",
)
"""Relations as a resolve draws them: about 7 a subject, and one subject with 10,000."""


def looking_up(address: Address, folder: Path) -> None:
    """Measure two hops of some hundred subjects, and of a hub."""
    emptied(address)
    with Neo4jStore(address, SEAL) as store:
        for text in _NETWORK:
            asked(address, text)

        def around(uid: str) -> tuple[int, bool]:
            near = store.facts.ties({SubjectId(uid)}, Reach(_DAY, _MOST))
            far = store.facts.ties(ends(near.relations), Reach(_DAY, _MOST))
            return far.relations.num_rows, near.cut or far.cut

        _measure("the store", around)
    with _served(address, folder) as (port, key):

        def answered(uid: str) -> tuple[int, bool]:
            path = f"/v1/subjects/{uid}/graph?depth=2&as_of={_DAY}"
            status, told = beside.asked(port, "GET", path, key, None)
            if status != 200:
                raise SystemExit(f"{path}: {status} {told}")
            return len(told["edges"]), told["partial_results"]

        _measure("the service", answered)


def _measure(whom: str, ask: Callable[[str], tuple[int, bool]]) -> None:
    seconds, ties = [], 0
    for place in range(1, _SUBJECTS, _SUBJECTS // _ASKED):
        began = time.perf_counter()
        found, _ = ask(f"s-{place:024}")
        seconds.append(time.perf_counter() - began)
        assert found
        ties += found
    began = time.perf_counter()
    found, cut = ask(f"s-{0:024}")
    hub = time.perf_counter() - began
    warm = sorted(1000 * each for each in seconds[_ASKED // 4 :])
    print(
        f"two hops   asked of {whom}, {len(warm)} subjects, {ties // len(seconds)} ties each: "
        f"median {warm[len(warm) // 2]:.1f} ms, p95 {warm[int(len(warm) * 0.95)]:.1f} ms "
        f"(asked: 30 or less); a hub of 10000: {found} ties in {1000 * hub:.0f} ms, cut: {cut}",
        flush=True,
    )


@contextmanager
def _served(address: Address, folder: Path) -> Iterator[tuple[int, str]]:
    """Run the service on the server; lend its port and the key of an officer."""
    key = folder / "key"
    key.write_text(bytes(range(32)).hex(), "ascii")
    key.chmod(0o600)
    environment = os.environ | {
        "CREDITGRAPH_STORE": address.uri,
        "CREDITGRAPH_NEO4J_USER": address.user,
        "CREDITGRAPH_NEO4J_PASSWORD": address.password,
        "CREDITGRAPH_KEY_FILE": str(key),
        "CREDITGRAPH_ACCESS": str(folder / "access"),
        "CREDITGRAPH_RATE": "100000000/minute",
    }
    program, port = [sys.executable, "-m", "api"], free_port()
    command = [*program, "keys", "add", "bench", "--role", "officer", "--json"]
    added: Any = json.loads(subprocess.run(command, env=environment, check=True, stdout=-1).stdout)
    with (folder / "talk.log").open("wb") as talk:
        command = [*program, "serve", "--port", str(port)]
        process = subprocess.Popen(command, env=environment, stdout=talk, stderr=talk)
    try:
        for _ in range(600):
            with suppress(OSError):
                if beside.asked(port, "GET", "/readyz", "", None)[0] in (200, 503):
                    break
            time.sleep(0.2)
        yield port, added["key"]
    finally:
        process.terminate()
        process.wait(60)
