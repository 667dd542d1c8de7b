"""Invented people with typing errors, for the engine of matching."""

import random

import pyarrow as pa

from resolvers.blocking import BlockingKey
from resolvers.scorecard import FeatureSpec, Limits, Scorecard

__all__ = ["CARD", "crowd"]

_GIVEN = ("ada", "bela", "cyra", "dora", "edda", "fina", "gerda", "hanne")
_LAST = ("abel", "brand", "calder", "drost", "ekker", "falk", "gruber", "holt", "ibsen", "jong")

CARD = Scorecard(
    name="people",
    version=1,
    key="id",
    apart=None,
    fields={"given": "given", "last": "last", "birth": "birth", "town": "town"},
    features=(
        FeatureSpec("given", "given", "edits", {"by": "damerau", "steps": (0.0, 1.0)}, None),
        FeatureSpec("last", "last", "edits", {"by": "damerau", "steps": (0.0, 1.0)}, None),
        FeatureSpec("birth", "birth", "dates", {"years": 5}, None),
        FeatureSpec("town", "town", "exact", {}, None),
    ),
    blocking=(
        BlockingKey("last_given", ("last", "given")),
        BlockingKey("birth", ("birth",)),
        BlockingKey("last_town", ("last", "town")),
    ),
    vetoes=(),
    limits=Limits(connect=-2.0, review=-6.0, merge=0.0, largest=100),
    sample=20_000,
)


def crowd(people: int, seed: int) -> tuple[pa.Table, list[int]]:
    """Return rows of people, one to four each, and whom each row is about."""
    chance = random.Random(seed)  # noqa: S311 - invented people
    rows: list[dict[str, str | None]] = []
    truth = []
    for person in range(people):
        true: dict[str, str] = {
            "given": chance.choice(_GIVEN),
            "last": chance.choice(_LAST) + chance.choice(("", "er", "sen", "mann", "stein")),
            "birth": f"18{chance.randint(50, 99)}-{chance.randint(1, 12):02}-15",
            "town": chance.choice("uvwxyz") + "ham",
        }
        for _ in range(chance.randint(1, 4)):
            row = {name: _damaged(cell, chance) for name, cell in true.items()}
            rows.append({"id": f"{chance.getrandbits(40):010x}", **row})
            truth.append(person)
    return pa.Table.from_pylist(rows), truth


def _damaged(cell: str, chance: random.Random) -> str | None:
    met = chance.random()
    if met < 0.05:
        return None
    if met < 0.12:
        place = chance.randrange(len(cell))
        return cell[:place] + chance.choice("aeiou1") + cell[place + 1 :]
    return cell
