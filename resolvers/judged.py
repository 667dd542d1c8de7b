"""What people's judgements make of mentions before any identifier is looked at.

`same` joins, by a person's word. A chain of `same` that another judgement calls different, or
whose mentions contradict each other on a point no judgement settles, joins nothing: a person
is asked again.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graph.secrecy import digest
from resolvers.components import components, range_within

__all__ = ["JUDGEMENT", "Word", "doubts", "word_on"]

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

JUDGEMENT: Final = "judgement"
"""The type of a review pair that asks about a judgement, not about an identifier."""


@dataclass(frozen=True, slots=True)
class Word:
    """What the judgements `same` come to.

    Attributes:
        labels: A cluster number for every mention; mentions nobody spoke of are alone.
        torn: Which `same` rows join nothing, as another judgement calls their chain different.
        contradicted: Which join nothing, as what the mentions say of themselves forbids it.
    """

    labels: Ints
    torn: Bools
    contradicted: Bools


def word_on(same: Ints, different: Ints, points: Ints) -> Word:
    """Return what judgements join.

    Args:
        same: Positions of the mentions judged the same, one pair a column.
        different: Of those judged different.
        points: What each mention says on the points a subject has one answer to.
    """
    count = points.shape[1]
    if same.shape[1] == 0:
        nothing = np.zeros(0, dtype=np.bool_)
        return Word(np.arange(count, dtype=np.int64), nothing, nothing)
    chain = components(same[0], same[1], count)
    torn = np.zeros(int(chain.max()) + 1, dtype=np.bool_)
    torn[chain[different[0]][chain[different[0]] == chain[different[1]]]] = True
    low, high = range_within(chain, points)
    against = (low < high).any(axis=0)
    held = ~(torn | against)[chain[same[0]]]
    return Word(
        labels=components(same[0][held], same[1][held], count),
        torn=torn[chain[same[0]]],
        contradicted=(against & ~torn)[chain[same[0]]],
    )


def doubts(
    mentions: pa.Table, same: Ints, word: Word, uids: npt.NDArray[np.object_]
) -> list[tuple[str, str, str, str, bytes]]:
    """Return rows of `schema.REVIEWS` for judgements `same` whose mentions stay apart.

    Args:
        uids: Subject id of each mention.
    """
    found = []
    for reason, rows in (
        ("judgements_conflict", word.torn),
        ("judgement_contradicted", word.contradicted),
    ):
        for one, other in same[:, rows].T.tolist():
            if uids[one] != uids[other]:
                ends = sorted(_content(mentions, place) for place in (one, other))
                pair = sorted((uids[one], uids[other]))
                found.append((*pair, reason, JUDGEMENT, digest(*ends)))
    return sorted(set(found))


def _content(mentions: pa.Table, place: int) -> bytes:
    record, role, ordinal = (
        mentions.column(name)[place].as_py() for name in ("record", "role", "ordinal")
    )
    return digest(record, role.encode(), str(ordinal).encode())
