"""The service as a process of its own, as it runs in an office: `creditgraph serve`."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.e2e.service.conftest import House, Site

__all__ = ["Process", "killed", "started"]


@dataclass(frozen=True)
class Process:
    """A running service and the file its talk goes to."""

    site: Site
    process: "subprocess.Popen[bytes]"
    talk: Path


@contextlib.contextmanager
def started(house: House, workers: int = 1) -> Iterator[Process]:
    """Start the service on a free port, in a process group; killed at the end if it still runs."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    environment = os.environ | {
        "CREDITGRAPH_STORE": str(house.folder / "store.db"),
        "CREDITGRAPH_KEY_FILE": str(house.folder / "key"),
        "CREDITGRAPH_RATE": "100000/minute",
    }
    talk = house.folder / "talk.log"
    command = [sys.executable, "-m", "api", "serve", "--port", str(port)]
    command += ["--workers", str(workers)]
    with talk.open("ab") as stream:
        process = subprocess.Popen(
            command, env=environment, stdout=stream, stderr=stream, start_new_session=True
        )
    try:
        _wait(port, process, talk)
        yield Process(Site(house, f"http://127.0.0.1:{port}"), process, talk)
    finally:
        killed(process)


def killed(process: "subprocess.Popen[bytes]") -> None:
    """Kill a service with all its processes: SIGKILL, nothing is closed, nothing is flushed."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(30)


def _wait(port: int, process: "subprocess.Popen[bytes]", talk: Path) -> None:
    until = time.monotonic() + 300
    while True:
        assert process.poll() is None, talk.read_text("utf-8")
        assert time.monotonic() < until
        # A socket alone: a client each time would take the time the service needs to start.
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.2)
