"""Errors in a notebook: the sentences of the catalogue under the traceback."""

from collections.abc import Iterator
from contextlib import contextmanager

from graph.errors import CreditGraphError
from graph.texts import Lang, explain

__all__ = ["told_in"]


@contextmanager
def told_in(lang: Lang) -> Iterator[None]:
    """Add what, why and what to do to an error of ours, once."""
    try:
        yield
    except CreditGraphError as error:
        if not getattr(error, "__notes__", ()):
            told = explain(error, lang)
            for line in (told.what, told.why, told.fix):
                error.add_note(line)
        raise
