"""Answers as pandas frames; pandas is imported here and nowhere else in the package."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from api.analyst.extras import extra
from graph.ports import Finder
from graph.sanctions.explain import measure_text
from graph.texts import Lang

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["of_arrow", "of_findings", "of_mentions", "of_quality", "of_rows"]

_FINDING = (
    "id",
    "rule",
    "kind",
    "subject",
    "name",
    "measure",
    "measure_text",
    "since",
    "until",
    "suspected",
    "missing",
    "listing",
)


def of_rows(
    rows: Iterable[Mapping[str, Any]], columns: Sequence[str] | None = None
) -> "pd.DataFrame":
    """Return rows as a frame, in their order."""
    return extra("pandas").DataFrame(list(rows), columns=columns)


def of_arrow(table: pa.Table) -> "pd.DataFrame":
    """Return an Arrow table as a frame; days stay dates, as 9999-12-31 is no nanosecond."""
    extra("pandas")
    return table.to_pandas()


def of_findings(bodies: Iterable[Mapping[str, Any]], finder: Finder, lang: Lang) -> "pd.DataFrame":
    """Return findings with the name of whom each is about and its measure in words."""
    rows = []
    for body in bodies:
        subject = finder.by_id(body["subject"])
        told = {
            **body,
            "name": "" if subject is None else subject.name,
            "measure_text": measure_text(body["measure"], lang),
            "missing": ", ".join(body["missing"]),
        }
        rows.append({name: told[name] for name in _FINDING})
    return of_rows(rows, _FINDING)


def of_mentions(mentions: Iterable[Mapping[str, Any]]) -> "pd.DataFrame":
    """Return mentions with their identifiers as one text each."""
    return of_rows(
        {
            **{key: value for key, value in mention.items() if key != "identifiers"},
            "identifiers": " ".join(
                f"{each['type']}:{each['value']}" for each in mention["identifiers"]
            ),
        }
        for mention in mentions
    )


def of_quality(rows: Iterable[Mapping[str, Any]], lang: Lang) -> "pd.DataFrame":
    """Return quality rows flat, with the share of rows refused."""
    return of_rows(
        {
            "department": row["department"].get(lang, ""),
            "source": row["source"],
            **{name: row[name] for name in ("read", "accepted", "refused", "repeated", "mended")},
            "refused_share": row["refused"] / row["read"] if row["read"] else 0.0,
            "refused_for": ", ".join(f"{code} {n}" for code, n in row["refusals"].items()),
            "data_date": row["data_date"],
            "stale": row["stale"],
            "full_identifiers": row["full_identifiers"],
        }
        for row in rows
    )
