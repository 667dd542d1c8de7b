"""One answer for each key of a batch: a bad item has its own error beside the others' answers."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from api.service.problems import problem_body, status_of
from api.service.validation import refusal_of
from api.wire.check import Faulty
from graph.errors import DataError, QueryError, UsageError
from graph.texts import Lang

__all__ = ["answered"]

Item = TypeVar("Item")


def answered(
    items: Mapping[str, Item | Faulty], answer: Callable[[Item], dict[str, Any]], lang: Lang
) -> dict[str, dict[str, Any]]:
    """Return the answer of each item, or its status and error.

    Raises:
        StoreError: The store failed; no other item could be answered either.
    """
    return {key: _one(item, answer, lang) for key, item in items.items()}


def _one(
    item: Item | Faulty, answer: Callable[[Item], dict[str, Any]], lang: Lang
) -> dict[str, Any]:
    try:
        if isinstance(item, Faulty):
            raise refusal_of(item.error, lang)
        return answer(item)
    except (UsageError, QueryError, DataError) as error:
        return {"status": status_of(error), "error": problem_body(error, lang)}
