"""Bids of the crowd: projects with their lots and who offered."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from loaders.synthetic.entries import Entry, Value
from loaders.synthetic.firms import DISTRICT_DATE
from loaders.synthetic.words import firm_words
from loaders.synthetic.world import World

__all__ = ["bids"]

# One open tender a year for so many firms.
_FIRMS_PER_PROJECT: Final = 30


def bids(world: World) -> Iterator[Entry]:
    """Yield the offers of every project, three to five firms each."""
    firms = world.plan.spans["enterprise"]
    for project in range(2 + len(firms) // _FIRMS_PER_PROJECT):
        lot = world.lot("project", project)
        opened = lot.day(date(2024, 1, 8), DISTRICT_DATE - timedelta(days=20))
        town = lot.pick(firm_words().towns)
        values: dict[str, Value] = {
            "project": f"ZSGC{opened.year}{project + 1:05d}",
            "title": f"{town}{lot.pick(firm_words().works)}",
            "lot": lot.pick(("", "一标段", "二标段")),
            "opened": opened,
        }
        first = lot.below(len(firms))
        count = min(3 + lot.below(3), len(firms))
        for step in range(count):
            bidder = world.organisation(firms.start + (first + step * 7) % len(firms))
            head = world.head(bidder, opened)
            told: dict[str, Value] = {**values, "price": f"{1_000_000 + lot.below(900_000)}"}
            told["won"] = "是" if step == 0 else "否"
            yield Entry({"subject": (bidder,), "legal_representative": (head,)}, told, opened)
