"""How soon one subject is answered about, and how soon a repair takes its findings back."""

import random
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from api.check import Desk
from api.keys import load_or_make_key
from api.steps import refresh_store
from graph.sanctions.rulebook import Rulebook, load_rulebook
from graph.secrecy import Seal
from graph.store.sqlite import SqliteStore
from loaders.manifest_reader import read_manifests
from tests.contract.rows import Party, Row, write

ASKED = 500
REPAIRS = 50


def answers(store_file: Path, key_file: Path) -> None:
    """Print percentiles over random subjects, over those with findings, and over repairs."""
    seal = Seal(load_or_make_key(key_file))
    rules, today = load_rulebook(), date.today()  # noqa: DTZ011 - the office's own day
    chance = random.Random(1)  # noqa: S311 - which ones does not matter
    with SqliteStore(store_file, seal) as store:
        desk = Desk(store, rules, read_manifests(), seal, "zh")
        everyone = store.facts.subjects(None).column("id").to_pylist()
        found = sorted({body["subject"] for body in store.findings.current()})
        for label, pool in (("anyone", everyone), ("with findings", found)):
            chosen = chance.choices(pool, k=ASKED)
            _tell(f"check, {label}", [_timed(partial(desk.check, each, today)) for each in chosen])
        _tell("repair to retraction", _repairs(store, rules, set(found), today))


def _repairs(store: SqliteStore, rules: Rulebook, found: set[str], today: date) -> list[float]:
    listed = [each for each in store.facts.listings(None) if each.decision_number]
    seconds = []
    for place, listing in enumerate(each for each in listed if each.subject in found):
        if place == REPAIRS:
            break
        now = datetime.now(UTC)
        party = Party("subject", "enterprise", store.finder.members(listing.subject)[0]["name"])
        told = ("repaired", today.isoformat(), listing.authority, listing.decision_number)
        row = Row(f"repair {place} {now}", [party], events=[told])

        def repair(row: Row = row, now: datetime = now) -> None:
            with store.resolution.transaction():
                write(store, "repairs", [row], file=row.text, at=now)
                refresh_store(store, rules, today, now)

        seconds.append(_timed(repair))
    return seconds


def _timed(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def _tell(label: str, seconds: list[float]) -> None:
    ordered = sorted(seconds)
    half, most = (ordered[int(len(ordered) * part)] * 1e3 for part in (0.5, 0.95))
    print(f"{label:<24} {len(ordered)} asked, p50 {half:.1f} ms, p95 {most:.1f} ms")
