"""How measures of a partition are told: as JSON, and as the cells of a table."""

from collections.abc import Mapping
from typing import Any, Final

from api.output import Output
from graph.texts import Lang, phrase
from resolvers.evaluate import Measure, Quality

__all__ = ["told", "told_table"]

_HEADS: Final = (
    "stratum",
    "mentions_met",
    "precision",
    "recall",
    "f1",
    "bcubed_precision",
    "bcubed_recall",
    "bcubed_f1",
    "wrong",
    "missed",
)


def told(found: Quality) -> dict[str, Any]:
    """Return measures as JSON; a share is null where there was nothing to count."""
    return {
        "rows": found.rows,
        "pairwise": {
            **_shares(found.precision, found.recall, found.f1),
            "pairs": found.pairs,
            "wrong": found.wrong,
            "missed": found.missed,
        },
        "bcubed": _shares(found.bcubed_precision, found.bcubed_recall, found.bcubed_f1),
    }


def _shares(precision: Measure, recall: Measure, f1: float | None) -> dict[str, Any]:
    """Return shares with the 95 % intervals they are likely to lie in."""
    return {
        "precision": precision.value,
        "recall": recall.value,
        "f1": f1,
        "precision_interval": [precision.low, precision.high],
        "recall_interval": [recall.low, recall.high],
    }


def told_table(output: Output, measured: Mapping[str, Quality], lang: Lang) -> None:
    """Print a row for each name."""
    heads = [phrase(f"head_{name}", lang) for name in _HEADS]
    output.table(heads, [_cells(name, each) for name, each in measured.items()])


def _cells(name: str, found: Quality) -> tuple[Any, ...]:
    return (
        name,
        found.rows,
        _share(found.precision),
        _share(found.recall),
        _number(found.f1),
        _share(found.bcubed_precision),
        _share(found.bcubed_recall),
        _number(found.bcubed_f1),
        found.wrong,
        found.missed,
    )


def _share(measure: Measure) -> str:
    if measure.value is None:
        return ""
    return f"{measure.value:.5f} [{measure.low:.5f}, {measure.high:.5f}]"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.5f}"
