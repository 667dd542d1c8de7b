"""GET /v1/rules, /sources, /catalog, /changes: which law and which data answers rest on."""

import hashlib
from typing import Annotated, Any

from fastapi import Path, Query, Request
from starlette.responses import Response

from api.check import is_stale
from api.routes.router import guarded_router
from api.service.answers import Answer
from api.service.asking import Inquiry, asking
from api.service.guard import needs
from api.service.roles import Permission
from api.service.running import Running
from api.service.spoken import Asking
from api.wire.law import Catalogue, Changes, RuleContent, Rules, Sources
from api.wire.problem import problems
from api.wire.subjects import AsOf
from graph.errors import QueryError
from graph.ports import Change
from graph.sanctions.findings import finding_from
from graph.sanctions.handbook import rule_body, rule_content, rule_text

__all__ = ["router"]

router = guarded_router("law and data")
_UNCHANGED: dict[int | str, dict[str, Any]] = {
    304: {"description": "Nothing changed since the ETag sent with If-None-Match"}
}


@router.get("/rules", response_model=Rules)
@needs(Permission.CATALOGUE)
def rules(request: Request, caller: Asking, as_of: AsOf = None) -> Answer:
    """Tell every rule with its kind, evidence mark and articles in force on a day."""
    running: Running = request.app.state.running
    day = as_of or running.today
    bodies = [rule_body(rule, day) for rule in running.rulebook.rules]
    body = {"rulebook": running.rulebook.digest, "as_of": day.isoformat(), "rules": bodies}
    return Answer(body)


@router.get("/rules/{rule}", response_model=RuleContent, responses=problems(404))
@needs(Permission.CATALOGUE)
def rule(
    request: Request,
    caller: Asking,
    rule: Annotated[str, Path(pattern=r"^R\d{2}$", examples=["R02"])],
    as_of: AsOf = None,
) -> Answer:
    """Tell one rule in full: trigger, reach, measure, duration, articles."""
    running: Running = request.app.state.running
    book = running.rulebook
    found = book.rule(rule)
    if found is None:
        known = ", ".join(each.id for each in book.rules)
        raise QueryError("E721", where=rule, id=rule, known=known)
    body = rule_body(found, as_of or running.today)
    text = rule_text(found, book, caller.lang)
    return Answer({**body, "rulebook": book.digest, "content": rule_content(found), "text": text})


@router.get("/sources", response_model=Sources)
@needs(Permission.CATALOGUE)
def sources(request: Request, caller: Asking, as_of: AsOf = None) -> Answer:
    """Tell every feed: its department, how much was delivered, of what day, whether it is old."""
    with asking(request.app.state.running, caller, as_of) as inquiry:
        return Answer({"as_of": inquiry.as_of.isoformat(), "sources": _sources(inquiry)})


@router.get("/catalog", response_model=Catalogue, responses=_UNCHANGED)
@needs(Permission.CATALOGUE)
def catalog(request: Request, caller: Asking) -> Response:
    """Tell which data and which law answers rest on; its ETag makes asking again cheap."""
    running: Running = request.app.state.running
    with asking(running, caller) as inquiry:
        status = inquiry.store.overview.status()
        datasets = _sources(inquiry)
        loaded = [row["loaded_at"] for row in datasets if row["loaded_at"] is not None]
        body: dict[str, Any] = {
            "rulebook": running.rulebook.digest,
            "updated_at": max(loaded, default=None),
            "resolved_at": status["resolved_at"],
            "propagated_at": status["propagated_at"],
            "index_stale": bool(status["stale"]),
            "waiting": status["stale"],
            "datasets": datasets,
        }
    version = hashlib.sha256(Answer(body).body).hexdigest()[:32]
    headers = {"ETag": f'"{version}"', "Cache-Control": "private, max-age=60"}
    if headers["ETag"] in _tags(request.headers.get("if-none-match", "")):
        return Response(status_code=304, headers=headers)
    return Answer({"version": version, **body}, headers=headers)


@router.get("/changes", response_model=Changes)
@needs(Permission.FEED)
def changes(
    request: Request,
    caller: Asking,
    cursor: Annotated[int, Query(ge=0, le=2**62, description="0 is from the first")] = 0,
    limit: Annotated[int, Query(ge=1, le=1_000)] = 500,
) -> Answer:
    """Tell findings as they appeared and were retracted, in order; go on from `next`.

    Outside the office a purpose and the number of the case are needed.
    """
    caller.demand_person()
    with asking(request.app.state.running, caller) as inquiry:
        inquiry.view.demand_case()
        found = inquiry.store.findings.changes(cursor, limit)
        told = [_change(each) for each in found if _tells(inquiry, each)]
        caller.trail.told(each["subject"] for each in told)
        caller.trail.meant.update(each["subject"] for each in told)
        # The cursor passes what is not told, else its reader would ask for it for ever.
        return Answer({"changes": told, "next": found[-1].cursor if found else cursor})


def _tells(inquiry: Inquiry, change: Change) -> bool:
    body = inquiry.store.findings.finding(change.finding)
    return body is not None and inquiry.view.tells(finding_from(body))


def _change(change: Change) -> dict[str, Any]:
    return {
        "cursor": change.cursor,
        "at": change.at.isoformat(),
        "what": change.what,
        "finding": change.finding,
        "subject": change.subject,
        "rule": change.rule,
        "kind": change.kind,
        "suspected": change.suspected,
    }


def _sources(inquiry: Inquiry) -> list[dict[str, Any]]:
    delivered = {row["source"]: row for row in inquiry.store.overview.sources()}
    return [
        {
            "source": manifest.source,
            "title": dict(manifest.title),
            "department": dict(manifest.department),
            **_delivered(delivered.get(manifest.source)),
            "stale": is_stale(_day(delivered.get(manifest.source)), manifest, inquiry.as_of),
        }
        for manifest in inquiry.running.manifests
    ]


def _delivered(row: Any) -> dict[str, Any]:
    if row is None:
        return {"rows": None, "data_date": None, "loaded_at": None}
    return {"rows": row["accepted"], "data_date": row["data_date"], "loaded_at": row["loaded_at"]}


def _day(row: Any) -> str | None:
    day: str | None = None if row is None else row["data_date"]
    return day


def _tags(header: str) -> list[str]:
    return [tag.strip().removeprefix("W/") for tag in header.split(",")]
