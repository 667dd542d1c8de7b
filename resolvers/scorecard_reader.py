"""Reading scorecards: every fault is an error naming file, key and reason."""

from collections.abc import Collection, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from graph.errors import DataError
from graph.sanctions.fields import read_mapping
from resolvers.blocking import BlockingKey
from resolvers.name_columns import COLUMNS
from resolvers.scorecard import FeatureSpec, Limits, Rarity, Scorecard
from resolvers.scorecard_features import COMPARATORS, Option

__all__ = ["read_scorecard", "shipped", "shipped_names"]

_TOP = (
    "scorecard", "version", "key", "apart", "fields", "names", "features", "blocking", "vetoes",
    "limits", "sample",
)  # fmt: skip
# These weigh pairs of mentions (`weighing`) and have no keys to make pairs by.
_PAIRS = ("organisation", "person")
_BLOCK = 100
_SAMPLE = 300_000


def shipped(name: str) -> Traversable:
    """Return the file of a scorecard that comes with the program."""
    return files("resolvers") / "scorecards" / f"{name}.yaml"


def shipped_names() -> list[str]:
    """Return the names of the scorecards that come with the program and match tables."""
    folder = files("resolvers") / "scorecards"
    names = (file.name.removesuffix(".yaml") for file in folder.iterdir() if file.is_file())
    return sorted(name for name in names if name not in _PAIRS)


def read_scorecard(file: Path | Traversable) -> Scorecard:
    """Return the scorecard a YAML file holds.

    Raises:
        DataError: E851 no YAML, E852 unknown key, E853 key missing, E854 value unusable.
    """
    try:
        content = read_mapping(file)
    except DataError as fault:
        raise DataError("E851", where=fault.where, **fault.facts) from fault
    return _scorecard(_Entry(content, file.name))


class _Entry:
    """A mapping of the file, with where it stands."""

    def __init__(self, content: object, place: str) -> None:
        if not isinstance(content, Mapping):
            raise DataError("E854", where=place, value=str(content)[:60], allowed="{key: value}")
        self.content: Mapping[str, Any] = content
        self.place = place

    def only(self, allowed: Collection[str]) -> None:
        for key in self.content:
            if key not in allowed:
                raise self.fault("E852", key, key=key, allowed=", ".join(allowed))

    def fault(self, code: str, key: str, /, **facts: object) -> DataError:
        return DataError(code, where=f"{self.place}: {key}", **facts)

    def need(self, key: str, kind: type | tuple[type, ...], told: str) -> Any:
        if key not in self.content:
            raise self.fault("E853", key, key=key)
        return self.may(key, kind, told, None)

    def may(self, key: str, kind: type | tuple[type, ...], told: str, default: Any) -> Any:
        value = self.content.get(key, default)
        if key in self.content and (not isinstance(value, kind) or isinstance(value, bool)):
            raise self.fault("E854", key, value=str(value)[:60], allowed=told)
        return value

    def one_of(self, key: str, allowed: Collection[str]) -> str:
        value: str = self.need(key, str, ", ".join(allowed))
        if value not in allowed:
            raise self.fault("E854", key, value=value, allowed=", ".join(allowed))
        return value

    def texts(self, key: str, *, required: bool = False) -> tuple[str, ...]:
        value = self.need(key, list, "[…]") if required else self.may(key, list, "[…]", [])
        if not all(isinstance(each, str) and each for each in value) or (required and not value):
            raise self.fault("E854", key, value=str(value)[:60], allowed="[text, …]")
        return tuple(value)

    def rising(self, key: str) -> tuple[float, ...]:
        value = self.need(key, list, "[…]")
        numbers = all(isinstance(e, int | float) and not isinstance(e, bool) for e in value)
        if not value or not numbers or sorted(set(value)) != value:
            raise self.fault("E854", key, value=str(value)[:60], allowed="1 < 2 < 3 …")
        return tuple(float(each) for each in value)

    def numbers(self, key: str) -> tuple[float, ...]:
        value = self.may(key, (int, float, list), "10, or [-5, 0, 10]", [])
        told = value if isinstance(value, list) else [value]
        if not all(isinstance(e, int | float) and not isinstance(e, bool) for e in told):
            raise self.fault("E854", key, value=str(value)[:60], allowed="[-5, 0, 10]")
        return tuple(float(each) for each in told)

    def under(self, key: str) -> list[tuple[str, "_Entry"]]:
        told = self.need(key, Mapping, "{name: …}")
        return [(str(n), _Entry(each, f"{self.place}: {key}.{n}")) for n, each in told.items()]


def _scorecard(top: _Entry) -> Scorecard:
    top.only(_TOP)
    fields = _Entry(top.need("fields", Mapping, "{field: SQL}"), f"{top.place}: fields")
    told = {name: fields.need(name, str, "SQL") for name in fields.content}
    names = top.may("names", str, ", ".join(told), None)
    if names is not None:
        _known(top, "names", names, told)
    known = (*told, *(COLUMNS if names else ()))
    limits = _Entry(top.need("limits", Mapping, "{merge: …}"), f"{top.place}: limits")
    card = Scorecard(
        name=top.need("scorecard", str, "text"),
        version=top.need("version", int, "1, 2, …"),
        key=top.need("key", str, "a column"),
        apart=top.may("apart", str, "a column", None),
        fields=told,
        names=names,
        features=tuple(_feature(name, entry, known) for name, entry in top.under("features")),
        blocking=tuple(_key(name, entry) for name, entry in top.under("blocking")),
        vetoes=top.texts("vetoes"),
        limits=_limits(limits),
        sample=top.may("sample", int, "1000, …", _SAMPLE),
    )
    for veto in card.vetoes:
        _known(top, "vetoes", veto, known)
    return card


def _known(entry: _Entry, key: str, name: str, fields: Collection[str]) -> None:
    if name not in fields:
        raise entry.fault("E854", key, value=name, allowed=", ".join(fields))


def _feature(name: str, entry: _Entry, fields: Collection[str]) -> FeatureSpec:
    compare = entry.one_of("compare", COMPARATORS)
    column = entry.may("column", str, "a field", name)
    _known(entry, "column", column, fields)
    options: dict[str, Any] = {}
    wanted = COMPARATORS[compare].options
    entry.only(("column", "compare", "rarity", "most", "vetoes", "doubts", *wanted))
    for key, option in wanted.items():
        options[key] = _option(entry, key, option)
    rarity = None
    if "rarity" in entry.content:
        told = _Entry(entry.content["rarity"], f"{entry.place}.rarity")
        told.only(("steps", "since", "of"))
        of = told.may("of", str, ", ".join(fields), None)
        _known(told, "of", of or column, fields)
        rarity = Rarity(told.rising("steps"), told.need("since", int, "2, 3, …"), of)
    most = entry.numbers("most")
    vetoes, doubts = (tuple(map(int, entry.numbers(key))) for key in ("vetoes", "doubts"))
    return FeatureSpec(name, column, compare, options, rarity, most, vetoes, doubts)


def _option(entry: _Entry, key: str, option: Option) -> Any:
    if option.kind == "rising":
        return entry.rising(key)
    if option.kind == "whole":
        return entry.need(key, int, "1, 2, …")
    return entry.one_of(key, option.allowed)


def _key(name: str, entry: _Entry) -> BlockingKey:
    entry.only(("by", "then", "limit"))
    limit = entry.may("limit", int, "2, 3, …", _BLOCK)
    return BlockingKey(name, entry.texts("by", required=True), entry.texts("then"), limit)


def _limits(entry: _Entry) -> Limits:
    entry.only(("connect", "review", "merge", "largest"))
    connect, review, merge = (
        float(entry.need(key, (int, float), "-4, 2.5, …")) for key in ("connect", "review", "merge")
    )
    if review > merge:
        raise entry.fault("E854", "review", value=review, allowed=f"<= {merge}")
    return Limits(connect, review, merge, entry.may("largest", int, "2, 3, …", 400))
