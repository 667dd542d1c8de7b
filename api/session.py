"""What one command works with: settings, store, clock, output, all wired here."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any

from api.check import Desk
from api.keys import load_or_make_key
from api.output import Output
from api.settings import Settings
from api.stores import open_store
from graph.ports import Store
from graph.sanctions.rulebook import Rulebook, load_rulebook
from graph.secrecy import Seal
from graph.texts import Lang, message, phrase
from loaders.manifest import Manifest
from loaders.manifest_reader import read_manifests

__all__ = ["Session", "open_session"]


@dataclass(frozen=True)
class Session:
    """An open store and everything a command needs beside it.

    Attributes:
        now: When the command started; the only clock anything below reads.
        json: Answers are one JSON document instead of text.
    """

    settings: Settings
    store: Store
    seal: Seal
    out: Output
    now: datetime
    json: bool

    @property
    def lang(self) -> Lang:
        """The language of texts."""
        return self.settings.lang

    @property
    def reviewer(self) -> str:
        """Who judges; '' when nobody said."""
        return self.settings.reviewer

    @property
    def today(self) -> date:
        """The day questions are asked about unless they name one."""
        return self.now.astimezone().date()

    @cached_property
    def rulebook(self) -> Rulebook:
        """The shipped rulebook."""
        return load_rulebook()

    @cached_property
    def manifests(self) -> tuple[Manifest, ...]:
        """The shipped manifests."""
        return read_manifests()

    @cached_property
    def desk(self) -> Desk:
        """The desk that answers questions about subjects."""
        return Desk(self.store, self.rulebook, self.manifests, self.seal, self.lang)

    def told(self, code: str, facts: Mapping[str, Any]) -> dict[str, str]:
        """Return a refusal's sentences as JSON keys."""
        return message(code, facts, lang=self.lang).as_dict()

    def table(self, heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Print rows under translated headings."""
        self.out.table([phrase(f"head_{head}", self.lang) for head in heads], rows)

    def pairs(self, values: Mapping[str, Any]) -> None:
        """Print key-value lines under translated headings."""
        for key, value in values.items():
            self.out.line(f"{phrase(f'head_{key}', self.lang)}: {'' if value is None else value}")


@contextmanager
def open_session(
    settings: Settings,
    out: Output,
    *,
    json: bool,
    new: bool,
    known_at: datetime | None = None,
) -> Iterator[Session]:
    """Open the store of the settings.

    Args:
        new: A store that is not there is made, and the installation key with it.
        known_at: Answer as the store was known then; None is now.

    Raises:
        StoreError: E517, there is no such store.
    """
    seal = Seal(load_or_make_key(settings.key_file))

    def waits() -> None:
        out.say(phrase("store_waits", settings.lang))

    store = open_store(settings.store, seal, new=new, known_at=known_at, on_wait=waits)
    with closing(store):
        yield Session(settings, store, seal, out, datetime.now(UTC), json)
