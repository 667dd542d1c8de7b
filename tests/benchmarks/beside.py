"""What happens beside the service while it is measured: a file is loaded, rows are pushed."""

import http.client
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from loaders.synthetic.codes import uscc

__all__ = ["asked", "loading", "pushing"]


@contextmanager
def loading(file: Path, environment: Mapping[str, str], *, nice: int) -> Iterator[None]:
    """Load a long file beside at a niceness; ended half-way, it leaves nothing behind."""
    command = [sys.executable, "-m", "api", "load", str(file)]
    environment = {**environment, "CREDITGRAPH_NICE": str(nice)}
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, env=environment, stdout=quiet, stderr=quiet)
    try:
        yield
        if process.poll() is not None:
            raise SystemExit("the load beside ended before the measuring did")
    finally:
        process.terminate()
        process.wait(60)


@contextmanager
def pushing(port: int, key: str, pause: float) -> Iterator[None]:
    """Push rows about new firms beside, one after the other, and print how many a second."""
    ended, pushed = threading.Event(), [0]

    def push() -> None:
        body = {"source": "tax_serious", "rows": [_row()]}
        status, told = asked(port, "POST", "/v1/records", key, body)
        if status != 200 or told["accepted"] != 1:
            raise SystemExit(f"{status}: {told}")

    def push_on() -> None:
        while not ended.wait(pause):
            push()
            pushed[0] += 1

    push()  # a server plans each of its statements once, which takes seconds
    pusher = threading.Thread(target=push_on, daemon=True)
    began = time.monotonic()
    pusher.start()
    try:
        yield
    finally:
        ended.set()
        pusher.join(60)
        print(f"{'':<24} {pushed[0] / (time.monotonic() - began):.1f} rows a second pushed")


def _row() -> dict[str, str]:
    serial = f"{time.time_ns() // 1_000_000 % 1_000_000:06d}"
    return {
        "纳税人名称": f"六盘水市并行{serial}号物流有限公司",
        "统一社会信用代码": uscc("91", f"XX{serial}"),
        "案件性质": "逃避追缴欠税",
        "决定书文号": f"钟税稽罚〔2026〕{serial}号",
        "决定日期": "2026-10-01",
        "公布机关": "国家税务总局六盘水市税务局稽查局",
        "公布日期": "2026-10-08",
    }


def asked(port: int, method: str, path: str, key: str, body: Any) -> tuple[int, Any]:
    """Ask the service once; return status and JSON of its answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Content-Type": "application/json"}
    if key:
        headers["Authorization"] = f"Bearer {key}"
    try:
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()
