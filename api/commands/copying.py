"""`creditgraph copy`: all of one store into another, under the same key."""

from contextlib import closing

from api.exits import OK
from api.keys import load_or_make_key
from api.output import Output
from api.settings import Settings
from api.stores import open_store
from graph.errors import StoreError, UsageError
from graph.secrecy import Seal
from graph.texts import phrase
from graph.transfer import PARTS, Transfer, content

__all__ = ["copy"]


def copy(source: Settings, target: Settings, out: Output, *, json: bool) -> int:
    """Copy a store into an empty one; a target that holds the same already is left alone.

    Raises:
        UsageError: E532 source and target are one.
        StoreError: E531 the target holds other data; E501 it has another key.
    """
    if source.store == target.store:
        raise UsageError("E532", store=source.store_text)
    seal = Seal(load_or_make_key(source.key_file))
    with (
        closing(open_store(source.store, seal, new=False)) as giver,
        closing(open_store(target.store, seal, new=True, copying=True)) as taker,
        giver.transfer.handing_over(),
    ):
        known = not taker.transfer.empty()
        give = _same if known else _moved
        rows = give(giver.transfer, taker.transfer, out, target)
    if json:
        stores = {"from": source.store_text, "to": target.store_text}
        out.document({**stores, "known": known, "rows": rows})
    else:
        told = {"rows": sum(rows.values()), "store": target.store_text}
        out.say(phrase("copy_known" if known else "copied", source.lang, **told))
    return OK


def _same(giver: Transfer, taker: Transfer, out: Output, target: Settings) -> dict[str, int]:
    """Return the rows of a target that holds the same already."""
    with out.progress(phrase("copying", target.lang)):
        held = content(giver)
        if content(taker) != held:
            raise StoreError("E531", where=target.store_text)
    return {part: count for part, (count, _) in held.items()}


def _moved(giver: Transfer, taker: Transfer, out: Output, target: Settings) -> dict[str, int]:
    counts = dict.fromkeys(PARTS, 0)
    with taker.taking_over(), out.progress(phrase("copying", target.lang)) as advance:
        for part in PARTS:
            for rows in giver.dump(part):
                taker.restore(part, rows)
                counts[part] += len(rows)
                advance(len(rows))
    return counts
