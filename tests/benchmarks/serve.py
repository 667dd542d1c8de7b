"""The service under load: `creditgraph serve` asked by wrk, alone and while records arrive."""

import contextlib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from api.keys import load_or_make_key
from graph.identifiers import IdType
from graph.secrecy import Seal
from graph.store.sqlite import SqliteStore
from loaders.synthetic.district import generate
from loaders.synthetic.penalties import write_penalties
from tests.benchmarks.beside import asked, loading, pushing
from tests.support.server import PASSWORD, USER, Server, free_port

__all__ = ["Plan", "serve"]

_SCRIPT: Final = Path(__file__).with_name("check.lua")
_TICKS: Final = os.sysconf("SC_CLK_TCK")
_IDENTIFIERS: Final = 20_000
_WARM_SECONDS: Final = 3
_START_SECONDS: Final = 120
_LONG: Final = "双公示_行政处罚信息_新.csv"
_BESIDE_ROWS: Final = 1_000_000
"""More than a load gets through while it is measured beside."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is measured.

    Attributes:
        store, key: A propagated store to copy; None makes one of `subjects`.
        pause: Seconds a pusher waits between two rows.
        neo4j: Folder of a server to ask; a new one takes the store over first, which takes minutes.
    """

    subjects: int
    store: Path | None
    key: Path | None
    seconds: int
    connections: int
    workers: int
    role: str
    pause: float
    neo4j: Path | None = None


def serve(plan: Plan) -> None:
    """Print requests a second, percentiles and processor time, alone and beside writers."""
    with tempfile.TemporaryDirectory(prefix="creditgraph-bench-") as name:
        house = _House(Path(name), plan)
        house.furnish()
        with house.kept(), house.serving() as service:
            service.measure("nothing beside", contextlib.nullcontext)
            service.measure("a file loading beside", lambda: house.loading(nice=10))
            service.measure("the same at equal rank", lambda: house.loading(nice=0))
            service.measure("rows pushed beside", service.pushing)
            house.load_at_once()
            service.measure("loaded rows unresolved", contextlib.nullcontext)


class _House:
    """A folder with a store, its key, identifiers to ask for, and keys of the service."""

    def __init__(self, folder: Path, plan: Plan) -> None:
        self.folder, self.plan = folder, plan
        self.environment = os.environ | {
            "CREDITGRAPH_STORE": str(folder / "bench.db"),
            "CREDITGRAPH_KEY_FILE": str(folder / "key"),
            "CREDITGRAPH_ACCESS": str(folder / "bench.access"),
            "CREDITGRAPH_RATE": "100000000/minute",
        }

    def furnish(self) -> None:
        """Make or copy the store, bring its findings up to the day, choose whom to ask about."""
        if self.plan.store is None or self.plan.key is None:
            generate(self.plan.subjects, 1, self.folder / "district")
            self.run("load", str(self.folder / "district" / "files"))
        else:
            shutil.copy(self.plan.store, self.folder / "bench.db")
            shutil.copy(self.plan.key, self.folder / "key")
        self.run("resolve")
        self.run("propagate")
        seal = Seal(load_or_make_key(self.folder / "key"))
        with SqliteStore(self.folder / "bench.db", seal) as store:
            codes = _codes(store)
        (self.folder / "codes").write_text("".join(f"{code}\n" for code in codes), "utf-8")
        write_penalties(self.folder / _LONG, _BESIDE_ROWS, seed=7)
        write_penalties(self.folder / "双公示_行政处罚信息_少.csv", 1_000, seed=8)

    def run(self, *arguments: str) -> Any:
        """Run one command to its end and return its JSON."""
        command = [sys.executable, "-m", "api", *arguments, "--json"]
        run = subprocess.run(command, env=self.environment, capture_output=True, check=False)
        if run.returncode not in (0, 1):
            raise SystemExit(run.stderr.decode())
        return json.loads(run.stdout)

    def loading(self, *, nice: int) -> AbstractContextManager[None]:
        """Load beside whatever is done inside."""
        return loading(self.folder / _LONG, self.environment, nice=nice)

    def load_at_once(self) -> None:
        """Load a small file, and leave its rows to wait for `resolve`."""
        self.run("load", str(self.folder / "双公示_行政处罚信息_少.csv"))

    def key_of(self, role: str) -> str:
        """Return the secret of a new key of the service."""
        made = self.run("keys", "add", f"bench {role}", "--role", role, "--same-holder")
        secret: str = made["key"]
        return secret

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Let the store be where it is measured: in its file, or taken over by a server."""
        if self.plan.neo4j is None:
            yield
            return
        new = not (self.plan.neo4j / "data" / "dbms").exists()
        server = Server(self.plan.neo4j, heap="2g")
        try:
            server.start()
            login = {"CREDITGRAPH_NEO4J_USER": USER, "CREDITGRAPH_NEO4J_PASSWORD": PASSWORD}
            self.environment |= login
            if new:
                self.run(
                    "copy", "--from", self.environment["CREDITGRAPH_STORE"], "--to", server.uri
                )
            self.environment["CREDITGRAPH_STORE"] = server.uri
            self.run("resolve")
            self.run("propagate")
            yield
        finally:
            server.stop()

    @contextmanager
    def serving(self) -> "Iterator[_Service]":
        """Run `creditgraph serve` and lend it once it answers."""
        port, workers = free_port(), str(self.plan.workers)
        command = [sys.executable, "-m", "api", "serve", "--port", str(port), "--workers", workers]
        with (self.folder / "talk.log").open("wb") as talk:
            process = subprocess.Popen(command, env=self.environment, stdout=talk, stderr=talk)
        try:
            service = _Service(self, port, process.pid)
            service.wait()
            yield service
        finally:
            process.terminate()
            process.wait(60)


class _Service:
    """A running service and what is asked of it."""

    def __init__(self, house: _House, port: int, parent: int) -> None:
        self._house, self.port, self._parent = house, port, parent
        self._key = house.key_of(house.plan.role)
        self._writer = house.key_of("department")

    def pushing(self) -> AbstractContextManager[None]:
        """Push rows beside whatever is done inside."""
        return pushing(self.port, self._writer, self._house.plan.pause)

    def wait(self) -> None:
        """Return when the service is ready, and knows the first and last identifier."""
        until = time.monotonic() + _START_SECONDS
        while True:
            with contextlib.suppress(OSError):
                if asked(self.port, "GET", "/readyz", "", None)[0] == 200:
                    break
            if time.monotonic() > until:
                raise SystemExit((self._house.folder / "talk.log").read_text("utf-8"))
            time.sleep(0.2)
        codes = (self._house.folder / "codes").read_text("utf-8").split()
        for code in (codes[0], codes[-1]):
            body = {"queries": {"q": {"identifier": code}}}
            status, told = asked(self.port, "POST", "/v1/check", self._key, body)
            if status != 200 or told["responses"]["q"]["subject"] is None:
                raise SystemExit(f"{code}: {told}")

    def measure(self, label: str, beside: Callable[[], AbstractContextManager[None]]) -> None:
        """Ask for some seconds while something is done beside, and print what was measured."""
        plan = self._house.plan
        with beside():
            self._wrk(_WARM_SECONDS)
            before = _ticks(self._parent)
            told = self._wrk(plan.seconds)
            used = (_ticks(self._parent) - before) / _TICKS
        print(
            f"{label:<24} {told['requests'] / told['seconds']:6.0f} requests/s, "
            f"p50 {told['p50']:.1f} ms, p95 {told['p95']:.1f} ms, p99 {told['p99']:.1f} ms; "
            f"{told['refused']} refused, {told['broken']} broken; "
            f"{1e3 * used / told['requests']:.2f} ms of processor time a request",
            flush=True,
        )

    def _wrk(self, seconds: int) -> dict[str, Any]:
        command = ["wrk", "-t1", f"-c{self._house.plan.connections}", f"-d{seconds}s"]
        command += ["-s", str(_SCRIPT), f"http://127.0.0.1:{self.port}", "--"]
        command += [str(self._house.folder / "codes"), self._key]
        run = subprocess.run(command, capture_output=True, check=True, text=True)
        line = next(each for each in run.stdout.splitlines() if each.startswith("told "))
        told: dict[str, Any] = json.loads(line.removeprefix("told "))
        return told


def _codes(store: SqliteStore) -> list[str]:
    """Return codes of firms in a fixed random order: every second one has findings, if it can."""
    found = {body["subject"] for body in store.findings.current()}
    strong = {row["id"] for row in store.facts.subjects(None).to_pylist() if row["strong"]}
    of = {uid: code for uid, kind, code in store.overview.codes() if kind == IdType.USCC.value}
    chance = random.Random(1)  # noqa: S311 - which ones does not matter
    listed: list[str] = []
    others: list[str] = []
    for uid in sorted(strong & of.keys()):
        (listed if uid in found else others).append(of[uid])
    most = min(_IDENTIFIERS // 2, len(listed), len(others))
    pairs = zip(chance.sample(listed, most), chance.sample(others, most), strict=True)
    return [code for pair in pairs for code in pair]


def _ticks(parent: int) -> int:
    """Return the processor time of a process and its descendants so far, in clock ticks."""
    told = {}
    for file in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = file.read_text("utf-8").rpartition(")")[2].split()
            told[int(file.parent.name)] = int(fields[1]), int(fields[11]) + int(fields[12])
    family = {parent}
    while more := {each for each, (above, _) in told.items() if above in family} - family:
        family |= more
    return sum(told[each][1] for each in family if each in told)
