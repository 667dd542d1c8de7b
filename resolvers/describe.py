"""What a subject is called and what kind it is, from what its mentions say."""

from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graph import schema
from graph.kinds import is_branch
from resolvers.columns import equals
from resolvers.misuse import FORMER_NAME

__all__ = ["describe"]

Ints = npt.NDArray[np.int64]
_NEVER_BRANCH: Final = frozenset({"person", "foreign_office"})


def describe(
    mentions: pa.Table,
    subject: Ints,
    ids: npt.NDArray[np.object_],
    strong: npt.NDArray[np.bool_],
) -> pa.Table:
    """Return `schema.SUBJECTS`, by id.

    Registers are believed before decisions, newer rows before older, then the more frequent
    name, then the smaller text; a subject no row names is ''.
    """
    names, name_rank = _coded(mentions.column("name"))
    kinds, kind_rank = _coded(mentions.column("kind"))
    register = (~equals(mentions.column("register"), "")).astype(np.int64)
    version = pc.fill_null(mentions.column("version").cast(pa.int32()), -(2**31)).to_numpy()
    former = equals(mentions.column("role"), FORMER_NAME)
    named = (~former & (name_rank != (names.index("") if "" in names else -1))).astype(np.int64)
    often = _frequency(subject, name_rank, len(names))
    by_name = _first(subject, (name_rank, -often, -version.astype(np.int64), -register, -named))
    of_kind = _frequency(subject, kind_rank, len(kinds))
    by_kind = _first(subject, (kind_rank, -of_kind, -register))
    chosen = [names[rank] for rank in name_rank[by_name].tolist()]
    told = [kinds[rank] for rank in kind_rank[by_kind].tolist()]
    table = pa.table(
        [
            pa.array(ids, pa.string()),
            pa.array(
                [
                    "branch" if kind not in _NEVER_BRANCH and is_branch(name) else kind
                    for kind, name in zip(told, chosen, strict=True)
                ],
                pa.string(),
            ),
            pa.array(chosen, pa.string()),
            pa.array(strong),
        ],
        schema=schema.SUBJECTS,
    )
    return table.sort_by("id")


def _coded(column: pa.ChunkedArray) -> tuple[list[str], Ints]:
    """Return distinct texts in order, and each row's place among them."""
    encoded = pc.dictionary_encode(column.combine_chunks())
    texts = encoded.dictionary.to_pylist()
    ordered = sorted(texts)
    place = {text: rank for rank, text in enumerate(ordered)}
    ranks = np.array([place[text] for text in texts], dtype=np.int64)
    return ordered, ranks[encoded.indices.to_numpy()]


def _frequency(subject: Ints, code: Ints, codes: int) -> Ints:
    """Return how often each row's code occurs among its subject's rows."""
    _, inverse, counts = np.unique(subject * codes + code, return_inverse=True, return_counts=True)
    return np.asarray(counts[inverse], dtype=np.int64)


def _first(subject: Ints, keys: tuple[Ints, ...]) -> Ints:
    """Return for every subject the row that sorts first; the last key counts most."""
    order = np.lexsort((*keys, subject))
    _, first = np.unique(subject[order], return_index=True)
    return order[first]
