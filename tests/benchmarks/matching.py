"""Matching on public data with a known truth, beside Splink in the same run."""

import argparse
import json
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from resolvers.evaluate import Quality, quality
from resolvers.link import Linked, link
from resolvers.scorecard_reader import read_scorecard, shipped
from tests.benchmarks.crowds import write_crowd

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Task:
    """A table to match: the scorecard shipped for it, and the columns of key and truth."""

    card: str
    key: str
    truth: str


TASKS = {
    "febrl3": Task("febrl3", "rec_id", "entity"),
    "febrl4": Task("febrl4", "rec_id", "entity"),
    "historical": Task("historical_50k", "unique_id", "cluster"),
    "mentions": Task("register_mentions", "unique_id", "entity"),
    "million": Task("people", "unique_id", "entity"),
}


def numbers(values: pa.ChunkedArray | pa.Array) -> Ints:
    """Return a number for each distinct value."""
    array = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    return np.asarray(array.dictionary_encode().indices.to_numpy(), dtype=np.int64)


def tell(name: str, found: Quality) -> None:
    """Print one line of figures."""
    print(
        f"  {name:<22} pairs P {found.precision.value:.5f} (least {found.precision.low:.5f}) "
        f"R {found.recall.value:.4f} F1 {found.f1:.4f}   "
        f"B3 P {found.bcubed_precision.value:.4f} R {found.bcubed_recall.value:.4f} "
        f"F1 {found.bcubed_f1:.4f}   wrong {found.wrong} missed {found.missed}"
    )


def best_f1(left: Ints, right: Ints, bits: npt.NDArray[np.float64], truth: Ints) -> float:
    """Return the best F1 of pairs over all thresholds, against every pair of the truth."""
    order = np.argsort(-bits, kind="stable")
    same = truth[left[order]] == truth[right[order]]
    sizes = np.bincount(truth)
    found = np.cumsum(same)
    both = np.arange(1, len(order) + 1) + (sizes * (sizes - 1) // 2).sum()
    ends = np.r_[bits[order][1:] != bits[order][:-1], True]
    return float((2 * found / both)[ends].max())


def ours(task: Task, file: Path) -> tuple[tuple[float, float], Linked, pa.Table]:
    """Match the file.

    Returns:
        Seconds from Parquet to clusters, by the clock and of processor time; the clusters; and
        the table in their order.
    """
    started, spent = time.perf_counter(), time.process_time()
    card = read_scorecard(shipped(task.card))
    table = pq.read_table(file)
    found = link(table, card, seed=1)
    took = time.perf_counter() - started, time.process_time() - spent
    return took, found, table.sort_by(task.key)


def theirs(what: str, file: Path, folder: Path, peers: str) -> tuple[dict[str, float], Path]:
    """Run Splink on the file with an interpreter that has it."""
    script = Path(__file__).with_name("peers.py")
    run = subprocess.run(
        [peers, str(script), what, str(file), str(folder)], capture_output=True, check=False
    )
    if run.returncode:
        raise SystemExit(run.stderr.decode())
    told: dict[str, Any] = json.loads(run.stdout)
    return told, folder


def tell_theirs(out: Path, key: str, keys: pa.ChunkedArray, truth: Ints) -> None:
    """Print what the clusters and pairs that Splink wrote are worth."""
    clusters = pq.read_table(out / "clusters.parquet").sort_by(key)
    tell("clustered at .95", quality(numbers(clusters.column("cluster_id")), truth))
    pairs = pq.read_table(out / "pairs.parquet")
    left, right = (pc.index_in(pairs.column(f"{key}_{side}"), keys).to_numpy() for side in "lr")
    bits = pairs.column("match_weight").to_numpy()
    print(f"  best F1 of pairs       {best_f1(left, right, bits, truth):.4f}")


def made(what: str, peers: str, folder: Path) -> Path:
    """Write the table of a task that needs no file, and return where."""
    file = folder / f"{what}.parquet"
    if what == "million":
        write_crowd(file, 1_000_000, seed=1)
    else:
        script = Path(__file__).with_name("peers.py")
        subprocess.run([peers, str(script), "febrl", what[-1], str(file)], check=True)
    return file


def add_tasks(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add a command for each task; those without data of their own take a file."""
    for name in TASKS:
        task = commands.add_parser(name)
        needed = name in ("historical", "mentions")
        task.add_argument("file", type=Path, nargs=None if needed else "?")
        task.add_argument("--peers", default=sys.executable, help="a Python with the peers group")


def matching(what: str, file: Path | None, peers: str, folder: Path) -> None:
    """Match one table and print figures of both."""
    task, file = TASKS[what], file or made(what, peers, folder)
    (seconds, spent), found, table = ours(task, file)
    truth = numbers(table.column(task.truth))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"creditgraph  {seconds:.1f} s ({spent:.1f} s of processor time), peak {peak:.0f} MiB, "
        f"{len(found.left)} pairs"
    )
    print(f"  best F1 of pairs       {best_f1(found.left, found.right, found.bits, truth):.4f}")
    tell("merged", quality(found.cluster, truth))
    tell("with all under review", quality(found.review, truth))
    half = truth % 2 == 0
    for name, inside in (("one half of subjects", half), ("the other", ~half)):
        tell(name, quality(found.cluster[inside], truth[inside]))
    told, out = theirs(what, file, folder, peers)
    print(
        f"Splink 5     {told['seconds']:.1f} s ({told['spent']:.1f} s of processor time), "
        f"of which training {told['training']:.1f} s"
    )
    tell_theirs(out, task.key, table.column(task.key), truth)
    print(
        f"time         {seconds / told['seconds']:.2f} of Splink's, "
        f"processor time {spent / told['spent']:.2f}"
    )
