"""What filings of shares say on a day, and how much of it may be relied on.

Filings overlap and contradict each other. Nothing is averaged or scaled to 100 %:

- The same share of one owner stated twice is one share. Two different ones are contradictory:
  the owner has at least the smallest.
- Shares of one organisation that sum above 100 % are contradictory: somebody's is too high and
  nobody knows whose. An owner has at least what is left when all others have the most that is
  stated for them: of 80 % and 40 % at least 60 % and 20 %; of 60 % and 60 %, 40 % each.
- A filing without a share states that there is one, and meets no threshold.

Thresholds are asked of this smallest reading alone.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graph.errors import DataError
from graph.network import Network
from graph.relations import registered

__all__ = [
    "AT_LEAST_HALF",
    "MORE_THAN_HALF",
    "Filings",
    "Stake",
    "Threshold",
    "ends",
    "least_share",
]

Nodes = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]

ROUNDING: Final = 1e-9
"""Shares are filed with a few decimals; sums of them are off by less than this."""

NOMINEE: Final = r"代持|代为持有|名义股东|名义持有|(?i:nominee)"
"""In an owner's name: it holds for somebody else; the register cannot say for whom."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """A share that has to be reached, or exceeded.

    Attributes:
        share: Fraction of 1.
        exceed: The share itself is not enough.
    """

    share: float
    exceed: bool

    def met(self, shares: Floats) -> npt.NDArray[np.bool_]:
        """Tell for each share whether it meets the threshold; NaN never does."""
        if self.exceed:
            return shares > self.share + ROUNDING
        return shares >= self.share - ROUNDING


AT_LEAST_HALF: Final = Threshold(0.5, exceed=False)
"""Half counts: the reading of OFAC's 50 Percent Rule (FAQ 401)."""

MORE_THAN_HALF: Final = Threshold(0.5, exceed=True)
"""公司法(2023) 265(二): a controlling shareholder holds more than 50 %."""


@dataclass(frozen=True, slots=True)
class Stake:
    """What one owner holds of one organisation on a day.

    Attributes:
        least: Smallest reading of the filings, None when no filing states a share.
        most: Largest share stated.
        flags: `differing` filings, `over_100` in sum, `unknown` share, `nominee` (代持) owner,
            `found` to control by an authority, whatever the share.
        sure: Every filing identifies both ends strongly.
        records: Of the filings, sorted.
    """

    owner: str
    target: str
    least: float | None
    most: float | None
    flags: tuple[str, ...]
    sure: bool
    records: tuple[str, ...]


@dataclass(frozen=True)
class Filings:
    """Every stake and every finding of control registered on a day, between nodes.

    Attributes:
        ids: Subject ids; a node is a position in it.
        owner: Owners' nodes, one entry for each owner and target, sorted by target, then owner.
        target: The organisations' nodes.
        least: Smallest readings; NaN where no share is stated.
        most: Largest shares stated; NaN where none is.
        differing: Whether filings of this stake state different shares.
        over: Whether the organisation's shares sum above 100 %.
        shares: The rows behind them: owner, target (nodes), share, record, strong.
        found: Controllers found by an authority, in the same columns.
        nominees: For each node whether its name says that it holds for somebody else.
    """

    ids: pa.Array
    owner: Nodes
    target: Nodes
    least: Floats
    most: Floats
    differing: npt.NDArray[np.bool_]
    over: npt.NDArray[np.bool_]
    shares: pa.Table
    found: pa.Table
    nominees: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, subjects: pa.Table, relations: pa.Table, as_of: date) -> "Filings":
        """Return what is filed on a day; unknown dates count as registered.

        Raises:
            DataError: E744, an end of a filing is not among the subjects.
        """
        names = subjects.column("name").combine_chunks().fill_null("")
        ties = registered(relations, as_of)
        shares, found = (
            _between(subjects, _of_type(ties, kind)) for kind in ("shareholder", "controller")
        )
        grouped = shares.group_by(["owner", "target"]).aggregate(
            [("share", "min"), ("share", "max")]
        )
        grouped = grouped.sort_by([("target", "ascending"), ("owner", "ascending")])
        owners, targets = ends(grouped)
        lowest, most = (_numbers(grouped.column(f"share_{name}")) for name in ("min", "max"))
        stated = np.nan_to_num(most)
        sums = np.bincount(targets, weights=stated, minlength=len(subjects))[targets]
        over = sums > 1 + ROUNDING
        # What sums leave of nothing must be nothing: a ring would make much of it.
        left = 1 - (sums - stated)
        left[left < ROUNDING] = 0.0
        return cls(
            ids=subjects.column("id").combine_chunks(),
            owner=owners,
            target=targets,
            least=np.where(over, np.minimum(lowest, left), lowest),
            most=most,
            differing=most > lowest,
            over=over,
            shares=shares,
            found=found,
            nominees=pc.match_substring_regex(names, NOMINEE).to_numpy(zero_copy_only=False),
        )

    def contradictory(self) -> list[str]:
        """Return the organisations whose filings contradict each other, by id."""
        nodes = np.unique(self.target[self.over | self.differing])
        ids: list[str] = self.ids.take(pa.array(nodes)).to_pylist()
        return sorted(ids)

    def into(self, target: int) -> list[Stake]:
        """Return everybody's stake in an organisation, by owner's id."""
        first, last = np.searchsorted(self.target, [target, target + 1]).tolist()
        return sorted(map(self.stake, range(first, last)), key=lambda stake: stake.owner)

    def stake(self, place: int) -> Stake:
        """Return one entry as a value."""
        owner, target = int(self.owner[place]), int(self.target[place])
        least, most = float(self.least[place]), float(self.most[place])
        flags = {
            "differing": self.differing[place],
            "over_100": self.over[place],
            "unknown": np.isnan(most),
            "nominee": self.nominees[owner],
        }
        records, sure = _rows(self.shares, owner, target)
        return Stake(
            owner=self.ids[owner].as_py(),
            target=self.ids[target].as_py(),
            least=None if np.isnan(least) else least,
            most=None if np.isnan(most) else most,
            flags=tuple(flag for flag, raised in flags.items() if raised),
            sure=sure,
            records=records,
        )

    def finding(self, owner: int, target: int) -> Stake:
        """Return an authority's finding of control as a stake without a share."""
        records, sure = _rows(self.found, owner, target)
        between = (self.ids[owner].as_py(), self.ids[target].as_py())
        return Stake(*between, None, None, ("found",), sure, records)


def ends(ties: pa.Table) -> tuple[Nodes, Nodes]:
    """Return the owner and target columns of a table of ties."""
    return ties.column("owner").to_numpy(), ties.column("target").to_numpy()


def least_share(network: Network, index: int, on: date) -> float | None:
    """Return the smallest reading of the share a tie states, None when none is stated.

    The same reading as `Filings`, of one tie; it costs a look at its organisation's owners.
    """
    lowest: dict[int, float] = {}
    most: dict[int, float] = {}
    for tie in network.holders(network.target(index), ("shareholder",), on):
        share, owner = network.share(tie), network.source(tie)
        if share is not None:
            lowest[owner] = min(share, lowest.get(owner, share))
            most[owner] = max(share, most.get(owner, share))
    owner = network.source(index)
    if owner not in lowest:
        return network.share(index)
    others = sum(sorted(share for each, share in most.items() if each != owner))
    if others + most[owner] <= 1 + ROUNDING:
        return lowest[owner]
    left = 1 - others
    return min(lowest[owner], left) if left >= ROUNDING else 0.0


def _of_type(relations: pa.Table, kind: str) -> pa.Table:
    return relations.filter(pc.equal(relations.column("type"), kind))


def _between(subjects: pa.Table, ties: pa.Table) -> pa.Table:
    """Return ties between nodes, each with whether both its ends are strongly identified."""
    ids = subjects.column("id").combine_chunks()
    strong = subjects.column("strong").combine_chunks().fill_null(False)
    owners, targets = (_nodes(ties.column(end), ids) for end in ("source", "target"))
    both = pc.and_(strong.take(owners), strong.take(targets))
    if "strong" in ties.column_names:
        both = pc.and_(both, ties.column("strong").combine_chunks().fill_null(False))
    return pa.table(
        {
            "owner": owners,
            "target": targets,
            "share": ties.column("share"),
            "record": ties.column("record"),
            "strong": both,
        }
    )


def _nodes(column: pa.ChunkedArray, ids: pa.Array) -> pa.Array:
    nodes = pc.index_in(column.combine_chunks(), value_set=ids)
    if nodes.null_count:
        strange = pc.filter(column.combine_chunks(), nodes.is_null())[0].as_py()
        raise DataError("E744", id=strange)
    return nodes


def _numbers(column: pa.ChunkedArray) -> Floats:
    numbers: Floats = column.combine_chunks().cast(pa.float64()).fill_null(np.nan).to_numpy()
    return numbers


def _rows(ties: pa.Table, owner: int, target: int) -> tuple[tuple[str, ...], bool]:
    """Return the records that state a tie, and whether all identify both ends strongly."""
    owners, targets = ends(ties)
    rows = ties.take(np.flatnonzero((owners == owner) & (targets == target)))
    records = {each for each in rows.column("record").to_pylist() if each is not None}
    return tuple(sorted(records)), all(rows.column("strong").to_pylist())
