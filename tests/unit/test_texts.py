"""The catalogue of sentences: complete, bilingual, and used."""

import re
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
import yaml

from graph.errors import DataError
from graph.texts import explain, message, phrase

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "graph" / "messages").glob("*.yaml"))
SOURCES = [
    path
    for folder in ("graph", "resolvers", "loaders", "api")
    for path in sorted((ROOT / folder).rglob("*.py"))
]


@cache
def catalogue() -> dict[str, dict[str, Any]]:
    return {
        key: entry
        for file in FILES
        for key, entry in yaml.safe_load(file.read_text(encoding="utf-8")).items()
    }


@cache
def source_text() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)


def test_no_key_is_defined_twice() -> None:
    keys = [
        line.partition(":")[0]
        for file in FILES
        for line in file.read_text(encoding="utf-8").splitlines()
        if re.match(r"\w+:", line)
    ]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("key", sorted(catalogue()))
def test_every_sentence_is_told_in_both_languages_with_the_same_facts(key: str) -> None:
    entry = catalogue()[key]
    assert set(entry) in ({"what", "why", "fix"}, {"text"})
    for part, told in entry.items():
        assert set(told) == {"zh", "en"}, part
        zh, en = (
            {name for _, name, _, _ in Formatter().parse(told[lang]) if name}
            for lang in ("zh", "en")
        )
        # A title has a name in each language: its facts may differ by that suffix.
        assert {n.removesuffix("_en") for n in zh} == {n.removesuffix("_en") for n in en}, part
        if part == "fix":
            assert told["zh"].strip()
            assert told["en"].strip()


def test_every_code_raised_is_in_the_catalogue_and_every_code_there_is_raised() -> None:
    raised = {
        code
        for path in SOURCES
        for code in re.findall(r'"(E\d{3})"', path.read_text(encoding="utf-8"))
    }
    told = {key for key in catalogue() if re.fullmatch(r"E\d{3}", key)}
    assert raised == told


def test_every_phrase_asked_for_by_name_is_in_the_catalogue() -> None:
    asked = {
        key
        for path in SOURCES
        for key in re.findall(r'\bphrase\(\s*"(\w+)"', path.read_text(encoding="utf-8"))
    }
    assert len(asked) > 20
    assert asked <= {key for key, entry in catalogue().items() if "text" in entry}


def test_every_sentence_can_be_shown_on_a_gbk_console() -> None:
    for key, entry in catalogue().items():
        for told in entry.values():
            for sentence in told.values():
                # GBK has no emoji, tick or warning sign; an office's console shows `?`.
                assert sentence == sentence.encode("gbk", "replace").decode("gbk"), key


@pytest.mark.parametrize("key", sorted(key for key in catalogue() if "text" in catalogue()[key]))
def test_every_phrase_is_used(key: str) -> None:
    texts = source_text()
    composed = re.findall(r'phrase\(\s*f"(\w*)\{[^}]*\}(\w*)"', texts)
    by_part = any(key.startswith(a) and key.endswith(b) for a, b in composed)
    assert by_part or f'"{key}"' in texts


def test_an_error_is_told_with_its_facts() -> None:
    error = DataError("E301", where="x.csv:3", found=4, expected=5)
    told = explain(error, "en")
    assert told.what == "The row has 4 cells, the header 5"
    assert told.as_dict()["where"] == "x.csv:3"
    assert "5" in message("E301", {"found": 4, "expected": 5}).what
    assert phrase("doctor_ok", "en") == "ok"
