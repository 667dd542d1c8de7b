"""Answers as pandas frames."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from api.analyst.extras import extra
from graph.ports import Finder
from graph.sanctions.explain import measure_text
from graph.texts import Lang

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "of_arrow",
    "of_findings",
    "of_mentions",
    "of_pairs",
    "of_quality",
    "of_rows",
    "of_tasks",
    "of_told",
]

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
_TOLD = ("name", "rule", "kind", "role", "measure_text", "since", "until", "missing", "suspected")


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


def of_told(findings: Iterable[Mapping[str, Any]], lang: Lang) -> "pd.DataFrame":
    """Return findings of an answer, with their sentence where it gives one."""
    rows = [
        {
            **finding,
            "measure_text": measure_text(finding["measure"], lang),
            "missing": ", ".join(finding["missing"]),
        }
        for finding in findings
    ]
    columns = [name for name in (*_TOLD, "text") if all(name in row for row in rows)]
    return of_rows(({name: row[name] for name in columns} for row in rows), columns)


def of_tasks(bodies: Iterable[Mapping[str, Any]]) -> "pd.DataFrame":
    """Return review tasks, a row each: who is asked about and what is asked."""
    return of_rows(
        {
            "task": body["task"],
            "state": body["state"],
            "subjects": " | ".join(each["name"] for each in body["subjects"]),
            "questions": " ".join(dict.fromkeys(each["text"] for each in body["questions"])),
            "restrictions": body["restrictions"],
            "listings": body["listings"],
        }
        for body in bodies
    )


def of_pairs(pairs: Iterable[Mapping[str, Any]]) -> "pd.DataFrame":
    """Return ties and indicators between bidders; `bars` marks what the law forbids."""
    columns = ("a", "b", "code", "rule", "kind", "bars", "suspected", "why")
    return of_rows(
        (
            {
                "a": pair["a_name"],
                "b": pair["b_name"],
                **{name: link[name] for name in ("code", "rule", "kind", "suspected", "why")},
                "bars": part == "ties" and link["kind"] == "restriction",
            }
            for pair in pairs
            for part in ("ties", "indicators")
            for link in pair[part]
        ),
        columns,
    )
