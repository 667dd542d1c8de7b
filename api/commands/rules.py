"""Commands about the rulebook itself: list, show, lint, document, clocks. No store is opened."""

from datetime import date
from pathlib import Path
from typing import Any

from api.exits import OK, WHOLE_FILE_REFUSED
from api.output import Output, writing
from graph.errors import QueryError
from graph.sanctions.handbook import handbook, rule_body, rule_content, rule_text
from graph.sanctions.repair import RepairClass, TimeLimit, load_repair_terms
from graph.sanctions.rule import Rule
from graph.sanctions.rulebook import lint, load_rulebook
from graph.texts import Lang, explain, phrase

__all__ = ["clocks", "lint_rules", "list_rules", "show_rule", "write_document"]


def list_rules(out: Output, lang: Lang, as_of: date, *, json: bool) -> int:
    """List every rule with its kind, mark and title."""
    book = load_rulebook()
    if json:
        rules = [rule_body(rule, as_of) for rule in book.rules]
        out.document({"rulebook": book.digest, "as_of": as_of.isoformat(), "rules": rules})
        return OK
    heads = [phrase(f"head_{head}", lang) for head in ("rule", "kind", "mark", "enabled", "title")]
    out.table(heads, [_row(rule, lang) for rule in book.rules])
    return OK


def _row(rule: Rule, lang: Lang) -> tuple[str, ...]:
    on = phrase("said_yes" if rule.enabled else "said_no", lang)
    return (rule.id, rule.kind, rule.mark, on, rule.title[lang])


def show_rule(out: Output, lang: Lang, rule_id: str, as_of: date, *, json: bool) -> int:
    """Show one rule in full.

    Raises:
        QueryError: E721, there is no such rule.
    """
    book = load_rulebook()
    rule = book.rule(rule_id.strip().upper())
    if rule is None:
        known = ", ".join(each.id for each in book.rules)
        raise QueryError("E721", where=rule_id, id=rule_id, known=known)
    text = rule_text(rule, book, lang)
    if json:
        body = {**rule_body(rule, as_of), "rulebook": book.digest}
        out.document({**body, "content": rule_content(rule), "text": text})
    else:
        out.line(text)
    return OK


def lint_rules(out: Output, lang: Lang, folder: Path | None, *, json: bool) -> int:
    """Check a folder of rules; 0 when sound, 3 with every fault told otherwise."""
    faults = [] if folder is None else lint(folder)
    if folder is None:
        load_rulebook()
    told = [explain(fault, lang) for fault in faults]
    name = "graph/sanctions" if folder is None else str(folder)
    if json:
        out.document({"folder": name, "errors": [each.as_dict() for each in told]})
    elif not told:
        out.line(phrase("lint_clean", lang, folder=name))
    for each in told if not json else ():
        out.line(phrase("error_line", lang, code=each.code, what=each.what))
        out.line(phrase("error_where", lang, where=each.where))
        out.line(phrase("why_and_fix", lang, why=each.why, fix=each.fix))
    return WHOLE_FILE_REFUSED if told else OK


def write_document(out: Output, lang: Lang, file: Path | None) -> int:
    """Write the whole rulebook as Markdown, to stdout unless a file is named."""
    text = handbook(load_rulebook(), lang)
    if file is None:
        out.line(text.removesuffix("\n"))
    else:
        with writing(file):
            file.write_text(text, encoding="utf-8")
    return OK


def clocks(out: Output, lang: Lang, decided: date, *, json: bool) -> int:
    """Tell the clocks of repair for a decision of a day, and the limits counted from it."""
    terms = load_repair_terms()
    if json:
        classes = [_class_body(each, decided) for each in terms.classes]
        limits = [_limit_body(each, decided) for each in terms.limits]
        body = {"decided": decided.isoformat(), "classes": classes, "deadlines": limits}
        out.document(body)
        return OK
    for each in terms.classes:
        since, until = each.window(decided)
        told = {"code": each.code, "text": each.text[lang], "since": since, "until": until}
        out.line(phrase("clock_line", lang, **told))
    for limit in terms.limits:
        out.line(_limit_line(limit, decided, lang))
    return OK


def _class_body(each: RepairClass, decided: date) -> dict[str, Any]:
    since, until = each.window(decided)
    window = {"apply_from": since.isoformat(), "ends": until.isoformat()}
    return {"class": each.code, "text": dict(each.text), **window}


def _limit_body(limit: TimeLimit, decided: date) -> dict[str, Any]:
    deadline = limit.deadline(decided)
    return {
        "limit": limit.code,
        "text": dict(limit.text),
        "mark": limit.mark,
        "last_day": deadline.day.isoformat(),
        "working_days": limit.working,
        "uncovered_years": list(deadline.uncovered),
    }


def _limit_line(limit: TimeLimit, decided: date, lang: Lang) -> str:
    deadline = limit.deadline(decided)
    told = phrase(
        "limit_line", lang, code=limit.code, text=limit.text[lang], day=deadline.day
    ) + phrase("limit_mark", lang, mark=limit.mark)
    if deadline.uncovered:
        years = ", ".join(map(str, deadline.uncovered))
        told += phrase("limit_uncovered", lang, years=years)
    return told
