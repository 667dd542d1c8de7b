"""A Neo4j server in a container, for machines on which a Docker engine runs."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.server import answers

__all__ = ["contained"]

_BOLT = "7687/tcp"
_START_SECONDS = 180.0
_PULL_SECONDS = 300.0


@contextmanager
def contained(release: str, password: str) -> Iterator[str | None]:
    """Yield the address of a server in a container; None where no engine can have one."""
    docker = shutil.which("docker")
    if docker is None or _said(docker, "version", "--format", "{{.Server.Version}}") is None:
        yield None
        return
    publish = ("--publish", "127.0.0.1::" + _BOLT, "--env", f"NEO4J_AUTH=neo4j/{password}")
    name = _said(docker, "run", "--rm", "--detach", *publish, f"neo4j:{release}-community")
    if name is None:
        yield None
        return
    try:
        port = int((_said(docker, "port", name, _BOLT) or "0").rpartition(":")[2])
        until = time.monotonic() + _START_SECONDS
        while not answers(port) and time.monotonic() < until:
            time.sleep(0.5)
        yield f"bolt://127.0.0.1:{port}"
    finally:
        _said(docker, "kill", name)


def _said(*words: str) -> str | None:
    """Return what a command prints, None if it fails or does not come to an end."""
    try:
        done = subprocess.run(
            words, capture_output=True, text=True, check=False, timeout=_PULL_SECONDS
        )
    except subprocess.TimeoutExpired:
        return None
    return done.stdout.strip() if done.returncode == 0 else None
