"""The answer of `bidders` as a workbook: every cell is text, so that nothing in it can run."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from api.sheet import cell_text, new_book
from graph.errors import UsageError
from graph.sanctions.explain import missing_text
from graph.texts import Lang, phrase

__all__ = ["write_bidders"]

_WIDE: Final = frozenset({"text", "path", "basis", "candidates", "why", "notes", "bidder"})
_LINKS: Final = (
    "rule",
    "kind",
    "a",
    "b",
    "text",
    "path",
    "basis",
    "missing",
    "suspected",
    "records",
)


def write_bidders(answer: Mapping[str, Any], path: Path, lang: Lang) -> None:
    """Write the answer of `bidders`, a sheet for each of its parts.

    Raises:
        UsageError: E124 the file is not called .xlsx, E123 it cannot be written.
    """
    if path.suffix.lower() != ".xlsx":
        raise UsageError("E124", where=str(path))
    sheets = (
        ("summary", *_summary(answer, lang)),
        ("matrix", *_matrix(answer, lang)),
        ("ties", _LINKS, _links(answer, "ties", lang)),
        ("indicators", _LINKS, _links(answer, "indicators", lang)),
        ("eligibility", *_eligibility(answer, lang)),
        ("unresolved", *_unresolved(answer)),
        ("coverage", *_coverage(answer, lang)),
    )
    with new_book(path) as book:
        head = book.add_format({"bold": True, "num_format": "@", "text_wrap": True})
        text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        for name, heads, rows in sheets:
            sheet = book.add_worksheet(phrase(f"sheet_{name}", lang))
            sheet.freeze_panes(1, 1 if name == "matrix" else 0)
            for column, title in enumerate(heads):
                sheet.set_column(column, column, 50 if title in _WIDE else 18, text)
                shown = title if name == "matrix" else phrase(f"head_{title}", lang)
                sheet.write_string(0, column, cell_text(shown), head)
            for line, row in enumerate(rows, start=1):
                for column, value in enumerate(row):
                    sheet.write_string(line, column, cell_text(value), text)


Table = tuple[Sequence[str], Iterable[Sequence[object]]]


def _summary(answer: Mapping[str, Any], lang: Lang) -> Table:
    heads = (
        "query",
        "name",
        "subject",
        "found_by",
        "identity",
        "eligible",
        "ties",
        "indicators",
        "notes",
    )
    rows = []
    for each in answer["bidders"]:
        mine = [pair for pair in answer["pairs"] if each["subject"] in (pair["a"], pair["b"])]
        counts = [sum(len(pair[part]) for pair in mine) for part in ("ties", "indicators")]
        notes = phrase("list_separator", lang).join(note["text"] for note in each["notes"])
        told = [each[key] for key in ("query", "name", "subject", "found_by", "identity")]
        rows.append((*told, each["eligible_text"], *counts, notes))
    return heads, rows


def _matrix(answer: Mapping[str, Any], lang: Lang) -> Table:
    names = {each["subject"]: each["name"] for each in answer["bidders"]}
    cells: dict[tuple[str, str], str] = {}
    for pair in answer["pairs"]:
        counts = {"tie": len(pair["ties"]), "indicator": len(pair["indicators"])}
        told = [phrase(f"cell_{what}", lang, count=n) for what, n in counts.items() if n]
        text = phrase("list_separator", lang).join(told) or phrase("cell_nothing", lang)
        cells[pair["a"], pair["b"]] = cells[pair["b"], pair["a"]] = text
    own = phrase("cell_self", lang)
    rows = [
        (name, *(cells.get((one, other), own) for other in names)) for one, name in names.items()
    ]
    return ("", *names.values()), rows


def _links(answer: Mapping[str, Any], part: str, lang: Lang) -> Iterator[Sequence[object]]:
    comma = phrase("list_separator", lang)
    for pair in answer["pairs"]:
        for link in pair[part]:
            basis = (f"{each['law']} {each['version']} {each['article']}" for each in link["basis"])
            yield (
                link["rule"],
                link["kind"],
                pair["a_name"],
                pair["b_name"],
                link["why"],
                comma.join(_path(link)),
                comma.join(basis),
                comma.join(missing_text(each, lang) for each in link["missing"]),
                phrase("said_yes" if link["suspected"] else "said_no", lang),
                comma.join(link["records"]),
            )


def _path(link: Mapping[str, Any]) -> Iterator[str]:
    for step in link["path"]:
        share = "" if step["share"] is None else f" {step['share'] * 100:.6g}%"
        yield f"{step['from_name']} -> {step['to_name']} ({step['type']}{share})"


def _eligibility(answer: Mapping[str, Any], lang: Lang) -> Table:
    rows: list[Sequence[object]] = []
    for each in answer["bidders"]:
        rows += [
            (each["name"], each["eligible_text"], found["rule"], found["kind"], found["text"])
            for found in each["findings"]
        ] or [(each["name"], each["eligible_text"], "", "", "")]
    return ("bidder", "eligible", "rule", "kind", "text"), rows


def _unresolved(answer: Mapping[str, Any]) -> Table:
    rows = [
        (each["query"], each["place"], each["why"], "\n".join(map(_candidate, each["candidates"])))
        for each in answer["unresolved"]
    ]
    return ("query", "place", "why", "candidates"), rows


def _candidate(subject: Mapping[str, Any]) -> str:
    return f"{subject['id']} {subject['name']} ({subject['kind']}, {subject['identity']})"


def _coverage(answer: Mapping[str, Any], lang: Lang) -> Table:
    said = {True: phrase("said_yes", lang), False: phrase("said_no", lang)}
    rows: list[Sequence[object]] = [
        (
            each["department"].get(lang, ""),
            each["source"],
            each["rows"],
            each["data_date"],
            said[each["stale"]],
        )
        for each in answer["coverage"]["sources"]
    ]
    rows.append((answer.get("statement", ""), "", "", "", ""))
    return ("department", "source", "rows", "data_date", "stale"), rows
