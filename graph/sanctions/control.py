"""Who owns and who controls an organisation, directly and through others, on a day.

Two doctrines, both on the smallest reading of the filings (`graph.sanctions.stakes`):

*Look-through* multiplies: half of a half is a quarter. What owners hold of an organisation is the
chance of meeting one of them when asking at random who owns it, who owns that owner, and so on:
the solution of (I-A)x = b over what they hold directly or through others. Cycles and
cross-holdings are part of the equation, the result lies between 0 and 1, and a ring of firms
that only own each other belongs to nobody outside it.

*Cascade* counts in full: whoever has half of an organisation has all it holds (OFAC, FAQ 401).
It is the least fixed point of adding what is controlled to what is held, so cycles end by
themselves. A controller found by an authority controls whatever the shares. An organisation's
shares in itself count for nobody.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy.sparse import csr_array, eye_array
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import splu

from graph.sanctions.stakes import (
    AT_LEAST_HALF,
    MORE_THAN_HALF,
    Filings,
    Stake,
    Threshold,
    ends,
)

__all__ = ["AT_LEAST_HALF", "MORE_THAN_HALF", "Ownership"]

Nodes = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]

# Rings of firms that own each other, up to so many, need no thought about the order of pivots.
_LARGE_RING: Final = 1_000


@dataclass(frozen=True)
class Ownership:
    """Who owns and controls whom on one day.

    Attributes:
        filings: The stakes all answers rest on.
    """

    filings: Filings

    @classmethod
    def of(cls, subjects: pa.Table, relations: pa.Table, as_of: date) -> "Ownership":
        """Return who owns what on a day, from tables as `Network` takes them.

        Raises:
            DataError: E744, an end of a filing is not among the subjects.

        Cost: about 4 s for 1 M subjects with 3 M filings of shares.
        """
        return cls(Filings.of(subjects, relations, as_of))

    def stakes_in(self, target: str) -> list[Stake]:
        """Return everybody's stake in an organisation, by owner's id."""
        node = self._nodes.get(target)
        return [] if node is None else self.filings.into(node)

    def contradictory(self) -> list[str]:
        """Return the organisations whose filings contradict each other, by id."""
        return self.filings.contradictory()

    def look_through(self, owners: Collection[str]) -> dict[str, float]:
        """Return the share owners together hold of each organisation, by multiplication.

        Only organisations they hold some of; a share of an owner in another is not counted.

        Cost: of 1 M subjects, seconds for 50,000 owners together; milliseconds for a few.
        """
        seeds = self._known(owners)
        held = self._reached_from(seeds)
        if not len(held):
            return {}
        inner, order, large = _owners_first(self._shares, held)
        direct = np.asarray(self._shares[seeds][:, order].sum(axis=0)).ravel()
        # All but triangular, with a dominant diagonal: factors stay as sparse as itself.
        equations = (eye_array(len(order)) - inner.T).tocsc()
        ordering = "COLAMD" if large else "NATURAL"
        solved = splu(equations, permc_spec=ordering, diag_pivot_thresh=0.0).solve(direct)
        return dict(zip(self._ids_of(order), np.clip(solved, 0.0, 1.0).tolist(), strict=True))

    def cascade(
        self, owners: Collection[str], threshold: Threshold = AT_LEAST_HALF
    ) -> dict[str, float]:
        """Return the organisations owners together control, with the share counted to them.

        The share may be below the threshold where an authority found control.

        Cost: each holding of what they control is looked at once.
        """
        rounds, held = self._cascade(self._known(owners), threshold)
        nodes = np.flatnonzero(rounds > 0).astype(np.int32)
        return dict(zip(self._ids_of(nodes), held[nodes].tolist(), strict=True))

    def proof(
        self, owners: Collection[str], target: str, threshold: Threshold = AT_LEAST_HALF
    ) -> list[Stake]:
        """Return the stakes by which a cascade reaches an organisation, its own last.

        Empty when it is not controlled.
        """
        rounds, _ = self._cascade(self._known(owners), threshold)
        node = self._nodes.get(target)
        if node is None or rounds[node] <= 0:
            return []
        steps: list[tuple[int, Stake]] = []
        wanted, asked = [node], {node}
        while wanted:
            at = wanted.pop()
            for owner, stake in self._counted(at, rounds):
                steps.append((int(rounds[at]), stake))
                if rounds[owner] > 0 and owner not in asked:
                    asked.add(owner)
                    wanted.append(owner)
        steps.sort(key=lambda step: (step[0], step[1].target, step[1].owner, step[1].flags))
        return [stake for _, stake in steps]

    def controls(self, threshold: Threshold = AT_LEAST_HALF) -> pa.Table:
        """Return every owner with every organisation it controls by cascade.

        Returns:
            owner, organisation (ids), share (counted to the owner), in the order of subjects.

        Cost: as many products of sparse matrices as the longest chain has links.
        """
        size, held = self._size, self._others
        found = told = _pattern(*ends(self.filings.found), size)
        seen = csr_array((size, size))
        while True:
            pairs, findings = held.tocoo(), told.tocoo()
            met = threshold.met(pairs.data)
            owners = np.concatenate([pairs.row[met], findings.row])
            now = _pattern(owners, np.concatenate([pairs.col[met], findings.col]), size)
            fresh = (now - seen).tocsr()
            fresh.eliminate_zeros()
            if not fresh.nnz:
                break
            # What is newly controlled brings all it holds, and whom it is found to control.
            held = (held + fresh @ self._others).tocsr()
            told = (told + fresh @ found).tocsr()
            seen = now
        owners, targets = seen.nonzero()
        shares = np.asarray(held[owners, targets]).ravel() if len(owners) else np.zeros(0)
        return pa.table(
            {"owner": self.filings.ids.take(owners), "organisation": self.filings.ids.take(targets)}
        ).append_column("share", pa.array(shares, pa.float64()))

    @cached_property
    def _nodes(self) -> dict[str, int]:
        ids = self.filings.ids.to_pylist()
        return dict(zip(ids, range(len(ids)), strict=True))

    @property
    def _size(self) -> int:
        return len(self.filings.ids)

    @cached_property
    def _shares(self) -> csr_array:
        """Smallest readings above nought: owner rows, target columns."""
        filings = self.filings
        held = filings.least > 0
        places = (filings.owner[held], filings.target[held])
        return csr_array((filings.least[held], places), shape=(self._size, self._size))

    @cached_property
    def _others(self) -> csr_array:
        """The same without an organisation's shares in itself."""
        pairs = self._shares.tocoo()
        other = pairs.row != pairs.col
        places = (pairs.row[other], pairs.col[other])
        return csr_array((pairs.data[other], places), shape=pairs.shape)

    def _known(self, owners: Collection[str]) -> Nodes:
        nodes = sorted({self._nodes[each] for each in owners if each in self._nodes})
        return np.array(nodes, dtype=np.int32)

    def _ids_of(self, nodes: Nodes) -> list[str]:
        ids: list[str] = self.filings.ids.take(pa.array(nodes)).to_pylist()
        return ids

    def _reached_from(self, seeds: Nodes) -> Nodes:
        seen = np.zeros(self._size, dtype=bool)
        seen[seeds] = True
        frontier = seeds
        while len(frontier):
            nodes = np.unique(self._shares[frontier].indices)
            frontier = nodes[~seen[nodes]]
            seen[frontier] = True
        seen[seeds] = False
        return np.flatnonzero(seen).astype(np.int32)

    def _cascade(self, seeds: Nodes, threshold: Threshold) -> tuple[Nodes, Floats]:
        """Return for each node the round that added it (0 an owner, -1 none) and what is held."""
        rounds = np.full(self._size, -1, dtype=np.int32)
        rounds[seeds] = 0
        held = np.zeros(self._size)
        finders, targets = ends(self.filings.found)
        frontier, turn = seeds, 0
        while len(frontier):
            turn += 1
            rows = self._others[frontier]
            held += np.bincount(rows.indices, rows.data, minlength=len(held))
            met = threshold.met(held)
            met[targets[np.isin(finders, frontier)]] = True
            frontier = np.flatnonzero(met & (rounds < 0)).astype(np.int32)
            rounds[frontier] = turn
        return rounds, held

    def _counted(self, target: int, rounds: Nodes) -> list[tuple[int, Stake]]:
        """Return the owners whose stake in a target was counted when it was added."""
        filings = self.filings
        before = (rounds >= 0) & (rounds < rounds[target])
        among = (filings.target == target) & before[filings.owner] & (filings.least > 0)
        counted = [
            (int(filings.owner[place]), filings.stake(place))
            for place in np.flatnonzero(among).tolist()
        ]
        finders, found = ends(filings.found)
        for owner in np.unique(finders[(found == target) & before[finders]]).tolist():
            counted.append((owner, filings.finding(owner, target)))
        return counted


def _pattern(owners: Nodes, targets: Nodes, size: int) -> csr_array:
    """Return ones at these places, each once, nobody with himself."""
    other = owners != targets
    places = (owners[other], targets[other])
    ones = csr_array((np.ones(int(other.sum())), places), shape=(size, size))
    ones.sum_duplicates()
    ones.data[:] = 1
    return ones


def _owners_first(shares: csr_array, nodes: Nodes) -> tuple[csr_array, Nodes, bool]:
    """Return the shares among nodes with owners before what they own, and whether rings are large.

    Within a ring of firms that own each other any order is as good.
    """
    inner = shares[nodes][:, nodes]
    _, rings = connected_components(inner, directed=True, connection="strong")
    # Components are numbered as they are left, so what owns nothing further comes first.
    places = np.argsort(-rings, kind="stable")
    large = int(np.bincount(rings).max()) > _LARGE_RING
    return inner[places][:, places], nodes[places], large
