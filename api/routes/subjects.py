"""GET /v1/subjects/{id} and what lies around it; GET /v1/search."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import Query, Request
from starlette.responses import Response

from api.ledger import judgement_bodies
from api.routes.router import guarded_router
from api.service.answers import Answer
from api.service.around import neighbourhood, ties_of
from api.service.asking import Inquiry, asking
from api.service.caller import Caller
from api.service.guard import needs
from api.service.roles import Permission
from api.service.spoken import Asking
from api.service.view import history_body
from api.wire.parts import Name, SubjectKind
from api.wire.problem import problems
from api.wire.subjects import (
    AsOf,
    Findings,
    History,
    KnownAt,
    Neighbourhood,
    Relations,
    SearchAnswer,
    SubjectBody,
    TieTypes,
    Uid,
)
from graph.model import Subject
from graph.sanctions.inquiry import assess_one

__all__ = ["router"]

router = guarded_router("subjects")
_GONE = problems(404, 410) | {308: {"description": "The id was superseded: follow Location"}}
Limit = Annotated[int, Query(ge=1, le=500)]


@router.get("/search", response_model=SearchAnswer)
@needs(Permission.ASK)
def search(
    request: Request,
    caller: Asking,
    q: Annotated[Name, Query(description="A name, a part of one, or an organisation's code")],
    kind: SubjectKind | None = None,
    limit: Annotated[int, Query(ge=1, le=50)] = 20,
) -> Answer:
    """Find subjects by name or code; a person by name only for reviewers, for a purpose."""
    if kind == "person":
        caller.demand(Permission.NAMES)
        caller.demand_person()
    with asking(request.app.state.running, caller) as inquiry:
        hits, how, cut = inquiry.search(q, limit + 1, kind)
        cards = [inquiry.view.card(hit) for hit in hits]
        caller.trail.told(card["id"] for card in cards[:limit])
        more = len(hits) > limit or cut
    body = {"query_by": how, "results": cards[:limit], "limit": limit, "partial_results": more}
    return Answer(body)


@router.get("/subjects/{uid}", response_model=SubjectBody, responses=_GONE)
@needs(Permission.ASK)
def subject(request: Request, caller: Asking, uid: Uid) -> Response:
    """Tell what a subject is called and by which codes it is known."""
    with _located(request, caller, uid) as (inquiry, found, moved):
        return moved or Answer(_body(inquiry, found))


@router.get("/subjects/{uid}/relations", response_model=Relations, responses=_GONE)
@needs(Permission.ASK)
def relations(
    request: Request,
    caller: Asking,
    uid: Uid,
    as_of: AsOf = None,
    types: TieTypes = None,
    limit: Limit = 100,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> Response:
    """Tell the ties of a subject registered on a day."""
    with _located(request, caller, uid, as_of) as (inquiry, found, moved):
        if moved:
            return moved
        ties = ties_of(inquiry, found, types)
        shown = ties[offset : offset + limit]
        for tie in shown:
            caller.trail.told((tie["from"], tie["to"]))
        return Answer(
            {
                "subject": inquiry.view.card(found),
                "as_of": inquiry.as_of.isoformat(),
                "relations": shown,
                "total": len(ties),
                "limit": limit,
                "offset": offset,
            }
        )


@router.get("/subjects/{uid}/findings", response_model=Findings, responses=_GONE)
@needs(Permission.ASK)
def findings(
    request: Request, caller: Asking, uid: Uid, as_of: AsOf = None, known_at: KnownAt = None
) -> Response:
    """Tell listings and findings of a subject on a day, as known now or at a moment."""
    with _located(request, caller, uid, as_of, known_at) as (inquiry, found, moved):
        if moved:
            return moved
        day = {"as_of": inquiry.as_of.isoformat(), "coverage": inquiry.cover}
        return Answer(inquiry.about(found) | day)


@router.get("/subjects/{uid}/history", response_model=History, responses=_GONE)
@needs(Permission.SUSPECTED)
def history(request: Request, caller: Asking, uid: Uid, as_of: AsOf = None) -> Response:
    """Tell all listings of a subject with what became of them, and what people judged of it."""
    with _located(request, caller, uid, as_of) as (inquiry, found, moved):
        if moved:
            return moved
        store, rulebook = inquiry.store, inquiry.running.rulebook
        around = assess_one(store.facts, rulebook, found.id, inquiry.as_of)
        ledger = store.judgements.ledger()
        about = {j for j, one, other in store.judgements.placed() if found.id in (one, other)}
        judged = judgement_bodies((row for row in ledger if row.uid in about), ledger)
        return Answer(
            {
                "subject": inquiry.view.card(found),
                "as_of": inquiry.as_of.isoformat(),
                "listings": [history_body(each, inquiry.as_of) for each in around.listings],
                "judgements": judged,
            }
        )


@router.get("/subjects/{uid}/graph", response_model=Neighbourhood, responses=_GONE)
@needs(Permission.ASK)
def graph(
    request: Request,
    caller: Asking,
    uid: Uid,
    depth: Annotated[int, Query(ge=1, le=4)] = 1,
    types: TieTypes = None,
    as_of: AsOf = None,
    limit: Limit = 150,
) -> Response:
    """Tell the subjects within some ties and the ties between them, within bounds."""
    with _located(request, caller, uid, as_of) as (inquiry, found, moved):
        if moved:
            return moved
        around = neighbourhood(inquiry, found, depth, types, limit)
        day = {"subject": found.id, "as_of": inquiry.as_of.isoformat(), "depth": depth}
        return Answer(day | around)


@contextmanager
def _located(
    request: Request,
    caller: Caller,
    uid: str,
    as_of: date | None = None,
    known_at: datetime | None = None,
) -> Iterator[tuple[Inquiry, Subject, Response | None]]:
    """Open an inquiry about the subject of an id; the third is where to go if it has another."""
    with asking(request.app.state.running, caller, as_of, known_at) as inquiry:
        found = inquiry.locate(uid)
        moved = None
        if found.id != uid:
            query = f"?{request.url.query}" if request.url.query else ""
            place = request.url.path.replace(uid, found.id) + query
            moved = Response(status_code=308, headers={"Location": place})
        yield inquiry, found, moved


def _body(inquiry: Inquiry, found: Subject) -> dict[str, Any]:
    members = inquiry.view.members(inquiry.finder, found.id)
    person = found.kind == "person"
    codes = {
        (code["type"], code["status"], code["value"]): code
        for member in members
        for code in member["identifiers"]
    }
    body = inquiry.view.card(found) | {
        "names": sorted({inquiry.view.name(m["name"], person=person) for m in members} - {""}),
        "identifiers": [codes[key] for key in sorted(codes)],
        "sources": sorted({member["source"] for member in members}),
    }
    return body | ({"mentions": members} if inquiry.view.inside else {})
