"""Errors in a notebook: the sentences of the catalogue under the traceback."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from graph.errors import CreditGraphError
from graph.texts import Lang, explain

__all__ = ["language", "told_in"]


def language() -> Lang:
    """Return the language of errors before a store, and its settings, are at hand."""
    return "en" if os.environ.get("CREDITGRAPH_LANG") == "en" else "zh"


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
