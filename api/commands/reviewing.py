"""Commands of the review desk: list, show, decide, undo, agreement, export, import."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from api.deciding import Voice, decide, said_before
from api.exits import OK
from api.ledger import judgement_bodies
from api.review_desk import agreement_body, queue_body, shown_task, task_bodies
from api.review_sheet import Answered, read_answers, write_tasks
from api.session import Session
from api.tasks import docket_of, parties
from api.undoing import Chosen, undo
from graph.errors import QueryError, UsageError
from graph.texts import explain, phrase

__all__ = [
    "review_agreement",
    "review_decide",
    "review_export",
    "review_import",
    "review_list",
    "review_show",
    "review_undo",
]

_SAID_ALREADY = "E614"


def review_list(session: Session, limit: int, *, judged: bool) -> int:
    """List what waits, the most harmful first, and what waits for a second person.

    Args:
        judged: List the judgements made instead, the newest first.
    """
    if judged:
        return _judged(session, limit)
    body = queue_body(session, limit)
    if session.json:
        session.out.document(body)
        return OK
    rows = [
        (
            each["task"],
            phrase(f"review_{each['state']}", session.lang),
            each["restrictions"],
            each["listings"],
            phrase("list_separator", session.lang).join(o["name"] for o in each["subjects"]),
            _reasons(session, each),
        )
        for each in body["tasks"]
    ]
    heads = ("task", "status", "restrictions", "listings", "parties", "reason")
    session.table(heads, rows)
    for each in body["tasks"]:
        for again in each["reopened"]:
            session.out.line(f"{each['task']}: {again['text']}")
    for each in body["proposals"]:
        session.out.line(phrase("review_proposal", session.lang, **each))
    return OK


def _judged(session: Session, limit: int) -> int:
    ledger = session.store.judgements.ledger()
    made = [row for row in reversed(ledger) if row.action == "judge"]
    bodies = judgement_bodies(made[:limit], ledger)
    if session.json:
        session.out.document({"judgements": bodies, "made": len(made)})
        return OK
    heads = ("judgement", "state", "verdict", "by", "at", "task")
    session.table(heads, [tuple(_blank(each[head]) for head in heads) for each in bodies])
    return OK


def _names(session: Session, subjects: Sequence[Mapping[str, Any]]) -> str:
    # Parties of one task often bear one name: the id tells them apart.
    named = (f"{each['name']} ({each['id']})".strip() for each in subjects)
    return phrase("list_separator", session.lang).join(named)


def _reasons(session: Session, body: Mapping[str, Any]) -> str:
    texts = dict.fromkeys(each["text"] for each in body["questions"])
    return phrase("list_separator", session.lang).join(texts)


def review_show(session: Session, uid: str) -> int:
    """Show a task: the parties side by side, and what `same` would do."""
    body = shown_task(session, uid)
    if session.json:
        session.out.document(body)
        return OK
    session.out.line(f"{body['task']} {phrase('review_' + body['state'], session.lang)}")
    for again in body["reopened"]:
        session.out.line(again["text"])
    for asked in body["questions"]:
        session.out.line(f"  {asked['subject']} | {asked['other']}: {asked['text']}")
    for party in body["parties"]:
        session.out.line(phrase("subject_line", session.lang, **party["subject"]))
        for mention in party["mentions"]:
            line = f"  {mention['source']} {mention['role']} {mention['name']} {_held(mention)}"
            session.out.line(line.rstrip())
    session.out.line(phrase("review_would", session.lang))
    _tell_effect(session, body["would"]["same"])
    return OK


def _held(mention: Mapping[str, Any]) -> str:
    return ", ".join(f"{each['type']} {each['value']}" for each in mention["identifiers"])


def _tell_effect(session: Session, effect: Mapping[str, Any]) -> None:
    line, lang = session.out.line, session.lang
    if "refused" in effect:
        line(f"  {effect['refused']['code']} {effect['refused']['what']}")
        return
    for each in effect["merge"]:
        line("  " + phrase("review_merge", lang, names=_names(session, each["from"])))
    for each in effect["part"]:
        names = _names(session, each["into"])
        line("  " + phrase("review_part", lang, name=each["name"] or each["from"], names=names))
    for part in ("gained", "lost"):
        for each in effect[part]:
            line("  " + phrase(f"review_{part}", lang, rule=each["rule"], text=each["text"]))
    if not any(effect[part] for part in ("merge", "part", "gained", "lost")):
        line("  " + phrase("review_nothing", lang))


def review_decide(
    session: Session, targets: Sequence[str], verdict: str, why: str, *, dry: bool
) -> int:
    """Judge a task, or parties picked by id."""
    voice = Voice.of(session.reviewer, why)
    answer = decide(session, targets, verdict, voice, dry=dry)
    _tell_done(session, answer)
    return OK


def review_undo(session: Session, chosen: Chosen, why: str, *, dry: bool) -> int:
    """Undo judgements, by id or by what they have in common."""
    voice = Voice.of(session.reviewer, why)
    answer = undo(session, chosen, voice, dry=dry)
    _tell_done(session, answer)
    return OK


def _tell_done(session: Session, answer: Mapping[str, Any]) -> None:
    if session.json:
        session.out.document(answer)
        return
    _tell_effect(session, answer["effect"])
    said = "dry" if not answer["written"] else answer["state"]
    ids = answer.get("judgement") or " ".join(answer["judgements"])
    session.out.line(phrase(f"review_done_{said}", session.lang, ids=ids))


def review_agreement(session: Session) -> int:
    """Tell how far every two reviewers agree."""
    found = agreement_body(session)
    if session.json:
        session.out.document({"agreements": found})
        return OK
    heads = ("one", "other", "items", "agreed", "kappa")
    session.table(heads, [tuple(_blank(each[head]) for head in heads) for each in found])
    return OK


def _blank(value: Any) -> Any:
    return "" if value is None else value


def review_export(session: Session, out: Path) -> int:
    """Write open tasks as a workbook, to be answered and imported."""
    bodies = task_bodies(session, docket_of(session.store))
    rows = [_row(session, body) for body in bodies]
    write_tasks(rows, out, session.seal, session.lang)
    if session.json:
        session.out.document({"out": str(out), "tasks": len(rows)})
    else:
        session.out.say(phrase("review_written", session.lang, tasks=len(rows), out=out))
    return OK


def _row(session: Session, body: Mapping[str, Any]) -> dict[str, str]:
    lines = []
    for side in parties(session.desk, [each["id"] for each in body["subjects"]]):
        for mention in side["mentions"]:
            told = f"{mention['source']} {mention['name']} {_held(mention)}"
            lines.append(f"{side['subject']['name']}: {told}")
    return {
        "task": body["task"],
        "reason": "\n".join([*(a["text"] for a in body["reopened"]), _reasons(session, body)]),
        "parties": "\n".join(f"{each['name']} ({each['kind']})" for each in body["subjects"]),
        "evidence": "\n".join(lines),
    }


def review_import(session: Session, file: Path) -> int:
    """Take the answers of a workbook, each row for itself."""
    Voice.of(session.reviewer, "-")
    rows = [_taken(session, each) for each in read_answers(file, session.seal)]
    counts = Counter(row["state"] for row in rows)
    body = {"rows": rows, **{name: counts[name] for name in _STATES}}
    if session.json:
        session.out.document(body)
        return OK
    for row in rows:
        if "error" in row:
            told = row["error"]
            session.out.line(f"{row['row']}: {told['code']} {told['what']} {told['fix']}")
    session.out.line(phrase("review_imported", session.lang, **{n: counts[n] for n in _STATES}))
    return OK


_STATES = ("in_force", "proposed", "known", "blank", "refused")


def _taken(session: Session, answer: Answered) -> dict[str, Any]:
    row: dict[str, Any] = {"row": answer.number, "task": answer.task, "verdict": answer.verdict}
    if not answer.verdict:
        return row | {"state": "blank"}
    try:
        if answer.edited:
            raise QueryError("E626", where=str(answer.number))
        voice = Voice.of(session.reviewer, answer.why)
        done = decide(session, [answer.task], answer.verdict, voice, dry=False)
    except (QueryError, UsageError) as error:
        # The same workbook handed in twice says nothing new.
        known = not answer.edited and said_before(session, answer.task, answer.verdict)
        if known or error.code == _SAID_ALREADY:
            return row | {"state": "known"}
        return row | {"state": "refused", "error": explain(error, session.lang).as_dict()}
    return row | {"state": done["state"], "judgement": done["judgement"]}
