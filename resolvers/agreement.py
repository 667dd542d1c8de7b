"""How far reviewers agree, beyond what chance would give."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from graph.judgements import JudgementRow
from resolvers.review import item

__all__ = ["Agreement", "agreements"]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two reviewers' verdicts on what both judged.

    Attributes:
        counts: (verdict of one, verdict of other) -> how often.
        kappa: Cohen's kappa, 1 full agreement, 0 what chance gives; None where both gave one
            and the same verdict throughout, or nothing was judged by both.
    """

    one: str
    other: str
    counts: Counter[tuple[str, str]]

    @property
    def items(self) -> int:
        """How many both judged."""
        return self.counts.total()

    @property
    def agreed(self) -> int:
        """On how many they said the same."""
        return sum(count for (one, other), count in self.counts.items() if one == other)

    @property
    def kappa(self) -> float | None:
        """Return Cohen's kappa.

        Source: J. Cohen, A coefficient of agreement for nominal scales, 1960.
        """
        total = self.items
        if total == 0:
            return None
        ones: Counter[str] = Counter()
        others: Counter[str] = Counter()
        for (one, other), count in self.counts.items():
            ones[one] += count
            others[other] += count
        expected = sum(ones[verdict] * others[verdict] for verdict in ones) / total**2
        observed = self.agreed / total
        return None if expected == 1 else (observed - expected) / (1 - expected)


def agreements(ledger: Iterable[JudgementRow]) -> list[Agreement]:
    """Return the agreement of every two people who judged the same thing, by names.

    The last word of each person on each thing counts, undone or not: an opinion was given. A
    confirmation is the confirmer's own word, as nobody is shown the other's before.
    """
    rows = list(ledger)
    judged = {row.uid: row for row in rows if row.action == "judge"}
    said: dict[frozenset[str], dict[str, str]] = {}
    for row in rows:
        about = judged.get(row.of if row.action == "confirm" else row.uid)
        if about is not None and row.action in ("judge", "confirm"):
            said.setdefault(item(about), {})[row.by] = about.verdict
    counts: dict[tuple[str, str], Counter[tuple[str, str]]] = {}
    for words in said.values():
        for one, other in combinations(sorted(words), 2):
            counts.setdefault((one, other), Counter())[words[one], words[other]] += 1
    return [Agreement(*people, counts[people]) for people in sorted(counts)]
