"""A genuine Neo4j Community server from Maven Central, for tests and for `make neo4j`.

The jars are fetched once with the machine's own `mvn` into the user's cache folder. A server
listens on free loopback ports, keeps its data in a folder of its own, and is ended with the
process that started it.
"""

import os
import signal
import socket
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import platformdirs

from tests.support.jars import RELEASES, Impossible, jars_of, java_for

__all__ = [
    "PASSWORD",
    "RELEASES",
    "USER",
    "Impossible",
    "Server",
    "answers",
    "free_port",
    "started_server",
]

USER: Final = "neo4j"
PASSWORD: Final = "creditgraph-test"  # noqa: S105 - of a throw-away server on loopback
_START_SECONDS: Final = 400.0
_STOP_SECONDS: Final = 60.0
_ADMIN: Final = "org.neo4j.server.startup.Neo4jAdminCommand"
_SERVER: Final = "org.neo4j.server.startup.Neo4jCommand"
_CONFIGURATION: Final = """\
server.default_listen_address=127.0.0.1
server.bolt.listen_address=127.0.0.1:{bolt}
server.bolt.advertised_address=127.0.0.1:{bolt}
server.http.enabled={browser}
server.http.listen_address=127.0.0.1:{http}
server.https.enabled=false
server.memory.heap.initial_size=512m
server.memory.heap.max_size={heap}
server.memory.pagecache.size=256m
server.jvm.additional=-XX:+UseG1GC
server.jvm.additional=-XX:-OmitStackTraceInFastThrow
dbms.usage_report.enabled=false
dbms.cypher.min_replan_interval=1h
db.tx_log.rotation.retention_policy=keep_none
{more}"""


_QUICK: Final = "server.jvm.additional=-XX:TieredStopAtLevel=1\n"
"""A server of some minutes spends them on compiling, unless it compiles but lightly."""


@dataclass
class Server:
    """One server: its folder, its ports, and the process that runs it.

    Args:
        home: Folder of its data, made when missing; the same folder is the same database.
        more: Further lines of its configuration.
    """

    home: Path
    release: str = next(iter(RELEASES))
    heap: str = "1g"
    more: str = ""
    bolt: int = field(default_factory=lambda: free_port())
    browser: bool = False
    _process: subprocess.Popen[bytes] | None = None
    _guard: subprocess.Popen[bytes] | None = None

    @property
    def uri(self) -> str:
        """Where it answers."""
        return f"bolt://127.0.0.1:{self.bolt}"

    def start(self) -> None:
        """Start the server and wait until it answers.

        Raises:
            Impossible: No JDK, no Maven, no jars, or the server ended by itself.
        """
        java, jars = java_for(self.release), jars_of(self.release)
        environment = self._prepared(java)
        new = not (self.home / "data" / "dbms").exists()
        command = [str(java / "bin" / "java"), "-cp", f"{jars}/*"]
        if new:
            subprocess.run(
                [*command, _ADMIN, "dbms", "set-initial-password", PASSWORD],
                env=environment,
                check=True,
                capture_output=True,
            )
        with (self.home / "console.log").open("ab") as log:
            self._process = subprocess.Popen(
                [*command, "-Xmx64m", _SERVER, "console"],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        # Ends the server if this program ends in a way that lets it end nothing itself.
        self._guard = subprocess.Popen(
            ["sh", "-c", 'cat > /dev/null; kill "$0"', str(self._process.pid)],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )
        self._wait()

    def stop(self) -> None:
        """End the server in order; waits until it has ended."""
        self._dismiss_guard()
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.kill()
        self._process = None

    def kill(self) -> None:
        """Kill the database itself (the launcher's child), as a power cut would."""
        self._dismiss_guard()
        if self._process is None:
            return
        child = pid_of_child(self._process.pid)
        if child is not None:
            os.kill(child, signal.SIGKILL)
        self._process.wait(_STOP_SECONDS)
        self._process = None

    def _dismiss_guard(self) -> None:
        if self._guard is not None:
            self._guard.kill()
            self._guard.communicate()
            self._guard = None

    def _prepared(self, java: Path) -> dict[str, str]:
        for name in ("conf", "data", "logs", "run", "plugins", "import", "lib", "licenses"):
            (self.home / name).mkdir(parents=True, exist_ok=True)
        text = _CONFIGURATION.format(
            bolt=self.bolt,
            http=free_port() if not self.browser else 7474,
            browser=str(self.browser).lower(),
            heap=self.heap,
            more=self.more,
        )
        (self.home / "conf" / "neo4j.conf").write_text(text, encoding="ascii")
        return os.environ | {
            "NEO4J_HOME": str(self.home),
            "NEO4J_CONF": str(self.home / "conf"),
            "JAVA_HOME": str(java),
        }

    def _wait(self) -> None:
        assert self._process is not None
        until = time.monotonic() + _START_SECONDS
        while time.monotonic() < until:
            if self._process.poll() is not None:
                raise Impossible(f"the server ended at once: {self._last_words()}")
            if answers(self.bolt):
                return
            time.sleep(0.2)
        self.stop()
        raise Impossible(f"no answer in {_START_SECONDS:.0f} s: {self._last_words()}")

    def _last_words(self) -> str:
        log = self.home / "console.log"
        return " | ".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-5:])


def pid_of_child(parent: int) -> int | None:
    """Return the process the launcher runs the database in, None when there is none."""
    children = Path(f"/proc/{parent}/task/{parent}/children")
    tasks = Path(f"/proc/{parent}/task")
    for each in tasks.iterdir() if tasks.is_dir() else ():
        told = (each / "children").read_text().split()
        if told:
            return int(told[0])
    if children.exists():
        return None
    listed = subprocess.run(["pgrep", "-P", str(parent)], capture_output=True, check=False)
    found = listed.stdout.split()
    return int(found[0]) if found else None


def started_server(home: Path, release: str) -> Server | str:
    """Return a running server for some minutes, or why there can be none."""
    server = Server(home, release, more=_QUICK)
    try:
        server.start()
    except Impossible as error:
        server.stop()
        return str(error)
    return server


def main() -> None:
    """Run a server on the usual ports for a person until interrupted; its data stays."""
    release = os.environ.get("CREDITGRAPH_NEO4J_RELEASE") or next(iter(RELEASES))
    home = platformdirs.user_data_path("creditgraph") / f"neo4j-{release}"
    server = Server(home, release, heap="2g", bolt=7687, browser=True)
    try:
        server.start()
        print(f"Neo4j {release} answers at {server.uri}; data in {home}; stop it with Ctrl-C")
        print(f"export CREDITGRAPH_STORE=neo4j://127.0.0.1:{server.bolt}")
        print(f"export CREDITGRAPH_NEO4J_PASSWORD={PASSWORD}", flush=True)
        with suppress(KeyboardInterrupt):
            signal.sigwait({signal.SIGINT, signal.SIGTERM})
    except Impossible as error:
        raise SystemExit(str(error)) from error
    finally:
        server.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def answers(port: int) -> bool:
    """Return whether a Bolt server shakes hands; an open port alone is not yet one."""
    try:
        with socket.create_connection(("127.0.0.1", port), 1) as talk:
            talk.settimeout(2)
            talk.sendall(b"\x60\x60\xb0\x17" + b"\x00\x00\x04\x04" + b"\x00" * 12)
            return talk.recv(4) == b"\x00\x00\x04\x04"
    except OSError:
        return False


if __name__ == "__main__":
    main()
