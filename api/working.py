"""What judging needs: an open store, the rules, the clock, and who judges."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Protocol

from api.check import Desk
from graph.ports import Store
from graph.sanctions.rulebook import Rulebook
from graph.texts import Lang

__all__ = ["Working"]


class Working(Protocol):
    """A command's session, or one request to the service."""

    @property
    def store(self) -> Store:
        """The store."""
        ...

    @property
    def rulebook(self) -> Rulebook:
        """The rules that findings follow from."""
        ...

    @property
    def desk(self) -> Desk:
        """The desk that answers questions about subjects."""
        ...

    @property
    def lang(self) -> Lang:
        """The language of texts."""
        ...

    @property
    def now(self) -> datetime:
        """When it began; the only clock."""
        ...

    @property
    def today(self) -> date:
        """The day questions are asked about."""
        ...

    @property
    def reviewer(self) -> str:
        """Who judges; '' when nobody said."""
        ...

    def told(self, code: str, facts: Mapping[str, Any]) -> dict[str, str]:
        """Return a refusal's sentences as JSON keys."""
        ...
