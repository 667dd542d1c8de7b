"""Libraries that only analysts need, imported when they are used."""

from importlib import import_module
from types import ModuleType

from api.analyst.telling import language, told_in
from graph.errors import UsageError

__all__ = ["extra"]


def extra(name: str) -> ModuleType:
    """Return a module of the extra `notebooks`.

    Raises:
        UsageError: E126, it is not installed.
    """
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        with told_in(language()):
            raise UsageError("E126", module=name) from error
