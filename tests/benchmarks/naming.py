"""Figures on real names: the grammar, labelled pairs, short names. The files are given by path."""

import csv
import re
import subprocess
import sys
import tempfile
import time
import zlib
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq
from rapidfuzz import fuzz, process
from rapidfuzz.distance import JaroWinkler
from scipy.stats import rankdata

from resolvers.compare import compare_pairs
from resolvers.standardise import standardised_names

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
BRANCH = re.compile(
    "(分公司|支公司|支行|分行|营业厅|营业部|营业所|分店|分理处|分社|支局|储蓄所|分厂)$"
)
BATCH = 100
CANONICAL = ("region", "place", "brand", "trade", "form", "tail", "note")


def held(texts: Sequence[str]) -> Flags:
    """Return which rows were not looked at while the grammar and the scorecard were made."""
    return np.array([zlib.crc32(text.encode()) % 2 == 1 for text in texts])


def names(path: Path) -> None:
    """Print what the grammar finds in the names of a register (name, uscc, province, city)."""
    table = pq.read_table(path)
    said = table["name"].to_pylist()
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        standardised_names(table["name"][:40_000], pool.map)
        started = time.perf_counter()
        parsed = standardised_names(table["name"], pool.map)
        seconds = time.perf_counter() - started
    print(f"speed      {len(said)} names in {seconds:.1f} s: {len(said) / seconds:.0f}/s, 2 cores")
    standardised_names(table["name"][:1000])
    busy = time.process_time()
    standardised_names(table["name"][:100_000])
    print(f"           {100_000 / (time.process_time() - busy):.0f}/s of one core's own time")
    mask = held(said)
    for label, rows in (("held out", np.flatnonzero(mask)), ("all", np.arange(len(said)))):
        part, source = parsed.take(rows), table.take(rows)
        print(f"{label:<10} " + ", ".join(f"{k} {v:.2%}" for k, v in parts(part, source).items()))
    keys = list(zip(*(parsed[column].to_pylist() for column in CANONICAL), strict=True))
    extra = len(keys) - len(set(keys)) - (len(said) - len(set(said)))
    print(
        f"canonical  {extra} of {len(keys)} names bear another's canonical name too: "
        f"{extra / len(keys):.4%}"
    )


def parts(parsed: pa.Table, source: pa.Table) -> dict[str, float]:
    """Return the share of names of which each part was found, or is honestly absent."""
    columns = {
        name: parsed[name].to_pylist()
        for name in ("plain", "region", "brand", "trade", "form", "tail")
    }
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    branch = parsed["branch"].to_pylist()
    marked = [bool(BRANCH.search(row["plain"])) for row in rows]
    places = zip(source["province"].to_pylist(), source["city"].to_pylist(), strict=True)
    missing: Counter[str] = Counter()
    for row, (province, city) in zip(rows, places, strict=True):
        head = row["plain"].removesuffix(row["tail"])
        bare = re.sub(r"\(.*?\)", "", row["brand"])
        missing["form"] += not row["form"]
        # Absent is honest where the row's own province and city do not stand in the name.
        missing["region"] += not row["region"] and any(p and p in head for p in (province, city))
        # 某县食品公司 has no 字号 and 某某集团 no trade; a long brand hides a trade.
        missing["brand"] += len(bare) == 1 or not (bare or row["trade"] or row["tail"])
        missing["trade"] += not row["trade"] and len(bare) > 4
    found = {part: 1 - missing[part] / len(rows) for part in ("form", "region", "brand", "trade")}
    recognised = sum(a and b for a, b in zip(marked, branch, strict=True))
    return found | {"branches": recognised / max(1, sum(marked))}


def pairs(path: Path) -> None:
    """Print AUC and recall at precision .998 of labelled pairs (name_a, name_b, label)."""
    rows = read(path)
    label = np.array([int(row["label"]) for row in rows])
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "scored.csv"
        command = [sys.executable, "-m", "api", "compare", str(path), "--out", str(out)]
        subprocess.run(command, check=True, capture_output=True)
        scored = read(out)
    left, right = ([row[f"name_{side}"] for row in rows] for side in "ab")
    methods = {
        "compare": np.array([float(row["score"]) for row in scored]),
        "ratio": cp(left, right, fuzz.ratio),
        "Jaro-Winkler": cp(left, right, JaroWinkler.similarity),
    }
    mask = held(left)
    for name, score in methods.items():
        for part, kept in (("all", np.ones(len(rows), dtype=bool)), ("held out", mask)):
            area, recall = auc(score[kept], label[kept]), recall_at(score[kept], label[kept])
            print(f"{name:<13} {part:<9} AUC {area:.4f}, recall at precision .998 {recall:.4f}")
    for decision in ("merge", "review", "separate"):
        same = [row["label"] == "1" for row in scored if row["decision"] == decision]
        print(f"{decision:<13} {len(same)} pairs, {sum(same)} of them one firm")


def short(path: Path, every: int = 1) -> None:
    """Print how often a short name's own full name comes first, alone, of all (short, full).

    Args:
        every: Ask for every so manieth short name only; the full names are always all.
    """
    rows = read(path)
    fulls = [row["full"] for row in rows]
    places = np.arange(0, len(rows), every)
    shorts = [rows[place]["short"] for place in places]
    mask = held(shorts)
    peers: dict[str, Any] = {"ratio": fuzz.ratio, "Jaro-Winkler": JaroWinkler.similarity}
    for name in ("compare", *peers):
        hits = np.zeros(len(shorts), dtype=bool)
        for start in range(0, len(shorts), BATCH):
            part = shorts[start : start + BATCH]
            peer = peers.get(name)
            scores = process.cdist(part, fulls, scorer=peer) if peer else everyone(part, fulls)
            own = scores[np.arange(len(part)), places[start : start + len(part)]]
            hits[start : start + len(scores)] = (scores >= own[:, None]).sum(axis=1) == 1
        print(f"{name:<13} hits@1 strict {hits.mean():.4f}, held out {hits[mask].mean():.4f}")


def everyone(part: Sequence[str], fulls: Sequence[str]) -> Floats:
    """Return the score of each short name with every full name."""
    left = pa.array(np.repeat(np.array(part, dtype=object), len(fulls)), pa.string())
    right = pa.array(list(fulls) * len(part), pa.string())
    found = compare_pairs({"name": left}, {"name": right}, "organisation")
    return found.score.reshape(len(part), len(fulls))


def cp(left: Sequence[str], right: Sequence[str], scorer: Any) -> Floats:
    """Return a peer's score of every pair."""
    return np.asarray(process.cpdist(left, right, scorer=scorer), dtype=np.float64)


def auc(score: Floats, label: npt.NDArray[np.int64]) -> float:
    """Return the area under the ROC curve, ties counted half."""
    ranks, same = rankdata(score), int(label.sum())
    pairs_of_both = same * (len(label) - same)
    return float((ranks[label == 1].sum() - same * (same + 1) / 2) / pairs_of_both)


def recall_at(score: Floats, label: npt.NDArray[np.int64], precision: float = 0.998) -> float:
    """Return the most recall of any threshold with at least this precision."""
    order = np.argsort(-score, kind="stable")
    found = np.cumsum(label[order])
    ends = np.flatnonzero(np.append(np.diff(score[order]) != 0, True))
    good = ends[found[ends] / (ends + 1) >= precision]
    return float(found[good].max() / label.sum()) if len(good) else 0.0


def read(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))
