"""Figures for docs/BENCHMARKS.md: `python -m tests.benchmarks WHAT`; `--help` lists what.

Whole commands are timed from outside, in a fresh store, start-up included.
"""

import argparse
import csv
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from loaders.synthetic.district import generate
from loaders.synthetic.penalties import write_penalties
from tests.benchmarks import control
from tests.benchmarks.answers import answers
from tests.benchmarks.arrivals import arrivals
from tests.benchmarks.holding import holding
from tests.benchmarks.matching import TASKS, add_tasks, matching
from tests.benchmarks.naming import names, pairs, short
from tests.benchmarks.serve import Plan, serve
from tests.benchmarks.server import neo4j_
from tests.benchmarks.whole import whole
from tests.support.server import RELEASES

MIB = 1024


def creditgraph(folder: Path, *arguments: str) -> tuple[float, dict[str, Any]]:
    """Run one command on the store in a folder; return its seconds and its JSON answer."""
    environment = os.environ | {
        "CREDITGRAPH_STORE": str(folder / "bench.db"),
        "CREDITGRAPH_KEY_FILE": str(folder / "key"),
    }
    command = [sys.executable, "-m", "api", *arguments, "--json"]
    started = time.perf_counter()
    run = subprocess.run(command, env=environment, capture_output=True, check=False)
    seconds = time.perf_counter() - started
    if run.returncode not in (0, 1):
        raise SystemExit(run.stderr.decode())
    answer: dict[str, Any] = json.loads(run.stdout)
    return seconds, answer


def peak_mib() -> float:
    """Return the largest resident size of any process run so far."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / MIB


def load(folder: Path, rows: int) -> None:
    """Load invented penalties (2018 form, 18 columns, two mentions a row) as one CSV."""
    file = folder / "penalties.csv"
    write_penalties(file, rows, seed=1)
    seconds, answer = creditgraph(folder, "load", str(file))
    told = answer["files"][0]
    size = (folder / "bench.db").stat().st_size / 1e6
    print(
        f"load       {rows} rows in {seconds:.1f} s: {rows / seconds:.0f} rows/s, "
        f"peak {peak_mib():.0f} MiB a process, store {size:.0f} MB, "
        f"accepted {told['accepted']}, refused {told['refused']}"
    )
    seconds, answer = creditgraph(folder, "resolve")
    print(
        f"resolve    {2 * rows} mentions in {seconds:.1f} s, peak {peak_mib():.0f} MiB, "
        f"{sum(answer['subjects'].values())} subjects"
    )


def register(folder: Path, file: Path, *, codes: bool) -> None:
    """Load and resolve a public register dump, in which every row is another organisation.

    Args:
        codes: Leave the organisations' codes in; without them any pair merged is wrong.
    """
    if not codes:
        file = _emptied(file, folder / "公开登记名录.csv")
    seconds, answer = creditgraph(folder, "load", str(file))
    told = answer["files"][0]
    print(f"load       {told['accepted']} of {told['read']} rows in {seconds:.1f} s")
    seconds, answer = creditgraph(folder, "resolve")
    organisations = sum(n for kind, n in answer["subjects"].items() if kind != "person")
    print(
        f"resolve    {organisations} organisations in {seconds:.1f} s: "
        f"{told['accepted'] - organisations} merged, {answer['reviews']} pairs in review"
    )
    seconds, _ = creditgraph(folder, "quality")
    print(f"quality    {seconds:.1f} s")


def _emptied(file: Path, into: Path) -> Path:
    """Write a register dump without codes, and return where."""
    with file.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    with into.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(row | {"统一社会信用代码": ""} for row in rows)
    return into


def district(folder: Path, subjects: int) -> None:
    """Generate a district, run the whole flow on it, and hold it against the truth."""
    made = generate(subjects, 1, folder / "district")
    seconds, _ = creditgraph(folder, "load", str(folder / "district" / "files"))
    print(f"load       {made.rows} rows in {len(made.files)} files in {seconds:.1f} s")
    for step in ("resolve", "propagate"):
        seconds, told = creditgraph(folder, step)
        print(f"{step:<10} {seconds:.1f} s, peak {peak_mib():.0f} MiB")
        if step == "resolve":
            _judged(folder, told["reviews"])
    answers(folder / "bench.db", folder / "key")


def _judged(folder: Path, reviews: int) -> None:
    """Print how right the partition is."""
    truth = folder / "district" / "truth.csv"
    _, told = creditgraph(folder, "evaluate", "--truth", str(truth))
    mentions, pairs = told["truth"]["met"], told["pairwise"]
    wrong = told["thresholds"][0]["pairwise"]["wrong"]
    print(
        f"merged     {mentions} mentions: precision {pairs['precision']:.5f}, "
        f"recall {pairs['recall']:.5f}, {wrong} wrong pairs; {reviews} pairs in review"
    )


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    what = parser.add_subparsers(dest="what")
    what.add_parser("load").add_argument("--rows", type=int, default=1_000_000)
    dump = what.add_parser("register")
    dump.add_argument("--file", type=Path, required=True)
    dump.add_argument("--without-codes", action="store_true")
    what.add_parser("district").add_argument("--subjects", type=int, default=20_000)
    arriving = what.add_parser("arrivals")
    arriving.add_argument("store", type=Path)
    arriving.add_argument("--key", type=Path, required=True)
    arriving.add_argument("--asked", type=int, default=200)
    what.add_parser("holding").add_argument("--firms", type=int, default=20_000)
    for name in ("names", "pairs", "short"):
        what.add_parser(name).add_argument("path", type=Path)
    what.choices["short"].add_argument("--every", type=int, default=1)
    shares = what.add_parser("control")
    shares.add_argument("--subjects", type=int, default=1_000_000)
    shares.add_argument("--filings", type=int, default=3_000_000)
    shares.add_argument("--listed", type=int, default=50_000)
    network = what.add_parser("whole")
    network.add_argument("--subjects", type=int, default=1_000_000)
    network.add_argument("--relations", type=int, default=3_000_000)
    network.add_argument("--listings", type=int, default=50_000)
    add_tasks(what)
    server = what.add_parser("neo4j")
    server.add_argument("--rows", type=int, default=100_000)
    server.add_argument("--release", default=next(iter(RELEASES)))
    service = what.add_parser("serve")
    for name, number in (
        ("subjects", 200_000),
        ("seconds", 20),
        ("connections", 6),
        ("workers", 2),
    ):
        service.add_argument(f"--{name}", type=int, default=number)
    service.add_argument("--store", type=Path)
    service.add_argument("--key", type=Path)
    service.add_argument("--neo4j", type=Path)
    service.add_argument("--role", default="department")
    service.add_argument("--pause", type=float, default=0.0)
    return parser.parse_args()


def main() -> None:
    """Read the arguments and run what they name."""
    asked, files = _asked(), {"names": names, "pairs": pairs, "short": short}
    direct = {
        "arrivals": lambda: arrivals(asked.store, asked.key, asked.asked),
        "holding": lambda: holding(asked.firms),
        "neo4j": lambda: neo4j_(asked.rows, asked.release),
        "whole": lambda: whole(asked.subjects, asked.relations, asked.listings),
        "serve": lambda: serve(Plan(**{k: v for k, v in vars(asked).items() if k != "what"})),
        "control": lambda: control.measure(asked.subjects, asked.filings, asked.listed),
    }
    if asked.what in direct:
        direct[asked.what]()
        return
    if asked.what in files:
        asked_of = {key: value for key, value in vars(asked).items() if key in ("path", "every")}
        files[asked.what](**asked_of)
        return
    with tempfile.TemporaryDirectory(prefix="creditgraph-bench-") as name:
        folder = Path(name)
        if asked.what == "register":
            register(folder, asked.file, codes=not asked.without_codes)
        elif asked.what in TASKS:
            matching(asked.what, asked.file, asked.peers, folder)
        elif asked.what == "district":
            district(folder, asked.subjects)
        else:
            load(folder, getattr(asked, "rows", 1_000_000))


if __name__ == "__main__":
    main()
