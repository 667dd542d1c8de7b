"""A slow second reading of ownership: exact fractions on a networkx graph, no shared code."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from fractions import Fraction

import networkx as nx

__all__ = ["Filing", "Oracle"]

Filing = tuple[str, str, Fraction | None]
HALF = Fraction(1, 2)


class Oracle:
    """Answers for filings of shares (owner, target, share) and findings (owner, target)."""

    def __init__(self, filings: Iterable[Filing], found: Iterable[tuple[str, str]] = ()) -> None:
        self.found = set(found)
        stated: dict[str, dict[str, list[Fraction]]] = defaultdict(lambda: defaultdict(list))
        for owner, target, share in filings:
            if share is not None:
                stated[target][owner].append(share)
        self.graph: nx.DiGraph[str] = nx.DiGraph()
        for target, owners in stated.items():
            total = sum(max(shares) for shares in owners.values())
            for owner, shares in owners.items():
                left = 1 - (total - max(shares))
                least = min(shares) if total <= 1 else max(Fraction(0), min(min(shares), left))
                if least > 0:
                    self.graph.add_edge(owner, target, share=least)

    def least(self, owner: str, target: str) -> Fraction:
        """Return the smallest reading of a stake, 0 where there is none."""
        found: Fraction = self.graph.get_edge_data(owner, target, {"share": Fraction(0)})["share"]
        return found

    def look_through(self, owners: Collection[str]) -> dict[str, Fraction]:
        """Return what owners hold: the chance of meeting one when walking up at random."""
        given = [each for each in owners if each in self.graph]
        below = set().union(*(nx.descendants(self.graph, each) for each in given)) - set(owners)
        nodes = sorted(below)
        rows = []
        for j in nodes:
            above = [int(j == k) - self.least(k, j) for k in nodes]
            rows.append([*above, sum((self.least(each, j) for each in given), Fraction(0))])
        return dict(zip(nodes, _solved(rows), strict=True))

    def cascade(self, owners: Collection[str], *, exceed: bool) -> set[str]:
        """Return what owners control: add, until nothing changes, what they have half of."""
        controlled = set(owners)
        while True:
            more = {target for owner, target in self.found if owner in controlled}
            for target in self.graph:
                held = sum(
                    (self.least(owner, target) for owner in controlled - {target}), Fraction(0)
                )
                if held > HALF or (held == HALF and not exceed):
                    more.add(target)
            if more <= controlled:
                return controlled - set(owners)
            controlled |= more


def _solved(rows: list[list[Fraction]]) -> list[Fraction]:
    """Return the solution of square equations, each row with its right side last."""
    for at in range(len(rows)):
        pivot = next(row for row in range(at, len(rows)) if rows[row][at])
        rows[at], rows[pivot] = rows[pivot], rows[at]
        rows[at] = [value / rows[at][at] for value in rows[at]]
        for other, row in enumerate(rows):
            if other != at and row[at]:
                rows[other] = [a - row[at] * b for a, b in zip(row, rows[at], strict=True)]
    return [row[-1] for row in rows]
