"""Names of bodies as they were written to columns that can be compared.

Each distinct name is parsed once. Pass `spread=pool.map` to share the work among processes.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from resolvers.abbreviations import plan_of, short_of
from resolvers.brands import character_bits
from resolvers.names import Name, parse

__all__ = ["NAMES", "standardised_names"]

Spread = Callable[[Callable[[Sequence[str]], Any], Iterable[Sequence[str]]], Iterable[Any]]

NAMES: Final = pa.schema(
    [
        ("plain", pa.string()),
        ("region", pa.string()),
        ("place", pa.string()),
        ("brand", pa.string()),
        ("trade", pa.string()),
        ("form", pa.string()),
        ("ending", pa.string()),
        ("core", pa.string()),
        ("full_core", pa.string()),
        ("local", pa.string()),
        ("bare", pa.string()),
        ("full", pa.string()),
        ("tail", pa.string()),
        ("branch", pa.bool_()),
        ("ordinals", pa.string()),
        ("former", pa.string()),
        ("note", pa.string()),
        ("mark", pa.string()),
        ("rarity", pa.float32()),
        ("oddest", pa.float32()),
        ("short", pa.string()),
        ("plan", pa.string()),
    ]
)
"""Columns of a standardised name.

As the attributes of `Name`. `core` is brand and trade; `full` and `full_core` are `bare` and `core`
with the form in words; `rarity` is the bits of the brand's characters, `oddest` the most of one.
"""

_CHUNK: Final = 20_000


def standardised_names(names: pa.ChunkedArray | pa.Array, spread: Spread = map) -> pa.Table:
    """Return `NAMES` columns, one row for each name; null counts as ''.

    Cost: some 15 microseconds a distinct name on one core.
    """
    whole = names.combine_chunks() if isinstance(names, pa.ChunkedArray) else names
    coded = pc.dictionary_encode(pc.fill_null(whole.cast(pa.string()), ""))
    if isinstance(coded, pa.ChunkedArray):
        coded = coded.combine_chunks()
    distinct = coded.dictionary.to_pylist()
    pieces = [distinct[at : at + _CHUNK] for at in range(0, len(distinct), _CHUNK)]
    parts = list(spread(_columns, pieces))
    table = pa.concat_tables(parts) if parts else NAMES.empty_table()
    return table if len(distinct) == len(whole) else table.take(coded.indices)


def _columns(names: Sequence[str]) -> pa.Table:
    parsed = [parse(name) for name in names]
    if not parsed:
        return NAMES.empty_table()
    said: dict[str, Sequence[Any]] = dict(zip(Name._fields, zip(*parsed, strict=True), strict=True))
    known = {
        part: pa.array(said["simple" if part == "plain" else part], NAMES.field(part).type)
        for part in NAMES.names
        if part in said
    }
    core = _joined(known["brand"], known["trade"])
    rarity, oddest = _rarity(said["brand"])
    made = {
        "core": core,
        "full_core": _joined(core, known["ending"]),
        "full": _joined(known["bare"], known["ending"]),
        "rarity": rarity,
        "oddest": oddest,
        "short": pa.array([short_of(name) for name in parsed], pa.string()),
        "plan": pa.array([plan_of(name) for name in parsed], pa.string()),
    }
    return pa.table([(known | made)[field] for field in NAMES.names], schema=NAMES)


def _joined(ones: pa.Array, others: pa.Array) -> pa.Array:
    return pc.binary_join_element_wise(ones, others, "")


def _rarity(brands: Sequence[str]) -> tuple[pa.Array, pa.Array]:
    """Return the bits of all characters of each brand together, and of its rarest one."""
    bits = character_bits("".join(brands))
    lengths = np.fromiter(map(len, brands), np.int64, len(brands))
    starts = np.cumsum(lengths) - lengths
    found = []
    for reduce in (np.add.reduceat, np.maximum.reduceat):
        # The stop at the end is for an empty last brand; empty ones are nothing.
        each = reduce(np.append(bits, 0.0), starts)
        found.append(pa.array(np.where(lengths > 0, each, 0.0), pa.float32()))
    return found[0], found[1]
