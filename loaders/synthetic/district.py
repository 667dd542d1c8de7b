"""An invented district as department files, with the truth of who is meant where."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, Final

from graph.errors import UsageError
from loaders.synthetic.bids import bids
from loaders.synthetic.bulk import listed, mended
from loaders.synthetic.chance import Lot
from loaders.synthetic.entries import Entry
from loaders.synthetic.feeds import Feed, feeds, render
from loaders.synthetic.rates import BROKEN_EVERY, REPEATED
from loaders.synthetic.registers import REGISTERS
from loaders.synthetic.stories import Cast, read_cast
from loaders.synthetic.world import World, plan_for
from loaders.synthetic.writers import FeedFile, Truth

__all__ = ["Generated", "generate"]

_SMALLEST: Final = 100
_LARGEST: Final = 10_000_000
_TOLD_EVERY: Final = 2_000


@dataclass(frozen=True, slots=True)
class Generated:
    """What `generate` wrote.

    Attributes:
        rows: Rows below the headers, broken and repeated ones included.
        mentions: Lines of truth.
    """

    files: tuple[Path, ...]
    truth: Path
    organisations: int
    people: int
    rows: int
    mentions: int


def generate(
    subjects: int, seed: int, out: Path, progress: Callable[[int], None] | None = None
) -> Generated:
    """Write `out/files/` and `out/truth.csv`; the same arguments give the same bytes.

    Args:
        subjects: Organisations and people together, about two to three; the scripted cast
            (some sixty) is among them. Fewer than 100 give 100.
        seed: Any number; the stories are the same for all seeds, the crowd is not.
        progress: Called with the number of rows written since the last call.

    Raises:
        UsageError: E801 `subjects` is out of range; E802 `out` holds other files.

    Cost: about 25 microseconds a row; memory does not grow with the number of subjects.
    """
    if not 1 <= subjects <= _LARGEST:
        raise UsageError("E801", subjects=subjects, least=1, most=_LARGEST)
    subjects = max(subjects, _SMALLEST)
    folder = _empty_folder(out / "files")
    cast = read_cast()
    plan = plan_for(subjects - cast.size, seed)
    world = World(plan, cast.organisations, cast.people)
    paths: list[Path] = []
    rows = 0
    with Truth(out / "truth.csv") as truth:
        for feed in feeds():
            with FeedFile(folder, feed, truth) as file:
                _fill(file, feed, _entries(world, feed, cast), world, progress or _tell_nobody)
            paths.extend(file.paths)
            rows += file.written
        mentions = truth.lines
    organisations = sum(len(span) for span in plan.spans.values()) + len(cast.organisations)
    return Generated(
        files=tuple(paths),
        truth=out / "truth.csv",
        organisations=organisations,
        people=plan.people + len(cast.people),
        rows=rows,
        mentions=mentions,
    )


def _empty_folder(folder: Path) -> Path:
    if folder.exists() and any(folder.iterdir()):
        raise UsageError("E802", where=str(folder))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _tell_nobody(_rows: int) -> None:
    pass


def _entries(world: World, feed: Feed, cast: Cast) -> Iterator[Entry]:
    """Yield a feed's entries: the stories' first, then the crowd's."""
    maker = feed.bulk.maker
    if maker in REGISTERS:
        crowd = REGISTERS[maker](world, feed)
    elif maker == "bids":
        crowd = bids(world)
    elif feed.bulk.like:
        original = next(other for other in feeds() if other.source == feed.bulk.like)
        crowd = mended(world, feed, original)
    else:
        crowd = listed(world, feed)
    return chain(cast.rows.get(feed.source, ()), crowd)


def _fill(
    file: FeedFile, feed: Feed, entries: Iterator[Entry], world: World, tell: Callable[[int], None]
) -> None:
    told = 0
    for place, entry in enumerate(entries):
        lot = Lot(world.seed, feed.source, place)
        cells, mentions = render(feed, entry, lot)
        file.write(list(cells), mentions)
        if lot.chance(REPEATED) or (feed.repeats and place == 0):
            file.write(list(cells), mentions)
        # At once, so that the smallest file shows them too.
        if place % BROKEN_EVERY == 0:
            for how in feed.layout.broken:
                file.write(_broken(cells, how, feed), [])
        if file.written - told >= _TOLD_EVERY:
            tell(file.written - told)
            told = file.written
    tell(file.written - told)


def _broken(cells: list[str], how: str, feed: Feed) -> list[Any]:
    """Return a row that a loader must refuse, or a blank line."""
    match how:
        case "blank":
            return []
        case "ragged":
            # A comma inside an unquoted text: one cell too many.
            return [*cells, "等"]
        case "nul":
            # Padding of a fixed-width record of an old database.
            return [cells[0] + "\0\0", *cells[1:]]
        case "nameless":
            return ["" if column.what == "name" else cell for column, cell in _zip(feed, cells)]
        case _:
            # Typed as a number, the last three digits are already lost.
            return [
                int(float(cell[:17] + "0"))
                if column.what == "card" and cell[:17].isdigit()
                else cell
                for column, cell in _zip(feed, cells)
            ]


def _zip(feed: Feed, cells: list[str]) -> Iterator[tuple[Any, str]]:
    return zip(feed.columns, cells, strict=True)
