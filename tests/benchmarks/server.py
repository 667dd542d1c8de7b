"""The Neo4j store measured: our whole write path beside a bare driver loop; then look-ups.

Both sides write the same nodes and relations, on the same keys and schema, in the same chunks,
to the same server, one after the other.
"""

import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import neo4j

from api.workers import prepared_elsewhere
from graph.batches import Rows
from graph.store.address import Server as Address
from graph.store.neo4j_ import Neo4jStore
from graph.store.neo4j_.batch import Neo4jBatch
from loaders.load import Loader
from loaders.manifest_reader import read_manifests
from loaders.synthetic.penalties import write_penalties
from tests.benchmarks.around import looking_up
from tests.contract.rows import NOW, SEAL
from tests.support.fixtures import asked, emptied
from tests.support.server import PASSWORD, USER, Server

# What anybody would write: nodes merged on their keys, then relations merged between them.
_BARE = {
    "records": "UNWIND $rows AS row MERGE (r:Record {digest: row.digest}) SET r += row.more",
    "seen": "MATCH (b:Batch {uid: 'bare'}) UNWIND $rows AS row MATCH (r:Record {digest: row[0]}) "
    "MERGE (r)-[:SEEN_IN {sheet: 0, row: row[1]}]->(b)",
    "mentions": "UNWIND $rows AS row MERGE (m:Mention {key: row.key}) SET m += row.more",
    "inside": "UNWIND $rows AS row MATCH (m:Mention {key: row[0]}) "
    "MATCH (r:Record {digest: row[1]}) MERGE (m)-[:IN]->(r)",
    "stated": "UNWIND $rows AS row MATCH (a:Mention {key: row.ends[0]}) "
    "MATCH (b:Mention {key: row.ends[1]}) MERGE (a)-[t:STATED {position: row.position}]->(b) "
    "SET t += row.more",
    "listings": "UNWIND $rows AS row MERGE (l:Listing {record: row.record}) SET l += row.more",
    "about": "UNWIND $rows AS row MATCH (l:Listing {record: row[0]}) "
    "MATCH (m:Mention {key: row[1]}) MERGE (l)-[:ABOUT]->(m)",
    "from": "UNWIND $rows AS row MATCH (l:Listing {record: row[0]}) "
    "MATCH (r:Record {digest: row[1]}) MERGE (l)-[:STATED_IN]->(r)",
    "cells": "UNWIND $rows AS row MERGE (c:Cells {first: row[0]}) SET c.body = row[1]",
}
_COUNT = "MATCH (n) WHERE NOT n:Meta RETURN count(n) AS nodes, sum(count { (n)-->() }) AS ties"


def neo4j_(rows: int, release: str) -> None:
    """Measure writing and look-ups on a server started for it."""
    with tempfile.TemporaryDirectory(prefix="creditgraph-bench-") as name:
        server = Server(Path(name) / "server", release, heap="2g")
        try:
            server.start()
            address = Address(server.uri, USER, PASSWORD)
            _writing(address, Path(name), rows)
            looking_up(address, Path(name))
        finally:
            server.stop()


def _writing(address: Address, folder: Path, rows: int) -> None:
    file, warm = folder / "penalties.csv", folder / "warm.csv"
    write_penalties(file, rows, seed=1)
    write_penalties(warm, 20_000, seed=2)
    _loaded(address, warm)
    chunks: list[dict[str, list[Any]]] = []
    with _watched(chunks):
        _loaded(address, warm)
    _bare(address, chunks)
    chunks.clear()
    with _watched(chunks):
        _loaded(address, file)
    ratios = []
    for _ in range(3):
        bare = _bare(address, chunks)
        shape = asked(address, _COUNT)[0]
        ours = _loaded(address, file)
        assert asked(address, _COUNT)[0]["ties"] >= shape["ties"]
        ratios.append(bare / ours)
        print(
            f"write      {rows} rows, {shape['nodes']} nodes, {shape['ties']} relations: "
            f"ours {ours:.1f} s ({(shape['nodes'] + shape['ties']) / ours:.0f}/s), "
            f"bare loop {bare:.1f} s, ratio {bare / ours:.2f}",
            flush=True,
        )
    print(f"write      median ratio {statistics.median(ratios):.2f} (asked: 0.8 or more)")


def _loaded(address: Address, file: Path) -> float:
    emptied(address)
    with Neo4jStore(address, SEAL) as store:
        loader = Loader(store.evidence, read_manifests(), SEAL, NOW, prepared_elsewhere, large=0)
        began = time.perf_counter()
        report = loader.load(file, source=None, progress=lambda rows: None)
        seconds = time.perf_counter() - began
    assert report.error is None
    return seconds


@contextmanager
def _watched(chunks: list[dict[str, list[Any]]]) -> Iterator[None]:
    """Keep what a load writes, in the form the bare loop takes."""
    write = Neo4jBatch.write

    def watched(self: Neo4jBatch, rows: Rows) -> Any:
        chunks.append(_plain(rows))
        return write(self, rows)

    Neo4jBatch.write = watched  # type: ignore[method-assign]
    try:
        yield
    finally:
        Neo4jBatch.write = write  # type: ignore[method-assign]


def _plain(rows: Rows) -> dict[str, list[Any]]:
    digests = {key: digest.hex() for key, digest, *_ in rows.records}
    codes: dict[int, list[list[str]]] = {}
    for mention, _, kind, status, value, key, repairs in rows.identifiers:
        text = value if isinstance(value, str) else value.hex()
        lists = codes.setdefault(mention, [[], [], [], [], []])
        for part, each in zip(lists, (kind, status, text, key.hex(), repairs or ""), strict=True):
            part.append(each)
    names = ("types", "statuses", "values", "keys", "repairs")
    return {
        "records": [
            {
                "digest": digests[key],
                "more": {
                    "key": key,
                    "natural_key": natural and natural.hex(),
                    "version": version,
                    "source": "s",
                    "batch": 1,
                },
            }
            for key, _, natural, version in rows.records
        ],
        "seen": [[digests[key], number] for number, key in rows.sightings],
        "mentions": [
            {
                "key": key,
                "more": {
                    "role": role,
                    "ordinal": place,
                    "kind": kind,
                    "name": name,
                    "name_key": name,
                }
                | {
                    f"identifier_{n}": c
                    for n, c in zip(names, codes.get(key, [[]] * 5), strict=True)
                },
            }
            for key, role, place, kind, name in rows.mentions
        ],
        "inside": [[key, digests[key // 256]] for key, *_ in rows.mentions],
        "stated": [
            {
                "ends": [a, b],
                "position": position,
                "more": {"type": kind, "since": since, "until": until, "share": share},
            }
            for _, position, kind, a, b, since, until, share in rows.relations
        ],
        "listings": [
            {
                "record": row[0],
                "more": dict(zip("abcdefghijklm", _simple(row), strict=False))
                | {"case_key": row[5] and row[5].hex()},
            }
            for row in rows.listings
        ],
        "about": [[row[0], row[2]] for row in rows.listings],
        "from": [[row[0], digests[row[0]]] for row in rows.listings],
        "cells": [list(block) for block in rows.blocks],
    }


def _simple(row: tuple[Any, ...]) -> list[Any]:
    return [row[1], *row[3:5], *row[6:]]


def _bare(address: Address, chunks: list[dict[str, list[Any]]]) -> float:
    emptied(address)
    with neo4j.GraphDatabase.driver(
        address.uri, auth=(address.user, address.password), notifications_min_severity="OFF"
    ) as driver:
        driver.execute_query("CREATE (:Batch {uid: 'bare', number: 1})")
        began = time.perf_counter()
        with driver.session() as session:
            for chunk in chunks:
                session.execute_write(_put, chunk)
        return time.perf_counter() - began


def _put(work: neo4j.ManagedTransaction, chunk: dict[str, list[Any]]) -> None:
    for name, text in _BARE.items():
        work.run(text, rows=chunk[name]).consume()
