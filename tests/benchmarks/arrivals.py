"""How soon one new row is resolved against all there is, and it is told why."""

import random
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import numpy as np

from api.check import Desk
from api.keys import load_or_make_key
from api.steps import resolve_store
from api.why import steps_body
from graph.model import MentionId
from graph.sanctions.rulebook import load_rulebook
from graph.secrecy import Seal, digest
from graph.store.sqlite import SqliteStore
from loaders.manifest_reader import read_manifests
from tests.contract.rows import Party, Row, write

__all__ = ["arrivals"]

_WARM: Final = 20
"""Rows before those that count: tables of characters are made when first asked for."""
_REGION: Final = 3
"""Characters left out at the beginning of a name, as clerks leave a region out."""


def arrivals(store_file: Path, key_file: Path, asked: int) -> None:
    """Print percentiles over rows of bodies that are there: half with their code, half damaged.

    A damaged row has no code, and its name lost its beginning; representative and address stay.
    Processor time is told beside, which other work on the machine hardly changes.
    """
    seal = Seal(load_or_make_key(key_file))
    chance = random.Random(1)  # noqa: S311 - which ones does not matter
    with SqliteStore(store_file, seal) as store:
        desk = Desk(store, load_rulebook(), read_manifests(), seal, "zh")
        mentions = store.resolution.mentions(None)
        print(f"{mentions.num_rows} mentions")
        rows = _rows(store, asked + _WARM, chance)
        seconds: list[tuple[tuple[float, float], ...]] = []
        for place, row in enumerate(rows):
            now = datetime.now(UTC)
            write(store, "arrivals", [row], file=f"{now} {place}", at=now, seal=seal)
            started = _clocks()
            resolve_store(store, now, full=False)
            resolved = _clocks()
            record = digest(b"arrivals", row.text.encode()).hex()
            found = store.judgements.subject_of(MentionId(f"{record}:subject:0"))
            if found is not None:
                steps_body(desk, found)
            seconds.append((started, resolved, _clocks()))
    taken = np.diff(np.array(seconds[_WARM:]), axis=1) * 1e3
    for label, each in (
        ("resolved", taken[:, 0]),
        ("explained", taken[:, 1]),
        ("both", taken.sum(axis=1)),
    ):
        (half, own_half), (most, own_most) = np.percentile(each, (50, 95), axis=0)
        print(
            f"{label:<10} {len(each)} rows, p50 {half:.1f} ms, p95 {most:.1f} ms; "
            f"processor time p50 {own_half:.1f} ms, p95 {own_most:.1f} ms"
        )


def _clocks() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


def _rows(store: SqliteStore, many: int, chance: random.Random) -> list[Row]:
    subjects = store.facts.subjects(None)
    bodies = [row for row in subjects.to_pylist() if row["kind"] != "person" and row["name"]]
    rows = []
    for place, body in enumerate(chance.sample(bodies, many)):
        keys = store.resolution.members([body["id"]])
        told = {row["type"]: row["value"] for row in store.resolution.traits(keys).to_pylist()}
        head = Party("legal_representative", "person", told.get("representative", ""))
        text = f"{body['id']} {place} {chance.random()}"
        if place % 2 and "uscc" in told:
            party = Party("subject", body["kind"], body["name"], [("uscc", told["uscc"])])
        else:
            traits = [(kind, told[kind]) for kind in ("address", "phone") if kind in told]
            party = Party("subject", body["kind"], body["name"][_REGION:], traits=traits)
        ties = [("legal_representative", 1, 0, None, None)] if head.name else []
        parties = [party, head] if head.name else [party]
        rows.append(Row(text, parties, relations=ties))
    return rows
