"""Sentences for people, in Chinese and English, from the catalogue beside this module."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, Literal

import yaml

from graph.errors import CreditGraphError

__all__ = ["Lang", "Message", "explain", "message", "phrase"]

Lang = Literal["zh", "en"]

# libyaml reads the catalogue ten times as fast; it is missing where PyYAML was built without.
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Message:
    """One error or refusal, told to a person."""

    code: str
    what: str
    where: str
    why: str
    fix: str

    def as_dict(self) -> dict[str, str]:
        """Return the keys of the JSON contract: code, what, where, why, fix."""
        return {
            "code": self.code,
            "what": self.what,
            "where": self.where,
            "why": self.why,
            "fix": self.fix,
        }


@cache
def _catalogue() -> dict[str, dict[str, dict[str, str]]]:
    entries: dict[str, dict[str, dict[str, str]]] = {}
    for file in sorted((files("graph") / "messages").iterdir(), key=lambda item: item.name):
        if file.name.endswith(".yaml"):
            text = file.read_text(encoding="utf-8")
            entries.update(yaml.load(text, Loader=_LOADER))  # noqa: S506 - a safe loader
    return entries


def message(
    code: str, facts: Mapping[str, object], *, where: str = "", lang: Lang = "zh"
) -> Message:
    """Return the sentences of an error or refusal code with its facts filled in."""
    entry = _catalogue()[code]
    told = {part: entry[part][lang].format_map(facts) for part in ("what", "why", "fix")}
    return Message(code=code, where=where, **told)


def explain(error: CreditGraphError, lang: Lang = "zh") -> Message:
    """Return an error as a person reads it."""
    return message(error.code, error.facts, where=error.where, lang=lang)


def phrase(key: str, lang: Lang = "zh", **facts: object) -> str:
    """Return one sentence or label of the catalogue (entries with a single `text`)."""
    return _catalogue()[key]["text"][lang].format_map(facts)
